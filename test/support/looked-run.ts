import { type LookDecisions, LookStops } from '../../src/evaluate/looks/look-stops.ts';
import { runChunks } from '../../src/evaluate/workers/scheduler.ts';
import type { LoadedRecord } from '../../src/record/schema.ts';
import type { Chunk, Plan } from '../../src/suite/plan/plan.ts';
import { decideStop } from '../../src/verdict/looks/stop.ts';
import { DEFAULT_POLICY } from '../../src/verdict/policy.ts';

export interface LookedRun {
  /** Ids of the chunks that are answered in the end. */
  done: Set<string>;
  /** Those that were asked here, in the order in which they were handed out. */
  asked: string[];
  notes: string[];
  stops: LookStops;
}

/** The answers of some chunks, as a record has them. */
export function answersTo(candidate: LoadedRecord, chunks: readonly Chunk[]): LoadedRecord {
  const asked = new Set(chunks.flatMap(({ task, docIds }) => docIds.map((docId) => `${task} ${docId}`)));
  const items = candidate.items.filter(({ task, docId }) => asked.has(`${task} ${docId}`));
  const counts = new Map<string, number>();
  for (const { task } of items) counts.set(task, (counts.get(task) ?? 0) + 1);
  const benchmarks = candidate.record.benchmarks.map((benchmark) => {
    const tasks = benchmark.tasks.map((task) => ({ ...task, n: counts.get(task.task) ?? 0 }));
    const n = tasks.reduce((sum, task) => sum + task.n, 0);
    return { ...benchmark, tasks, n, planned: n };
  });
  return { ...candidate, record: { ...candidate.record, benchmarks }, items };
}

/** What was decided on the answers of a candidate, by what the decision goes by. */
const DECISIONS = new WeakMap<LoadedRecord, Map<string, LookDecisions>>();

/** The real decision; on answers on which it was made before, that one again: runs that are resumed or repeated come to it many times. */
function decideOnce(
  plan: Plan,
  [baseline, candidate]: readonly [LoadedRecord, LoadedRecord],
  done: ReadonlySet<string>,
  stopOn: 'decided' | 'regressed',
  through: number,
): LookDecisions {
  const made = DECISIONS.get(candidate) ?? new Map<string, LookDecisions>();
  DECISIONS.set(candidate, made);
  const key = [plan.planHash, stopOn, through, ...[...done].sort()].join(' ');
  let decision = made.get(key);
  if (decision === undefined) {
    const answers = answersTo(
      candidate,
      plan.chunks.filter(({ id }) => done.has(id)),
    );
    decision = decideStop(baseline, answers, { plan, stopOn }, { policy: DEFAULT_POLICY, through });
    made.set(key, decision);
  }
  return decision;
}

/**
 * A run of a plan with looks through the real scheduler and the real decision; workers answer at once, from a record that has all
 * answers.
 *
 * @param limit chunks after which the run is interrupted.
 */
export async function runLooked(
  plan: Plan,
  records: readonly [LoadedRecord, LoadedRecord],
  {
    workers = 1,
    stopOn = 'decided' as 'decided' | 'regressed',
    done = new Set<string>(),
    limit = Infinity,
    decide = null as null | ((through: number) => LookDecisions),
  } = {},
): Promise<LookedRun> {
  const notes: string[] = [];
  const asked: string[] = [];
  const stops = new LookStops(
    plan,
    (id) => done.has(id),
    decide ?? ((through) => decideOnce(plan, records, done, stopOn, through)),
    (text) => notes.push(text),
  );
  stops.advance();
  const interrupt = new AbortController();
  await runChunks({
    chunks: plan.chunks.filter((chunk) => !done.has(chunk.id) && !stops.isDropped(chunk)),
    workers,
    batchSize: '8',
    signal: interrupt.signal,
    now: () => 0,
    isDropped: (chunk) => stops.isDropped(chunk),
    startWorker: async () => ({
      device: 'fake',
      evaluate: async (chunk) => {
        asked.push(chunk.id);
        await null;
        return { type: 'result', chunk: chunk.id, items: [], seconds: 0 };
      },
      shutdown: async () => {},
      kill: () => {},
    }),
    async onResult({ chunk }) {
      done.add(chunk);
      stops.advance();
      if (asked.length >= limit) interrupt.abort();
    },
    onFault: async () => {},
    onSlotLost: () => {},
    onProgress: () => {},
  });
  return { done, asked, notes, stops };
}
