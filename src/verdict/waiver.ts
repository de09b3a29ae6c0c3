import type { AcceptedLoss, BenchmarkComparison, FactorComparison, ShownWaiver, Waiver } from './schema.ts';

type Judged = Pick<FactorComparison | BenchmarkComparison, 'id' | 'outcome' | 'threshold' | 'delta'> &
  Partial<Pick<FactorComparison, 'looks'> & Pick<BenchmarkComparison, 'repeatedCi'>>;

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
    const { target, reason, by, created, expires, pull = null, accepted = [] } = waiver;
    const what = { target: target.id, reason, by, created, expires, pull, accepted };
    return { ...what, applied: parts.length > 0, parts, exceeded };
  });
  return { shown, waived: new Set(shown.flatMap(({ parts }) => parts)) };
}

/** Whether a waiver let this factor or benchmark pass. */
export function isWaived({ id }: { id: string }, waivers: readonly ShownWaiver[]): boolean {
  return waivers.some(({ parts }) => parts.includes(id));
}

/** Whether a drop is within what was accepted. */
export function accepts(
  { accepted = [] }: Pick<Waiver, 'accepted'>,
  { id, delta, looks }: Pick<Judged, 'id' | 'delta' | 'looks'>,
): boolean {
  const limits = accepted.filter((loss) => loss.id === id).map(({ limit }) => limit);
  const loss = -(looks?.naive?.estimate ?? delta.estimate ?? Number.NaN);
  return limits.some((limit) => loss <= limit);
}

/**
 * What of a report can be accepted: the drops that fail it, with the upper end of each one's interval. Where there were looks, that is the
 * difference at the last look done with its repeated interval: it holds however a later run of the same change ends.
 */
export function findLosses({
  factors,
  benchmarks,
  groups = [],
}: {
  factors: readonly Judged[];
  benchmarks: readonly Judged[];
  groups?: readonly Judged[] | undefined;
}): AcceptedLoss[] {
  return [...factors, ...benchmarks, ...groups].flatMap((part) => {
    const { id, outcome, threshold, delta, looks, repeatedCi } = part;
    const estimate = looks?.naive?.estimate ?? delta.estimate;
    const ci = looks?.repeatedCi ?? repeatedCi ?? delta.ci;
    return outcome === 'regressed' && threshold.level === 'error' && estimate !== null && ci !== null
      ? [{ id, loss: -estimate, limit: -ci[0] }]
      : [];
  });
}

function covers({ target }: Waiver, part: { id: string; factor?: string | null }): boolean {
  return part.id === target.id || part.factor === target.id;
}
