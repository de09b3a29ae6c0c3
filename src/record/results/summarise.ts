import { noun } from '../../count.ts';
import type { WorkerItem } from '../../harness/lm-eval/messages.ts';
import type { Benchmark } from '../../suite/benchmark.ts';
import type { Plan } from '../../suite/plan/plan.ts';
import type { BenchmarkResult, Item } from '../schema.ts';
import { countAnswers } from './answer-counts.ts';
import { meanScore } from './sampling.ts';
import { instructionCounts } from './score.ts';

type PlannedBenchmark = Plan['benchmarks'][number];

/** What one benchmark left: its items and the worker's own words on them, side by side. */
export interface BenchmarkOutcome {
  planned: PlannedBenchmark;
  items: readonly Item[];
  answers: readonly WorkerItem[];
  /** By task, how many items were tried and could not be scored. */
  unscored: ReadonlyMap<string, number>;
  /** Why it was given up; null where it was not. */
  failure: string | null;
  /** Whether the suite has a part of the tasks only, and need not say so of each benchmark. */
  partOnly?: boolean;
}

/** The entry of one benchmark in `record.json`. */
export function summariseBenchmark(benchmark: Benchmark, outcome: BenchmarkOutcome): BenchmarkResult {
  const { planned, items, answers, failure } = outcome;
  const unscoredOf = (task: string) => outcome.unscored.get(task) ?? 0;
  const wanted = sum(planned.tasks.map((task) => task.docIds.length));
  const unscored = sum(planned.tasks.map(({ task }) => unscoredOf(task)));
  const estimate = meanScore(items, benchmark);
  const skipped = planned.status === 'skipped';
  // All was tried, and too much of it came to nothing.
  const givenUp = !skipped && failure !== null && unscored > 0;
  return {
    id: benchmark.id,
    status: givenUp ? 'failed' : statusOf(skipped, failure, items.length + unscored, wanted),
    reason:
      failure ??
      planned.reason ??
      describeGaps(unscored, wanted, outcome.partOnly ? [] : lackingTasks(planned)),
    n: items.length,
    planned: wanted,
    unscored,
    ...countEndings(answers),
    ...listUnconfirmed(outcome),
    mean: estimate?.estimate ?? null,
    stderr: estimate?.se ?? null,
    stderrOrigin: estimate?.se == null ? null : 'items',
    chance: chanceOf(benchmark, items),
    constantScore: constantScore(answers),
    answers: countAnswers(answers.map(({ prediction }) => prediction)),
    instructions: totalInstructions(answers),
    tasks: planned.tasks.map((task) => {
      const n = items.filter((item) => item.task === task.task).length;
      return {
        task: task.task,
        status: statusOf(task.status === 'skipped', failure, n + unscoredOf(task.task), task.docIds.length),
        reason: task.reason,
        n,
        dropped: task.dropped,
        documents: task.available,
        mean: null,
        stderr: null,
        chance: null,
      };
    }),
  };
}

/** How generated answers ended: only where it is known of all of them. */
function countEndings(
  answers: readonly WorkerItem[],
): Pick<BenchmarkResult, 'cutAnswers' | 'unendedReasoning'> {
  const generated = answers.filter(({ margin }) => margin === undefined);
  const count = (of: (answer: WorkerItem) => boolean | undefined): number | null =>
    generated.length === 0 || generated.some((answer) => of(answer) === undefined)
      ? null
      : generated.filter(of).length;
  const cut = count((answer) => answer.cut);
  const unended = count((answer) => answer.unended);
  return {
    ...(cut !== null && { cutAnswers: cut }),
    ...(unended !== null && { unendedReasoning: unended }),
  };
}

/** In the order of the items. */
function listUnconfirmed({
  planned,
  items,
  answers,
}: BenchmarkOutcome): Pick<BenchmarkResult, 'unconfirmed'> {
  const tasks = new Set(planned.tasks.map(({ task }) => task));
  const unconfirmed = answers.flatMap(({ unconfirmed }, index) => {
    const task = items[index]?.task;
    return unconfirmed === undefined || task === undefined || !tasks.has(task)
      ? []
      : [{ task, ...unconfirmed }];
  });
  return unconfirmed.length === 0 ? {} : { unconfirmed };
}

function describeGaps(unscored: number, wanted: number, lacking: readonly string[]): string | null {
  const gaps = [
    unscored === 0
      ? null
      : `${unscored} of ${wanted} ${noun(wanted, 'question')} could not be scored and ${unscored === 1 ? 'is' : 'are'} not in this score`,
    lacking.length === 0 ? null : `without ${lacking.join(', ')}`,
  ];
  return gaps.filter((gap) => gap !== null).join('; ') || null;
}

/** Tasks named in one reason; the rest is counted. */
const MAX_NAMED_TASKS = 4;

/** Tasks that are not in the benchmark's mean, with the reason of each: with them it may be another. */
function lackingTasks({ tasks }: PlannedBenchmark): string[] {
  const lacking = tasks
    .filter(({ status }) => status === 'skipped')
    .map(({ task, reason }) => `${task}${reason === null ? '' : ` (${reason})`}`);
  const more = lacking.length - MAX_NAMED_TASKS;
  return more > 1 ? [...lacking.slice(0, MAX_NAMED_TASKS), `${more} more tasks`] : lacking;
}

/** @param tried items that have a result, or are known to have none. */
function statusOf(
  skipped: boolean,
  failure: string | null,
  tried: number,
  wanted: number,
): BenchmarkResult['status'] {
  if (skipped) return 'skipped';
  if (tried === wanted) return 'done';
  return failure === null ? 'partial' : 'failed';
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

/** Expected score of guessing on the items that ran, weighted as their scores are; null where unknown. */
function chanceOf(benchmark: Benchmark, items: readonly Item[]): number | null {
  if (items.length === 0) return null;
  const chances = new Map(benchmark.tasks.map((task) => [task.name, task.chance]));
  let total = 0;
  let weight = 0;
  for (const { task, inclusionP } of items) {
    const chance = chances.get(task) ?? null;
    if (chance === null) return null;
    total += chance / inclusionP;
    weight += 1 / inclusionP;
  }
  return total / weight;
}

/** Share of items for which always choosing one option would be right, for the best such option. */
function constantScore(answers: readonly WorkerItem[]): number | null {
  if (answers.length === 0 || answers.some((answer) => answer.margin === undefined)) return null;
  const right = new Map<string, number>();
  for (const answer of answers) {
    for (const option of answer.target.split(',')) right.set(option, (right.get(option) ?? 0) + 1);
  }
  return Math.max(...right.values()) / answers.length;
}

function totalInstructions(answers: readonly WorkerItem[]): BenchmarkResult['instructions'] {
  const total = { total: 0, strict: 0, loose: 0 };
  for (const answer of answers) {
    const counts = instructionCounts(answer);
    if (counts === null) return null;
    total.total += counts.total;
    total.strict += counts.strict;
    total.loose += counts.loose;
  }
  return answers.length === 0 ? null : total;
}
