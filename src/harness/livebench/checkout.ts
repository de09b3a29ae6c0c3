import { existsSync } from 'node:fs';
import { readFile, realpath, rename, rm } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { SosBenchError } from '../../error.ts';
import type { Environment } from '../../system/child-environment.ts';
import { makeFolder } from '../../system/files.ts';
import { type GitResult, runGit, settingsWithoutFilters } from '../../system/git.ts';
import { waitForLock } from '../../system/lock.ts';

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
  /** Full sha; null where the folder is no checkout of its own. */
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
 * @throws SosBenchError `data-missing` where `livebench-dir` is no LiveBench, `usage` for a ref that is none,
 *   `interrupted`.
 */
export async function findCheckout(options: CheckoutOptions): Promise<Checkout | NoCheckout> {
  if (options.dir !== null) return inspect(resolve(options.cwd, options.dir), options);
  const ref = fullRef(options.ref);
  const kept = join(options.cache, 'livebench', ref);
  if (isSha(ref) && existsSync(join(kept, GRADER))) return describe(kept, ref, '', ref);
  return await fetchInto(ref, options);
}

/** Whether a run would find LiveBench in the cache; a branch or tag is asked for anew each time. */
export function isFetched(ref: string | null, cache: string): boolean {
  const wanted = fullRef(ref);
  return isSha(wanted) && existsSync(join(cache, 'livebench', wanted, GRADER));
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
    throw new SosBenchError('data-missing', `${dir} is no checkout of LiveBench: it has no ${GRADER}`, {
      hint: `git clone ${REPOSITORY} and git checkout ${LIVEBENCH_COMMIT.slice(0, 7)}, then give that folder as livebench-dir`,
    });
  }
  const folder = await realpath(dir);
  const top = await git(options, folder, ['rev-parse', '--show-toplevel'], ASK_MS);
  // A folder of some other repository says nothing of which LiveBench it is.
  if (top.exitCode !== 0 || (await realpath(top.stdout.trim())) !== folder)
    return describe(folder, null, '', LIVEBENCH_COMMIT);
  const head = await git(options, folder, ['rev-parse', '--verify', 'HEAD'], ASK_MS);
  const looking = [
    'status',
    '--porcelain',
    '--untracked-files=no',
    '--ignore-submodules=all',
    '--',
    'livebench',
  ];
  const settings = await settingsWithoutFilters(folder, options.environment);
  const status = await git(options, folder, looking, ASK_MS, settings);
  return describe(
    folder,
    head.exitCode === 0 ? head.stdout.trim() : null,
    status.stdout.trim(),
    fullRef(options.ref),
  );
}

function describe(folder: string, commit: string | null, changes: string, wanted: string): Checkout {
  const pin = isSha(wanted) ? wanted : LIVEBENCH_COMMIT;
  const deviations = [
    commit === null ? `the commit of ${folder} is unknown, not known to be ${pin.slice(0, 7)}` : null,
    commit !== null && commit !== LIVEBENCH_COMMIT
      ? `LiveBench is at ${commit.slice(0, 7)}, not at ${LIVEBENCH_COMMIT.slice(0, 7)}, which this version is tested with`
      : null,
    changes === '' ? null : `${changes.split('\n').length} of its files were changed`,
  ].filter((text) => text !== null);
  return {
    kind: 'checkout',
    folder,
    commit,
    pinned: deviations.length === 0,
    deviation: deviations.length === 0 ? null : deviations.join('; '),
  };
}

async function fetchInto(ref: string, options: CheckoutOptions): Promise<Checkout | NoCheckout> {
  const root = join(options.cache, 'livebench');
  await makeFolder(root, 0o700);
  const lock = await waitForLock(
    join(root, `.${ref.replaceAll('/', '_')}.lock`),
    "LiveBench's code",
    options,
  );
  const work = join(root, `.fetching-${ref.replaceAll('/', '_')}`);
  try {
    if (isSha(ref) && existsSync(join(root, ref, GRADER))) return describe(join(root, ref), ref, '', ref);
    options.note(`Fetching LiveBench at ${ref.slice(0, 40)}`);
    await rm(work, { recursive: true, force: true });
    await makeFolder(work);
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
    const kept = join(root, commit);
    if (!existsSync(kept)) await rename(work, kept);
    return describe(kept, commit, '', ref);
  } finally {
    await rm(work, { recursive: true, force: true });
    await lock.release();
  }
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

/** Git bounded in time. A checkout of the user's may be another user's. */
function git(
  options: CheckoutOptions,
  folder: string,
  args: string[],
  timeout: number,
  more: string[] = [],
): Promise<GitResult> {
  const { environment, signal } = options;
  const settings = ['safe.directory=*', ...more];
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
  throw new SosBenchError('usage', 'livebench-ref is no commit, branch or tag', {
    hint: `leave it out for ${LIVEBENCH_COMMIT.slice(0, 7)}`,
  });
}

function isShortSha(ref: string): boolean {
  return /^[0-9a-f]{4,39}$/.test(ref);
}

function isSha(ref: string): boolean {
  return /^[0-9a-f]{40}$/.test(ref);
}
