/** What the pages on judges work out and show is what the commands give. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import type { AnswerStyle, StyleFeature } from '../../src/answer-style.ts';
import { formatCount } from '../../src/count.ts';
import { estimateJudge } from '../../src/evaluate/judge/estimate.ts';
import { JUDGE_PROMPT } from '../../src/judge/ask/prompt.ts';
import { measureStyle } from '../../src/judge/style/measure-style.ts';
import { renderComment } from '../../src/report/comment/comment.ts';
import { renderCompareTable } from '../../src/report/tables/table.ts';
import { compare } from '../../src/verdict/compare.ts';
import { readDocsTable } from '../support/docs-table.ts';
import { makeJudgeRequest } from '../support/judge-request.ts';
import { makeRecord } from '../support/records.ts';
import * as scenarios from '../support/scenarios.ts';

const stylePage = readFileSync('docs/style.md', 'utf8');
const judgePage = readFileSync('docs/judge.md', 'utf8');
const auditPage = readFileSync('docs/judge-audit.md', 'utf8');

function part(page: string, name: string): string {
  return (page.split(`<!-- ${name}-start -->`)[1]?.split(`<!-- ${name}-end -->`)[0] ?? '').trim();
}
/** Rows of a table without its head. */

const FEATURES: StyleFeature[] = ['chars', 'headers', 'listItems', 'bold'];
/** `410, 0, 3, 1` */
function readStyle(cell: string): AnswerStyle {
  const counts = cell.split(',').map(Number);
  return Object.fromEntries(FEATURES.map((feature, i) => [feature, counts[i]!])) as unknown as AnswerStyle;
}

test('the worked example has the numbers and the sentence that compare gives', () => {
  const answers = readDocsTable(stylePage, 'style-answers');
  const record = (model: string, column: number) =>
    makeRecord({
      model,
      benchmarks: {
        ifeval: {
          scores: answers.map((_, index) => index % 2),
          style: (index) => readStyle(answers[index]![column]!),
        },
      },
    });
  const verdict = compare(record('main', 1), record('pr', 2));
  const { features } = verdict.style!.benchmarks[0]!;
  const small = (p: number) => (p < 0.001 ? p.toExponential(1) : p.toFixed(3));
  assert.deepEqual(
    readDocsTable(stylePage, 'style-example'),
    FEATURES.map((feature, i) => {
      const { baseline, candidate, difference, ci, p, pAdjusted, ratio, rejected, large } = features[feature];
      return [
        ['length', 'headers', 'list items', 'bold'][i],
        `${baseline.toFixed(2)} → ${candidate.toFixed(2)}`,
        `${difference.toFixed(2)} (${ci!.map((end) => end.toFixed(2)).join(' to ')})`,
        small(p!),
        small(pAdjusted!),
        ratio!.toFixed(2),
        rejected && large ? 'yes' : 'no',
      ];
    }),
  );
  const said = /^Style: (.*)$/m.exec(renderCompareTable(verdict, { colour: false }))![1]!;
  assert.equal(part(stylePage, 'style-said').replace(/^> /, ''), said);
});

test('the answer that is counted has the counts that are given', () => {
  const text = part(stylePage, 'style-counted').replace(/^`{4}md\n|\n`{4}$/g, '');
  const { chars, headers, listItems, bold } = measureStyle([text]);
  assert.equal(
    part(stylePage, 'style-counts'),
    `${chars} characters, ${headers} header, ${listItems} list items, ${bold} piece of bold text.`,
  );
});

test('the table of what a judge costs is what plan reckons', () => {
  const rows = [40, 100, 250, 500].map((count) => {
    const question = { question: 'x'.repeat(300), category: null };
    const questions = Array.from({ length: count }, (_, n) => ({ id: `q${n}`, ...question }));
    const request = makeJudgeRequest({ verdictTokens: 4096, prices: { input: 3, output: 15 } });
    const planned = estimateJudge({ questions, system: JUDGE_PROMPT, request, reference: null });
    const { games, tokens, cost } = planned;
    return [count, games, tokens.input, tokens.output].map(formatCount).concat(cost!.toFixed(2));
  });
  assert.deepEqual(readDocsTable(judgePage, 'judge-cost'), rows);
});

test('the warning that is shown is the one that the comment gives', () => {
  const { baseline, candidate } = scenarios.alarm;
  const comment = renderComment(compare(baseline, candidate), { now: new Date(0), reproduce: null });
  assert.ok(comment.includes(`\n${part(judgePage, 'alarm-said')}\n`), part(judgePage, 'alarm-said'));
});

test('the example of an audit is what the command prints', () => {
  const [, shown] = /^```text\n(.*)```$/s.exec(part(auditPage, 'audit-table')) ?? [];
  assert.equal(shown, readFileSync('test/golden/table-judge-audit-honest.txt', 'utf8'));
});

test('what was planted in fake judges and what was found are the figures of the golden file', () => {
  const blocks = readFileSync('test/golden/judge-audit-planted.txt', 'utf8')
    .trim()
    .split(/\n(?=\S)/);
  const rows = blocks.map((block) => {
    const [, name, style] = /^(.*): (no )?style judge/.exec(block)!;
    const figures = ['wrong-number', 'markdown-stripped', 'headline'].map((id) => {
      const [, planted, found, low, high] = new RegExp(
        `^ +${id} +(\\S+) +(\\S+) +(\\S+) to +(\\S+)$`,
        'm',
      ).exec(block)!;
      return `${planted}, ${found} [${low}, ${high}]`.replaceAll('-', '−');
    });
    return [name, ...figures, style === undefined ? 'yes' : 'no'];
  });
  assert.deepEqual(readDocsTable(auditPage, 'audit-planted'), rows);
});
