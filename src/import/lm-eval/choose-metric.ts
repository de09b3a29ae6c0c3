import { IFEVAL_METRICS } from '../../record/results/score.ts';
import type { Metric } from '../../suite/benchmark.ts';
import { findTask, foreignId } from '../../suite/find-task.ts';

/** A metric of a task as a results file reports it. Values that are no numbers (`NaN`, `N/A`) are null. */
export interface ReportedMetric {
  name: string;
  filter: string | null;
  value: number | null;
  stderr: number | null;
  higherIsBetter: boolean | null;
}

export interface ChosenMetric {
  benchmark: string;
  /** `ifeval` stands for the mean of its four. */
  metric: Metric | (string & {});
  filter: string | null;
  /** What was passed over, and why. */
  notes: string[];
}

/** Why a task has no metric that can score it. */
export interface NoMetric {
  reason: string;
  /** Whether its metrics' names say so, for this model as for any other: the task is listed as not scored. */
  byName: boolean;
}

/** Grow with errors, whatever their range. */
const ERROR_METRICS =
  /perplexity|bits_per_byte|loss|brier|toxicity|(^|_)(mae|mse|rmse|wer|cer|ter|ece|error|bypass|likelihood_diff|bias|stereotype|invalid)(_|$)/i;

/** Shares and differences of which neither much nor little is good. */
const NO_QUALITY = /(^|_)(difference|(fe)?male_preferred|percent_parseable)(_|$)/i;

/** Of other scales than 0 to 1: percentages, correlations, differences. Their `_acc` is a fraction (TruthfulQA). */
const OTHER_SCALES =
  /(^|_)(sacre)?bleu\d*(_|$)|chrf|rouge|bleurt|(^|_)(mcc|matthews\w*|pearson\w*|spearman\w*|kendall\w*|diff|comet\w*)(_|$)/i;

/** Tasks whose scorers give these metrics from 0 to 100. */
const PERCENT_METRICS: readonly [task: RegExp, metric: RegExp][] = [
  [/squad/i, /^(HasAns_|NoAns_|best_)?(exact|f1)$/],
  [/^scrolls_/i, /^(em|f1|exact_match)$/],
  [/eq_?bench/i, /^eqbench$/],
];

/** Metrics that are means of right and wrong, in the order in which one is preferred where a task has several. */
const PREFERRED = ['acc', 'acc_norm', 'exact_match', 'em', 'pass@1', 'pass_at_1', 'f1'];

/** Which filter of a metric is preferred; of others, the first by name. */
const PREFERRED_FILTERS = ['none', 'strict-match'];

/**
 * Chooses the metric that scores a task by its name alone, never by its value, so that it is the same for every model: the
 * catalogue's where the task is one of its; else, of the metrics whose names are those of fractions of 1 that grow with
 * quality, the best known, then the first. A task of the catalogue that lacks the catalogue's metric is another test of
 * the same name and counts as a task outside of it.
 *
 * @param n how many documents the task had; null where it is not known.
 * @param common metrics that all models of an import report for the task, by `nameMetric`; null where that is not known. One of
 * them is chosen where there is one that will do.
 * @returns the choice, or why there is none: no metric's name will do, or the chosen one's value cannot be a fraction of 1.
 */
export function chooseMetric(
  task: string,
  metrics: readonly ReportedMetric[],
  n: number | null,
  common: ReadonlySet<string> | null = null,
): ChosenMetric | NoMetric {
  const found = findTask(task, 'lm-eval');
  if (found !== undefined) {
    const wanted = found.benchmark.metric;
    const names: readonly string[] = wanted === 'ifeval' ? IFEVAL_METRICS : [wanted];
    const own = names.map((name) => findMetric(metrics, name));
    if (own.every((metric) => metric !== undefined)) {
      const filter = own[0]!.filter;
      const bad = own.map(findFault).find((reason) => reason !== null);
      return bad === undefined
        ? { benchmark: found.benchmark.id, metric: wanted, filter, notes: describeOddErrors(task, own, n) }
        : { reason: bad, byName: false };
    }
  }
  const unfit = metrics.flatMap((metric) => describeUnfit(task, metric) ?? []);
  const fit = metrics.filter((metric) => describeUnfit(task, metric) === null);
  const shared = common === null ? [] : fit.filter((metric) => common.has(nameMetric(metric)));
  const [chosen] = inOrder(shared.length > 0 ? shared : fit);
  if (chosen === undefined) {
    return unfit.length > 0
      ? { reason: `not scored: ${unfit.join('; ')}`, byName: true }
      : { reason: 'it has no metric', byName: false };
  }
  const fault = findFault(chosen) ?? describeOddError(chosen, n);
  if (fault !== null) return { reason: fault, byName: false };
  const { name: metric, filter } = chosen;
  const notes = unfit.map((reason) => `${task}: left out: ${reason}`);
  const others = fit.filter((other) => other !== chosen).map(writeName);
  if (others.length > 0) {
    notes.push(`${task}: scored by ${writeName(chosen)}; also there: ${others.join(', ')}`);
  }
  if (found === undefined) return { benchmark: foreignId(task), metric, filter, notes };
  notes.push(`${task}: has no ${found.benchmark.metric}, so it is not counted as ${found.benchmark.name}`);
  return { benchmark: foreignId(task), metric, filter, notes };
}

/** A metric with its filter, which may make another score of it: `exact_match,strict-match`. */
export function nameMetric({ name, filter }: Pick<ReportedMetric, 'name' | 'filter'>): string {
  return `${name},${filter ?? 'none'}`;
}

/** The best known metric first; of one metric, the preferred filter first, in whatever order a file has them. */
function inOrder(metrics: readonly ReportedMetric[]): ReportedMetric[] {
  const names = [...new Set(metrics.toSorted((a, b) => rank(a) - rank(b)).map(({ name }) => name))];
  return names.flatMap((name) =>
    metrics.filter((metric) => metric.name === name).toSorted((a, b) => compareFilters(a.filter, b.filter)),
  );
}

function compareFilters(a: string | null, b: string | null): number {
  const [own, other] = [a ?? 'none', b ?? 'none'];
  const rank = (filter: string) => {
    const at = PREFERRED_FILTERS.indexOf(filter);
    return at < 0 ? PREFERRED_FILTERS.length : at;
  };
  return rank(own) - rank(other) || (own < other ? -1 : own > other ? 1 : 0);
}

/** The metric under the filter `none`, else under its first. */
function findMetric(metrics: readonly ReportedMetric[], name: string): ReportedMetric | undefined {
  const own = metrics.filter((metric) => metric.name === name);
  return own.find(({ filter }) => filter === 'none' || filter === null) ?? own[0];
}

/** Why a metric of that name is not a score from 0 to 1; null where it can be one. */
function describeUnfit(task: string, { name, higherIsBetter }: ReportedMetric): string | null {
  if (higherIsBetter === false || (higherIsBetter === null && ERROR_METRICS.test(name)))
    return `${name} falls as a model gets better`;
  const isPercent = PERCENT_METRICS.some(([tasks, metric]) => tasks.test(task) && metric.test(name));
  if (isPercent) return `${name} of ${task} is from 0 to 100, not a fraction of 1`;
  if (NO_QUALITY.test(name)) return `${name} does not say how good a model is`;
  if (OTHER_SCALES.test(name) && !/_acc$/.test(name)) return `${name} is not a fraction of 1`;
  return null;
}

function rank({ name }: ReportedMetric): number {
  const at = PREFERRED.indexOf(name);
  return at < 0 ? PREFERRED.length : at;
}

/** Why a value cannot be the score; null where it can. */
function findFault({ name, value, higherIsBetter }: ReportedMetric): string | null {
  if (value === null) return `${name} is not a finite number`;
  if (higherIsBetter === false) return `${name} falls as a model gets better`;
  if (value < 0 || value > 1) return `${name} is ${value}, not a fraction of 1`;
  return null;
}

/** The bound below is for independent documents; a harness that knows of groups may report more. */
const DESIGN_EFFECT = 2;

/**
 * Says so where a standard error cannot belong to a mean of n values from 0 to 1: the variance of these is at most
 * p (1 - p), so the standard error is at most sqrt(p (1 - p) / (n - 1)).
 */
function describeOddError({ name, value, stderr }: ReportedMetric, n: number | null): string | null {
  if (value === null || stderr === null || n === null || n < 2) return null;
  const most = Math.sqrt((value * (1 - value)) / (n - 1));
  if (stderr <= DESIGN_EFFECT * most + 1e-9) return null;
  return `${name} is ${value} with a standard error of ${stderr}: a mean of ${n} fractions of 1 has at most ${most.toPrecision(2)}`;
}

function describeOddErrors(task: string, metrics: readonly ReportedMetric[], n: number | null): string[] {
  return metrics.flatMap((metric) => {
    const odd = describeOddError(metric, n);
    return odd === null ? [] : [`${task}: ${odd}`];
  });
}

function writeName({ name, filter }: ReportedMetric): string {
  return filter === null || filter === 'none' ? name : `${name} (${filter})`;
}
