import { plural } from '../count.ts';
import { kendallInterval, spearmanInterval } from '../stats/correlation/correlation-intervals.ts';
import { kendall } from '../stats/correlation/kendall.ts';
import { serialSize } from '../stats/correlation/serial-size.ts';
import { spearman } from '../stats/correlation/spearman.ts';
import { type Board, commonScores } from './board.ts';
import { AGREEMENT_LEVEL } from './measure-pair.ts';
import type { ChangesAgreement } from './schema.ts';

/** With fewer commits the interval holds nearly everything. */
export const MIN_COMMITS = 20;

/**
 * Whether one board rises where the other one does: the correlation of differences between consecutive records.
 *
 * @param tested, reference scores by record, in the order of time; records that one of the two lacks are skipped.
 */
export function measureChanges(tested: Board, reference: Board): ChangesAgreement {
  const common = commonScores(tested, reference);
  const x = differences(common.tested.map(({ score }) => score));
  const y = differences(common.reference.map(({ score }) => score));
  const n = x.length;
  const empty = {
    ...{ tested: tested.id, reference: reference.id, n },
    ...{ effective: null, spearman: null, kendall: null },
  };
  if (common.models.length < MIN_COMMITS) {
    return {
      ...empty,
      refused: `${plural(common.models.length, 'record')} with both: ${MIN_COMMITS} are needed`,
    };
  }
  const [rho, tau] = [spearman(x, y), kendall(x, y)];
  if (rho === null || tau === null) return { ...empty, refused: 'one of the two never changed' };
  const effective = serialSize(x, y);
  return {
    ...empty,
    refused: null,
    effective,
    spearman: { estimate: rho, ci: spearmanInterval(rho, effective, AGREEMENT_LEVEL) },
    kendall: { estimate: tau, ci: kendallInterval(tau, effective, AGREEMENT_LEVEL) },
  };
}

function differences(scores: readonly number[]): number[] {
  return scores.slice(1).map((score, i) => score - scores[i]!);
}
