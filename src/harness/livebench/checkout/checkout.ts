import { randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { readFile, realpath, rename, rm } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { z } from 'zod';
import { SosBenchError } from '../../../error.ts';
import { makeFolder, writeFileAtomic } from '../../../system/files/files.ts';
import { type GitResult, runGit, settingsWithoutFilters } from '../../../system/git/git.ts';
import { BUILDING, findFinished, keepFolder } from '../../../system/kept/keep-folder.ts';
import { COMPLETE, DIFFERS, type FileChange } from '../../../system/kept/manifest.ts';
import { readPlainFile } from '../../../system/kept/plain-file.ts';
import type { Environment } from '../../../system/process/child-environment.ts';
import { gitId, readTree } from './git-tree.ts';

/**
 * 2025-12-12. Later commits cannot grade instruction following of the releases that are public; earlier ones need
 * packages that no longer install.
 */
export const LIVEBENCH_COMMIT = '555b35d4ec1ff0e3830697a0e6049c4f96a6d624';
const REPOSITORY = 'https://github.com/LiveBench/LiveBench.git';
const GRADER = join('livebench', 'gen_ground_truth_judgment.py');
const FETCH_MS = 300_000;
const ASK_MS = 30_000;

/** LiveBench's code, and what it is. */
export interface Checkout {
  kind: 'checkout';
  /** Holds the folder `livebench`. */
  folder: string;
  /** Full sha; null where the folder is not a checkout of its own. */
  commit: string | null;
  /** Whether it is the pinned commit, unchanged. Scores of another one may mean something else. */
  pinned: boolean;
  /** What is not as pinned, in one sentence; null where all is. */
  deviation: string | null;
}

export interface NoCheckout {
  kind: 'unavailable';
  reason: string;
  hint: string;
}

export interface CheckoutOptions {
  /** A checkout the user has (`livebench-dir`); null: `ref` is fetched. */
  dir: string | null;
  /** Commit, branch or tag; the pinned commit where null. */
  ref: string | null;
  cwd: string;
  cache: string;
  environment: Environment;
  note: (text: string) => void;
  signal?: AbortSignal | undefined;
  /** Where to fetch from; LiveBench's own repository where left out. */
  repository?: string;
}

/**
 * LiveBench's code: the user's checkout, or the wanted commit fetched into the cache once. A folder at another commit is
 * used and marked.
 *
 * @throws SosBenchError `data-missing` where `livebench-dir` is not a LiveBench, `usage` for a ref that is none,
 *   `interrupted`.
 */
export async function findLiveBench(options: CheckoutOptions): Promise<Checkout | NoCheckout> {
  if (options.dir !== null) return inspect(resolve(options.cwd, options.dir), options);
  const ref = fullRef(options.ref);
  return isSha(ref) ? await keepCommit(ref, options) : await fetchNamed(ref, options);
}

/** Whether a run would find LiveBench in the cache; a branch or tag is asked for again each time. */
export async function isFetched(ref: string | null, cache: string): Promise<boolean> {
  const wanted = fullRef(ref);
  return isSha(wanted) && (await fetchedFolders(wanted, cache)).length > 0;
}

async function fetchedFolders(commit: string, cache: string): Promise<string[]> {
  const kept = { home: join(cache, 'livebench'), name: commit, what: '' };
  return await findFinished(kept, (path) => existsSync(join(path, GRADER)));
}

/** Where the wanted commit in the cache is not what git says it is; null where it is, or is not there. */
export async function checkFetched(
  ref: string | null,
  cache: string,
): Promise<{ folder: string; difference: FileChange } | null> {
  const wanted = fullRef(ref);
  for (const folder of isSha(wanted) ? await fetchedFolders(wanted, cache) : []) {
    const difference = await differenceFrom(wanted, folder);
    if (difference !== null) return { folder, difference };
  }
  return null;
}

/**
 * How a commit in the cache differs from what git says it is: by its whole content, against the tree that its commit names.
 *
 * @returns null where it is the commit.
 */
async function differenceFrom(commit: string, folder: string): Promise<FileChange | null> {
  const wanted = await treeOf(commit, folder);
  if (wanted === null) return { path: COMPLETE, what: 'was changed' };
  const { id, files } = await readTree(folder, BESIDE_TREE);
  if (id === wanted.tree) return null;
  const listed = new Map(wanted.files?.map((line) => [line.slice(line.indexOf(' ', 7) + 1), line]));
  const lines = new Map(files.map(({ path, mode, id: blob }) => [path, `${mode} ${blob} ${path}`]));
  for (const path of [...new Set([...listed.keys(), ...lines.keys()])].sort()) {
    if (!lines.has(path)) return { path, what: 'is missing' };
    if (listed.get(path) !== lines.get(path))
      return { path, what: listed.has(path) || wanted.files === null ? 'was changed' : 'was added' };
  }
  return { path: COMPLETE, what: 'was changed' };
}

/** The releases that a checkout's scripts accept; null where it does not say so in the way the pinned commit does. */
export async function releasesOf({ folder }: Checkout): Promise<string[] | null> {
  const code = await readFile(join(folder, 'livebench', 'common.py'), 'utf8').catch(() => '');
  const [, list] = /^LIVE_BENCH_RELEASES\s*=\s*\{([^}]*)\}/m.exec(code) ?? [];
  const dates = list?.match(/\d{4}-\d{2}-\d{2}/g) ?? [];
  return dates.length === 0 ? null : dates.sort();
}

async function inspect(dir: string, options: CheckoutOptions): Promise<Checkout> {
  if (!existsSync(join(dir, GRADER))) {
    throw new SosBenchError('data-missing', `${dir} is not a checkout of LiveBench: it has no ${GRADER}`, {
      hint: `git clone ${REPOSITORY} and git checkout ${LIVEBENCH_COMMIT.slice(0, 7)}, then give that folder as livebench-dir`,
    });
  }
  const folder = await realpath(dir);
  const top = await askGit(options, folder, ['rev-parse', '--show-toplevel']);
  // A folder of some other repository says nothing of which LiveBench it is.
  if (top.exitCode !== 0 || (await realpath(top.stdout.trim())) !== folder)
    return describe(folder, null, '', LIVEBENCH_COMMIT);
  const head = await askGit(options, folder, ['rev-parse', '--verify', 'HEAD']);
  const looking = [
    'status',
    '--porcelain',
    '--untracked-files=no',
    '--ignore-submodules=all',
    '--',
    'livebench',
  ];
  const settings = await settingsWithoutFilters(folder, options.environment);
  const status = await askGit(options, folder, looking, settings);
  return describe(
    folder,
    // Without a status, what is there may be anything.
    head.exitCode === 0 && status.exitCode === 0 ? head.stdout.trim() : null,
    status.stdout.trim(),
    fullRef(options.ref),
  );
}

function changedFiles(count: number): string {
  return `${count} of its files ${count === 1 ? 'was' : 'were'} changed`;
}

function describe(folder: string, commit: string | null, changes: string, wanted: string): Checkout {
  const pin = isSha(wanted) ? wanted : LIVEBENCH_COMMIT;
  const deviations = [
    commit === null ? `the commit of ${folder} is unknown, not known to be ${pin.slice(0, 7)}` : null,
    commit !== null && commit !== LIVEBENCH_COMMIT
      ? `LiveBench is at ${commit.slice(0, 7)}, not at ${LIVEBENCH_COMMIT.slice(0, 7)}, which this version is tested with`
      : null,
    changes === '' ? null : changedFiles(changes.split('\n').length),
  ].filter((text) => text !== null);
  return {
    kind: 'checkout',
    folder,
    commit,
    pinned: deviations.length === 0,
    deviation: deviations.length === 0 ? null : deviations.join('; '),
  };
}

/** What lies in a kept folder beside the commit's files. */
const BESIDE_TREE = ['.git', COMPLETE, DIFFERS];
/** The pinned commit's tree; that of another is in its commit object, which its own id vouches for. */
const LIVEBENCH_TREE = '8102bd90e05fe29802b05c468ba36a7f92d58286';

const FetchedSchema = z.object({
  /** The commit object, base64. */
  commit: z.string(),
  /** `MODE ID PATH` of each file, to name one that differs. */
  files: z.array(z.string()),
});

/** The tree that a commit names; null where that cannot be told for certain. */
async function treeOf(
  commit: string,
  folder: string,
): Promise<{ tree: string; files: string[] | null } | null> {
  try {
    const kept = FetchedSchema.parse(JSON.parse((await readPlainFile(join(folder, COMPLETE))) ?? ''));
    const object = Buffer.from(kept.commit, 'base64');
    const tree = /^tree ([0-9a-f]{40})\n/.exec(object.toString('latin1'))?.[1];
    if (gitId('commit', object) === commit && tree !== undefined) return { tree, files: kept.files };
  } catch {
    // Fetched by an earlier version, or broken.
  }
  return commit === LIVEBENCH_COMMIT ? { tree: LIVEBENCH_TREE, files: null } : null;
}

/** A commit in the cache, fetched where it is not there or is not what it was. */
async function keepCommit(
  commit: string,
  options: CheckoutOptions,
  bring: (path: string) => Promise<string | NoCheckout> = (path) => fetchTo(path, commit, options),
): Promise<Checkout | NoCheckout> {
  let failure: NoCheckout | null = null;
  const folder = await keepFolder({
    ...options,
    home: join(options.cache, 'livebench'),
    name: commit,
    what: "LiveBench's code",
    check: (path) => differenceFrom(commit, path),
    build: async (path) => {
      const brought = await bring(path);
      if (typeof brought !== 'string') failure = brought;
      return failure === null ? {} : null;
    },
  });
  return folder === null ? failure! : describe(folder, commit, '', commit);
}

/** What a branch or tag is at now. */
async function fetchNamed(ref: string, options: CheckoutOptions): Promise<Checkout | NoCheckout> {
  const root = join(options.cache, 'livebench');
  await makeFolder(root, 0o700);
  const work = join(root, `${BUILDING}${randomUUID()}`);
  try {
    const commit = await fetchTo(work, ref, options);
    if (typeof commit !== 'string') return commit;
    return await keepCommit(commit, options, async (path) => {
      await rename(work, path);
      return commit;
    });
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}

/** Fetches a ref into a new folder; its commit, or why it cannot be had. */
async function fetchTo(work: string, ref: string, options: CheckoutOptions): Promise<string | NoCheckout> {
  options.note(`Fetching LiveBench at ${ref.slice(0, 40)}`);
  await makeFolder(work, 0o700);
  const steps = [
    ['init', '--quiet'],
    ['fetch', '--quiet', '--depth', '1', '--no-tags', options.repository ?? REPOSITORY, ref],
    ['checkout', '--quiet', '--detach', 'FETCH_HEAD'],
  ];
  for (const step of steps) {
    const result = await git(options, work, step, FETCH_MS);
    if (options.signal?.aborted)
      throw new SosBenchError('interrupted', 'interrupted while fetching LiveBench');
    if (result.exitCode !== 0) return unavailable(ref, result);
  }
  const commit = (await git(options, work, ['rev-parse', '--verify', 'HEAD'], ASK_MS)).stdout.trim();
  if (!existsSync(join(work, GRADER)))
    return unavailable(ref, { stderr: `it has no ${GRADER}`, timedOut: false });
  const object = (await git(options, work, ['cat-file', 'commit', commit], ASK_MS)).stdout;
  const { files } = await readTree(work, BESIDE_TREE);
  const fetched: z.infer<typeof FetchedSchema> = {
    commit: Buffer.from(object).toString('base64'),
    files: files.map(({ path, mode, id }) => `${mode} ${id} ${path}`),
  };
  await writeFileAtomic(join(work, COMPLETE), `${JSON.stringify(fetched)}\n`);
  // Nothing of it is needed any more, and git obeys what stands there.
  await rm(join(work, '.git'), { recursive: true, force: true });
  const difference = await differenceFrom(commit, work);
  if (difference === null) return commit;
  return unavailable(ref, {
    stderr: `${difference.path} ${difference.what} by git on this machine`,
    timedOut: false,
  });
}

function unavailable(ref: string, result: Pick<GitResult, 'stderr' | 'timedOut' | 'code'>): NoCheckout {
  const last = result.stderr.trim().split('\n').at(-1) ?? '';
  const why =
    result.code === 'ENOENT'
      ? 'git is not installed'
      : result.timedOut
        ? 'git did not answer in time'
        : last || 'git failed';
  return {
    kind: 'unavailable',
    reason: `LiveBench could not be fetched at ${ref.slice(0, 12)}: ${why}`,
    hint: 'without internet: clone LiveBench elsewhere and give the folder as livebench-dir',
  };
}

/**
 * What git says of a checkout. Where it was ended or took too long it has said nothing: taken for an answer, that would be recorded as
 * another version of LiveBench.
 *
 * @throws SosBenchError `data-missing`.
 */
async function askGit(
  options: CheckoutOptions,
  folder: string,
  args: string[],
  more: string[] = [],
): Promise<GitResult> {
  const result = await git(options, folder, args, ASK_MS, more);
  const isAnswered = result.exitCode !== undefined || result.code === 'ENOENT';
  if (isAnswered || options.signal?.aborted) return result;
  const how = result.timedOut ? `did not answer within ${ASK_MS / 1000} s` : 'was ended';
  throw new SosBenchError('data-missing', `git ${how} when it was asked which LiveBench ${folder} is`, {
    hint: `run it again; git -C ${folder} ${args[0]} has to answer`,
  });
}

/** Git bounded in time. A checkout of the user's may be another user's. */
function git(
  options: CheckoutOptions,
  folder: string,
  args: string[],
  timeout: number,
  more: string[] = [],
): Promise<GitResult> {
  const { environment, signal } = options;
  const settings = ['safe.directory=*', 'core.autocrlf=false', ...more];
  return runGit(args, folder, environment, { timeout, settings, mayFetch: timeout === FETCH_MS, signal });
}

/**
 * What to fetch for a `livebench-ref`. A short commit other than the pinned one is refused: servers give out commits by
 * their full name only.
 *
 * @throws SosBenchError `usage`.
 */
export function fullRef(ref: string | null): string {
  if (ref === null || (isShortSha(ref) && LIVEBENCH_COMMIT.startsWith(ref))) return LIVEBENCH_COMMIT;
  if (isShortSha(ref)) {
    throw new SosBenchError('usage', `livebench-ref ${ref} is a short commit, which cannot be fetched`, {
      hint: 'give all 40 digits, a branch or a tag (refs/heads/NAME where a branch has such a name)',
    });
  }
  if (/^[A-Za-z0-9][\w./-]{0,200}$/.test(ref) && !ref.includes('..')) return ref;
  throw new SosBenchError('usage', 'livebench-ref is not a commit, branch or tag', {
    hint: `leave it out for ${LIVEBENCH_COMMIT.slice(0, 7)}`,
  });
}

function isShortSha(ref: string): boolean {
  return /^[0-9a-f]{4,39}$/.test(ref);
}

function isSha(ref: string): boolean {
  return /^[0-9a-f]{40}$/.test(ref);
}
