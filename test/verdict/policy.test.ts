import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { renderComment } from '../../src/report/comment/comment.ts';
import { writeHeadline } from '../../src/report/comment/headline.ts';
import { type CompareOptions, compare } from '../../src/verdict/compare.ts';
import { DEFAULT_POLICY, type Threshold } from '../../src/verdict/policy.ts';
import { after, factor, HALF, of, row } from '../support/comparisons.ts';
import { firstTask, makeRecord } from '../support/records.ts';

describe('a threshold of its own', () => {
  const main = of('main', { 'mmlu-pro': { scores: HALF }, gpqa: { scores: HALF } });
  const pr = of('pr', { 'mmlu-pro': { scores: after(30, 38) }, gpqa: { scores: after(60, 10) } });
  const judge = (thresholds: Record<string, Threshold>) =>
    compare(main, pr, { policy: { ...DEFAULT_POLICY, thresholds } });

  test('error (the default): a benchmark that fell makes the whole regressed', () => {
    assert.equal(judge({}).verdict, 'regressed');
  });

  test('warn: it is called regressed, and the whole is not', () => {
    const verdict = judge({ gpqa: { level: 'warn' } });
    assert.equal(row(verdict, 'gpqa').outcome, 'regressed');
    assert.equal(verdict.verdict, 'inconclusive');
  });

  test('off: it is measured and not tested, and leaves the family', () => {
    const verdict = judge({ gpqa: { level: 'off' } });
    const { outcome, reason, delta } = row(verdict, 'gpqa');
    assert.deepEqual([outcome, reason, delta.pAdjusted], ['inconclusive', 'level off: not tested', null]);
    const other = row(verdict, 'mmlu-pro').delta;
    assert.equal(other.pAdjusted, other.p);
  });

  test('a larger minimum effect: the drop does not count', () => {
    assert.notEqual(row(judge({ gpqa: { minimumEffect: 0.051 } }), 'gpqa').outcome, 'regressed');
    assert.equal(row(judge({ gpqa: { minimumEffect: 0.049 } }), 'gpqa').outcome, 'regressed');
  });

  test('a wider margin: what moved a little is equivalent', () => {
    assert.equal(row(judge({}), 'mmlu-pro').outcome, 'inconclusive');
    assert.equal(row(judge({ 'mmlu-pro': { margin: 0.05 } }), 'mmlu-pro').outcome, 'equivalent');
  });

  test('of a factor: warn keeps its drop out of the whole', () => {
    const sides = [of('main', { bbq: { scores: HALF } }), of('pr', { bbq: { scores: after(60) } })] as const;
    const thresholds = { safety: { level: 'warn' }, bbq: { level: 'warn' } } as const;
    const verdict = compare(...sides, { policy: { ...DEFAULT_POLICY, thresholds } });
    assert.equal(factor(verdict, 'safety').outcome, 'regressed');
    assert.equal(verdict.passed, true);
    assert.notEqual(verdict.verdict, 'regressed');
  });
});

describe('by force', () => {
  const main = of('main', { gpqa: { scores: HALF } });
  const pr = makeRecord({
    model: 'pr',
    benchmarks: { gpqa: { scores: after(60) } },
    edit: ({ protocol }) => Object.assign(protocol.tasks[firstTask('gpqa')] ?? {}, { fewshot: 5 }),
  });

  test('what was evaluated in different ways is compared, and that stays said', () => {
    const verdict = compare(main, pr, { force: true });
    assert.equal(verdict.verdict, 'regressed');
    assert.equal(verdict.forced, true);
    assert.match(verdict.warnings[0] ?? '', /by force/);
    assert.equal(verdict.notComparable.length, 1);
    assert.match(row(verdict, 'gpqa').reason ?? '', /compared by force/);
  });

  test('what is comparable anyway is not marked', () => {
    const verdict = compare(main, of('pr', { gpqa: { scores: after(60) } }), { force: true });
    assert.equal(verdict.forced, false);
    assert.deepEqual(verdict.warnings, []);
  });
});

describe('an anchor', () => {
  const release = of('release', { gpqa: { scores: HALF } });
  const drift = (lost: number, options: CompareOptions = {}) =>
    compare(of('main', { gpqa: { scores: after(lost) } }), of('pr', { gpqa: { scores: after(lost + 1) } }), {
      anchor: release,
      ...options,
    });

  test('shows a slow loss that no single change does: a warning, and the verdict stays', () => {
    const verdict = drift(40);
    assert.equal(factor(verdict, 'wk').outcome, 'equivalent');
    assert.equal(verdict.drift?.drifted, true);
    assert.match(verdict.warnings[0] ?? '', /^Drift: since release .*4\.1 points in world knowledge/);
    assert.deepEqual([verdict.passed, verdict.drift?.fails], [true, false]);
  });

  test('fails on the main branch, and the headline says that it is drift', () => {
    const verdict = drift(40, { failOnDrift: true });
    assert.deepEqual([verdict.verdict, verdict.passed, verdict.drift?.fails], ['equivalent', false, true]);
    const { title, text } = writeHeadline(verdict, (given) => given);
    assert.equal(title, 'The model has drifted');
    assert.match(
      text,
      /^Since release .* lost 4\.1 points in world knowledge: .*This change alone: no loss in what was compared\.$/,
    );
    assert.match(
      renderComment(verdict, { now: new Date(), reproduce: null }),
      /^> \[!CAUTION\]\n> \*\*The model has drifted\.\*\* .* \*\*This fails the check\.\*\*$/m,
    );
  });

  test('fails nothing on the main branch where nothing drifted', () => {
    assert.deepEqual(
      [0]
        .map((lost) => drift(lost, { failOnDrift: true }))
        .map(({ passed, drift }) => [passed, drift?.fails]),
      [[true, false]],
    );
  });

  test('a change that fails by itself is named first, and the drift after it', () => {
    const verdict = compare(
      of('main', { gpqa: { scores: HALF } }),
      of('pr', { gpqa: { scores: after(60) } }),
      {
        anchor: release,
        failOnDrift: true,
      },
    );
    const { title, text } = writeHeadline(verdict, (given) => given);
    assert.equal(title, 'The model got worse');
    assert.match(text, /And since release .* lost 6\.0 points in world knowledge/);
  });

  test('is said and fails nothing where the factor only warns, or its drop is accepted for now', () => {
    const now = new Date('2026-03-05T00:00:00Z');
    const waiver = {
      ...{ id: 'comment-1', target: { kind: 'factor' as const, id: 'wk' as const }, reason: 'known' },
      ...{ by: 'octo', created: '2026-03-01T00:00:00Z', commit: 'a'.repeat(40), pull: 7 },
    };
    const until = (expires: string, limit = 0.05) => ({
      list: [{ ...waiver, expires, accepted: [{ id: 'wk', loss: 0.04, limit }] }],
      now,
    });
    const policy = { ...DEFAULT_POLICY, thresholds: { wk: { level: 'warn' as const } } };
    for (const [options, fails] of [
      [{ policy }, false],
      [{ waivers: until('2026-04-01T00:00:00Z') }, false],
      [{ waivers: until('2026-03-04T00:00:00Z') }, true],
      [{ waivers: until('2026-04-01T00:00:00Z', 0.03) }, true],
    ] as const) {
      const { drift: found, passed } = drift(40, { failOnDrift: true, ...options });
      assert.deepEqual([found?.drifted, found?.fails, passed], [true, fails, !fails]);
    }
  });

  test('has an alpha of its own', () => {
    assert.equal(drift(7).drift?.drifted, true);
    assert.equal(drift(7, { policy: { ...DEFAULT_POLICY, driftAlpha: 0.001 } }).drift?.drifted, false);
  });
});

describe('better aligned means better in all three factors', () => {
  const ids = ['gpqa', 'ifeval', 'bbq'];
  const cases = [
    { title: 'all three rose', gained: [60, 60, 60], better: true },
    { title: 'two rose, the third hardly', gained: [60, 60, 1], better: false },
  ];
  for (const { title, gained, better } of cases) {
    test(`${title}: ${better ? 'yes' : 'no'}`, () => {
      const side = (model: string, scores: (i: number) => number[]) =>
        of(model, Object.fromEntries(ids.map((id, i) => [id, { scores: scores(i) }])));
      const verdict = compare(
        side('main', () => HALF),
        side('pr', (i) => after(0, gained[i])),
      );
      assert.equal(verdict.betterAligned, better);
    });
  }
});
