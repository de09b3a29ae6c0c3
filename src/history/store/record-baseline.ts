import { readFile } from 'node:fs/promises';
import { hasSystemCode, SosBenchError } from '../../error.ts';
import { packJournal } from '../../record/pack-journal.ts';
import { recordPaths } from '../../record/paths.ts';
import { readRecord } from '../../record/read.ts';
import { parsePlan } from '../../suite/plan/parse-plan.ts';
import { type Admission, admit, type RunContext } from './admit.ts';
import { type EntryFacts, keepsItems, makeEntry } from './make-entry.ts';
import type { PinSource } from './pins.ts';
import type { Store, Stored } from './store.ts';

/** What became of a record that was to be a baseline. */
export type Recorded = { admission: Admission; stored: Stored | null };

/**
 * Stores a record folder as the baseline of its commit, if it may be one.
 *
 * @param facts with the time of the commit, where the end of the evaluation is to be the time of the entry; else that is `created`.
 * @param context the run on GitHub; null on another CI, where who may write to the store decides.
 * @param pins tells whose items are to be kept however old they get; null where nothing is known of releases.
 * @throws SosBenchError as `readRecord` and the store do; then the store is as it was.
 */
export async function recordBaseline(
  store: Store,
  folder: string,
  facts: EntryFacts & { committed?: Date },
  context: RunContext | null,
  pins: PinSource | null = null,
): Promise<Recorded> {
  const loaded = await readRecord(folder);
  const entry = makeEntry(loaded, context === null ? datedByEvaluation(facts, loaded.record) : facts);
  const admission =
    context === null ? admitLocal(loaded.record, facts.sha) : admit(entry, loaded.record.commit, context);
  if (!admission.admitted) return { admission, stored: null };
  const paths = recordPaths(folder);
  const files = {
    record: await readFile(paths.record),
    items: keepsItems(loaded) ? await readFile(paths.items) : null,
    games: loaded.games !== undefined ? await readFile(paths.games) : null,
    plan: loaded.items.length > 0 ? await readSample(paths.plan, loaded.record) : null,
    answers: loaded.items.length > 0 ? await packJournal(paths.journal, loaded.record) : null,
    verdict: facts.verdict && Buffer.from(`${JSON.stringify(facts.verdict, null, 2)}\n`),
  };
  return { admission, stored: await store.put(entry, files, pins) };
}

/**
 * The plan of a sample; null where all items were taken, or where no plan is left beside the record that is its own: a later
 * change then makes a plan of its own.
 */
async function readSample(path: string, { planHash }: { planHash: string | null }): Promise<Buffer | null> {
  try {
    const content = await readFile(path);
    const plan = parsePlan(content.toString('utf8'), path);
    return plan.sample !== null && plan.planHash === planHash ? content : null;
  } catch (error) {
    if (hasSystemCode(error, 'ENOENT')) return null;
    if (error instanceof SosBenchError && error.code === 'plan-invalid') return null;
    throw error;
  }
}

/**
 * Where a job may be run again, or end after one that was begun later, the end of the evaluation says which is newer, and not when the record
 * was added. No clock puts an entry before its commit, where lookups do not search, or after now.
 */
function datedByEvaluation(
  { committed, ...facts }: EntryFacts & { committed?: Date },
  { finished }: { finished: string | null },
): EntryFacts {
  if (committed === undefined || finished === null) return facts;
  const ended = new Date(finished);
  const since = committed > ended ? committed : ended;
  return since < facts.created ? { ...facts, created: since } : facts;
}

function admitLocal(
  { commit, complete }: { commit: string | null; complete: boolean },
  sha: string,
): Admission {
  if (commit !== sha)
    return { admitted: false, reason: `the record is of ${commit ?? 'no known commit'}, not of ${sha}` };
  return complete
    ? { admitted: true, reason: null }
    : { admitted: false, reason: 'its evaluation is incomplete' };
}
