import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { renderComment } from '../../src/report/comment/comment.ts';
import { writeHeadline } from '../../src/report/comment/headline.ts';
import { type CompareOptions, compare } from '../../src/verdict/compare.ts';
import { DEFAULT_POLICY, type Level } from '../../src/verdict/policy.ts';
import { after, HALF, of } from '../support/comparisons.ts';
import { makeRecord, type Row, rightThenWrong } from '../support/records.ts';
import * as scenarios from '../support/scenarios.ts';

const RIGHT = { gpqa: { scores: rightThenWrong(40, 10) } };
const WRONG = { gpqa: { scores: rightThenWrong(0, 50) } };

const cases: {
  title: string;
  from: Record<string, Row>;
  to: Record<string, Row>;
  same?: true;
  text: RegExp;
}[] = [
  {
    title: 'a drop',
    from: RIGHT,
    to: WRONG,
    text: /^The model got worse: World knowledge fell by 80\.0 points \(80\.0 → 0\.0\)\. Worse in GPQA \(40 questions lost, 0 gained of 50\)\. This is unlikely/,
  },
  { title: 'a drop of the same weights', from: RIGHT, to: WRONG, same: true, text: /look at the evaluation/ },
  {
    title: 'a gain',
    from: WRONG,
    to: RIGHT,
    text: /^The model got better: World knowledge rose by 80\.0 points/,
  },
  {
    title: 'a gain outside of SOS-Bench, which is in no factor',
    from: { quiz: { scores: rightThenWrong(0, 50) } },
    to: { quiz: { scores: rightThenWrong(40, 10) } },
    text: /^The model got better: quiz rose by 80\.0 points \(0\.0 → 80\.0\)\.$/,
  },
  {
    title: 'the same weights',
    from: RIGHT,
    to: RIGHT,
    same: true,
    text: /^Same model: .* score the same\.$/,
  },
  {
    title: 'equal answers of two models',
    from: { gpqa: { scores: rightThenWrong(400, 100) } },
    to: { gpqa: { scores: rightThenWrong(400, 100) } },
    text: /^No loss in what was compared: There the model scores as before within the margins \(points: world knowledge 1\.0\)\. Too little of world knowledge was compared to call it equivalent\.$/,
  },
  {
    title: 'too few questions',
    from: { gpqa: { scores: [1, 0, 1] } },
    to: { gpqa: { scores: [1, 0, 0] } },
    text: /^No drop found, but not ruled out: There were too few questions to tell\.$/,
  },
  {
    title: 'a drop in an incomplete run',
    from: { ...RIGHT, bbq: { scores: [1, 0] } },
    to: WRONG,
    text: /^Incomplete: .* lacks .*\(BBQ\).* The benchmarks that did run show a drop: World knowledge fell by 80\.0/,
  },
  { title: 'nothing at all', from: {}, to: {}, text: /^Incomplete: This run measured nothing\.$/ },
  {
    title: 'no baseline',
    from: {},
    to: RIGHT,
    text: /^No baseline: There is nothing to compare this model with/,
  },
];
for (const { title, from, to, same, text } of cases) {
  test(`the headline of ${title}`, () => {
    const baseline = makeRecord({ model: 'main', benchmarks: from });
    const digest = same ? baseline.record.model.digest! : 'sha256:other';
    const headline = writeHeadline(
      compare(baseline, makeRecord({ model: 'pr', digest, benchmarks: to })),
      String,
    );
    assert.match(`${headline.title}: ${headline.text}`, text);
  });
}

/** Two benchmarks of world knowledge, one of instruction following, three of safety: more than half the weight of each. */
function model(
  name: string,
  {
    wk = HALF,
    ifeval = HALF,
    safety = HALF,
    toxigen,
  }: Partial<Record<'wk' | 'ifeval' | 'safety' | 'toxigen', number[]>> = {},
) {
  return of(name, {
    ...{ 'mmlu-pro': { scores: wk }, bbh: { scores: wk }, ifeval: { scores: ifeval } },
    ...{ bbq: { scores: safety }, toxigen: { scores: toxigen ?? safety }, saladbench: { scores: safety } },
  });
}

const NOW = new Date('2026-03-04T13:00:00Z');

/** Accepts any drop of these. */
function accepting(...ids: string[]): CompareOptions {
  const waiver = (id: string) => ({
    ...{ id, target: { kind: 'factor' as const, id: id as 'wk' }, reason: 'known', by: 'ann' },
    ...{ created: '2026-03-01T00:00:00Z', expires: '2026-04-01T00:00:00Z', commit: 'a'.repeat(40), pull: 5 },
    accepted: ['wk', 'if', 'safety', 'mmlu-pro', 'bbh', 'ifeval', 'bbq', 'toxigen', 'saladbench'].map(
      (part) => ({ id: part, loss: 0.2, limit: 0.9 }),
    ),
  });
  return { waivers: { list: ids.map(waiver), now: NOW } };
}

function levels(level: Level, ...ids: string[]): CompareOptions {
  return {
    policy: { ...DEFAULT_POLICY, thresholds: Object.fromEntries(ids.map((id) => [id, { level }])) },
  };
}

const SAFETY = ['safety', 'bbq', 'toxigen', 'saladbench'];
const FALLEN = { safety: after(100) };

describe('a drop that fails nothing is said before all else', () => {
  const CASES: [
    title: string,
    pr: Parameters<typeof model>[1],
    options: CompareOptions,
    heading: string,
    text: RegExp,
  ][] = [
    [
      'accepted, where all else is as before',
      FALLEN,
      accepting('safety'),
      'safety fell by 10.0 points, which is accepted',
      /^Safety fell by 10\.0 points \(50\.0 → 40\.0\), which is accepted\. Apart from that: no loss\. The model scores as before within the margins \(points: world knowledge 1\.0 and instruction following 4\.0\)\.$/,
    ],
    [
      'accepted, where all that was tested fell',
      { ...FALLEN, wk: after(100), ifeval: after(200) },
      accepting('wk', 'if', 'safety'),
      'all factors fell, instruction following by 20.0 points, which is accepted',
      /^Instruction following fell by 20\.0 [^.]*\.0 .* safety fell by 10\.0 points \(50\.0 → 40\.0\), which is accepted\.$/,
    ],
    [
      'accepted, where all else rose',
      { ...FALLEN, wk: after(0, 100), ifeval: after(0, 200) },
      accepting('safety'),
      'safety fell by 10.0 points, which is accepted',
      /which is accepted\. Apart from that: the model got better\. Instruction following rose by 20\.0 /,
    ],
    [
      'a factor at level warn',
      FALLEN,
      levels('warn', ...SAFETY),
      'safety fell by 10.0 points, which is a warning only',
      /^Safety fell by 10\.0 points .*, which is a warning only\. Apart from that: no loss\./,
    ],
    [
      'a benchmark at level warn, of a factor that is equivalent',
      { toxigen: after(40) },
      levels('warn', 'toxigen'),
      'ToxiGen fell by 4.0 points, which is a warning only',
      /^ToxiGen fell by 4\.0 points .*, which is a warning only\. Apart from that: no loss\./,
    ],
  ];
  for (const [title, pr, options, heading, text] of CASES)
    test(title, () => {
      const verdict = compare(model('main'), model('pr', pr), options);
      assert.ok(verdict.passed);
      const headline = writeHeadline(verdict, String);
      assert.equal(headline.heading, heading);
      assert.match(headline.title, /^(A drop that is|Drops that are) (accepted|a warning only)$/);
      assert.match(headline.text, text);
      assert.match(
        renderComment(verdict, { now: NOW, reproduce: null }),
        /^### 🟠 SOS-Bench: .*\n\n> \[!WARNING\]\n/,
      );
    });

  test('beside one that fails: what fails comes first, the other with its word', () => {
    const pr = model('pr', { ...FALLEN, wk: after(100) });
    const { heading, text } = writeHeadline(compare(model('main'), pr, accepting('safety')), String);
    assert.equal(heading, 'world knowledge fell by 10.0 points');
    assert.match(text, /Safety: worse, which is accepted\./);
  });
});

test('a factor that is not tested is no part of an all-clear', () => {
  const { heading, text } = writeHeadline(
    compare(model('main'), model('pr', FALLEN), levels('off', ...SAFETY)),
    String,
  );
  assert.equal(heading, 'no loss in what was tested');
  assert.match(text, /Not tested \(level off\): safety \(−10\.0\)\.$/);
});

describe('factors that rose', () => {
  test('are called factors where all did', () => {
    const pr = model('pr', { wk: after(0, 100), ifeval: after(0, 200), safety: after(0, 100) });
    assert.equal(
      writeHeadline(compare(model('main'), pr), String).heading,
      'all factors rose, instruction following by 20.0 points',
    );
  });

  test('are not said to score as before where the others do', () => {
    const { heading, text } = writeHeadline(
      compare(model('main'), model('pr', { ifeval: after(0, 200) })),
      String,
    );
    assert.equal(heading, 'no loss, and instruction following rose by 20.0 points');
    assert.equal(
      text,
      'Instruction following rose by 20.0 points (50.0 → 70.0). Otherwise the model scores as before within the margins (points: world knowledge 1.0 and safety 1.0).',
    );
  });

  test('hide no drop where others cannot tell', () => {
    const pr = model('pr', { ifeval: after(0, 200), safety: after(150, 150) });
    const { title, text } = writeHeadline(compare(model('main'), pr), String);
    assert.equal(title, 'No drop found, but not ruled out');
    assert.match(text, /^Instruction following rose by 20\.0 /);
    assert.doesNotMatch(text, /in instruction following/);
  });
});

test('a comparison by force says so in its heading', () => {
  const { baseline, candidate } = scenarios.notComparable;
  const { title, heading } = writeHeadline(compare(baseline, candidate, { force: true }), String);
  assert.match(title, / \(compared by force\)$/);
  assert.match(heading, / \(compared by force\)$/);
});

test('a factor of which little was compared is not said to be held', () => {
  const { baseline, candidate, looks } = scenarios.looked({}, 2.4);
  const verdict = compare(baseline, candidate, { looks });
  const coverage = verdict.coverage.map((one) => (one.factor === 'safety' ? { ...one, weight: 0.1 } : one));
  const { heading, text } = writeHeadline({ ...verdict, coverage }, String);
  assert.equal(heading, 'no sign of a drop in what was compared');
  assert.match(text, /Too little of safety was compared to say that of it\.$/);
});
