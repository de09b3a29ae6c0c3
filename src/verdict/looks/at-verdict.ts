import type { LoadedRecord } from '../../record/schema.ts';
import { findBenchmark } from '../../suite/catalogue.ts';
import { planThrough } from '../../suite/plan/looks/through-look.ts';
import type { Plan } from '../../suite/plan/plan.ts';
import type { Verdict } from '../schema.ts';
import { LookedItems } from './looked-items.ts';

/** The questions that a verdict with looks rests on, and the candidate's answers to them alone. */
export function atVerdict(
  candidate: LoadedRecord,
  plan: Plan,
  { factors, looks }: Pick<Verdict, 'factors' | 'looks'>,
): { candidate: LoadedRecord; plan: Plan } {
  if (looks === undefined) return { candidate, plan };
  const lookOf = (benchmark: string) => {
    const own = factors.find(({ id }) => id === findBenchmark(benchmark)?.factor)?.looks;
    return own === undefined || own.decided === 'open' ? looks.count : own.done;
  };
  const part = planThrough(plan, lookOf);
  const asked = new LookedItems(part);
  const items = candidate.items.filter(asked.filter());
  return { candidate: { ...candidate, items }, plan: part };
}
