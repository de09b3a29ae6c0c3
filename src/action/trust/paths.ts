import { realpath } from 'node:fs/promises';
import { resolve } from 'node:path';
import { openedPaths } from '../../model/argument-paths.ts';
import type { SettingKey, Settings } from '../../settings/table.ts';
import { SETTINGS, type Setting } from '../../settings/table.ts';
import { decidePath } from '../../settings/trust/paths.ts';
import { splitModelArgs } from '../../settings/trust/subject.ts';
import type { Trusted } from '../../settings/trust/trusted.ts';
import { below, findLink } from '../../system/files/links.ts';
import { leadsThrough } from '../../system/files/workspace.ts';
import { findChange } from '../../system/git/untouched.ts';
import type { ActionRuntime } from '../runtime.ts';
import type { Trust } from './trust.ts';

/**
 * A path that may judge, by links too; see `decidePath`.
 *
 * @param name of the setting or input, as a workflow writes it.
 * @param given as it was given: relative to the workspace.
 * @param prefix what stands before it in the setting.
 * @throws SosBenchError `claimed-path`.
 */
export async function trustPath(
  name: string,
  given: string,
  { isChange, base, expression }: Trust,
  runtime: ActionRuntime,
  prefix = '',
): Promise<Trusted<string>> {
  const path = resolve(runtime.cwd, given);
  const seen = { name, given, prefix, path, expression, isChange };
  if (!isChange || !(await leadsIntoWorkspace(path, runtime)))
    return decidePath({ ...seen, isInWorkspace: false, change: null });
  const real = await realpath(path).catch(() => null);
  const change = await whyClaimed(path, real, base, runtime);
  return decidePath({ ...seen, path: real ?? path, isInWorkspace: true, change });
}

/** Why a path in the workspace is not what the base has there; null where it is. */
async function whyClaimed(
  path: string,
  real: string | null,
  base: Trust['base'],
  { cwd, environment }: ActionRuntime,
): Promise<string | null> {
  if (real === null) return 'it is not there';
  // Which of the base's folders it leads to would be the change's to choose.
  const isNamed = below(cwd, path) !== null || below(await realpath(cwd), path) !== null;
  if (!isNamed || (await findLink(cwd, path)) !== null) return 'it is reached by a link';
  if (base === null) return 'which commit judges it is not known';
  return await findChange(real, base.sha, environment, await realpath(cwd));
}

/** Whether a path, or any link on its way, is in the workspace. */
export async function leadsIntoWorkspace(path: string, { cwd }: ActionRuntime): Promise<boolean> {
  return leadsThrough(await realpath(cwd), resolve(cwd, path));
}

/** Paths that settings name, but the plan, of which the base's version is followed. */
const OWN_RULE: readonly SettingKey[] = ['plan'];

/**
 * Refuses settings that judge and name what the change itself brings.
 *
 * @throws SosBenchError `claimed-path`.
 */
export async function requireOwnPaths(
  settings: Partial<Settings>,
  trust: Trust,
  runtime: ActionRuntime,
): Promise<void> {
  if (!trust.isChange) return;
  for (const key of Object.keys(settings) as SettingKey[]) {
    if (OWN_RULE.includes(key)) continue;
    for (const given of await namedPaths(key, settings[key], runtime))
      await trustPath(key, given, trust, runtime);
  }
}

async function namedPaths(key: SettingKey, value: unknown, runtime: ActionRuntime): Promise<string[]> {
  const { names }: Setting = SETTINGS[key];
  if (value === undefined || value === null) return [];
  // Those that name what is evaluated may.
  if (key === 'model-args')
    return openedPaths(splitModelArgs(value as Record<string, unknown>).judging, runtime.cwd);
  switch (names) {
    case 'path':
      return key.endsWith('python') && value === 'managed' ? [] : [String(value)];
    case 'paths':
      return value as string[];
    case 'words':
      return await fileWords(value as string[], runtime);
    default:
      return [];
  }
}

/** Words of a command that are files of the workspace: `./wrap.sh`, `--script=tools/run.py`. */
async function fileWords(words: readonly string[], runtime: ActionRuntime): Promise<string[]> {
  const parts = words.flatMap((word) => [word, ...word.split('=').slice(1)]);
  const found: string[] = [];
  for (const [index, part] of parts.entries()) {
    if (part === '' || part.startsWith('-')) continue;
    // Without a slash the first word is looked for on PATH.
    if (index === 0 && !part.includes('/')) continue;
    const isThere = (await realpath(resolve(runtime.cwd, part)).catch(() => null)) !== null;
    if ((index === 0 || isThere) && (await leadsIntoWorkspace(part, runtime))) found.push(part);
  }
  return found;
}
