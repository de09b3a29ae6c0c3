import type { BenchmarkChanges, ChangedAnswer } from '../../../verdict/signs/changes.ts';

/**
 * How sure the models were of a changed answer: `confident` where both answers were clear of a tie, `near` where one of the two was close to
 * it, `unknown` where an answer has no margin (generated text, or none at all).
 */
export const FLIP_KINDS = ['confident', 'unknown', 'near'] as const;
export type FlipKind = (typeof FLIP_KINDS)[number];

/** An answer is close to a tie where its margin is less than this share of the benchmark's median. */
export const NEAR_SHARE = 1 / 4;

/** A changed answer with its benchmark, as tables and plots show it. */
export interface Flip extends ChangedAnswer {
  benchmark: string;
  isLost: boolean;
  kind: FlipKind;
  /** The smaller of the two margins' distances from a tie, in medians of the benchmark; the size of the change in score where unknown. */
  strength: number;
}

/** Every changed answer, the most telling first. */
export function rankFlips(changes: readonly BenchmarkChanges[]): Flip[] {
  return changes
    .flatMap(({ id, typicalMargin, changed }) => changed.map((one) => describeFlip(id, typicalMargin, one)))
    .sort(byTelling);
}

/** Confident ones first, then those without margins, then near misses; within each the stronger first. The same order for the same answers. */
function byTelling(a: Flip, b: Flip): number {
  return (
    FLIP_KINDS.indexOf(a.kind) - FLIP_KINDS.indexOf(b.kind) ||
    b.strength - a.strength ||
    Number(b.isLost) - Number(a.isLost) ||
    compareText(a.benchmark, b.benchmark) ||
    compareText(a.task, b.task) ||
    a.docId - b.docId
  );
}

function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function describeFlip(benchmark: string, typicalMargin: number | null, change: ChangedAnswer): Flip {
  const { before, after } = change;
  const isLost = (after?.score ?? 0) < before.score;
  const margins = [before.margin, after?.margin ?? null];
  if (typicalMargin === null || margins.includes(null)) {
    return {
      ...change,
      benchmark,
      isLost,
      kind: 'unknown',
      strength: Math.abs((after?.score ?? 0) - before.score),
    };
  }
  const strength = Math.min(...margins.map((margin) => Math.abs(margin!))) / typicalMargin;
  return { ...change, benchmark, isLost, kind: strength < NEAR_SHARE ? 'near' : 'confident', strength };
}
