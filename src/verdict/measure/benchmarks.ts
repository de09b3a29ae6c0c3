import type { BenchmarkResult, Item } from '../../record/schema.ts';
import type { Benchmark, Factor } from '../../suite/benchmark.ts';
import { findBenchmark } from '../../suite/catalogue.ts';
import { findTask } from '../../suite/find-task.ts';
import type { Plan } from '../../suite/plan/plan.ts';
import { LookedItems } from '../looks/looked-items.ts';
import type { Preset } from '../policy.ts';
import type { ProtocolComparison } from '../protocol/protocol.ts';
import { describeLack, findLack, type Requested } from '../protocol/required.ts';
import type { BenchmarkComparison, Difference, Missing, Outcome } from '../schema.ts';
import type { ChangeModel } from './borrowing/expected-change.ts';
import { onCommonTasks, scoredTasks } from './common-tasks.ts';
import { type MeasuredDifference, measureDifference, NOT_MEASURED } from './difference.ts';
import type { RecordScores } from './estimates.ts';
import { NO_SCORE, type ScoreEstimate, scoreItems, scoreSummary } from './estimates.ts';
import { type BenchmarkResultView, nameOf } from './result-view.ts';

/** One benchmark of two records, before its p-value is corrected for the others. */
export interface MeasuredBenchmark extends MeasuredDifference {
  id: string;
  name: string;
  factor: Factor | null;
  /** Already known where there is no comparison. */
  outcome: Outcome | null;
  /** The candidate lacks too much of what is required of it. */
  incomplete: boolean;
  missing: Missing[];
  required: number | null;
  /** The tasks that both sides have, where that is not all of SOS-Bench's; null where it is. */
  part: string[] | null;
  blockedBy: Difference[];
  status: BenchmarkComparison['status'];
}

export interface MeasureOptions {
  preset: Preset;
  sameModel: boolean;
  /** Compares what was evaluated in different ways all the same. */
  force: boolean;
  /** What was asked for: missing questions then count as wrong. Only what both have is compared where left out. */
  requested?: Requested;
  /** Whether the candidate's view has nothing but what the requested plan asks: `LookedItems` made it. */
  isWithinPlan?: boolean;
  /** The candidate's scores where they were taken already, by the same preset. */
  scores?: RecordScores | null;
  /** The candidate's items of the first look, where there are several: they fix the cells of borrowing for all. */
  firstLook?: ReadonlySet<Item>;
  /** What earlier changes teach of what this one may turn. */
  learned?: ChangeModel | null;
}

/** Compares the two sides of one benchmark, or says why they cannot be. */
export function measureBenchmark(
  id: string,
  views: { baseline: BenchmarkResultView; candidate: BenchmarkResultView },
  protocol: ProtocolComparison,
  {
    preset,
    sameModel,
    force,
    requested,
    isWithinPlan = false,
    scores = null,
    firstLook,
    learned = null,
  }: MeasureOptions,
): MeasuredBenchmark {
  const benchmark = findBenchmark(id);
  const { baseline } = views;
  const blockedBy = findBlocks(views, protocol);
  const asked =
    requested?.plan && !isWithinPlan ? askedOf(id, views.candidate, requested.plan) : views.candidate;
  const lack = requested ? findLack(id, { baseline, candidate: asked }, requested, blockedBy) : null;
  const candidate = lack ? withWrong(without(asked, lack.unasked), lack.wrong) : asked;
  const takenOf = (view: BenchmarkResultView) =>
    view === views.candidate && view.measured && scores?.preset === preset
      ? (scores.benchmarks.get(id) ?? null)
      : null;
  const scoreBoth = (before: BenchmarkResultView, after: BenchmarkResultView) => ({
    baseline: scoreView(before, benchmark, preset),
    candidate: takenOf(after) ?? scoreView(after, benchmark, preset),
  });
  const shared = {
    id,
    name: nameOf(id),
    factor: benchmark?.factor ?? null,
    ...NOT_MEASURED,
    flips: null,
    outcome: null,
    reason: null,
    incomplete: lack?.incomplete ?? false,
    missing: lack?.tasks ?? [],
    required: lack && baseline.measured ? lack.required : null,
    part: partOf(benchmark, { baseline, candidate }),
    blockedBy,
    status: { baseline: baseline.result?.status ?? null, candidate: candidate.result?.status ?? null },
  };
  if (!baseline.measured || !candidate.measured) {
    return {
      ...shared,
      ...scoreBoth(baseline, candidate),
      blockedBy: [],
      ...explainAbsence(baseline, candidate),
    };
  }
  if (blockedBy.length > 0 && !force) {
    return {
      ...shared,
      ...scoreBoth(baseline, views.candidate),
      outcome: 'not-comparable',
      reason: 'evaluated in different ways',
    };
  }
  const common = onCommonTasks({ baseline, candidate }, benchmark);
  if (common === null && !force) {
    return {
      ...shared,
      ...scoreBoth(baseline, views.candidate),
      outcome: 'not-comparable',
      reason: ['no task in common of which both have scores', lack && describeLack(lack)]
        .filter(Boolean)
        .join('; '),
    };
  }
  const compared = common ?? { baseline, candidate };
  const measured = measureDifference(() => scoreBoth(compared.baseline, compared.candidate), {
    ...compared,
    taken: takenOf(compared.candidate),
    mayBorrow: lack?.restIsRandom ?? false,
    firstLook,
    learned,
    benchmark,
    preset,
    sameModel,
  });
  const notes = [
    blockedBy.length > 0 && 'evaluated in different ways, compared by force',
    measured.reason,
    baseline.gap && `baseline: ${baseline.gap}`,
    (lack && describeLack(lack)) ?? candidate.gap,
    describeUnconfirmed(baseline.result, 'baseline: '),
    describeUnconfirmed(candidate.result, ''),
    describeBeyond(views.candidate.items.length - asked.items.length + (lack?.unasked.size ?? 0)),
  ];
  return { ...shared, ...measured, reason: notes.filter(Boolean).join('; ') || null };
}

/** Answers that enter nothing: the candidate may have chosen the questions. */
function describeBeyond(count: number): string | null {
  if (count === 0) return null;
  return count === 1
    ? 'an answer to a question that was not asked is left out'
    : `${count} answers to questions that were not asked are left out`;
}

const MAX_NAMED = 3;

/** Answers that LiveBench's grader took for right and that are not. */
function describeUnconfirmed(result: BenchmarkResult | null, arm: string): string | null {
  const found = result?.unconfirmed ?? [];
  if (found.length === 0) return null;
  const named = found.slice(0, MAX_NAMED).map(({ task, question }) => `${task} ${question.slice(0, 16)}`);
  const more = found.length > MAX_NAMED ? ` and ${found.length - MAX_NAMED} more` : '';
  const what =
    found.length === 1
      ? "an answer passed LiveBench's grader and was not confirmed, so it scores 0"
      : `${found.length} answers passed LiveBench's grader and were not confirmed, so they score 0`;
  return `${arm}${what} (${named.join(', ')}${more})`;
}

/** Score of one side as it is: over all its items, or from the means it kept. */
export function scoreView(
  view: BenchmarkResultView,
  benchmark: Benchmark | undefined,
  preset: Preset,
): ScoreEstimate {
  if (!view.measured || view.result === null) return NO_SCORE;
  if (view.items.length === 0) return scoreSummary(view.result, benchmark, preset);
  return scoreItems(view.items, benchmark, preset);
}

/**
 * What the plan asks of what the candidate answered, with the plan's probabilities: what else its record has, it may have chosen, and
 * what it says of probabilities is a claim.
 */
function askedOf(id: string, view: BenchmarkResultView, plan: Plan): BenchmarkResultView {
  if (view.items.length === 0) return view;
  const benchmarks = plan.benchmarks.filter((own) => own.id === id);
  const chunks = plan.chunks.filter(({ benchmark }) => benchmark === id);
  return new LookedItems({ ...plan, benchmarks, chunks }).viewOf(view);
}

function without(view: BenchmarkResultView, items: ReadonlySet<Item>): BenchmarkResultView {
  return items.size === 0 ? view : { ...view, items: view.items.filter((item) => !items.has(item)) };
}

function withWrong(view: BenchmarkResultView, wrong: readonly Item[]): BenchmarkResultView {
  return wrong.length === 0 ? view : { ...view, items: [...view.items, ...wrong] };
}

/**
 * The tasks that are compared, where these are not all of SOS-Bench's: a choice, not a loss. Null elsewhere, and for the suite
 * mini, of which that is known.
 */
function partOf(
  benchmark: Benchmark | undefined,
  { baseline, candidate }: { baseline: BenchmarkResultView; candidate: BenchmarkResultView },
): string[] | null {
  if (benchmark === undefined || !baseline.measured || !candidate.measured) return null;
  if (baseline.run.suite === 'mini' && candidate.run.suite === 'mini') return null;
  const after = new Set(scoredTasks(candidate));
  const common = scoredTasks(baseline).filter((task) => after.has(task));
  // Other harnesses have names of their own for the tasks, and for the benchmark as a whole.
  const own = common.map((task) => findTask(task, benchmark.harness));
  if (own.some((found) => found?.benchmark.id !== benchmark.id || found.task === null)) return null;
  const there = new Set(own.map((found) => found!.task!.name));
  return benchmark.tasks.some(({ name }) => !there.has(name)) ? common : null;
}

function findBlocks(
  { baseline, candidate }: { baseline: BenchmarkResultView; candidate: BenchmarkResultView },
  protocol: ProtocolComparison,
): Difference[] {
  const tasks = [baseline, candidate].flatMap(({ result }) => result?.tasks.map(({ task }) => task) ?? []);
  return [...protocol.run, ...[...new Set(tasks)].flatMap((task) => protocol.tasks.get(task) ?? [])];
}

function explainAbsence(
  baseline: BenchmarkResultView,
  candidate: BenchmarkResultView,
): Pick<MeasuredBenchmark, 'outcome' | 'reason'> {
  if (candidate.measured) return { outcome: 'no-baseline', reason: `the baseline lacks it: ${baseline.gap}` };
  const outcome = candidate.result?.status === 'failed' ? 'failed' : 'skipped';
  return { outcome, reason: candidate.gap };
}
