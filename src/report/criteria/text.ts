import type { CriteriaResult } from '../../judge/criteria/schema.ts';
import type { CriteriaComparison } from '../../verdict/criteria/schema.ts';
import { type Cell, layOut, type Paint } from '../tables/layout.ts';
import { BY_CRITERION, comparisonRows, shareRows } from './shares.ts';
import { describeWeights } from './weights.ts';

/** What a judge found by criterion, as lines of a terminal. */
export function criteriaLines({ shares, weights }: CriteriaResult, paint: Paint): string[] {
  return [`${BY_CRITERION}.`, ...layOutRows(shareRows(shares), paint), ...describeWeights(weights)];
}

/** The same beside main. */
export function comparedCriteriaLines({ shares, weights }: CriteriaComparison, paint: Paint): string[] {
  return [`${BY_CRITERION}.`, ...layOutRows(comparisonRows(shares), paint), ...describeWeights(weights)];
}

function layOutRows({ rows, alignment }: { rows: string[][]; alignment: string }, paint: Paint): string[] {
  const cells = rows.map((row, index) =>
    row.map((text): Cell => ({ text, colour: index === 0 ? 'bold' : null })),
  );
  return layOut(cells, alignment, paint);
}
