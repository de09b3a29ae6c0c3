import { plural } from '../count.ts';
import { MIN_CORRELATED } from '../stats/correlation/correlation-intervals.ts';
import { jackknife } from '../stats/correlation/jackknife.ts';
import { kendall } from '../stats/correlation/kendall.ts';
import { orderOfScores, winRates } from '../stats/correlation/win-rates.ts';
import { tInterval } from '../stats/t-interval.ts';
import { type Board, groupFamilies } from './board.ts';
import { AGREEMENT_LEVEL, boundedCorrelation } from './measure-pair.ts';
import type { AggregateAgreement } from './schema.ts';

export const MIN_REFERENCES = 3;
/** More models than this are left out in groups: each group costs all correlations once more. */
const MAX_GROUPS = 40;

export interface AggregateOptions {
  families: ReadonlyMap<string, string>;
  /** A random whole number from 0 to its argument - 1. */
  integer: (below: number) => number;
}

/**
 * Kendall's tau of a board with the mean win rate of three or more references, and how many standard deviations it is from the references' own
 * agreement with the rest of them (IBM's BenchBench; there the tested one and each reference are part of what they are held against, here they are left
 * out). A model counts that is on a third of the references. The intervals are of models, or families, left out in turn: other models on the
 * same boards; other references are another question.
 */
export function measureAggregate(
  tested: Board,
  references: readonly Board[],
  { families, integer }: AggregateOptions,
): AggregateAgreement {
  const others = references.filter(({ id }) => id !== tested.id);
  const empty = { tested: tested.id, references: others.map(({ id }) => id), kendall: null, z: null };
  if (others.length < MIN_REFERENCES) {
    return { ...empty, n: 0, refused: `${plural(others.length, 'reference')}: ${MIN_REFERENCES} are needed` };
  }
  const models = [...new Set([tested, ...others].flatMap(({ scores }) => [...scores.keys()]))];
  const groups = limitGroups(groupFamilies(models, families), integer);
  const own = rankBoard(tested, models);
  const rest = others.map((board) => rankBoard(board, models));
  const of = (members: readonly number[]) => {
    const kept = new Uint8Array(models.length);
    for (const i of members) kept[i] = 1;
    return standing(own, rest, kept);
  };
  const all = of(models.map((_, i) => i));
  if (all.agreement === null) {
    const few = all.n < MIN_CORRELATED;
    const refused = few
      ? `${plural(all.n, 'model')} in common with the references: ${MIN_CORRELATED} are needed`
      : 'no spread of scores';
    return { ...empty, n: all.n, refused };
  }
  const agreement = jackknife(groups, (members) => of(members).agreement)!;
  const z = jackknife(groups, (members) => of(members).z);
  return {
    ...empty,
    n: all.n,
    refused: null,
    kendall: boundedCorrelation(agreement.estimate, tInterval(agreement, AGREEMENT_LEVEL)),
    z: z && { estimate: z.estimate, ci: tInterval(z, AGREEMENT_LEVEL) },
  };
}

interface RankedBoard {
  /** By model; NaN where the board has none. */
  scores: Float64Array;
  order: number[];
}

function rankBoard(board: Board, models: readonly string[]): RankedBoard {
  const scores = Float64Array.from(models, (model) => board.scores.get(model)?.score ?? Number.NaN);
  return { scores, order: orderOfScores(scores) };
}

interface Standing {
  n: number;
  agreement: number | null;
  z: number | null;
}

function standing(tested: RankedBoard, others: readonly RankedBoard[], kept: Uint8Array): Standing {
  const own = agreeWith(tested, meanWinRates(others, kept), kept);
  if (own.agreement === null) return { ...own, z: null };
  const all = sumWinRates(others, kept);
  const references = others.map((board, left) => {
    // Where the same models count without it, its own win rates are taken off the sums, which is faster than all others again.
    const isOn = (i: number) => kept[i] === 1 && !Number.isNaN(board.scores[i]!);
    const counts = all.counts.map((count, i) => count - (isOn(i) ? 1 : 0));
    const counted = enoughBoards(counts, others.length - 1);
    const means = counted.every((enough, i) => enough === all.counted[i])
      ? withoutBoard(all, left)
      : meanWinRates(
          others.filter((_, i) => i !== left),
          kept,
        );
    return agreeWith(board, means, kept).agreement;
  });
  return {
    ...own,
    z: zAmong(
      own.agreement,
      references.filter((value) => value !== null),
    ),
  };
}

interface RateSums {
  rates: Float64Array[];
  sums: Float64Array;
  /** Of the boards that have the model. */
  counts: Uint16Array;
  /** 1 for each model that counts, being on enough boards. */
  counted: Uint8Array;
}

/** As BenchBench, models that are on too few boards are beaten by nobody, either. */
function sumWinRates(boards: readonly RankedBoard[], kept: Uint8Array): RateSums {
  const counts = countBoards(boards, kept);
  const counted = enoughBoards(counts, boards.length);
  const rates = boards.map(({ scores, order }) => winRates(scores, order, counted));
  const sums = new Float64Array(kept.length);
  for (const board of rates)
    for (const [i, rate] of board.entries()) if (!Number.isNaN(rate)) sums[i]! += rate;
  return { rates, sums, counts, counted };
}

function countBoards(boards: readonly RankedBoard[], kept: Uint8Array): Uint16Array {
  const counts = new Uint16Array(kept.length);
  for (const { order } of boards) for (const i of order) if (kept[i] === 1) counts[i]! += 1;
  return counts;
}

function enoughBoards(counts: Uint16Array, boards: number): Uint8Array {
  const minimum = Math.max(1, Math.floor(boards / 3));
  return Uint8Array.from(counts, (count) => (count >= minimum ? 1 : 0));
}

/** Mean win rate of each model; NaN where it is on too few boards. */
function meanWinRates(boards: readonly RankedBoard[], kept: Uint8Array): Float64Array {
  const { sums, counts, counted } = sumWinRates(boards, kept);
  return sums.map((sum, i) => (counted[i] === 1 ? rounded(sum / counts[i]!) : Number.NaN));
}

function withoutBoard({ rates, sums, counts, counted }: RateSums, left: number): Float64Array {
  return sums.map((sum, i) => {
    if (counted[i] === 0) return Number.NaN;
    const own = rates[left]![i]!;
    return rounded(Number.isNaN(own) ? sum / counts[i]! : (sum - own) / (counts[i]! - 1));
  });
}

/** Equal means stay equal whatever was added and taken off on the way. */
function rounded(mean: number): number {
  return Math.round(mean * 1e12) / 1e12;
}

function agreeWith(
  { order, scores }: RankedBoard,
  means: Float64Array,
  kept: Uint8Array,
): { n: number; agreement: number | null } {
  const common = order.filter((i) => kept[i] === 1 && !Number.isNaN(means[i]!));
  if (common.length < MIN_CORRELATED) return { n: common.length, agreement: null };
  const agreement = kendall(
    common.map((i) => scores[i]!),
    common.map((i) => means[i]!),
  );
  return { n: common.length, agreement };
}

function zAmong(value: number, references: readonly number[]): number | null {
  if (references.length < MIN_REFERENCES) return null;
  const mean = references.reduce((sum, one) => sum + one, 0) / references.length;
  const squares = references.reduce((sum, one) => sum + (one - mean) ** 2, 0);
  return squares === 0 ? null : (value - mean) / Math.sqrt(squares / (references.length - 1));
}

/** Groups joined by chance to at most so many. */
function limitGroups(groups: readonly number[][], integer: (below: number) => number): number[][] {
  if (groups.length <= MAX_GROUPS) return [...groups];
  const left = [...groups];
  const joined: number[][] = Array.from({ length: MAX_GROUPS }, () => []);
  for (let drawn = 0; left.length > 0; drawn++) {
    joined[drawn % MAX_GROUPS]!.push(...left.splice(integer(left.length), 1)[0]!);
  }
  return joined;
}
