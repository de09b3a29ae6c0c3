import { type Entry, EntrySchema } from '../../src/history/store/entry.ts';
import { entryPaths } from '../../src/history/store/layout.ts';
import type { RecordFiles } from '../../src/history/store/store.ts';

/** A commit id that is told by its number. */
export function shaOf(number: number): string {
  // Spread over the folders, as real ids are.
  return `${((number * 37) % 256).toString(16).padStart(2, '0')}${number.toString(16).padStart(38, '0')}`;
}

/** An entry as a push to main leaves it; one minute later with each number. */
export function entryOf(number: number, change: Partial<Entry> = {}): Entry {
  const sha = change.sha ?? shaOf(number);
  return EntrySchema.parse({
    schemaVersion: 1,
    sha,
    parents: null,
    repository: 'octo/demo',
    branch: 'main',
    event: 'push',
    run: { id: 1000 + number, attempt: 1 },
    created: new Date(Date.UTC(2026, 10, 1) + number * 60_000).toISOString(),
    version: '0.0.0',
    suite: 'pr',
    planHash: 'plan-a',
    complete: true,
    model: { name: `model-${number}`, digest: `sha256:${number}` },
    harness: { name: 'lm-eval', version: '0.4.13' },
    preset: 'paper',
    factors: [{ id: 'wk', score: 0.5, ci: [0.4, 0.6], se: 0.05, n: 100 }],
    verdict: null,
    items: 100,
    itemsKept: true,
    record: entryPaths(sha).record,
    ...change,
  } satisfies Entry);
}

/** Files that tell whose they are. */
export function filesOf(number: number): RecordFiles {
  return {
    record: Buffer.from(`{"record":${number}}\n`),
    items: Buffer.from(`items of ${number}`),
    plan: null,
    answers: null,
    verdict: null,
  };
}
