import { plural } from '../../count.ts';
import { FACTORS } from '../../suite/benchmark.ts';
import { findBenchmark } from '../../suite/catalogue.ts';
import { isTooMuchMissing } from '../../suite/missing.ts';
import type { Plan } from '../../suite/plan/plan.ts';
import type { BenchmarkResultView } from '../measure/result-view.ts';
import { factorStandard, type Policy } from '../policy.ts';
import type { ProtocolComparison } from '../protocol/protocol.ts';
import { LookedItems } from './looked-items.ts';

/**
 * Why a comparison is not judged look by look although its plan has looks: then all that was planned is asked, and tested once. Null
 * where nothing is in the way.
 *
 * @param asked benchmarks that were asked for; null where none is named, and all count.
 */
export function findObstacle(
  plan: Plan & { sequential: NonNullable<Plan['sequential']> },
  views: { baseline: (id: string) => BenchmarkResultView },
  protocol: ProtocolComparison,
  policy: Policy,
  asked: ReadonlySet<string> | null,
): string | null {
  const { sequential } = plan;
  if (Math.abs(sequential.alpha * 2 - policy.alpha) > 1e-12)
    return `its boundaries are made for alpha ${sequential.alpha * 2}, not ${policy.alpha}`;
  const tested = FACTORS.filter((id) => factorStandard(id, policy).level !== 'off');
  if (!tested.some((id) => sequential.factors[id] !== undefined))
    return 'it has boundaries for no factor that is tested';
  if (protocol.run.length > 0) return 'the two were evaluated in different ways';
  const planned = plan.benchmarks.filter(({ status }) => status === 'planned');
  // The boundaries of a plan are those of all its benchmarks.
  const left = planned.filter(({ id }) => asked !== null && !asked.has(id)).map(({ id }) => id);
  if (left.length > 0) return `the plan has benchmarks that are not asked for (${left.join(', ')})`;
  const looked = new LookedItems(plan);
  for (const { id, tasks } of planned) {
    const factor = findBenchmark(id)?.factor ?? null;
    if (factor !== null && sequential.factors[factor] === undefined) {
      if (factorStandard(factor, policy).level !== 'off') return `it has no boundaries for ${factor}`;
      continue;
    }
    if (tasks.some(({ task }) => (protocol.tasks.get(task)?.length ?? 0) > 0))
      return `${id} was evaluated in different ways`;
    const there = looked.viewAt(views.baseline(id), sequential.looks).view.items;
    for (const { task, docIds } of tasks) {
      const have = there.reduce((sum, item) => sum + Number(item.task === task), 0);
      if (isTooMuchMissing(docIds.length - have, docIds.length))
        return `the baseline has answered ${have} of the ${plural(docIds.length, 'question')} of ${task} that are planned`;
    }
  }
  return null;
}
