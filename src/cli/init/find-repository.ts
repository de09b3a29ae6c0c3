import { realpath } from 'node:fs/promises';
import { SosBenchError } from '../../error.ts';
import { askGit, runGit } from '../../system/git/git.ts';
import type { Runtime } from '../runtime.ts';

/** The repository that a folder belongs to. */
export interface FoundRepository {
  root: string;
  /** The folder, from the root, with `/`; null for the root itself. */
  folder: string | null;
  /** `OWNER/NAME`, as a remote has it; null where none does. */
  repository: string | null;
  /** The default branch; null where it cannot be told. */
  branch: string | null;
}

/**
 * Looks at the repository of a folder, by git; asks no server.
 *
 * @throws SosBenchError `usage` where there is none.
 */
export async function findRepository({
  cwd,
  environment,
}: Pick<Runtime, 'cwd' | 'environment'>): Promise<FoundRepository> {
  const { exitCode, stdout, stderr, code } = await runGit(
    ['rev-parse', '--show-toplevel', '--show-prefix'],
    cwd,
    environment,
  );
  if (code === 'ENOENT' || exitCode === undefined)
    throw new SosBenchError('usage', 'there is no git here to find the repository by', {
      hint: 'install git',
    });
  const [root, prefix] = stdout.split('\n');
  if (exitCode !== 0 || !root) {
    const isUnowned = /dubious ownership/.test(stderr);
    throw new SosBenchError(
      'usage',
      isUnowned
        ? `git does not read the repository at ${cwd}: another user owns it`
        : `${cwd} is in no git repository`,
      {
        hint: isUnowned
          ? `git config --global --add safe.directory ${cwd}`
          : 'start it in the repository whose models are to be judged, or make one: git init',
      },
    );
  }
  const remote = await findRemote(root, environment);
  return {
    root: await realpath(root),
    folder: prefix ? prefix.replace(/\/$/, '') : null,
    repository: remote?.repository ?? null,
    branch: await findDefaultBranch(root, remote?.name ?? null, environment),
  };
}

/** `origin`, else the only remote. */
async function findRemote(root: string, environment: Runtime['environment']) {
  const { stdout } = await askGit(['remote'], root, environment);
  const names = (stdout ?? '').split('\n').filter(Boolean);
  const name = names.includes('origin') ? 'origin' : names.length === 1 ? names[0]! : null;
  if (name === null) return null;
  const { stdout: url } = await askGit(['remote', 'get-url', name], root, environment);
  return { name, repository: repositoryOf(url?.trim() ?? '') };
}

/** `OWNER/NAME` of an address by which git fetches; null where it is none of a server's. */
export function repositoryOf(url: string): string | null {
  const [, path] = /^(?:(?:https?|ssh|git):\/\/[^/]+\/|[^/:]+@[^/:]+:)(.+?)(?:\.git)?\/?$/.exec(url) ?? [];
  return path !== undefined && /^[\w.-]+\/[\w.-]+$/.test(path) ? path : null;
}

/** As the remote has it, else `main` or `master` where there is one, else the only branch. */
async function findDefaultBranch(
  root: string,
  remote: string | null,
  environment: Runtime['environment'],
): Promise<string | null> {
  if (remote !== null) {
    const { stdout } = await askGit(
      ['symbolic-ref', '--short', `refs/remotes/${remote}/HEAD`],
      root,
      environment,
    );
    if (stdout !== null) return stdout.trim().slice(remote.length + 1);
  }
  const { stdout } = await askGit(
    ['for-each-ref', '--format=%(refname:lstrip=2)', 'refs/heads'],
    root,
    environment,
  );
  const branches = (stdout ?? '').split('\n').filter(Boolean);
  const usual = ['main', 'master'].find((name) => branches.includes(name));
  if (usual !== undefined || branches.length > 1) return usual ?? null;
  // Before the first commit, too.
  const head = await askGit(['symbolic-ref', '--short', 'HEAD'], root, environment);
  return branches[0] ?? head.stdout?.trim() ?? null;
}
