import type { Outcome } from '../../../verdict/schema.ts';

const TEXTS: Record<Outcome, string> = {
  regressed: 'worse',
  improved: 'better',
  equivalent: 'equivalent',
  held: 'held',
  inconclusive: 'cannot tell',
  'not-comparable': 'not comparable',
  failed: 'failed',
  'no-baseline': 'no baseline',
  skipped: 'not run',
};

/** An outcome in words for readers. */
export function outcomeText(outcome: Outcome): string {
  return TEXTS[outcome];
}
