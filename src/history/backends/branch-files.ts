import { setTimeout as wait } from 'node:timers/promises';
import { SosBenchError } from '../../error.ts';
import type { Client } from '../../github/client.ts';
import { explainFailure, hasStatus, isUncertain } from '../../github/failure.ts';
import { inParallel } from '../../in-parallel.ts';
import { type Backoff, backOff } from './back-off.ts';
import {
  blobSha,
  contentsNeed,
  type GitData,
  gitData,
  type Tip,
  type TreeChange,
  type TreeEntry,
} from './git-data.ts';
import {
  beingPruned,
  isBeingPruned,
  MAX_PRUNING_WAIT_MS,
  PRUNING_FILE,
  PRUNING_POLL_MS,
  pruningMark,
  removeOldPrunings,
  replaceHistory,
} from './prune-branch.ts';
import type { Changes, PruneOutcome, Snapshot, StoreFiles } from './store-files.ts';

export const DEFAULT_BRANCH = 'sos-bench';

/** Attempts of one change; with full jitter up to 5 s, more than two minutes of other writers coming first. */
const MAX_ATTEMPTS = 60;
/** Answers in a row that leave open whether the ref was moved. */
const MAX_UNCLEAR = 5;
/** Larger blobs are not kept in memory: items are read once. */
const MAX_CACHED_BYTES = 1_000_000;
const WRITES_AT_A_TIME = 4;

const README = `# History of SOS-Bench

One folder per evaluated commit (\`runs/\`), an index by month (\`index/\`), waivers (\`waivers.json\`), a badge of the newest
record (\`badge.json\`). Written by sos-bench; do not merge this branch into another. \`sos-bench history list\` shows it.
`;

export interface BranchOptions extends Backoff {
  branch?: string;
  now?: () => Date;
}

/**
 * A store on a branch of its own, through GitHub's git data API. Writers build a commit on the tip they read and move the
 * branch only if it is still there; else they start again from the new tip.
 */
export function branchFiles(
  client: Client,
  { branch = DEFAULT_BRANCH, now = () => new Date(), ...backoff }: BranchOptions = {},
): StoreFiles {
  const { repository } = client;
  const description = `branch '${branch}' of ${repository.owner}/${repository.repo}`;
  const ref = `heads/${branch}`;
  const git = gitData(client, description);
  const writing = contentsNeed(description, repository, 'write');
  const read = reader(git);
  const written = new Set<string>();

  const readTip = async (): Promise<Tip | null> => {
    const commit = await git.readRef(ref);
    return commit === null ? null : { commit, tree: (await git.readCommit(commit)).tree };
  };

  /** Moves the branch from `tip` to a new commit; false when it is not (surely) there now. */
  const move = async (tip: Tip | null, commit: string): Promise<'moved' | 'lost' | 'unclear'> => {
    try {
      if (tip === null) await git.createRef(ref, commit);
      else await git.updateRef(ref, commit, { force: false });
      return 'moved';
    } catch (error) {
      // 404: the branch was deleted since it was read.
      if (hasStatus(error, 409, 404) || isOvertaken(error)) return 'lost';
      // The answer may have been lost after the branch was moved.
      if (isUncertain(error)) return 'unclear';
      throw explainFailure(error, writing);
    }
  };

  const writeChanges = async (tip: Tip | null, changes: Changes): Promise<string> => {
    const all: Changes = tip === null ? new Map([['README.md', README], ...changes]) : changes;
    const tree = await inParallel(
      [...all],
      WRITES_AT_A_TIME,
      async ([path, content]): Promise<TreeChange> => {
        if (content === null) return { path, sha: null };
        if (typeof content === 'string') return { path, content };
        const sha = blobSha(content);
        // Attempts after the first need not send the same bytes again.
        if (written.has(sha)) return { path, sha };
        const stored = await git.writeBlob(content);
        written.add(stored);
        return { path, sha: stored };
      },
    );
    return git.writeTree(tree, tip?.tree ?? null);
  };

  /** Asks `attempt` again until the branch was moved by it. */
  const untilMoved = async <T>(
    attempt: (tip: Tip | null, files: Snapshot) => Promise<{ commit: string | null; result: T }>,
    { ownPruning }: { ownPruning?: string } = {},
  ): Promise<{ result: T; commit: string | null }> => {
    let unclear = 0;
    let waited = 0;
    for (let tries = 0; tries < MAX_ATTEMPTS; tries++) {
      if (tries > 0) await backOff(tries - 1, backoff);
      let tip = await readTip();
      let files = await read(tip);
      // Waiting for a pruning is not an attempt that failed.
      for (; ownPruning === undefined && (await isBeingPruned(files, now())); waited += PRUNING_POLL_MS) {
        if (waited >= MAX_PRUNING_WAIT_MS) throw beingPruned(description);
        await (backoff.sleep ?? wait)(PRUNING_POLL_MS);
        tip = await readTip();
        files = await read(tip);
      }
      const { commit, result } = await attempt(tip, files);
      if (commit === null) return { result, commit };
      const outcome = await move(tip, commit);
      if (outcome === 'moved') return { result, commit };
      unclear = outcome === 'unclear' ? unclear + 1 : 0;
      if (unclear >= MAX_UNCLEAR) {
        throw new SosBenchError(
          'github-unreachable',
          `could not write ${description}: GitHub fails again and again`,
          {
            hint: 'nothing is lost: the record is where it was written; store it again later',
          },
        );
      }
    }
    throw new SosBenchError(
      'store-conflict',
      `${description} changed under us ${MAX_ATTEMPTS} times in a row`,
      {
        hint: 'let fewer jobs write at a time (concurrency: with queue: max), then store it again',
      },
    );
  };

  return {
    description,
    open: async () => read(await readTip()),
    async change(message, edit) {
      await untilMoved(async (tip, files) => {
        const changes = await edit(files);
        if (changes.size === 0) return { commit: null, result: null };
        const tree = await writeChanges(tip, changes);
        const parents = tip === null ? [] : [tip.commit];
        return { commit: await git.writeCommit({ message, tree, parents }), result: null };
      });
    },
    async prune(edit): Promise<PruneOutcome> {
      const { commit: marked } = await untilMoved(async (tip) => {
        if (tip === null) return { commit: null, result: null };
        const tree = await writeChanges(tip, new Map([[PRUNING_FILE, pruningMark(now())]]));
        return {
          commit: await git.writeCommit({
            message: 'Prune: no writers, please',
            tree,
            parents: [tip.commit],
          }),
          result: null,
        };
      });
      if (marked === null) throw missing(description);
      try {
        const kept = await replaceHistory(git, { ref, marked, read, edit, now: now(), writeChanges });
        if (kept === null) {
          throw new SosBenchError('store-conflict', `${description} was changed while it was pruned`, {
            hint: 'nothing was changed by the pruning; run it again',
          });
        }
        return { kept, removed: await removeOldPrunings(git, now()) };
      } catch (error) {
        await unmark().catch(() => undefined);
        throw explainFailure(error, writing);
      }
    },
  };

  /** Lets writers in again before the marker would expire by itself. */
  async function unmark(): Promise<void> {
    await untilMoved(
      async (tip, files) => {
        if (tip === null || (await files.read(PRUNING_FILE)) === null) return { commit: null, result: null };
        const tree = await writeChanges(tip, new Map([[PRUNING_FILE, null]]));
        const commit = await git.writeCommit({ message: 'Pruning ended', tree, parents: [tip.commit] });
        return { commit, result: null };
      },
      { ownPruning: PRUNING_FILE },
    );
  }
}

/** Whether a ref was not moved because another writer came first. */
function isOvertaken(error: unknown): boolean {
  return (
    hasStatus(error, 422) &&
    /fast.?forward|already exists|cannot be updated|does not exist|expected/i.test((error as Error).message)
  );
}

/** `store-missing`, for what cannot be done without a store. */
export function missing(description: string): SosBenchError {
  return new SosBenchError('store-missing', `there is no history: ${description} does not exist`, {
    hint: 'it is made when the first baseline is recorded, by a push to the default branch',
  });
}

/** Reads states of the branch; objects never change, so what was read once is kept. */
function reader(git: GitData): (tip: Tip | null) => Promise<Snapshot> {
  const trees = new Map<string, TreeEntry[]>();
  const blobs = new Map<string, Uint8Array>();
  const tree = async (sha: string) => {
    const known = trees.get(sha) ?? (await git.readTree(sha)).entries;
    trees.set(sha, known);
    return known;
  };
  const blob = async (sha: string) => {
    const content = blobs.get(sha) ?? (await git.readBlob(sha));
    if (content.length <= MAX_CACHED_BYTES) blobs.set(sha, content);
    return content;
  };
  return async (tip) => {
    const find = async (path: string): Promise<TreeEntry | null> => {
      if (tip === null) return null;
      let at: TreeEntry = { path: '', type: 'tree', sha: tip.tree };
      for (const name of path.split('/')) {
        if (at.type !== 'tree') return null;
        const next = (await tree(at.sha)).find((entry) => entry.path === name);
        if (next === undefined) return null;
        at = next;
      }
      return at;
    };
    return {
      version: tip?.commit ?? null,
      exists: tip !== null,
      async list(folder) {
        const found = await find(folder);
        return found?.type === 'tree' ? (await tree(found.sha)).map(({ path }) => path) : [];
      },
      async walk(folder) {
        const found = await find(folder);
        if (found?.type !== 'tree') return [];
        const { entries, truncated } = await git.readTree(found.sha, { recursive: true });
        if (truncated) return null;
        return entries.filter(({ type }) => type === 'blob').map(({ path }) => `${folder}/${path}`);
      },
      async read(path) {
        const found = await find(path);
        return found?.type === 'blob' ? blob(found.sha) : null;
      },
    };
  };
}
