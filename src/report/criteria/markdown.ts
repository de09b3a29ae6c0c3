import { markdownTable } from 'markdown-table';
import type { CriteriaResult } from '../../judge/criteria/schema.ts';
import type { CriteriaComparison } from '../../verdict/criteria/schema.ts';
import { BY_CRITERION, comparisonRows, shareRows } from './shares.ts';
import { describeWeights } from './weights.ts';

/** What a judge found by criterion beside main, as Markdown: a small table, then what its verdict rests on. */
export function comparedCriteriaMarkdown({ shares, weights }: CriteriaComparison): string {
  return [`${BY_CRITERION}.`, tableOf(comparisonRows(shares)), listOf(describeWeights(weights))].join('\n\n');
}

/** The same of one model by itself. */
export function criteriaMarkdown({ shares, weights }: CriteriaResult): string {
  return [`${BY_CRITERION}.`, tableOf(shareRows(shares)), listOf(describeWeights(weights))].join('\n\n');
}

function tableOf({ rows, alignment }: { rows: string[][]; alignment: string }): string {
  return markdownTable(rows, { align: [...alignment], alignDelimiters: false });
}

function listOf(lines: readonly string[]): string {
  return lines.map((line) => `- ${line}`).join('\n');
}
