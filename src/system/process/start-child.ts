import { type ChildProcess, type StdioOptions, spawn } from 'node:child_process';
import { execa, type Options, type ResultPromise } from 'execa';
import { makeOwnFolder, removeOwnFolder } from '../files/own-folder.ts';
import type { Environment } from './child-environment.ts';
import { lookUp } from './look-up.ts';

/** What a child is given of its surroundings. */
export interface Surroundings {
  /** All there is of an environment. */
  environment: Environment;
  /**
   * Folder to start in, for commands of the user's that are to find their files there; a new empty one where left out. Nothing of ours
   * may start in the workspace: what lies there would be taken for modules, settings and commands.
   */
  folder?: string | undefined;
  /** Files of the new folder, by name; none where left out. */
  contents?: Readonly<Record<string, string>> | undefined;
}

type ChildOptions = Omit<Options, 'cwd' | 'env' | 'extendEnv' | 'shell' | 'preferLocal'>;

/**
 * Starts a program. Every child of ours starts here (or by `spawnChild`): in a folder of its own, with the environment given and nothing
 * else, and never a program that PATH finds in the workspace.
 *
 * @param options execa's.
 * @throws SosBenchError `disk-full`, `permission-denied` where the folder cannot be made.
 */
export function startChild<const Given extends ChildOptions>(
  command: string,
  args: readonly string[],
  { environment, folder, contents }: Surroundings,
  options: Given,
): ResultPromise<Given> {
  const own = folder === undefined ? makeOwnFolder(contents) : null;
  const child = execa(lookUp(command, environment), args, {
    ...options,
    cwd: folder ?? own!,
    env: environment,
    extendEnv: false,
  }) as unknown as ResultPromise<Given>;
  if (own !== null) {
    const remove = () => removeOwnFolder(own);
    void (child as Promise<unknown>).then(remove, remove);
  }
  return child;
}

/** As `startChild`, with Node's own process, for one whose streams are files. */
export function spawnChild(
  command: string,
  args: readonly string[],
  { environment, folder, contents }: Surroundings,
  options: { stdio: StdioOptions; detached: boolean },
): ChildProcess {
  const own = folder === undefined ? makeOwnFolder(contents) : null;
  const child = spawn(lookUp(command, environment), args, {
    ...options,
    cwd: folder ?? own!,
    env: environment,
  });
  if (own !== null) {
    const remove = () => void removeOwnFolder(own);
    child.once('exit', remove);
    child.once('error', remove);
  }
  return child;
}
