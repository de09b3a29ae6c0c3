import type { Level } from './policy.ts';
import { type Outcome, type OverallVerdict, WHOLE_VERDICTS } from './schema.ts';

export interface Judged {
  id: string;
  outcome: Outcome;
  threshold: { level: Level };
}

/**
 * All that a comparison found, worst first; the first is the verdict of the whole. A policy fails on any of them, so
 * that a run that is both incomplete and regressed fails whichever of the two it names.
 */
export function findVerdicts(found: {
  incomplete: boolean;
  factors: readonly Judged[];
  benchmarks: readonly Judged[];
  /** Ids of factors and benchmarks whose drop is accepted. */
  waived: ReadonlySet<string>;
}): OverallVerdict[] {
  const { factors, benchmarks, waived } = found;
  const outcomes = new Set<OverallVerdict>();
  if (found.incomplete) outcomes.add('incomplete');
  if ([...factors, ...benchmarks].some((part) => fails(part) && !waived.has(part.id))) {
    outcomes.add('regressed');
  }
  // One blocked benchmark makes its factor rest on other benchmarks than it should.
  if (benchmarks.some(({ outcome }) => outcome === 'not-comparable')) outcomes.add('not-comparable');
  const judged = factors.filter(isTested);
  for (const { outcome } of judged.length > 0 ? judged : benchmarks.filter(isTested)) {
    if (outcome !== 'regressed' && isOverall(outcome)) outcomes.add(outcome);
  }
  if (judged.length === 0 && benchmarks.some(({ outcome }) => outcome === 'no-baseline')) {
    outcomes.add('no-baseline');
  }
  const inOrder = WHOLE_VERDICTS.filter((verdict) => outcomes.has(verdict));
  return inOrder.length > 0 ? inOrder : ['inconclusive'];
}

function fails({ outcome, threshold }: Judged): boolean {
  return outcome === 'regressed' && threshold.level === 'error';
}

function isTested({ outcome, threshold }: Judged): boolean {
  return (
    threshold.level !== 'off' &&
    ['regressed', 'inconclusive', 'held', 'equivalent', 'improved'].includes(outcome)
  );
}

function isOverall(outcome: Outcome): outcome is Outcome & OverallVerdict {
  return (WHOLE_VERDICTS as readonly string[]).includes(outcome);
}
