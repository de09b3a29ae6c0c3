import { ownValue } from '../json.ts';
import { FACTORS } from '../suite/benchmark.ts';
import type { Entry } from './store/entry.ts';

/** Verdicts that say that nothing was lost. */
const GOOD: readonly string[] = ['equivalent', 'held', 'improved'];

/** What is said of a suite: one of other questions is not what readers know as SOS-Bench. A sample of `pr` is of the same questions. */
const OF_SUITE: Readonly<Record<string, string>> = { full: '', pr: '', mini: ' mini' };

/**
 * `badge.json`: what shields.io shows of main's newest record (the format of its endpoint badge). Factor scores in points; green where
 * nothing was lost against the record before, red where the policy failed, yellow for what lies between, blue where it was compared
 * with nothing. Numbers and fixed words alone, so nothing of a record can stand in it.
 */
export function encodeBadge({
  factors,
  verdict,
  suite,
}: Pick<Entry, 'factors' | 'verdict' | 'suite'>): string {
  const scores = FACTORS.flatMap((id) => {
    const score = factors.find((factor) => factor.id === id)?.score ?? null;
    return score === null ? [] : [`${id} ${(Math.min(1, Math.max(0, score)) * 100).toFixed(1)}`];
  });
  const badge = {
    schemaVersion: 1,
    label: `SOS-Bench${ownValue(OF_SUITE, suite) ?? ', own suite'}`,
    message: scores.join(' · ') || 'no scores',
    color: colourOf(verdict),
  };
  return `${JSON.stringify(badge, null, 2)}\n`;
}

function colourOf(verdict: Entry['verdict']): string {
  if (verdict === null || verdict.verdict === 'no-baseline') return 'blue';
  if (!verdict.passed) return 'red';
  return GOOD.includes(verdict.verdict) ? 'brightgreen' : 'yellow';
}
