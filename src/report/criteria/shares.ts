import { formatCount } from '../../count.ts';
import type { CriterionShare } from '../../judge/criteria/schema.ts';
import type { CriteriaComparison } from '../../verdict/criteria/schema.ts';
import { formatDelta, formatScore, UNKNOWN } from '../format.ts';

/** What the shares are. */
export const BY_CRITERION = 'Share of games won by criterion, 50 is as good; 95% intervals, each by itself';

type Side = Pick<CriterionShare, 'share' | 'ci' | 'games' | 'unread'>;

/**
 * Rows of a comparison with main: a head, then a row a criterion. Head to head main is the reference, and has no share of its own.
 */
export function comparisonRows(shares: CriteriaComparison['shares']): {
  rows: string[][];
  alignment: string;
} {
  const hasMain = shares.some(({ baseline }) => baseline !== null);
  const head = [
    'Criterion',
    ...(hasMain ? ['Baseline'] : []),
    hasMain ? 'Candidate' : 'Share won',
    'Change against main',
    'Unread',
  ];
  const rows = shares.map(({ criterion, baseline, candidate, delta }) => [
    criterion,
    ...(hasMain ? [showShare(baseline)] : []),
    showShare(candidate),
    formatDelta(delta ?? { estimate: null, ci: null }),
    showUnread(candidate ?? baseline),
  ]);
  return { rows: [head, ...rows], alignment: `l${'r'.repeat(head.length - 1)}` };
}

/** The same of one model by itself. */
export function shareRows(shares: readonly CriterionShare[]): { rows: string[][]; alignment: string } {
  const rows = shares.map((share) => [share.criterion, showShare(share), showUnread(share)]);
  return { rows: [['Criterion', 'Share won', 'Unread'], ...rows], alignment: 'lrr' };
}

function showShare(side: Side | null): string {
  return side === null ? UNKNOWN : formatScore({ score: side.share, ci: side.ci });
}

function showUnread(side: Side | null): string {
  return side === null ? UNKNOWN : `${formatCount(side.unread)} of ${formatCount(side.games)}`;
}
