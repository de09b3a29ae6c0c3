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
  /** `OWNER/NAME` of the remote `upstream`, where `origin` is another repository: probably a fork of it. Null where there is none. */
  upstream: string | null;
  /** Address of the API of its server; null where that is github.com, or not known. */
  apiUrl: string | null;
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
  // A name may have a line break in it.
  const [root = '', ...rest] = stdout.split('\n');
  const prefix = rest.join('\n').replace(/\n$/, '');
  if (exitCode !== 0 || !root) {
    const isUnowned = /dubious ownership/.test(stderr);
    const isBare = /must be run in a work tree|bare repository/.test(stderr);
    throw new SosBenchError(
      'usage',
      isUnowned
        ? `git does not read the repository at ${cwd}: another user owns it`
        : isBare
          ? `${cwd} is the inside of a git repository, which has no files`
          : `${cwd} is in no git repository`,
      {
        hint: isUnowned
          ? `git config --global --add safe.directory ${cwd}`
          : `start it in ${isBare ? 'a checkout of ' : ''}the repository whose models are to be judged${isBare ? '' : ', or make one: git init'}`,
      },
    );
  }
  const remote = await findRemote(root, environment);
  return {
    root: await realpath(root),
    folder: prefix ? prefix.replace(/\/$/, '') : null,
    repository: remote?.repository ?? null,
    upstream: remote?.upstream ?? null,
    apiUrl: remote?.apiUrl ?? null,
    branch: await findDefaultBranch(root, remote?.name ?? null, environment),
  };
}

/** `origin`, else the only remote. */
async function findRemote(root: string, environment: Runtime['environment']) {
  const { stdout: list } = await askGit(['remote'], root, environment);
  const names = (list ?? '').split('\n').filter(Boolean);
  const name = names.includes('origin') ? 'origin' : names.length === 1 ? names[0]! : null;
  if (name === null) return null;
  const urlOf = async (remote: string) =>
    (await askGit(['remote', 'get-url', remote], root, environment)).stdout?.trim() ?? '';
  const url = await urlOf(name);
  const repository = repositoryOf(url);
  const other =
    name === 'origin' && names.includes('upstream') ? repositoryOf(await urlOf('upstream')) : null;
  const isOther = other !== null && other.toLowerCase() !== repository?.toLowerCase();
  return { name, repository, upstream: isOther ? other : null, apiUrl: apiOf(url) };
}

/** A machine as SSH takes it, with or without a user; one letter is a drive of Windows. */
const SSH_HOST = '(?:[^/:]+@[^/:]+|[^/:@]{2,})';
const REPOSITORY = new RegExp(String.raw`^(?:(?:https?|ssh|git)://[^/]+/|${SSH_HOST}:)(.+?)(?:\.git)?/?$`);
const HOST = new RegExp(`^(?:(?:https?|ssh|git)://(?:[^/@]*@)?([^/:]+)|(${SSH_HOST}):)`);

/** `OWNER/NAME` of an address by which git fetches; null where it is none of a server's. */
export function repositoryOf(url: string): string | null {
  const [, path] = REPOSITORY.exec(url) ?? [];
  return path !== undefined && /^[\w.-]+\/[\w.-]+$/.test(path) ? path : null;
}

/** Address of the API of the server that git fetches from; null for github.com, and for what is no server's name, such as an alias of SSH. */
export function apiOf(url: string): string | null {
  const [, ofAddress, ofSsh = ''] = HOST.exec(url) ?? [];
  const host = (ofAddress ?? ofSsh.replace(/^.*@/, '')).toLowerCase();
  if (!/^[\w-]+(\.[\w-]+)+$/.test(host) || /(^|[-_.])github\.com([-_.]|$)/.test(host)) return null;
  return host.endsWith('.ghe.com') ? `https://api.${host}` : `https://${host}/api/v3`;
}

/** As the remote has it, else `main` or `master` where there is one, else the only branch of a repository that was pushed nowhere. */
async function findDefaultBranch(
  root: string,
  remote: string | null,
  environment: Runtime['environment'],
): Promise<string | null> {
  const below = async (prefix: string) => {
    const { stdout } = await askGit(['for-each-ref', '--format=%(refname)', prefix], root, environment);
    return (stdout ?? '')
      .split('\n')
      .filter(Boolean)
      .map((name) => name.slice(prefix.length));
  };
  const usualOf = (names: readonly string[]) => ['main', 'master'].find((name) => names.includes(name));
  if (remote !== null) {
    const there = `refs/remotes/${remote}/`;
    const { stdout } = await askGit(['symbolic-ref', `${there}HEAD`], root, environment);
    if (stdout?.startsWith(there)) return stdout.trim().slice(there.length);
    const pushed = await below(there);
    // What was checked out is maybe a branch of work.
    if (pushed.length > 0) return usualOf(pushed) ?? null;
  }
  const branches = await below('refs/heads/');
  const usual = usualOf(branches);
  if (usual !== undefined || branches.length > 1) return usual ?? null;
  // Before the first commit, too.
  const head = await askGit(['symbolic-ref', '--short', 'HEAD'], root, environment);
  return branches[0] ?? head.stdout?.trim() ?? null;
}
