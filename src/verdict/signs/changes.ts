import { designOf, estimateMean } from '../../record/results/sampling.ts';
import type { Item, LoadedRecord } from '../../record/schema.ts';
import type { LooksRequest } from '../compare.ts';
import { atVerdict } from '../looks/at-verdict.ts';
import { differenceInterval, withSpread } from '../measure/difference.ts';
import { commonInclusion, type Pairing } from '../measure/pairing.ts';
import { indexRecord } from '../measure/result-view.ts';
import { isSimple } from '../measure/sampling.ts';
import type { Requested } from '../protocol/required.ts';
import type { Interval, Verdict } from '../schema.ts';
import { type CountedPairs, countPairs } from './counted-pairs.ts';

/** One side's answer to a question. */
export interface GivenAnswer {
  /** Counted so that higher is better, a fraction of 1. */
  score: number;
  /** As in `items.parquet`; null for generated text. */
  margin: number | null;
  /** Index of the chosen option, or 16 hex digits of a text's SHA-256. */
  prediction: string;
}

/** A question whose score is another one than before. */
export interface ChangedAnswer {
  task: string;
  stratum: string;
  docId: number;
  /** First 8 bytes of the document's SHA-256, not negative. */
  docHash: bigint;
  before: GivenAnswer;
  /** Null where the candidate lacks the question, which counts as wrong. */
  after: GivenAnswer | null;
}

/** A task of a benchmark, or a stratum of one. Described and not tested: among many some move by chance. */
export interface PartChange {
  name: string;
  /** Questions compared. */
  n: number;
  /** Raw accuracy, counted so that higher is better; as fractions of 1. */
  baseline: number;
  candidate: number;
  difference: number;
  /** At 95%, of this part alone; null where it is too small to tell. */
  ci: Interval | null;
  gained: number;
  lost: number;
}

/** What changed in one benchmark, question by question. */
export interface BenchmarkChanges {
  id: string;
  /** Questions compared. */
  n: number;
  /** Questions that score 1 on both sides, and that score 0 on both. */
  stayed: { right: number; wrong: number };
  /** Median distance of the baseline's answers from a tie, |margin|; null where answers have no margin. */
  typicalMargin: number | null;
  /** In order of task and index. */
  changed: ChangedAnswer[];
  /** In order of name; none where the benchmark has one part. */
  parts: PartChange[];
}

/** Interval of a part: as that of a benchmark. */
const LEVEL = 0.95;

/**
 * The answers behind a verdict's `flips` counts, and how the parts of the benchmarks moved. Of benchmarks that were compared item by item
 * alone. No text is known here: questions have an index and a hash.
 *
 * @param requested as `compare` had it.
 */
function listChanges(
  baseline: LoadedRecord,
  candidate: LoadedRecord,
  { benchmarks }: Pick<Verdict, 'benchmarks'>,
  requested: Requested = {},
): BenchmarkChanges[] {
  const pairsOf = countPairs(baseline, candidate, requested);
  const known = indexRecord(baseline);
  return benchmarks
    .filter(({ flips }) => flips !== null)
    .map(({ id }) => {
      const pairs = pairsOf(id);
      return { id, ...changesOf(pairs, commonInclusion(pairs.pairing, known(id).items)) };
    });
}

/**
 * `listChanges` of what a verdict rests on: where it was judged by looks, of the questions up to the look that decided.
 *
 * @param looks as `compare` had them.
 */
export function changesOfVerdict({
  baseline,
  candidate,
  verdict,
  requested,
  looks,
}: {
  baseline: LoadedRecord;
  candidate: LoadedRecord;
  verdict: Verdict;
  requested: Requested;
  looks: LooksRequest | null;
}): BenchmarkChanges[] {
  if (looks === null) return listChanges(baseline, candidate, verdict, requested);
  const shown = atVerdict(candidate, looks.plan, verdict);
  return listChanges(baseline, shown.candidate, verdict, { ...requested, plan: shown.plan });
}

function changesOf(
  { pairing, was, is, missing }: CountedPairs,
  inclusion: readonly number[],
): Omit<BenchmarkChanges, 'id'> {
  const stayed = { right: 0, wrong: 0 };
  const changed: ChangedAnswer[] = [];
  pairing.baseline.forEach((item, index) => {
    const other = pairing.candidate[index]!;
    if (was[index] !== is[index]) {
      changed.push({
        task: item.task,
        stratum: item.stratum,
        docId: other.docId,
        docHash: BigInt.asUintN(64, other.docHash),
        before: answerOf(item, was[index]!),
        after: missing.has(other) ? null : answerOf(other, is[index]!),
      });
    } else if (was[index] === 1) stayed.right++;
    else if (was[index] === 0) stayed.wrong++;
  });
  return {
    n: pairing.baseline.length,
    stayed,
    typicalMargin: medianMargin(pairing.baseline),
    changed,
    parts: partsOf(pairing, was, is, inclusion),
  };
}

function answerOf({ margin, prediction }: Item, score: number): GivenAnswer {
  return { score, margin: isKnown(margin) ? margin : null, prediction };
}

/** A record may claim that a margin is infinite. */
function isKnown(margin: number | null): margin is number {
  return margin !== null && Number.isFinite(margin);
}

function medianMargin(items: readonly Item[]): number | null {
  const sizes = items
    .flatMap(({ margin }) => (isKnown(margin) ? [Math.abs(margin)] : []))
    .sort((a, b) => a - b);
  const median = sizes[sizes.length >> 1];
  return median === undefined || median === 0 ? null : median;
}

/** Strata where there are several, which a task may be divided into; else tasks. */
function partsOf(
  { baseline, candidate }: Pairing,
  was: Float64Array,
  is: Float64Array,
  inclusion: readonly number[],
): PartChange[] {
  const groups = new Map<string, number[]>();
  baseline.forEach(({ task, stratum }, index) => {
    const name = stratum === '' ? task : stratum;
    const group = groups.get(name);
    if (group) group.push(index);
    else groups.set(name, [index]);
  });
  if (groups.size < 2) return [];
  return [...groups]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, indexes]) => {
      const items = indexes.map((index) => ({ ...baseline[index]!, inclusionP: inclusion[index]! }));
      const pick = (values: Float64Array) => Float64Array.from(indexes, (index) => values[index]!);
      const [before, after] = [pick(was), pick(is)];
      const differences = after.map((score, i) => score - before[i]!);
      const design = designOf(items, undefined);
      const gained = differences.filter((difference) => difference > 0).length;
      const lost = differences.filter((difference) => difference < 0).length;
      const delta = estimateMean(differences, design)!;
      const isBinary = [items, indexes.map((index) => candidate[index]!)].every((side) =>
        side.every(({ score }) => score === 0 || score === 1),
      );
      const pairs = isBinary && isSimple(design) ? { gained, lost, n: items.length, unit: 1 } : null;
      return {
        name,
        n: items.length,
        baseline: estimateMean(before, design)!.estimate,
        candidate: estimateMean(after, design)!.estimate,
        difference: delta.estimate,
        ci: differenceInterval({ delta: withSpread(delta, false), span: 1, pairs }, LEVEL),
        ...{ gained, lost },
      };
    });
}
