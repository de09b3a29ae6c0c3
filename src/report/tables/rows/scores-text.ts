import { formatScorePoints, UNKNOWN } from '../../format.ts';

/** Both scores in one cell, in points: `50.9 → 46.0`. */
export function scoresText(part: Record<'baseline' | 'candidate', { score: number | null }>): string {
  const { baseline, candidate } = part;
  if (baseline.score === null && candidate.score === null) return UNKNOWN;
  return `${formatScorePoints(baseline.score)} → ${formatScorePoints(candidate.score)}`;
}
