import type { RunRecord } from '../record/schema.ts';
import type { Outcome, OverallVerdict, Verdict } from './schema.ts';

type Unevaluated = NonNullable<Verdict['unevaluated']>;

/**
 * Whether a candidate was not evaluated, since it is said to be of the baseline's very model: its answers are then the baseline's. Of a claim
 * one answer that was taken over is enough: which ones they are is claimed as well.
 *
 * @param found.isModelKnown whether that is more than what its own record says.
 */
export function findUnevaluated(found: {
  baseline: Pick<RunRecord, 'commit'>;
  candidate: Pick<RunRecord, 'reused' | 'totals'>;
  sameModel: boolean;
  isModelKnown: boolean;
}): Unevaluated | null {
  const { baseline, candidate, sameModel, isModelKnown } = found;
  const { reused = [], totals } = candidate;
  const taken = reused.reduce((sum, { items }) => sum + items, 0);
  if (isModelKnown) return sameModel && taken > 0 && taken >= totals.items ? { confirmed: true } : null;
  const isOfBaseline = reused.some(({ commit }) => commit !== null && commit === baseline.commit);
  return taken > 0 && (sameModel || isOfBaseline) ? { confirmed: false } : null;
}

/** The verdict of what was not evaluated: a claim alone never makes it `equivalent`. */
export function settleUnevaluated({
  confirmed,
}: Unevaluated): Extract<OverallVerdict, 'equivalent' | 'not-comparable'> {
  return confirmed ? 'equivalent' : 'not-comparable';
}

/** Outcomes of what was compared. */
export const TESTED: readonly Outcome[] = ['regressed', 'improved', 'held', 'equivalent', 'inconclusive'];

/** Factors or benchmarks with the outcome that the whole has; what was not compared stays so. */
export function settleParts<Part extends { outcome: Outcome }>(
  parts: Part[],
  settled: ReturnType<typeof settleUnevaluated> | null,
): Part[] {
  if (settled === null) return parts;
  return parts.map((part) => (TESTED.includes(part.outcome) ? { ...part, outcome: settled } : part));
}
