import { holm } from '../../stats/holm.ts';
import { repeatedInterval, repeatedP } from '../../stats/sequential/repeated.ts';
import type { Factor } from '../../suite/benchmark.ts';
import { ALPHA_GAMMA, boundariesAt, informativeLooks } from '../../suite/plan/looks/looks.ts';
import type { MeasuredFactor } from '../measure/factors.ts';
import { decideOutcome } from '../outcome.ts';
import type { Policy } from '../policy.ts';
import type { FactorComparison } from '../schema.ts';
import { type FactorPath, lookEstimate } from './decide.ts';

/**
 * Judges factors of another comparison on the answers that the looks of this one have left: by the repeated interval and its p-value at the last look
 * done, which hold whatever the run was stopped for. A factor without looks keeps what it has.
 *
 * @param judged the factors as if there had been one look, by the same policy.
 */
export function judgeRepeated(
  judged: readonly FactorComparison[],
  measured: readonly MeasuredFactor[],
  paths: ReadonlyMap<Factor, FactorPath>,
  policy: Pick<Policy, 'alpha'>,
): FactorComparison[] {
  const found = judged.map((factor, index) => {
    const path = paths.get(factor.id);
    const estimate = lookEstimate(measured[index]!, undefined);
    const looks = path && informativeLooks(path.design.fractions).filter((look) => look < path.done);
    if (path === undefined || estimate === null || looks === undefined || looks.length === 0)
      return { factor, p: factor.delta.p };
    const { fractions } = path.design;
    const times = looks.map((look) => fractions[look]!);
    const last = looks.at(-1)!;
    const at = (level: number) => repeatedInterval(estimate, boundariesAt(level, fractions)[last]!);
    const ends = { ci: at(policy.alpha / 2), equivalenceCi: at(policy.alpha) };
    return { factor, p: repeatedP(estimate, times, ALPHA_GAMMA), estimate: estimate.estimate, ends };
  });
  const tested = found.filter(({ p, factor }) => p !== null && factor.threshold.level !== 'off');
  const adjusted = holm(tested.map(({ p }) => p!));
  return found.map((one) => {
    const { factor, p, estimate, ends } = one;
    const pAdjusted = adjusted[tested.indexOf(one)] ?? null;
    const delta = { ...factor.delta, p, pAdjusted, ...ends };
    if (factor.threshold.level === 'off' || p === null || delta.estimate === null)
      return { ...factor, delta };
    const { minimumEffect, margin } = factor.threshold;
    const outcome = decideOutcome(
      { estimate: estimate ?? delta.estimate, testable: true, pAdjusted, equivalenceCi: delta.equivalenceCi },
      { alpha: policy.alpha, minimumEffect, margin },
    );
    return { ...factor, delta, outcome };
  });
}
