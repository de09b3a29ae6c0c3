/** What readers see of a judge's criteria: on the terminal, in the comment, of one record. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { JudgeGame } from '../../src/judge/score/game.ts';
import { renderComment } from '../../src/report/comment/comment.ts';
import { renderShowMarkdown } from '../../src/report/comment/markdown-scores.ts';
import { comparedCriteriaMarkdown } from '../../src/report/criteria/markdown.ts';
import { judgesChapter } from '../../src/report/html/judges.ts';
import { renderCompareTable, renderShowTable } from '../../src/report/tables/table.ts';
import { compare } from '../../src/verdict/compare.ts';
import { DEFAULT_POLICY } from '../../src/verdict/policy.ts';
import { summarise } from '../../src/verdict/summary.ts';
import { HALF, of } from '../support/comparisons.ts';
import { playByCriterion } from '../support/fake-criteria-judge.ts';
import { assertGolden } from '../support/golden.ts';
import { beside, makeHeadToHead } from '../support/head-to-head.ts';
import { makeBoard, makeJudgedRecord } from '../support/judged.ts';

const CONTEXT = { now: new Date('2026-03-04T13:00:00Z'), reproduce: null };
const policy = { ...DEFAULT_POLICY, judgeWeights: { correctness: 3, completeness: 1, style: 1 } };
/** A judge that goes by style and length more than it says, and never finds an answer unsafe but one. */
const games = playByCriterion(
  {
    weights: { correctness: 0.3, completeness: 0.2, style: 0.6 },
    length: 0.5,
    noise: 0.3,
    forgets: { conciseness: 0.01 },
  },
  240,
  5,
).map((game): JudgeGame => {
  const safety = game.question === 'q7' ? 'A>B' : 'A=B';
  return { ...game, criteria: { ...game.criteria, safety } };
});

const MAIN = of('main', { 'mmlu-pro': { scores: HALF }, ifeval: { scores: HALF }, bbq: { scores: HALF } });
const PR = of('pr', { 'mmlu-pro': { scores: HALF }, ifeval: { scores: HALF }, bbq: { scores: HALF } });
const headToHead = compare(MAIN, beside(PR, makeHeadToHead([MAIN, PR], games)), { policy });
const benchmarks = { gpqa: { scores: HALF } };
const before = makeJudgedRecord(
  'main',
  [makeBoard(playByCriterion({ weights: { correctness: 0.8 }, noise: 0.4 }, 240, 9))],
  { benchmarks },
);
const after = makeJudgedRecord('pr', [makeBoard(games)], { benchmarks });

/** Lines from the one that begins so to the next empty one. */
const part = (text: string, begins: string) => text.slice(text.indexOf(begins)).split('\n\n')[0]!;

describe('criterion by criterion', () => {
  test('main’s answers against the new ones, in the comment and on the terminal', () => {
    const [row] = headToHead.judge!;
    const markdown = comparedCriteriaMarkdown(row!.criteria!);
    assert.ok(renderComment(headToHead, CONTEXT).includes(markdown));
    const terminal = part(renderCompareTable(headToHead, { colour: false }), 'questions: judged by');
    assertGolden('criteria-head-to-head.md', `${markdown}\n\n\`\`\`text\n${terminal}\n\`\`\`\n`);
  });

  test('both against a reference, in the comment and on the terminal', () => {
    const verdict = compare(before, after, { policy });
    const markdown = comparedCriteriaMarkdown(verdict.judge![0]!.criteria!);
    assert.ok(renderComment(verdict, CONTEXT).includes(markdown));
    const terminal = part(renderCompareTable(verdict, { colour: false }), 'Arena-Hard v0.1: judged by');
    assertGolden('criteria-reference.md', `${markdown}\n\n\`\`\`text\n${terminal}\n\`\`\`\n`);
  });

  test('in the report page', () => {
    const body = String(judgesChapter(headToHead)!.body);
    assert.match(body, /<caption>Share of games won by criterion/);
    assert.match(body, /<th scope="row" class="t">style<\/th><td class="n">54\.4 \[47\.4, 61\.3\]<\/td>/);
    assert.match(body, /<li>The criteria explain 57\.9% /);
  });

  test('of one record', () => {
    const summaries = [summarise(after, 'paper', undefined, { weights: policy.judgeWeights })];
    const terminal = renderShowTable(summaries, { colour: false });
    assert.match(terminal, /^style +\d\d\.\d \[.*\] +0 of 480$/m);
    assert.match(terminal, /^No weight for safety: it hardly varies/m);
    assert.match(renderShowMarkdown(summaries), /^\| style +\| +\d\d\.\d \[.*\] \| +0 of 480 \|$/m);
  });

  test('decides nothing: alarm, outcomes and verdict are those of the verdict on the whole', () => {
    const plain = games.map(({ criteria: _, ...game }) => game);
    const without = compare(MAIN, beside(PR, makeHeadToHead([MAIN, PR], plain)), { policy });
    assert.deepEqual(
      { ...headToHead, judge: headToHead.judge!.map(({ criteria: _, ...row }) => row) },
      without,
    );
  });
});
