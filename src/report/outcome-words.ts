import type { Coverage, FactorComparison, Outcome, OverallVerdict } from '../verdict/schema.ts';
import { formatShare } from './format.ts';

/** An outcome as readers see it. */
export interface OutcomeWord {
  /** A mark that is seen before it is read; empty where nothing was found. */
  mark: string;
  /** In plain English: worse, better, equivalent, held, cannot tell, ... */
  word: string;
}

/** In the order in which they are counted. */
const WORDS: Record<Outcome, OutcomeWord> = {
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

/** The verdict of a whole comparison has the mark of the outcome that decides it. */
const VERDICT_MARKS: Record<OverallVerdict, string> = {
  incomplete: '🟠',
  regressed: '🔴',
  'not-comparable': '⚫',
  'no-baseline': '⚪',
  inconclusive: '🟡',
  held: '⚪',
  equivalent: '⚪',
  improved: '🟢',
};

/**
 * Below this share of a factor's weight (by the paper's sizes) nothing is said of the factor as a whole: most of it was not looked at, so
 * that what was looked at may not stand for it.
 */
export const MIN_COMPARED_WEIGHT = 0.5;

/** An outcome in words for readers. Stored and JSON values stay as `OutcomeSchema` has them. */
export function describeOutcome(outcome: Outcome): OutcomeWord {
  return WORDS[outcome];
}

/**
 * A factor's outcome in words for readers: no all-clear where little of it was compared.
 *
 * @param coverage of the verdict; where it lacks the factor, the outcome is taken as it is.
 * @param sameModel whether both sides are one model, which is the same in what was not compared, too.
 * @returns `note` says why the word is not the stored outcome's; null where it is.
 */
export function describeFactorOutcome(
  {
    id,
    outcome,
    baseline,
    candidate,
  }: Pick<FactorComparison, 'id' | 'outcome'> & Partial<Pick<FactorComparison, 'baseline' | 'candidate'>>,
  coverage: readonly Pick<Coverage, 'factor' | 'compared' | 'of' | 'weight'>[] = [],
  sameModel = false,
): OutcomeWord & { note: string | null } {
  // The factor has a score, and nothing to hold it against.
  if (outcome === 'skipped' && baseline?.score === null && candidate != null && candidate.score !== null)
    return { ...WORDS['no-baseline'], note: null };
  const own = coverage.find(({ factor }) => factor === id);
  const isClear = outcome === 'equivalent' || outcome === 'held';
  if (!isClear || sameModel || own === undefined || own.weight >= MIN_COMPARED_WEIGHT)
    return { ...WORDS[outcome], note: null };
  return {
    ...WORDS.inconclusive,
    note: `${WORDS[outcome].word} in what was compared, but that is ${own.compared} of ${own.of} benchmarks, ${formatShare(own.weight)} of the weight`,
  };
}

/** A whole verdict in one word or two. */
export function describeVerdict(verdict: OverallVerdict): string {
  return verdict === 'incomplete' ? 'incomplete' : WORDS[verdict].word;
}

/** The mark of a whole verdict. */
export function verdictMark(verdict: OverallVerdict): string {
  return VERDICT_MARKS[verdict];
}

/** How many there are of each outcome, worse first; outcomes that occur nowhere are left out. */
export function tallyOutcomes(
  outcomes: readonly Outcome[],
): (OutcomeWord & { outcome: Outcome; count: number })[] {
  return (Object.keys(WORDS) as Outcome[]).flatMap((outcome) => {
    const count = outcomes.filter((one) => one === outcome).length;
    return count === 0 ? [] : [{ ...WORDS[outcome], outcome, count }];
  });
}
