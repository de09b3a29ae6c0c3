import { BASELINE_EVENTS } from '../store/admit.ts';
import type { Entry, IndexLine } from '../store/entry.ts';
import type { FoundLine, Store } from '../store/store.ts';
import type { CommitHistory, FoundCommit } from './commit-history.ts';

/** Which commit a pull request is compared with. */
export type BaselineMode = { kind: 'merge-base' } | { kind: 'base-tip' } | { kind: 'ref'; ref: string };

export interface BaselineQuestion {
  history: CommitHistory;
  store: Pick<Store, 'description' | 'openIndex'>;
  mode: BaselineMode;
  /** Commit id of the change; `owner:branch` where a fork's commit is not known by its id. */
  head: string;
  /** Branch it is to be merged into. */
  baseRef: string;
  /** Whether a record of that suite and plan can be compared with. */
  isComparable: (line: Pick<IndexLine, 'suite' | 'planHash'>) => boolean;
  now: Date;
}

/** What a lookup found, and how. */
export interface BaselineLookup {
  found: FoundEntry | null;
  /** The commit at which the way back began; null where there was none to begin with. */
  start: string | null;
  /** Commits looked at. */
  looked: number;
  /** Entries on the way that could not be used, and why; the nearest first. */
  skipped: { sha: string; reason: string }[];
  /** Why nothing was found; null where an entry was. */
  reason: string | null;
  /** What was wrong with the index, in words. */
  notes: string[];
}

export interface FoundEntry {
  entry: Entry;
  sha: string;
  /** Steps back along first parents from the start. */
  distance: number;
  /** Milliseconds since it was recorded. */
  age: number;
}

/**
 * The nearest usable entry: from the merge base (or the tip of the base branch, or a ref), back along first parents. What
 * cannot be found is an outcome with a reason, not an error.
 *
 * @throws SosBenchError as every request to GitHub: that there is no baseline must not be concluded from these.
 */
export async function findBaseline(question: BaselineQuestion): Promise<BaselineLookup> {
  const { history, mode, head, baseRef } = question;
  const start =
    mode.kind === 'merge-base'
      ? history.mergeBase(baseRef, head)
      : history.resolve(mode.kind === 'base-tip' ? baseRef : mode.ref);
  return walkBack(start, question);
}

/**
 * The entry of the latest release, or of a ref, or of its nearest first parent that has one: what drift is told from.
 *
 * @param except commits that are no answer, since a model tells nothing of itself; a release of theirs is passed by.
 */
export async function findAnchor(
  question: Pick<BaselineQuestion, 'history' | 'store' | 'isComparable' | 'now'> & {
    ref: string | null;
    except?: ReadonlySet<string>;
  },
): Promise<BaselineLookup & { tag: string | null }> {
  const { history, ref, except } = question;
  if (ref !== null) return { ...(await walkBack(history.resolve(ref), question)), tag: null };
  const release = history.latestRelease(except);
  return { ...(await walkBack(release, question)), tag: (await release).tag };
}

async function walkBack(
  starting: Promise<FoundCommit>,
  {
    history,
    store,
    isComparable,
    now,
    except = new Set(),
  }: Pick<BaselineQuestion, 'history' | 'store' | 'isComparable' | 'now'> & { except?: ReadonlySet<string> },
): Promise<BaselineLookup> {
  const [start, index] = await Promise.all([starting, store.openIndex()]);
  const lookup: BaselineLookup = {
    found: null,
    start: start.sha,
    looked: 0,
    skipped: [],
    reason: null,
    notes: [],
  };
  if (start.sha === null) return { ...lookup, reason: start.problem };
  if (!index.exists)
    return { ...lookup, reason: `there is no history yet: ${store.description} does not exist` };
  for await (const commits of history.firstParents(start.sha)) {
    for (const { sha, date } of commits) {
      const distance = lookup.looked++;
      if (except.has(sha)) {
        lookup.skipped.push({ sha, reason: 'it is the very commit that is compared' });
        continue;
      }
      // A record is made after its commit; clocks may differ by a day.
      await index.reach(new Date(date.getTime() - DAY_MS));
      const line = await index.find(sha);
      if (line === null) continue;
      const used = await useEntry(line);
      if (typeof used === 'string') {
        lookup.skipped.push({ sha, reason: used });
        continue;
      }
      const age = now.getTime() - Date.parse(used.created);
      return { ...lookup, found: { entry: used, sha, distance, age }, notes: index.notes };
    }
  }
  const from = start.sha.slice(0, 12);
  const reason = [
    lookup.looked === 1
      ? `the only commit looked at, ${from}, has no usable entry in ${store.description}`
      : `none of the ${lookup.looked} commits back from ${from} has a usable entry in ${store.description}`,
    await history.limits(),
    ...lookup.skipped.slice(0, 3).map(({ sha, reason }) => `${sha.slice(0, 12)}: ${reason}`),
  ];
  return { ...lookup, reason: reason.filter(Boolean).join('; '), notes: index.notes };

  async function useEntry(line: FoundLine): Promise<Entry | string> {
    if ('problem' in line && line.problem !== undefined) return line.problem;
    if ('suite' in line && !isComparable(line)) return `of another plan (suite '${line.suite}')`;
    const read = await index.entry(line.sha);
    if (read === null) return 'the index lists it, but there is no entry';
    if (read.entry === null) return read.problem;
    const { entry } = read;
    // What was stored by other means than ours is held to the same rule.
    if (entry.repository !== null && !BASELINE_EVENTS.includes(entry.event ?? ''))
      return `recorded by '${entry.event}'`;
    if (!entry.complete) return 'its evaluation is incomplete';
    return isComparable(entry) ? entry : `of another plan (suite '${entry.suite}')`;
  }
}

const DAY_MS = 86_400_000;

/**
 * Whether a record of one suite can be what a candidate of another is compared with. All items hold every sample of them: the
 * items in common are then the candidate's, weighted by its plan. The other way round most of the candidate would go unseen.
 */
export function isComparableSuite(candidate: string, baseline: string): boolean {
  return baseline === candidate || (candidate === 'pr' && baseline === 'full');
}
