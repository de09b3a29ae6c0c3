import { plural } from '../../count.ts';
import type { CountedGames } from '../../suite/judge-benchmarks.ts';
import type { Criterion } from '../../suite/judge-criteria.ts';
import { askedCriteria, isUnasked, type JudgeGame } from '../score/game.ts';
import { JUDGE_LIMITS } from '../score/judge-fault.ts';
import { pairOrders } from '../score/pair-orders.ts';
import { STRONG_WEIGHT, shareOfWins } from '../score/share.ts';
import type { CriterionShare } from './schema.ts';

const LEVEL = 0.95;

/** The games that were asked about a criterion, with the verdict on it as their verdict; null where it could not be read. */
export function gamesBy(criterion: Criterion, games: readonly JudgeGame[]): JudgeGame[] {
  return games.flatMap((game) => {
    const verdict = game.criteria?.[criterion];
    return verdict === undefined ? [] : [{ ...game, verdict }];
  });
}

/** Of games that were asked about a criterion, how many there are and how many could not be read. Nobody had to be asked about equal answers. */
export function countUnread(own: readonly JudgeGame[]): Pick<CriterionShare, 'games' | 'unread'> {
  const asked = own.filter((game) => !isUnasked(game));
  return { games: asked.length, unread: asked.filter(({ verdict }) => verdict === null).length };
}

/** Why too many verdicts on a criterion are missing; null where they are not. What could be read of the rest may be another kind of games. */
export function describeUnread({ games, unread }: Pick<CriterionShare, 'games' | 'unread'>): string | null {
  if (unread <= JUDGE_LIMITS.unread * games) return null;
  return `could not be read in ${unread} of ${plural(games, 'game')}`;
}

/**
 * By each criterion that was asked, the share of games that the model wins, exactly as the score is of the verdict on the whole: the same
 * weights, the interval by question, both orders of which depend on one another.
 */
export function sharesByCriterion(games: readonly JudgeGame[], counted: CountedGames): CriterionShare[] {
  return askedCriteria(games).map((criterion) => {
    const own = gamesBy(criterion, games);
    const counts = countUnread(own);
    const reason = describeUnread(counts);
    const { estimate, ci } = shareOfWins(pairOrders(own), {
      ...{ counted, strongWeight: STRONG_WEIGHT, level: LEVEL },
    });
    const usable = reason === null ? estimate : null;
    return {
      criterion,
      share: usable?.estimate ?? null,
      ci: usable && ci,
      ...{ ...counts, reason },
    };
  });
}
