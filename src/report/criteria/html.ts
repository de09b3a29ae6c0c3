import type { CriteriaComparison } from '../../verdict/criteria/schema.ts';
import { dataTable, html, type Markup } from '../html/markup.ts';
import { BY_CRITERION, comparisonRows } from './shares.ts';
import { describeWeights } from './weights.ts';

/** What a judge found by criterion beside main, and what its verdict rests on. */
export function criteriaPart({ shares, weights }: CriteriaComparison): Markup {
  const { rows, alignment } = comparisonRows(shares);
  const [head = [], ...cells] = rows;
  const columns = head.map((title, index) => ({
    title,
    kind: alignment[index] === 'r' ? ('number' as const) : ('text' as const),
  }));
  return html`${dataTable(BY_CRITERION, columns, cells)}<ul>${describeWeights(weights).map((line) => html`<li>${line}</li>`)}</ul>`;
}
