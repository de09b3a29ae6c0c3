import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { COMMENT_BUDGET } from '../../src/markdown/limits.ts';
import { renderComment } from '../../src/report/comment/comment.ts';
import { writeHeadline } from '../../src/report/comment/headline.ts';
import { renderTrend } from '../../src/report/comment/trend.ts';
import { checkLinks } from '../../src/report/links.ts';
import { compare } from '../../src/verdict/compare.ts';
import { after, HALF } from '../support/comparisons.ts';
import { assertGolden } from '../support/golden.ts';
import { commitOf, makeRecord, type Row, rightThenWrong } from '../support/records.ts';
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

const RUN = 'https://github.com/team/model/actions/runs/77';
const LINKS = checkLinks({
  run: RUN,
  flips: `${RUN}/artifacts/5`,
  report: `${RUN}/artifacts/6`,
  docs: 'https://github.com/sos-bench/action/blob/v0.2.0/docs/comment.md',
  baselineCommit: `https://github.com/team/model/commit/${commitOf('main')}`,
  candidateCommit: `https://github.com/team/model/commit/${commitOf('new-data-mix')}`,
});

test('the comment with links, where the bot is, on a benchmark of several tasks reads as its golden file', () => {
  const { baseline, candidate } = scenarios.regressionByTask;
  const at = (label: string, safety: number) => ({ label, scores: { wk: null, if: null, safety } });
  const history = [at('a1b2c3d', 0.505), at('0123456', 0.511), at('f00dbee', 0.507), at('1badd00', 0.51)];
  const trend = renderTrend([...history, at('6d61696', 0.5)], at('PR', 0.458));
  const verdict = compare(baseline, candidate);
  assertGolden(
    'comment-by-task.md',
    renderComment(verdict, { ...CONTEXT, trend, links: LINKS, hasBot: true }),
  );
});

test('the command that reproduces it names the very sos-bench that it means, where that is known', () => {
  const verdict = compare(scenarios.regression.baseline, scenarios.regression.candidate);
  const last = (links: Record<string, string>) =>
    renderComment(verdict, { ...CONTEXT, links: checkLinks(links) })
      .trimEnd()
      .split('\n')
      .at(-1)!;
  const program = `https://github.com/sos-bench/action/tree/${'b'.repeat(40)}`;
  assert.ok(
    last({ program }).includes(
      `reproduce with sos-bench at [<code>${'b'.repeat(12)}</code>](${program}): <code>`,
    ),
  );
  assert.ok(last({}).includes('· reproduce: <code>'));
});

describe('commands of the bot', () => {
  const verdict = compare(scenarios.regression.baseline, scenarios.regression.candidate);
  test('are named where there is a bot', () => {
    const text = renderComment(verdict, { ...CONTEXT, hasBot: true });
    assert.match(
      text,
      /<code>.*sos-bench explain bbq<\/code> · accept this drop: <code>.*sos-bench accept safety REASON<\/code>/,
    );
  });
  test('are not named where there is none', () => {
    assert.doesNotMatch(renderComment(verdict, CONTEXT), /explain|accept/);
  });
  test('name no accept where the store keeps none', () => {
    const text = renderComment(verdict, { ...CONTEXT, hasBot: true, canAccept: false });
    assert.match(text, /sos-bench explain bbq/);
    assert.doesNotMatch(text, /sos-bench accept/);
  });
  test('name the drop that fails, not a larger one that is accepted', () => {
    const at = (model: string, wk: number[], safety: number[]) =>
      makeRecord({ model, benchmarks: { 'mmlu-pro': { scores: wk }, bbq: { scores: safety } } });
    const loss = (id: string) => ({ id, loss: 0.3, limit: 0.4 });
    const waiver = {
      ...{ id: 'one', target: { kind: 'factor' as const, id: 'wk' as const }, reason: 'known', by: 'ann' },
      ...{
        created: '2026-03-01T00:00:00Z',
        expires: '2026-04-01T00:00:00Z',
        commit: 'a'.repeat(40),
        pull: 5,
      },
      accepted: [loss('wk'), loss('mmlu-pro')],
    };
    const both = compare(at('main', HALF, HALF), at('pr', after(300), after(100)), {
      waivers: { list: [waiver], now: CONTEXT.now },
    });
    assert.match(renderComment(both, { ...CONTEXT, hasBot: true }), /sos-bench accept safety REASON/);
  });
  test('are not named where nothing fell', () => {
    const same = compare(scenarios.sameModel.baseline, scenarios.sameModel.candidate);
    assert.doesNotMatch(renderComment(same, { ...CONTEXT, hasBot: true }), /sos-bench (explain|accept)/);
  });
});

describe('what stands against a report', () => {
  const verdict = compare(scenarios.sameModel.baseline, scenarios.sameModel.candidate);
  const objection = { title: 'Made incomparable by the change', text: 'Its template is another one.' };
  const first = (text: string) => text.split('\n\n').slice(0, 2).join('\n\n');
  test('takes the heading of a report that is not red by itself', () => {
    const text = renderComment(verdict, {
      ...CONTEXT,
      objections: [{ ...objection, conclusion: 'failure' }],
    });
    assert.equal(
      first(text),
      '### 🔴 SOS-Bench: made incomparable by the change\n\n> [!IMPORTANT]\n> **Made incomparable by the change.** Its template is another one.',
    );
    assert.match(
      renderComment(verdict, { ...CONTEXT, objections: [{ ...objection, conclusion: 'action_required' }] }),
      /^### 🟡 SOS-Bench: made/,
    );
  });
  test('leaves the heading of one that is', () => {
    const { baseline, candidate } = scenarios.regression;
    const text = renderComment(compare(baseline, candidate), { ...CONTEXT, objections: [objection] });
    assert.match(text, /^### 🔴 SOS-Bench: safety fell by 4\.9 points\n\n> \[!IMPORTANT\]/);
  });
});

describe('drops are named by size, and factors apart from benchmarks', () => {
  const of = (model: string, benchmarks: Record<string, Row>) => makeRecord({ model, benchmarks });
  test('a factor that rose is said to have risen where benchmarks fell', () => {
    const verdict = compare(
      of('main', {
        bbq: { scores: HALF },
        toxigen: { scores: HALF },
        dttoxicity: { scores: HALF },
        ifeval: { scores: HALF },
      }),
      of('pr', {
        bbq: { scores: after(0, 120) },
        toxigen: { scores: after(300) },
        dttoxicity: { scores: after(60) },
        ifeval: { scores: after(0, 150) },
      }),
    );
    const { title, heading, text } = writeHeadline(verdict, String);
    assert.equal(title, '2 benchmarks got worse');
    assert.equal(heading, 'ToxiGen fell by 30.0 and DTToxicity by 6.0 points');
    assert.match(
      text,
      /^No factor fell, and instruction following \(\+15\.0\) (?:and safety \(\+\d\.\d\) )?rose\. ToxiGen fell by 30\.0 .* and DTToxicity fell by 6\.0/,
    );
  });
  test('of several factors the largest drop comes first', () => {
    const verdict = compare(
      of('main', { 'mmlu-pro': { scores: HALF }, bbq: { scores: HALF } }),
      of('pr', { 'mmlu-pro': { scores: after(50) }, bbq: { scores: after(200) } }),
    );
    assert.equal(
      writeHeadline(verdict, String).heading,
      'safety fell by 20.0 and world knowledge by 5.0 points',
    );
  });
});

test('what is unpaired is said once, not in every cell', () => {
  const means = (scores: readonly number[]) => ({ scores, items: false });
  const [before, now] = [rightThenWrong(500, 500), rightThenWrong(490, 510)];
  const benchmarks = (scores: readonly number[]) => ({
    ...{ 'mmlu-pro': means(scores), bbh: means(scores), gpqa: means(scores), musr: means(scores) },
    ...{ bbq: means(scores), toxigen: means(scores) },
  });
  const text = renderComment(
    compare(
      makeRecord({ model: 'main', benchmarks: benchmarks(before) }),
      makeRecord({ model: 'pr', benchmarks: benchmarks(now) }),
    ),
    CONTEXT,
  );
  assert.equal(text.match(/the questions of the two sides could not be paired/g)?.length, 1);
  assert.equal(text.match(/unpaired, weak/g)?.length, 1);
});

test('the comment of a run of some benchmarks reads as its golden file', () => {
  const { baseline, candidate, asked } = scenarios.someRows;
  const verdict = compare(baseline, candidate, { benchmarks: asked });
  assertGolden('comment-some-rows.md', renderComment(verdict, { ...CONTEXT, reproduce: null }));
});

for (const [name, drops, minutes, items] of [
  ['held', {}, 2.4, 3500],
  ['first-look', { wk: 0.15, if: 0.3, safety: 0.15 }, 0.9, 1500],
] as const) {
  test(`the comment of ${name}, judged look by look, reads as its golden file`, () => {
    const { baseline, candidate, looks } = scenarios.looked(drops, minutes, items);
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
    assert.match(rows[0]!, /^\| 🔴\u00a0worse \| BBQ /);
  });

  test('says what was left out', () => {
    const text = commentOn(scenarios.tooLong, 5_000);
    assert.match(text, /Left out for length: all benchmarks \(707 compared\)/);
  });

  test('that fails the check says so in its first lines; one that passes does not', () => {
    const alert = (scenario: scenarios.Scenario) => commentOn(scenario).split('\n\n')[1]!;
    assert.match(alert(scenarios.regression), /\*\*This fails the check\.\*\*$/);
    assert.match(alert(scenarios.incomplete), /\*\*This fails the check\.\*\*$/);
    for (const passed of [scenarios.inconclusive, scenarios.sameModel, scenarios.notComparable])
      assert.doesNotMatch(alert(passed), /fails/);
  });

  test('drops details in a fixed order, and keeps verdict, factors and last line whatever the budget', () => {
    let longest = '';
    for (let budget = 5_000; budget >= 0; budget -= 100) {
      const text = commentOn(scenarios.regression, budget);
      assert.match(
        text,
        /^### 🔴 SOS-Bench: safety fell by 4\.9 points\n\n> \[!CAUTION\]\n> \*\*The model got worse\.\*\* Safety fell by 4\.9 points/,
      );
      assert.match(text, /\*\*World knowledge\*\*/);
      assert.match(text, /<sub>12\.3 GPU minutes · candidate .* · baseline .* · reproduce: .*<\/sub>\n$/);
      const left = /Left out for length: (.*)\./.exec(text)?.[1] ?? '';
      assert.ok(left.startsWith(longest), `${longest} before ${left}`);
      longest = left;
    }
    assert.equal(
      longest,
      'all benchmarks (7 compared), not compared (18), what else differs between the models (1), ' +
        'how to read this, warnings, constant answers, worse benchmarks',
    );
  });
});

test('the last line counts CPU minutes where there was no GPU, and leaves out a missing command', () => {
  const { baseline, candidate } = structuredClone(scenarios.sameModel);
  candidate.record.environment!.device.type = 'cpu';
  const text = renderComment(compare(baseline, candidate), { ...CONTEXT, reproduce: null });
  assert.match(
    text,
    /12\.3 CPU minutes · candidate docs-only <code>646f63732d6f<\/code> · baseline main <code>6d61696e0000<\/code>, 3 days old<\/sub>\n$/,
  );
});

function commentOn({ baseline, candidate }: scenarios.Scenario, budget?: number): string {
  const context = budget === undefined ? CONTEXT : { ...CONTEXT, budget };
  return renderComment(compare(baseline, candidate), context);
}
