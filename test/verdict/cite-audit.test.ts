/** A trusted audit of the judge is cited where that judge was asked, and nowhere else; it changes nothing. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { renderComment } from '../../src/report/comment/comment.ts';
import { renderCompareTable } from '../../src/report/tables/table.ts';
import { compare } from '../../src/verdict/compare.ts';
import { VerdictSchema } from '../../src/verdict/schema.ts';
import { HALF, of } from '../support/comparisons.ts';
import { beside, makeHeadToHead, makeHeadToHeadGames } from '../support/head-to-head.ts';
import { makeJudgeAudit, sha256 } from '../support/judge-audits.ts';
import { makeBoard, makeGames, makeJudgedRecord, randomVerdicts } from '../support/judged.ts';
import { createRandom } from '../support/random.ts';

/** As `makeHeadToHead` has it. */
const PROTOCOL = sha256('protocol');
const audit = makeJudgeAudit;

const MAIN = of('main', { 'mmlu-pro': { scores: HALF } });
const PR = of('pr', { 'mmlu-pro': { scores: HALF } });
const games = makeHeadToHeadGames(randomVerdicts(createRandom(1), 60, 0.5));
const JUDGED = beside(PR, makeHeadToHead([MAIN, PR], games));
const SAID =
  'With this judge an answer lost 31 points for a wrong number and 12 for stripped markdown (audit of 2026-11-30, 40 pairs).';
const CONTEXT = { now: new Date('2026-12-04T13:00:00Z'), reproduce: null };
const lineOf = (comment: string) => /^\*\*Judge\.\*\* (.*)$/m.exec(comment)?.[1] ?? '';

describe('where that judge was asked', () => {
  test('head to head: one line in the comment and the terminal, facts in the JSON', () => {
    const verdict = compare(MAIN, JUDGED, { judgeAudit: audit(PROTOCOL) });
    assert.ok(lineOf(renderComment(verdict, CONTEXT)).endsWith(`<br>${SAID}`));
    assert.ok(renderCompareTable(verdict, { colour: false }).includes(SAID));
    const { judgeAudit } = VerdictSchema.parse(verdict);
    assert.deepEqual(
      judgeAudit!.lost.map(({ id, lost }) => [id, lost]),
      [
        ['wrong-number', 0.312],
        ['markdown-stripped', 0.118],
      ],
    );
    assert.equal(judgeAudit!.said, SAID);
  });

  test('against a reference: the line stands alone', () => {
    const board = makeBoard(makeGames(randomVerdicts(createRandom(2), 60, 0.5)));
    const judged = makeJudgedRecord('pr', [board]);
    judged.record.judge![0]!.protocol = PROTOCOL;
    const verdict = compare(makeJudgedRecord('main', [board]), judged, { judgeAudit: audit(PROTOCOL) });
    assert.equal(lineOf(renderComment(verdict, CONTEXT)), SAID);
  });

  test('an audit that failed says why', () => {
    const failed = audit(PROTOCOL, { status: 'failed', reason: 'judge decides by position: `x` | <b>' });
    const line = lineOf(renderComment(compare(MAIN, JUDGED, { judgeAudit: failed }), CONTEXT));
    assert.match(line, /This judge failed its audit: judge decides by position/);
    assert.doesNotMatch(line, /<b>|[^\\]\|/);
  });
});

test('of another judge it is not cited, and one footnote says so', () => {
  const verdict = compare(MAIN, JUDGED, { judgeAudit: audit(sha256('another')) });
  assert.equal(verdict.judgeAudit, undefined);
  assert.equal(verdict.footnotes.filter((note) => note.includes('judge-audit')).length, 1);
  assert.ok(!renderComment(verdict, CONTEXT).includes('an answer lost'));
});

test('where nobody was judged nothing is said', () => {
  const verdict = compare(MAIN, PR, { judgeAudit: audit(PROTOCOL) });
  assert.deepEqual(verdict, compare(MAIN, PR));
});

test('it changes nothing else of the verdict', () => {
  const { judgeAudit, ...rest } = compare(MAIN, JUDGED, {
    judgeAudit: audit(PROTOCOL, { styleJudge: true }),
  });
  assert.ok(judgeAudit);
  assert.deepEqual(rest, compare(MAIN, JUDGED));
});
