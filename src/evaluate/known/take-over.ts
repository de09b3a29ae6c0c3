import type { WorkerItem } from '../../harness/lm-eval/messages.ts';
import type { Reused } from '../../record/schema.ts';
import { sumReused } from '../../record/schema.ts';
import type { Chunk, Plan } from '../../suite/plan/plan.ts';
import type { Journal } from '../journal/journal.ts';
import { applyModelLoaded, type JournalState, keepChunk } from '../journal/state.ts';
import { type AskedTask, type Asking, describeTaskDifference } from './comparable.ts';
import type { KnownAnswers } from './read-answers.ts';

/** What is about to be asked, and where it is written down. */
export interface Taking {
  plan: Plan;
  state: JournalState;
  journal: Journal;
  asking: Asking;
  /** How a task is asked here. */
  askedTask: (chunk: Pick<Chunk, 'benchmark' | 'task'>) => AskedTask;
}

/** What became of it. */
export interface TakenOver {
  /** Questions that are not asked again. */
  items: number;
  /** Questions that are. */
  left: number;
  reused: Reused[];
  /** Tasks whose answers were there and could not be taken over, by reason. */
  refused: Map<string, string[]>;
}

/**
 * Takes over what other records of this very model answered. It goes into the journal before anything is asked, so that a run that is
 * resumed needs those records no more. A chunk of which all is known is done; of the others only the rest is asked.
 *
 * @param sources the first that has an answer gives it.
 */
export async function takeOver(
  { plan, state, journal, asking, askedTask }: Taking,
  sources: readonly KnownAnswers[],
): Promise<TakenOver> {
  const outcome: TakenOver = { items: 0, left: 0, reused: [], refused: new Map() };
  const hashes = plannedHashes(plan);
  const used = new Set<KnownAnswers>();
  const found: { chunk: Chunk; items: WorkerItem[]; reused: Reused[] }[] = [];
  const usable = usableSources(sources, asking, askedTask, outcome.refused);
  for (const chunk of plan.chunks) {
    if (state.results.has(chunk.id)) continue;
    const before = state.known.get(chunk.id);
    if (before !== undefined) {
      outcome.items += before.items.length;
      outcome.left += chunk.docIds.length - before.items.length;
      continue;
    }
    const taken = chunk.docIds.flatMap((docId) => {
      const wanted = hashes.get(chunk.task)?.get(docId);
      for (const source of usable(chunk)) {
        const item = source.answers.get(chunk.task)?.get(docId);
        if (item !== undefined && item.docHash === wanted) return [{ item, source }];
      }
      return [];
    });
    outcome.left += chunk.docIds.length - taken.length;
    if (taken.length === 0) continue;
    for (const { source } of taken) used.add(source);
    const reused = sumReused(taken.map(({ source }) => ({ commit: source.source.record.commit, items: 1 })));
    found.push({ chunk, items: taken.map(({ item }) => item), reused });
  }
  await keepModels({ state, journal }, used, found);
  for (const { chunk, items, reused } of found) {
    outcome.items += items.length;
    outcome.reused.push(...reused);
    if (items.length === chunk.docIds.length) {
      const entry = { chunk: chunk.id, seconds: 0, batchSize: 'known', items, reused };
      await journal.append({ type: 'chunk', ...entry });
      keepChunk(state, entry);
    } else {
      const entry = { chunk: chunk.id, seconds: 0 as const, items, reused };
      await journal.append({ type: 'known', ...entry });
      state.known.set(chunk.id, entry);
    }
  }
  outcome.reused = sumReused(outcome.reused);
  return outcome;
}

/** What answered is told by the record also where nothing is asked any more. The model that is loaded for the rest has the last word. */
async function keepModels(
  { state, journal }: Pick<Taking, 'state' | 'journal'>,
  used: ReadonlySet<KnownAnswers>,
  found: readonly { chunk: Chunk; items: readonly WorkerItem[] }[],
): Promise<void> {
  const isServed = found.some(({ chunk }) => chunk.benchmark.startsWith('livebench-'));
  const before = state.modelLoaded;
  for (const { modelLoaded, server, sandboxes } of [...used].reverse()) {
    if (modelLoaded !== null && before === null) {
      await journal.append({ type: 'hello', hello: modelLoaded, seconds: 0, taken: true });
      applyModelLoaded(state, modelLoaded);
    }
    if (!isServed || server === null) continue;
    await journal.append({ type: 'server', server, seconds: 0, taken: true });
    state.server = server;
    for (const sandbox of sandboxes) {
      await journal.append({ type: 'sandbox', sandbox, seconds: 0 });
      state.sandboxes.push(sandbox);
    }
  }
}

function plannedHashes(plan: Plan): Map<string, Map<number, string>> {
  return new Map(
    plan.benchmarks.flatMap(({ tasks }) =>
      tasks.map(({ task, docIds, docHashes }) => [
        task,
        new Map(docIds.map((docId, index) => [docId, docHashes[index]!])),
      ]),
    ),
  );
}

/** By task, the sources whose answers hold for it; the others are listed in `refused` where they have some. */
function usableSources(
  sources: readonly KnownAnswers[],
  asking: Asking,
  askedTask: Taking['askedTask'],
  refused: Map<string, string[]>,
): (chunk: Chunk) => readonly KnownAnswers[] {
  const usable = new Map<string, readonly KnownAnswers[]>();
  return (chunk) => {
    const before = usable.get(chunk.task);
    if (before !== undefined) return before;
    const good = sources.filter((source) => {
      if (!source.answers.has(chunk.task)) return false;
      const reason = describeTaskDifference(source, askedTask(chunk), asking);
      if (reason === null) return true;
      const tasks = refused.get(reason) ?? [];
      if (!tasks.includes(chunk.task)) tasks.push(chunk.task);
      refused.set(reason, tasks);
      return false;
    });
    usable.set(chunk.task, good);
    return good;
  };
}
