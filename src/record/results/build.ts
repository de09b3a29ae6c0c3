import type { WorkerItem } from '../../harness/lm-eval/messages.ts';
import type { Benchmark } from '../../suite/benchmark.ts';
import type { Plan, PlannedTask } from '../../suite/plan/plan.ts';
import type { BenchmarkResult, Item } from '../schema.ts';
import { digestPrompts, toInt64 } from './hashes.ts';
import { rawScore } from './score.ts';
import { summariseBenchmark } from './summarise.ts';

export interface BuiltResults {
  benchmarks: BenchmarkResult[];
  items: Item[];
  /** Per task, SHA-256 over sorted (document hash, prompt hash, target); only tasks that are done. */
  prompts: Map<string, string>;
  tokens: number | null;
  complete: boolean;
}

/** Puts chunk results together in the plan's order: what came first or was tried twice leaves no trace. */
export function buildResults(
  known: readonly Benchmark[],
  plan: Plan,
  results: ReadonlyMap<string, readonly WorkerItem[]>,
  failures: ReadonlyMap<string, string>,
): BuiltResults {
  const answersByTask = new Map<string, WorkerItem[]>();
  /** Items of finished chunks that have no result: they could not be scored. */
  const unscored = new Map<string, number>();
  for (const chunk of plan.chunks) {
    const answers = answersByTask.get(chunk.task) ?? [];
    const own = results.get(chunk.id);
    answers.push(...(own ?? []));
    answersByTask.set(chunk.task, answers);
    const lacking = own === undefined ? 0 : chunk.docIds.length - own.length;
    unscored.set(chunk.task, (unscored.get(chunk.task) ?? 0) + lacking);
  }
  const prompts = new Map<string, string>();
  const benchmarks: BenchmarkResult[] = [];
  const items: Item[] = [];
  for (const planned of plan.benchmarks) {
    const benchmark = known.find(({ id }) => id === planned.id);
    if (benchmark === undefined) throw new Error(`the plan has an unknown benchmark ${planned.id}`);
    const ownItems: Item[] = [];
    const ownAnswers: WorkerItem[] = [];
    for (const task of planned.tasks) {
      const answers = (answersByTask.get(task.task) ?? []).sort((a, b) => a.docId - b.docId);
      ownAnswers.push(...answers);
      ownItems.push(...toItems(benchmark.id, benchmark.metric, task, answers));
      if (answers.length > 0 && answers.length + (unscored.get(task.task) ?? 0) === task.docIds.length)
        prompts.set(task.task, digestPrompts(answers));
    }
    const failure = failures.get(planned.id) ?? null;
    benchmarks.push(
      summariseBenchmark(benchmark, {
        planned,
        items: ownItems,
        answers: ownAnswers,
        unscored,
        failure,
        partOnly: plan.suite === 'mini',
      }),
    );
    items.push(...ownItems);
  }
  const answers = [...answersByTask.values()].flat();
  return {
    benchmarks,
    items,
    prompts,
    tokens: answers.some((answer) => answer.tokens === null)
      ? null
      : answers.reduce((total, answer) => total + (answer.tokens ?? 0), 0),
    complete: benchmarks.every(({ status }) => status === 'done' || status === 'skipped'),
  };
}

function toItems(
  benchmark: string,
  metric: Parameters<typeof rawScore>[1],
  task: PlannedTask,
  answers: readonly WorkerItem[],
): Item[] {
  const positions = new Map(task.docIds.map((docId, position) => [docId, position]));
  return answers.map((answer) => {
    const position = positions.get(answer.docId);
    const planned = position === undefined ? undefined : task.docHashes[position];
    if (position === undefined || planned !== answer.docHash) {
      throw new Error(`${task.task}: document ${answer.docId} is not the one that was planned`);
    }
    const cluster = task.clusters[position] ?? null;
    return {
      benchmark,
      task: task.task,
      docId: answer.docId,
      docHash: toInt64(answer.docHash),
      // As the file has it: an item that stands alone is its own cluster there.
      cluster: cluster === null || cluster === answer.docHash ? null : toInt64(cluster),
      stratum: answer.stratum ?? task.task,
      metric,
      score: rawScore(answer, metric),
      margin: answer.margin === undefined || answer.margin === null ? null : Math.fround(answer.margin),
      prediction: answer.prediction,
      inclusionP: task.inclusionP[position] ?? 1,
      ...(answer.style && { style: answer.style }),
    };
  });
}
