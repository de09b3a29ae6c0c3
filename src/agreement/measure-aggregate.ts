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

/** One loop a step, without arrays of closures: it is taken once for each model left out, times boards squared. */
function standing(tested: RankedBoard, others: readonly RankedBoard[], kept: Uint8Array): Standing {
  const all = sumWinRates(others, kept);
  const own = agreeWith(tested, meansOf(all), kept);
  if (own.agreement === null) return { ...own, z: null };
  const minimum = minBoards(others.length - 1);
  const references = others.map((board, left) => {
    // Where the same models count without it, its own win rates are taken off the sums, which is faster than all others again.
    const means = isCountedAlike(all, board, kept, minimum)
      ? withoutBoard(all, left)
      : meansOf(
          sumWinRates(
            others.filter((_, i) => i !== left),
            kept,
          ),
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
  const counts = new Uint16Array(kept.length);
  for (const { order } of boards) for (const i of order) if (kept[i] === 1) counts[i]! += 1;
  const minimum = minBoards(boards.length);
  const counted = new Uint8Array(kept.length);
  for (let i = 0; i < counts.length; i++) if (counts[i]! >= minimum) counted[i] = 1;
  const rates = boards.map(({ scores, order }) => winRates(scores, order, counted));
  const sums = new Float64Array(kept.length);
  for (const board of rates) {
    for (let i = 0; i < board.length; i++) {
      const rate = board[i]!;
      if (!Number.isNaN(rate)) sums[i]! += rate;
    }
  }
  return { rates, sums, counts, counted };
}

/** A model counts that is on so many of the boards. */
function minBoards(boards: number): number {
  return Math.max(1, Math.floor(boards / 3));
}

/** Whether the same models count without one of the boards. */
function isCountedAlike(
  { counts, counted }: RateSums,
  { scores }: RankedBoard,
  kept: Uint8Array,
  minimum: number,
): boolean {
  for (let i = 0; i < counts.length; i++) {
    const isOn = kept[i] === 1 && !Number.isNaN(scores[i]!);
    const isEnough = counts[i]! - (isOn ? 1 : 0) >= minimum;
    if (isEnough !== (counted[i] === 1)) return false;
  }
  return true;
}

/** Mean win rate of each model; NaN where it is on too few boards. */
function meansOf({ sums, counts, counted }: RateSums): Float64Array {
  const means = new Float64Array(sums.length).fill(Number.NaN);
  for (let i = 0; i < sums.length; i++) if (counted[i] === 1) means[i] = rounded(sums[i]! / counts[i]!);
  return means;
}

function withoutBoard({ rates, sums, counts, counted }: RateSums, left: number): Float64Array {
  const own = rates[left]!;
  const means = new Float64Array(sums.length).fill(Number.NaN);
  for (let i = 0; i < sums.length; i++) {
    if (counted[i] === 0) continue;
    const rate = own[i]!;
    const isWithout = Number.isNaN(rate);
    means[i] = rounded(isWithout ? sums[i]! / counts[i]! : (sums[i]! - rate) / (counts[i]! - 1));
  }
  return means;
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
  const x: number[] = [];
  const y: number[] = [];
  for (const i of order) {
    const mean = means[i]!;
    if (kept[i] !== 1 || Number.isNaN(mean)) continue;
    x.push(scores[i]!);
    y.push(mean);
  }
  return { n: x.length, agreement: x.length < MIN_CORRELATED ? null : kendall(x, y) };
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
