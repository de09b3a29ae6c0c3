import { SosBenchError } from '../../error.ts';
import type { ModelLoaded, WorkerItem } from '../../harness/lm-eval/messages.ts';
import { recordDigest } from '../../record/digest.ts';
import { recordPaths } from '../../record/paths.ts';
import type { LoadedRecord, RunRecord, SandboxUse } from '../../record/schema.ts';
import { taskOfChunk } from '../../suite/plan/assemble.ts';
import type { JournalServer } from '../journal/entry.ts';
import { type JournalContent, readJournal } from '../journal/journal.ts';
import { replayJournal } from '../journal/state.ts';

/** The answers of an earlier evaluation, as its journal has them. */
export interface KnownAnswers {
  source: LoadedRecord;
  journal: JournalContent & { made: NonNullable<JournalContent['made']> };
  /** The SHA-256 of all that decides an answer of its model. */
  model: string;
  modelLoaded: ModelLoaded | null;
  server: JournalServer | null;
  sandboxes: SandboxUse[];
  /** By task and document. */
  answers: ReadonlyMap<string, ReadonlyMap<number, WorkerItem>>;
}

/**
 * Reads what a record's model answered. Whoever may write the folder says what that was: it has to be trusted.
 *
 * @returns in words, why nothing of it can be taken over.
 */
export async function readAnswers(source: LoadedRecord): Promise<KnownAnswers | string> {
  const { path, record } = source;
  if (record.imported !== null) return 'it is imported, and an import does not say what decides its answers';
  const model = record.model.identity?.digest ?? null;
  if (model === null) return 'it does not say which model it is of (a SHA-256 of all that decides an answer)';
  if (source.items.length === 0) return 'its items are not kept any more';
  try {
    const journal = await readJournal(recordPaths(path).journal);
    if (journal === null) return 'it has no journal.ndjson, in which the answers are';
    await recordDigest(path);
    const { made, identity } = journal;
    if (record.files?.['journal.ndjson'] === undefined || identity.modelIdentity !== model)
      return 'its journal.ndjson is of another run';
    if (made == null)
      return 'it is of an earlier version of sos-bench, which did not say enough of its questions';
    const { modelLoaded, server, sandboxes, results } = replayJournal(journal.started, null, [
      ...journal.entries,
    ]);
    return {
      source,
      journal: { ...journal, made },
      model,
      modelLoaded,
      server,
      sandboxes,
      answers: byTask(results, record),
    };
  } catch (error) {
    if (!(error instanceof SosBenchError)) throw error;
    return error.message;
  }
}

function byTask(
  results: ReadonlyMap<string, readonly WorkerItem[]>,
  { benchmarks }: Pick<RunRecord, 'benchmarks'>,
): KnownAnswers['answers'] {
  const tasks = new Set(benchmarks.flatMap((benchmark) => benchmark.tasks.map(({ task }) => task)));
  const answers = new Map<string, Map<number, WorkerItem>>();
  for (const [chunk, items] of results) {
    const task = taskOfChunk(chunk, (name) => tasks.has(name));
    const own = answers.get(task) ?? new Map<number, WorkerItem>();
    for (const item of items) own.set(item.docId, item);
    answers.set(task, own);
  }
  return answers;
}
