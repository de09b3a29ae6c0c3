import { findBenchmark } from '../../catalogue.ts';
import type { BenchmarkGroup } from '../../groups.ts';
import type { Plan } from '../plan.ts';
import { assumedSpread } from '../spread.ts';
import { sampleVariance } from '../variance.ts';
import { wholeWhereClose } from './looks.ts';

/** The group's benchmarks that a plan asks, with what each weighs (the paper's sizes). */
export function plannedMembers(plan: Plan, { members }: BenchmarkGroup): { id: string; size: number }[] {
  return plan.benchmarks.flatMap(({ id, status }) =>
    status === 'planned' && members.includes(id) ? [{ id, size: findBenchmark(id)!.size }] : [],
  );
}

/**
 * Information fractions of a group's difference, by look: its variance at the last look over that at each, from those of its benchmarks. Only
 * what the plan's hash covers enters (which questions are asked by when), with the catalogue's variances: so they are fixed before any answer, and
 * no plan has to store them. Null where the plan has no looks, or fewer than two of the group's benchmarks.
 */
export function groupFractions(plan: Plan, group: BenchmarkGroup): number[] | null {
  const { sequential } = plan;
  if (sequential === undefined) return null;
  const parts = plannedMembers(plan, group).flatMap(({ id, size }) => {
    const fractions = sequential.benchmarks[id];
    const tasks = plan.benchmarks.find((own) => own.id === id)!.tasks;
    const last = size ** 2 * sampleVariance(tasks, assumedSpread(id));
    return fractions === undefined || last === 0 ? [] : [{ fractions, last }];
  });
  if (parts.length < 2) return null;
  const varianceAt = (look: number) =>
    parts.reduce((sum, { fractions, last }) => sum + last / fractions[look]!, 0);
  const whole = varianceAt(sequential.looks - 1);
  return Array.from({ length: sequential.looks }, (_, look) => wholeWhereClose(whole / varianceAt(look)));
}
