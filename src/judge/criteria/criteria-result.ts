import { askedCriteria, type JudgedGames } from '../score/game.ts';
import { countedGames } from '../score/judge-result.ts';
import type { CriteriaResult } from './schema.ts';
import { sharesByCriterion } from './shares.ts';
import { type StatedWeights, weighCriteria } from './weights.ts';

/**
 * What a judge found criterion by criterion; null where it was not asked so.
 *
 * @param stated what each criterion ought to weigh.
 */
export function summariseCriteria(
  { benchmark, games }: Pick<JudgedGames, 'benchmark' | 'games'>,
  stated: StatedWeights,
): CriteriaResult | null {
  if (askedCriteria(games).length === 0) return null;
  return {
    shares: sharesByCriterion(games, countedGames(benchmark)),
    weights: weighCriteria(games, stated),
  };
}
