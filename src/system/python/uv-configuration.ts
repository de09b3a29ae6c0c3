import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { isInWorkspace } from '../files/workspace.ts';

/** How uv finds this machine's configuration, and no project's. */
export interface UvConfiguration {
  variables: Record<string, string>;
  /** Files of the folder it is started in. */
  contents: Record<string, string>;
}

/**
 * uv takes `uv.toml` and `pyproject.toml` of the folder it is started in and of all above it. It is told of the machine's own file by name
 * instead, the user's or the system's. Where there are both it puts them together, and only by itself: then an empty file of a project's,
 * in a folder of its own, ends its search.
 */
export function uvConfiguration(environment: Record<string, string>): UvConfiguration {
  const alone = { UV_NO_PROJECT: '1' };
  if (environment.UV_CONFIG_FILE || environment.UV_NO_CONFIG) return { variables: alone, contents: {} };
  const home = environment.HOME ?? homedir();
  const own = [join(environment.XDG_CONFIG_HOME || join(home, '.config'), 'uv', 'uv.toml')];
  const folders = (environment.XDG_CONFIG_DIRS || '/etc/xdg')
    .split(':')
    .map((folder) => join(folder, 'uv', 'uv.toml'));
  const [user, system] = [own, [...folders, '/etc/uv/uv.toml']].map((paths) =>
    paths.find((path) => existsSync(path) && !isInWorkspace(path)),
  );
  if (user !== undefined && system !== undefined) return { variables: alone, contents: { 'uv.toml': '' } };
  const file = user ?? system;
  return {
    variables: { ...alone, ...(file === undefined ? { UV_NO_CONFIG: '1' } : { UV_CONFIG_FILE: file }) },
    contents: {},
  };
}
