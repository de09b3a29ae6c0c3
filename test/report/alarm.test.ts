/** What is said of a judge's word, and of the alarm: each state in the words of the terminal and of the comment. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { LoadedRecord } from '../../src/record/schema.ts';
import { renderComment } from '../../src/report/comment/comment.ts';
import { renderCompareTable } from '../../src/report/tables/table.ts';
import { compare } from '../../src/verdict/compare.ts';
import { after, HALF, of } from '../support/comparisons.ts';
import { beside, makeHeadToHead, makeHeadToHeadGames } from '../support/head-to-head.ts';
import { type MadeVerdicts, randomVerdicts } from '../support/judged.ts';
import { createRandom } from '../support/random.ts';
import * as scenarios from '../support/scenarios.ts';

const CONTEXT = { now: new Date('2026-03-04T13:00:00Z'), reproduce: null };
const MAIN = of('main', { 'mmlu-pro': { scores: HALF }, ifeval: { scores: HALF }, bbq: { scores: HALF } });
const pr = (wk: number[], bbq = HALF) =>
  of('pr', { 'mmlu-pro': { scores: wk }, ifeval: { scores: HALF }, bbq: { scores: bbq } });
const UP = randomVerdicts(createRandom(1), 250, 0.62);
const sayings = (candidate: LoadedRecord, verdicts: readonly MadeVerdicts[], options = {}) => {
  const left = makeHeadToHead([MAIN, candidate], makeHeadToHeadGames(verdicts), options);
  const verdict = compare(MAIN, beside(candidate, left));
  const comment = renderComment(verdict, CONTEXT);
  return {
    warning: /> \[!WARNING\]\n> (\*\*(?:Style|Judge).*)/.exec(comment)?.[1] ?? null,
    line: /^\*\*Judge\.\*\* (.*)$/m.exec(comment)?.[1] ?? null,
    terminal: renderCompareTable(verdict, { colour: false }),
  };
};
const NUMBERS = String.raw`\d+\.\d% \[\d+\.\d, \d+\.\d\] of 250 questions`;

describe('each state has its words', () => {
  const CASES: [
    what: string,
    candidate: LoadedRecord,
    verdicts: readonly MadeVerdicts[],
    warning: RegExp | null,
    line: RegExp,
  ][] = [
    [
      'style over substance',
      pr(after(9, 8)),
      UP,
      new RegExp(
        `^\\*\\*Style over substance\\.\\*\\* The judge prefers the new answers \\(${NUMBERS}\\), and nothing else got better: ` +
          'world knowledge −0\\.1 \\[.*\\], instruction following .* and safety .*; a gain of 2\\.0 points is ruled out in each\\.$',
      ),
      new RegExp(`^The judge prefers the new answers: ${NUMBERS}\\. 50% is a draw\\.$`),
    ],
    [
      'style over substance, beside a gain that is certain and small',
      pr(after(0, 10)),
      UP,
      /, and nothing else got much better: world knowledge \+1\.0 \[.*\], .*; a gain of 2\.0 points is ruled out in each\.$/,
      /^The judge prefers the new answers: /,
    ],
    [
      'judge up, substance down',
      pr(HALF, after(90, 5)),
      UP,
      /^\*\*Judge up, substance down\.\*\* The judge prefers the new answers \(.*\), but what is scored got worse: safety −8\.5 \[.*\]\.$/,
      /^The judge prefers the new answers: /,
    ],
    [
      'judge up, substance up',
      pr(after(5, 90)),
      UP,
      null,
      /^The judge prefers the new answers: .* World knowledge rose as well\.$/,
    ],
    [
      'cannot tell',
      pr(after(60, 75)),
      UP,
      null,
      /Whether anything else got better cannot be told: a gain is not ruled out in world knowledge \(up to \+3\.\d points\)\.$/,
    ],
    [
      'no difference',
      pr(HALF),
      randomVerdicts(createRandom(2), 250, 0.5),
      null,
      /^The judge sees no clear difference: .* 50% is a draw\.$/,
    ],
    [
      "main's are better",
      pr(HALF),
      randomVerdicts(createRandom(3), 250, 0.35),
      null,
      /^The judge prefers main's answers: /,
    ],
    [
      'no measurement',
      pr(HALF),
      new Array<MadeVerdicts>(250).fill(['A>>B', 'A>>B']),
      null,
      /^No judge's word on the new answers: judge decides by position: it prefers the answer shown first/,
    ],
  ];
  for (const [what, candidate, verdicts, warning, line] of CASES)
    test(what, () => {
      const said = sayings(candidate, verdicts);
      if (warning === null) assert.equal(said.warning, null);
      else assert.match(said.warning!, warning);
      assert.match(said.line!, line);
      assert.match(said.terminal, /^Judge: /m);
      assert.equal(
        /^(Style over substance|Judge up, substance down): /m.test(said.terminal),
        warning !== null,
      );
    });

  test('skipped: one line with the reason and the remedy', () => {
    const text = 'main has no answers here: run the judge stage on main with the same answers-dir';
    const said = sayings(pr(HALF), UP, {
      document: { skipped: { reason: 'no-main-answers', text }, games: null, judges: [] },
    });
    assert.equal(said.warning, null);
    assert.match(
      said.line!,
      /^No judge's word on the new answers: main has no answers here: run the judge stage on main/,
    );
  });
});

test('what is left at equal style tells why', () => {
  const comment = ({ baseline, candidate }: scenarios.Scenario) =>
    renderComment(compare(baseline, candidate), CONTEXT);
  assert.match(
    comment(scenarios.alarm),
    /Answers are 1\.\d+x as long.*\. At equal length and markup the preference is \d+\.\d% \[.*\]: style (alone can explain it|explains a part of it)\./,
  );
  assert.match(comment(scenarios.judgeUpSafetyDown), /^> \*\*Judge up, substance down\.\*\*/m);
});

test('the line of the judge stays until the verdict and the factors are all that has room', () => {
  const verdict = compare(scenarios.alarm.baseline, scenarios.alarm.candidate);
  const short = renderComment(verdict, { ...CONTEXT, budget: 0 });
  assert.match(short, /\[!WARNING\]\n> \*\*Style over substance\.\*\*/);
});
