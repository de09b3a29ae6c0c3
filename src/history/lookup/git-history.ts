import { askGit, runGit } from '../../system/git/git.ts';
import type { Environment } from '../../system/process/child-environment.ts';
import { isBareName, oneMeaning } from '../store/one-meaning.ts';
import { type CommitHistory, type CommitRef, type FoundCommit, MAX_COMMITS } from './commit-history.ts';

const PAGE = 100;
const SHALLOW = 'the clone is shallow: check out with fetch-depth: 0';

/** The commits of a local clone, for a store in a folder. Reads only. */
export function gitHistory(cwd: string, environment: Environment): CommitHistory {
  const ask = async (...args: string[]): Promise<string | null> => {
    const { stdout } = await askGit(args, cwd, environment, { timeout: 30_000 });
    return stdout?.trim() ?? null;
  };
  const isShallow = async () => (await ask('rev-parse', '--is-shallow-repository')) === 'true';
  let isCutOff = false;
  const parse = (name: string) =>
    ask('rev-parse', '--verify', '--quiet', '--end-of-options', `${name}^{commit}`);
  const findCommit = async (ref: string): Promise<string | null> => {
    if (!isBareName(ref)) return await parse(ref);
    const [branch, remote, tag] = await Promise.all(
      // actions/checkout makes no branch of a name that is not checked out.
      ['refs/heads', 'refs/remotes/origin', 'refs/tags'].map((space) => parse(`${space}/${ref}`)),
    );
    return oneMeaning(ref, branch || remote || null, tag || null) ?? (await parse(ref));
  };
  const resolve = async (ref: string): Promise<FoundCommit> => {
    const sha = await findCommit(ref);
    if (sha) return { sha, problem: null };
    const refusal = await whyNotAsked(cwd, environment);
    if (refusal !== null) return unknown(refusal);
    return unknown(`there is no commit '${ref}' in ${cwd}${(await isShallow()) ? `; ${SHALLOW}` : ''}`);
  };
  return {
    resolve,
    async mergeBase(base, head) {
      const [from, to] = [await resolve(base), await resolve(head)];
      if (from.sha === null) return from;
      if (to.sha === null) return to;
      const sha = await ask('merge-base', '--end-of-options', from.sha, to.sha);
      if (sha) return { sha: sha.split('\n')[0]!, problem: null };
      return unknown(
        (await isShallow())
          ? `'${base}' and '${head}' have no common commit in this shallow clone: check out with fetch-depth: 0`
          : `'${base}' and '${head}' share no history`,
      );
    },
    async latestRelease() {
      const problem = 'a local clone knows no releases: name the tag of the last one';
      return { ...unknown(problem), tag: null };
    },
    async releases(most) {
      // What a version is called is the nearest that a clone has to a release.
      const listed = await ask(
        ...['for-each-ref', 'refs/tags', '--sort=-creatordate'],
        '--format=%(refname:strip=2) %(objectname) %(*objectname)',
      );
      return (listed ?? '')
        .split('\n')
        .flatMap((line) => {
          const [tag = '', own, commit] = line.split(' ');
          const sha = commit || own;
          return /^v?\d/.test(tag) && sha ? [{ tag, sha }] : [];
        })
        .slice(0, most);
    },
    async *firstParents(sha) {
      const listed = await ask(
        ...[
          'rev-list',
          '--first-parent',
          `--max-count=${MAX_COMMITS}`,
          '--no-commit-header',
          '--format=%H %cI',
        ],
        ...['--end-of-options', sha],
      );
      const commits = (listed ?? '').split('\n').flatMap((line): CommitRef[] => {
        const [id, date] = line.split(' ');
        return id && date ? [{ sha: id, date: new Date(date) }] : [];
      });
      isCutOff = commits.length === MAX_COMMITS;
      for (let from = 0; from < commits.length; from += PAGE) yield commits.slice(from, from + PAGE);
    },
    async limits() {
      if (isCutOff) return 'older commits are not looked at';
      return (await isShallow()) ? SHALLOW : null;
    },
  };
}

/** Why git answers nothing there, in words that lead to what is to be done; null where it answers. */
async function whyNotAsked(cwd: string, environment: Environment): Promise<string | null> {
  const { exitCode, stderr, code, timedOut } = await runGit(['rev-parse', '--git-dir'], cwd, environment);
  if (exitCode === 0) return null;
  if (code === 'ENOENT') return 'there is no git on the PATH';
  if (timedOut) return `git did not answer in ${cwd}`;
  if (stderr.includes('dubious ownership'))
    return `the repository in ${cwd} belongs to another user, and git does not read it before 'git config --global --add safe.directory DIR' allows that`;
  if (stderr.includes('bare repository')) return `the repository in ${cwd} is bare: start this in a clone`;
  return `${cwd} is not a git repository`;
}

function unknown(problem: string): { sha: null; problem: string } {
  return { sha: null, problem };
}
