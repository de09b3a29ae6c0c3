import { z } from 'zod';
import type { BenchmarkComparison, FactorComparison } from './schema.ts';

/** A regression that somebody with write access has accepted, for a time. */
export const WaiverSchema = z.object({
  /** Id of a factor or benchmark. */
  target: z.string(),
  reason: z.string(),
  /** Who accepted it. */
  by: z.string(),
  created: z.iso.datetime(),
  expires: z.iso.datetime(),
});
export type Waiver = z.infer<typeof WaiverSchema>;

/** A waiver as a verdict shows it: `applied` where it let a regression pass. */
export const ShownWaiverSchema = WaiverSchema.extend({ applied: z.boolean() });
export type ShownWaiver = z.infer<typeof ShownWaiverSchema>;

type Judged = Pick<FactorComparison | BenchmarkComparison, 'id' | 'outcome' | 'threshold'>;

/**
 * The waivers in force at `now`, and whether each lets something pass. A factor's waiver covers its benchmarks too, a
 * benchmark's does not cover its factor.
 */
export function applyWaivers(
  waivers: readonly Waiver[],
  now: Date,
  factors: readonly Judged[],
  benchmarks: readonly (Judged & Pick<BenchmarkComparison, 'factor'>)[],
): { shown: ShownWaiver[]; waived: Set<string> } {
  const valid = waivers.filter(({ expires }) => new Date(expires) > now);
  const waived = new Set<string>();
  const shown = valid.map((waiver) => {
    const covered = [...factors, ...benchmarks].filter((part) => covers(waiver, part));
    const fallen = covered.filter(
      ({ outcome, threshold }) => outcome === 'regressed' && threshold.level === 'error',
    );
    for (const { id } of fallen) waived.add(id);
    return { ...waiver, applied: fallen.length > 0 };
  });
  return { shown, waived };
}

/** Whether a waiver in force is about this factor or benchmark. */
export function isWaived(
  part: { id: string; factor?: string | null },
  waivers: readonly ShownWaiver[],
): boolean {
  return waivers.some((waiver) => covers(waiver, part));
}

function covers({ target }: Waiver, part: { id: string; factor?: string | null }): boolean {
  return part.id === target || part.factor === target;
}
