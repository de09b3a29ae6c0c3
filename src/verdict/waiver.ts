import { z } from 'zod';
import type { BenchmarkComparison, FactorComparison } from './schema.ts';

/** How much of a drop was accepted, as fractions of 1 that count how much is lost. */
export const AcceptedLossSchema = z.object({
  /** Id of a factor or benchmark. */
  id: z.string().min(1).max(200),
  /** What was lost in the report that was shown. */
  loss: z.number(),
  /** The upper end of that loss's interval: a larger loss is not accepted. */
  limit: z.number(),
});
export type AcceptedLoss = z.infer<typeof AcceptedLossSchema>;

/** A regression that somebody with write access has accepted, for a pull request, up to a size and for a time. */
export const WaiverSchema = z.object({
  /** Id of a factor or benchmark. */
  target: z.string(),
  reason: z.string(),
  /** Who accepted it. */
  by: z.string(),
  created: z.iso.datetime(),
  expires: z.iso.datetime(),
  /** Pull request it is for; verdicts from before do not say. */
  pull: z.number().int().positive().nullable().default(null),
  /** What is accepted: of a factor's waiver, the factor and those of its benchmarks that had dropped. */
  accepted: z.array(AcceptedLossSchema).default([]),
});
export type Waiver = z.infer<typeof WaiverSchema>;

/** A waiver as a verdict shows it. */
export const ShownWaiverSchema = WaiverSchema.extend({
  /** Whether it let a regression pass. */
  applied: z.boolean(),
  /** Ids of what it let pass. */
  parts: z.array(z.string()).default([]),
  /** Ids of what it is about and dropped by more than was accepted. */
  exceeded: z.array(z.string()).default([]),
});
export type ShownWaiver = z.infer<typeof ShownWaiverSchema>;

type Judged = Pick<FactorComparison | BenchmarkComparison, 'id' | 'outcome' | 'threshold' | 'delta'>;

/**
 * The waivers in force at `now`, and what each lets pass: a drop that was accepted by name, while it is within what was accepted. A
 * factor's waiver covers those of its benchmarks that had dropped when it was given; a benchmark's does not cover its factor.
 */
export function applyWaivers(
  waivers: readonly Waiver[],
  now: Date,
  factors: readonly Judged[],
  benchmarks: readonly (Judged & Pick<BenchmarkComparison, 'factor'>)[],
): { shown: ShownWaiver[]; waived: Set<string> } {
  const valid = waivers.filter(({ expires }) => new Date(expires) > now);
  const fallen = [...factors, ...benchmarks].filter(
    ({ outcome, threshold }) => outcome === 'regressed' && threshold.level === 'error',
  );
  const shown = valid.map((waiver) => {
    const covered = fallen.filter((part) => covers(waiver, part));
    const parts = covered.filter((part) => accepts(waiver, part)).map(({ id }) => id);
    const exceeded = covered.map(({ id }) => id).filter((id) => !parts.includes(id));
    return { ...waiver, applied: parts.length > 0, parts, exceeded };
  });
  return { shown, waived: new Set(shown.flatMap(({ parts }) => parts)) };
}

/** Whether a waiver let this factor or benchmark pass. */
export function isWaived({ id }: { id: string }, waivers: readonly ShownWaiver[]): boolean {
  return waivers.some(({ parts }) => parts.includes(id));
}

/** Whether a drop is within what was accepted. */
export function accepts({ accepted }: Waiver, { id, delta }: Pick<Judged, 'id' | 'delta'>): boolean {
  const limits = accepted.filter((loss) => loss.id === id).map(({ limit }) => limit);
  return delta.estimate !== null && limits.some((limit) => -delta.estimate! <= limit);
}

/** What of a report can be accepted: the drops that fail it, with the upper end of each one's interval. */
export function findLosses({
  factors,
  benchmarks,
}: {
  factors: readonly Judged[];
  benchmarks: readonly Judged[];
}): AcceptedLoss[] {
  return [...factors, ...benchmarks].flatMap(({ id, outcome, threshold, delta: { estimate, ci } }) =>
    outcome === 'regressed' && threshold.level === 'error' && estimate !== null && ci !== null
      ? [{ id, loss: -estimate, limit: -ci[0] }]
      : [],
  );
}

function covers({ target }: Waiver, part: { id: string; factor?: string | null }): boolean {
  return part.id === target || part.factor === target;
}
