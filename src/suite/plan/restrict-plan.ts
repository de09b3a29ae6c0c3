import { hashPlan, type Plan } from './plan.ts';

/** The part of a plan that is of some benchmarks: the same items, cut in the same way. It has a hash of its own. */
export function restrictPlan(plan: Plan, ids: ReadonlySet<string>): Plan {
  const benchmarks = plan.benchmarks.filter(({ id }) => ids.has(id));
  if (benchmarks.length === plan.benchmarks.length) return plan;
  const chunks = plan.chunks.filter(({ benchmark }) => ids.has(benchmark));
  const part = { ...plan, benchmarks, chunks };
  return { ...part, planHash: hashPlan(part) };
}
