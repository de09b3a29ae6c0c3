import { summariseCriteria } from '../../judge/criteria/criteria-result.ts';
import { gamesBy, sharesByCriterion } from '../../judge/criteria/shares.ts';
import type { StatedWeights } from '../../judge/criteria/weights.ts';
import { shareDifference } from '../../judge/score/difference.ts';
import { askedCriteria, type JudgedGames, type JudgeGame } from '../../judge/score/game.ts';
import { countedGames } from '../../judge/score/judge-result.ts';
import { pairOrders } from '../../judge/score/pair-orders.ts';
import { STRONG_WEIGHT } from '../../judge/score/share.ts';
import { tInterval } from '../../stats/t-interval.ts';
import { CRITERIA } from '../../suite/judge-criteria.ts';
import { withSpread } from '../measure/difference.ts';
import type { CriteriaComparison } from './schema.ts';

const LEVEL = 0.95;

/** What a judge says criterion by criterion of answers held against main's; null where it was not asked so. */
export function criteriaHeadToHead(board: JudgedGames, stated: StatedWeights): CriteriaComparison | null {
  const found = summariseCriteria(board, stated);
  return (
    found && {
      shares: found.shares.map(({ criterion, ...candidate }) => ({
        criterion,
        ...{ baseline: null, candidate },
        delta: candidate.share === null ? null : lessHalf({ share: candidate.share, ci: candidate.ci }),
      })),
      weights: found.weights,
    }
  );
}

/**
 * The same of a candidate and of main, each held against one reference.
 *
 * @param sides games of both; main's null where there are none that can be compared.
 */
export function compareCriteria(
  benchmark: string,
  { baseline, candidate }: { baseline: readonly JudgeGame[] | null; candidate: readonly JudgeGame[] },
  stated: StatedWeights,
): CriteriaComparison | null {
  const found = summariseCriteria({ benchmark, games: candidate }, stated);
  if (found === null) return null;
  const counted = countedGames(benchmark);
  const before = sharesByCriterion(baseline ?? [], counted);
  const asked = new Set([...askedCriteria(baseline ?? []), ...askedCriteria(candidate)]);
  return {
    shares: CRITERIA.filter((criterion) => asked.has(criterion)).map((criterion) => {
      const [main, own] = [before, found.shares].map((shares) => {
        const share = shares.find((one) => one.criterion === criterion);
        if (share === undefined) return null;
        const { criterion: _, ...rest } = share;
        return rest;
      }) as [
        CriteriaComparison['shares'][number]['baseline'],
        CriteriaComparison['shares'][number]['candidate'],
      ];
      const isCompared = main?.share != null && own?.share != null;
      return {
        criterion,
        ...{ baseline: main, candidate: own },
        delta: isCompared ? differenceBy(criterion, baseline!, candidate, counted) : null,
      };
    }),
    weights: found.weights,
  };
}

function differenceBy(
  criterion: Parameters<typeof gamesBy>[0],
  baseline: readonly JudgeGame[],
  candidate: readonly JudgeGame[],
  counted: ReturnType<typeof countedGames>,
): CriteriaComparison['shares'][number]['delta'] {
  const [before, after] = [baseline, candidate].map((games) => pairOrders(gamesBy(criterion, games)));
  const { delta } = shareDifference(before!, after!, { counted, strongWeight: STRONG_WEIGHT });
  if (delta === null) return null;
  return { estimate: delta.estimate, ci: tInterval(withSpread(delta, false), LEVEL) };
}

function lessHalf({ share, ci }: { share: number; ci: [number, number] | null }) {
  return { estimate: share - 0.5, ci: ci && ([ci[0] - 0.5, ci[1] - 0.5] as [number, number]) };
}
