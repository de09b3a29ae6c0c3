import { execa } from 'execa';
import { type Environment, workerEnvironment } from './child-environment.ts';

/** Commit and branch checked out in `cwd`; nulls outside a repository or without git. */
export async function gitOrigin(
  cwd: string,
  environment: Environment,
): Promise<{ commit: string | null; branch: string | null }> {
  const ask = async (...args: string[]) => (await askGit(args, cwd, environment)).stdout?.trim() || null;
  const [commit, branch] = await Promise.all([
    ask('rev-parse', '--verify', 'HEAD'),
    ask('symbolic-ref', '--short', 'HEAD'),
  ]);
  return { commit, branch };
}

/**
 * Asks git in a folder, without the tokens of the environment.
 *
 * @returns what it prints, as it is; null where it fails. The exit code is undefined where there is no git.
 */
export async function askGit(
  args: readonly string[],
  cwd: string,
  environment: Environment,
): Promise<{ exitCode: number | undefined; stdout: string | null }> {
  const { exitCode, stdout } = await execa('git', args, {
    cwd,
    env: { ...workerEnvironment(environment), GIT_NO_REPLACE_OBJECTS: '1' },
    extendEnv: false,
    reject: false,
    stripFinalNewline: false,
    timeout: 10_000,
  });
  return { exitCode, stdout: exitCode === 0 ? stdout : null };
}
