/** A new beginning for the branch of a store: its tip is marked, writers wait, and what it was is kept under a ref of its own. */
import { z } from 'zod';
import { SosBenchError } from '../../error.ts';
import { parseJsonOrUndefined } from '../store/entry.ts';
import { tooManyFiles } from '../store/store-index.ts';
import type { GitData, Tip, TreeEntry } from './git-data.ts';
import { type Changes, PRUNED_DAYS, type Snapshot, type StoreFiles } from './store-files.ts';

const PRUNED_REFS = 'sos-bench/pruned/';
/** Where it is, no writer may come between: a forced update has no condition of its own. */
export const PRUNING_FILE = 'pruning.json';
const PRUNING_MS = 10 * 60_000;
/** Writers outwait the mark of a pruning that was killed, clocks that differ by two minutes included. */
export const MAX_PRUNING_WAIT_MS = PRUNING_MS + 2 * 60_000;
export const PRUNING_POLL_MS = 10_000;
const DAY_MS = 86_400_000;
/** Paths in one request that makes a tree. */
const PATHS_AT_A_TIME = 1000;

const PruningSchema = z.object({ until: z.iso.datetime() });

/** What the file says that keeps writers out from `now` on. */
export function pruningMark(now: Date): string {
  return JSON.stringify({ until: new Date(now.getTime() + PRUNING_MS).toISOString() });
}

/** Whether a pruning keeps writers out. */
export async function isBeingPruned(files: Snapshot, now: Date): Promise<boolean> {
  const content = await files.read(PRUNING_FILE);
  if (content === null) return false;
  const marker = PruningSchema.safeParse(parseJsonOrUndefined(content));
  return marker.success && Date.parse(marker.data.until) > now.getTime();
}

interface Replacing {
  ref: string;
  /** The commit that keeps writers out. */
  marked: string;
  read: (tip: Tip | null) => Promise<Snapshot>;
  edit: Parameters<StoreFiles['prune']>[0];
  now: Date;
  writeChanges: (tip: Tip, changes: Changes) => Promise<string>;
}

/** Puts a new root in the place of the marked tip and returns the ref that keeps that; null when the tip has moved. */
export async function replaceHistory(git: GitData, replacing: Replacing): Promise<string | null> {
  const { ref, marked, read, edit, now, writeChanges } = replacing;
  const tip = { commit: marked, tree: (await git.readCommit(marked)).tree };
  const { drop, write } = await edit(await read(tip));
  const { entries, truncated } = await git.readTree(tip.tree, { recursive: true });
  if (truncated) {
    throw tooManyFiles();
  }
  const dropped = new Set(drop);
  const kept = entries.filter(
    ({ type, path }) =>
      type === 'blob' && path !== PRUNING_FILE && !dropped.has(path.split('/').slice(0, 3).join('/')),
  );
  let tree: string | null = null;
  for (let from = 0; from < kept.length; from += PATHS_AT_A_TIME) {
    const part: TreeEntry[] = kept.slice(from, from + PATHS_AT_A_TIME);
    tree = await git.writeTree(
      part.map(({ path, sha }) => ({ path, sha })),
      tree,
    );
  }
  if (tree === null) throw new Error('a store has a README at least');
  if (write.size > 0) tree = await writeChanges({ commit: marked, tree }, write);
  const message = `Prune: history before ${now.toISOString().slice(0, 10)} dropped`;
  const root = await git.writeCommit({ message, tree, parents: [] });
  const keptRef = `${PRUNED_REFS}${now.toISOString().slice(0, 10)}-${marked.slice(0, 12)}`;
  await git.createRef(keptRef, marked);
  if ((await git.readRef(ref)) !== marked) {
    await git.deleteRef(keptRef);
    return null;
  }
  await git.updateRef(ref, root, { force: true });
  return `refs/${keptRef}`;
}

/** Removes the refs of states that earlier prunings kept for long enough; returns their names. */
export async function removeOldPrunings(git: GitData, now: Date): Promise<string[]> {
  const removed: string[] = [];
  for (const { ref } of await git.listRefs(PRUNED_REFS)) {
    const date = /^(\d{4}-\d{2}-\d{2})-/.exec(ref.slice(PRUNED_REFS.length))?.[1];
    if (date === undefined || now.getTime() - Date.parse(date) <= PRUNED_DAYS * DAY_MS) continue;
    await git.deleteRef(ref);
    removed.push(`refs/${ref}`);
  }
  return removed;
}

/** `store-conflict`, for who has waited for a pruning in vain. */
export function beingPruned(description: string): SosBenchError {
  return new SosBenchError('store-conflict', `${description} is being pruned for more than ten minutes`, {
    hint: `store it again later; if no pruning runs, remove ${PRUNING_FILE} from the branch`,
  });
}
