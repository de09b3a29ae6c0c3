import { join } from 'node:path';
import { SosBenchError } from '../../../error.ts';
import { BASELINE_EVENTS } from '../../../history/store/admit.ts';
import type { Entry } from '../../../history/store/entry.ts';
import type { Store } from '../../../history/store/store.ts';
import type { LoadedRecord } from '../../../record/schema.ts';
import { type ChangeModel, learnChanges } from '../../../verdict/measure/borrowing/expected-change.ts';
import { privateFolder } from '../../private-folder.ts';
import type { ActionRuntime } from '../../runtime.ts';

/** Records before the baseline that are read: each adds one change to learn from, and takes a second or so. */
const MAX_EARLIER = 2;

/**
 * What main's own changes up to the baseline teach of which answers a change turns: the store's word alone, whatever the candidate answered.
 * Null where the candidate is asked all that the baseline was, where the baseline has no margins, and where nothing earlier is kept.
 */
export async function learnFromHistory(
  baseline: { record: LoadedRecord; entry: Entry },
  { store, suite }: { store: Store; suite: string },
  runtime: ActionRuntime,
): Promise<{ learned: ChangeModel | null; notes: string[] }> {
  const { record, entry } = baseline;
  const notes: string[] = [];
  if (record.record.suite === suite || record.items.every(({ margin }) => margin === null))
    return { learned: null, notes };
  const index = await store.openIndex();
  const lines = await index.latest(
    MAX_EARLIER,
    (line) =>
      line.itemsKept && line.suite === entry.suite && line.sha !== entry.sha && line.created < entry.created,
  );
  const records: LoadedRecord[] = [];
  for (const { sha } of lines) {
    const found = (await index.entry(sha))?.entry ?? null;
    if (found === null || !isBaseline(found)) continue;
    try {
      records.push(await store.load(found, join(privateFolder(runtime), `earlier-${sha.slice(0, 12)}`)));
    } catch (error) {
      if (!(error instanceof SosBenchError)) throw error;
      notes.push(`An earlier record, of ${sha.slice(0, 12)}, taught nothing: ${error.message}.`);
    }
  }
  return { learned: learnChanges([...records, record]), notes };
}

/** What was stored by other means than ours is held to the rule for baselines. */
function isBaseline({ repository, event, complete, itemsKept }: Entry): boolean {
  return complete && itemsKept && (repository === null || BASELINE_EVENTS.includes(event ?? ''));
}
