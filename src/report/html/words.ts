import type { Coverage, FactorComparison, Outcome } from '../../verdict/schema.ts';

const WORDS: Record<Outcome, { mark: string; word: string }> = {
  regressed: { mark: '🔴', word: 'worse' },
  improved: { mark: '🟢', word: 'better' },
  equivalent: { mark: '⚪', word: 'equivalent' },
  held: { mark: '⚪', word: 'held' },
  inconclusive: { mark: '🟡', word: 'cannot tell' },
  'not-comparable': { mark: '⚫', word: 'not comparable' },
  failed: { mark: '⚫', word: 'failed' },
  'no-baseline': { mark: '', word: 'no baseline' },
  skipped: { mark: '', word: 'not run' },
};

export function describeOutcome(outcome: Outcome) {
  return WORDS[outcome];
}

export function describeFactorOutcome(
  { outcome }: Pick<FactorComparison, 'id' | 'outcome'>,
  _coverage: readonly Pick<Coverage, 'factor' | 'compared' | 'of' | 'weight'>[] = [],
) {
  return { ...WORDS[outcome], note: null as string | null };
}

export function tallyOutcomes(outcomes: readonly Outcome[]) {
  return (Object.keys(WORDS) as Outcome[]).flatMap((outcome) => {
    const count = outcomes.filter((one) => one === outcome).length;
    return count === 0 ? [] : [{ ...WORDS[outcome], outcome, count }];
  });
}
