import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { COMMENT_BUDGET } from '../../src/markdown/limits.ts';
import { renderComment } from '../../src/report/comment/comment.ts';
import { compare } from '../../src/verdict/compare.ts';
import { assertGolden } from '../support/golden.ts';
import * as scenarios from '../support/scenarios.ts';

const CONTEXT = {
  now: new Date('2026-03-04T13:00:00Z'),
  reproduce: 'sos-bench compare --baseline records/main --candidate records/pr',
};

const golden: [string, scenarios.Scenario][] = [
  ['regression', scenarios.regression],
  ['same-model', scenarios.sameModel],
  ['not-comparable', scenarios.notComparable],
  ['incomplete', scenarios.incomplete],
  ['inconclusive', scenarios.inconclusive],
  ['style-shift', scenarios.styleShift],
  ['judged', scenarios.judged],
  ['alarm', scenarios.alarm],
  ['hostile-names', scenarios.hostile],
  ['size-limit', scenarios.tooLong],
];
for (const [name, scenario] of golden) {
  test(`the comment of ${name} reads as its golden file`, () => {
    assertGolden(`comment-${name}.md`, commentOn(scenario));
  });
}

test('the comment of a run of some benchmarks reads as its golden file', () => {
  const { baseline, candidate, asked } = scenarios.someRows;
  const verdict = compare(baseline, candidate, { benchmarks: asked });
  assertGolden('comment-some-rows.md', renderComment(verdict, { ...CONTEXT, reproduce: null }));
});

for (const [name, drops, minutes] of [
  ['held', {}, 2.4],
  ['first-look', { wk: 0.15, if: 0.3, safety: 0.15 }, 0.9],
] as const) {
  test(`the comment of ${name}, judged look by look, reads as its golden file`, () => {
    const { baseline, candidate, looks } = scenarios.looked(drops, minutes);
    assertGolden(`comment-${name}.md`, renderComment(compare(baseline, candidate, { looks }), CONTEXT));
  });
}

test('the verdict of a regression reads as its golden file', () => {
  const { baseline, candidate } = scenarios.regression;
  assertGolden('verdict-regression.json', `${JSON.stringify(compare(baseline, candidate), null, 2)}\n`);
});

describe('a comment that would be too long', () => {
  const full = commentOn(scenarios.tooLong, Number.POSITIVE_INFINITY);

  test('stays within its budget', () => {
    assert.ok(Buffer.byteLength(full) > COMMENT_BUDGET);
    assert.ok(Buffer.byteLength(commentOn(scenarios.tooLong)) <= COMMENT_BUDGET);
  });

  test('keeps the benchmarks that moved most, the largest first, and says of how many', () => {
    const text = commentOn(scenarios.tooLong);
    const [, table] =
      /<summary>The 100 benchmarks that moved most \(of 707 compared\)<\/summary>(.*?)<\/details>/s.exec(
        text,
      )!;
    const rows = table!.trim().split('\n').slice(2);
    assert.equal(rows.length, 100);
    assert.match(rows[0]!, /^\| BBQ /);
  });

  test('says what was left out', () => {
    const text = commentOn(scenarios.tooLong, 5_000);
    assert.match(text, /Left out for length: all benchmarks \(707 compared\)/);
  });

  test('that fails the check says so in its first lines; one that passes does not', () => {
    const alert = (scenario: scenarios.Scenario) => commentOn(scenario).split('\n\n')[0]!;
    assert.match(alert(scenarios.regression), /\*\*This fails the check\.\*\*$/);
    assert.match(alert(scenarios.incomplete), /\*\*This fails the check\.\*\*$/);
    for (const passed of [scenarios.inconclusive, scenarios.sameModel, scenarios.notComparable])
      assert.doesNotMatch(alert(passed), /fails/);
  });

  test('drops details in a fixed order, and keeps verdict, factors and last line whatever the budget', () => {
    let longest = '';
    for (let budget = 5_000; budget >= 0; budget -= 100) {
      const text = commentOn(scenarios.regression, budget);
      assert.match(text, /^> \[!CAUTION\]\n> \*\*The model got worse\.\*\* Safety fell by 4\.9 points/);
      assert.match(text, /\*\*World knowledge\*\*/);
      assert.match(text, /GPU minutes · candidate .* · baseline .* · reproduce: .*\n$/);
      const left = /Left out for length: (.*)\./.exec(text)?.[1] ?? '';
      assert.ok(left.startsWith(longest), `${longest} before ${left}`);
      longest = left;
    }
    assert.equal(
      longest,
      'all benchmarks (7 compared), not compared (18), what else differs between the models (1), ' +
        'how to read this, warnings, constant answers, regressed benchmarks',
    );
  });
});

test('the last line counts CPU minutes where there was no GPU, and leaves out a missing command', () => {
  const { baseline, candidate } = structuredClone(scenarios.sameModel);
  candidate.record.environment!.device.type = 'cpu';
  const text = renderComment(compare(baseline, candidate), { ...CONTEXT, reproduce: null });
  assert.match(
    text,
    /12\.3 CPU minutes · candidate <code>646f63732d6f<\/code> · baseline <code>6d61696e0000<\/code>, 3 days old\n$/,
  );
});

function commentOn({ baseline, candidate }: scenarios.Scenario, budget?: number): string {
  const context = budget === undefined ? CONTEXT : { ...CONTEXT, budget };
  return renderComment(compare(baseline, candidate), context);
}
