import { CommitIdSchema } from '../../commit-id.ts';
import type { LoadedRecord } from '../../record/schema.ts';
import { judgeScores } from '../../verdict/judge-summary.ts';
import type { Verdict } from '../../verdict/schema.ts';
import { scoreFactors } from '../../verdict/summary.ts';
import { VERSION } from '../../version.ts';
import { ENTRY_SCHEMA_VERSION, type Entry, EntrySchema } from './entry.ts';
import { entryPaths } from './layout.ts';

/** What a run knows beyond its record. */
export interface EntryFacts {
  sha: string;
  parents: string[] | null;
  repository: string | null;
  branch: string | null;
  event: string | null;
  run: { id: number; attempt: number } | null;
  created: Date;
  /** The comparison with its own baseline; null without one. */
  verdict: Verdict | null;
}

const MAX_TEXT = 500;

/** Whether a store has more of a record than its figures. Where a judge alone was asked, its games lie beside a file of no items. */
export function keepsItems({ items, games }: Pick<LoadedRecord, 'items' | 'games'>): boolean {
  return items.length > 0 || games !== undefined;
}

/** The entry of a record, with its factor scores under preset `paper`. */
export function makeEntry(loaded: LoadedRecord, facts: EntryFacts): Entry {
  const { record } = loaded;
  const { sha, parents, repository, branch, event, run, created, verdict } = facts;
  const judge = judgeScores(loaded);
  const baseline = CommitIdSchema.safeParse(verdict?.records.baseline.commit);
  return EntrySchema.parse({
    schemaVersion: ENTRY_SCHEMA_VERSION,
    ...{ sha, parents, repository, branch, event, run },
    created: created.toISOString(),
    version: VERSION,
    suite: record.suite,
    planHash: record.planHash,
    complete: record.complete,
    model: {
      ...{ name: record.model.name.slice(0, MAX_TEXT), digest: record.model.digest },
      ...knownIdentity(record.model.identity?.digest),
    },
    harness: record.protocol.harness,
    preset: 'paper',
    factors: scoreFactors(loaded, 'paper').map(({ id, score, ci, estimate, n }) => ({
      ...{ id, score, ci, n },
      se: estimate?.se ?? null,
    })),
    ...(judge.length > 0 && { judge }),
    verdict: verdict && {
      verdict: verdict.verdict,
      passed: verdict.passed,
      baseline: baseline.success ? baseline.data : null,
    },
    items: record.totals.items,
    itemsKept: keepsItems(loaded),
    record: entryPaths(sha).record,
  } satisfies Entry);
}

/** What says that it is a SHA-256 and is none says nothing. */
function knownIdentity(digest: string | null | undefined): Pick<Entry['model'], 'identity'> {
  const { data } = EntrySchema.shape.model.shape.identity.safeParse(digest);
  return data === undefined ? {} : { identity: data };
}
