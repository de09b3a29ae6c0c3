/** What is planted in a judge is what its audit finds; and what an audit refuses to say. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { bundledAuditQuestions } from '../../../src/judge/audit/audit-answers.ts';
import { AUDITED_NAMES, type AuditedName, INTERVENTION_NAMES } from '../../../src/judge/audit/catalogue.ts';
import { auditCitation } from '../../../src/judge/audit/citation.ts';
import { measureAudit } from '../../../src/judge/audit/measure-audit.ts';
import { type AuditPlan, drawAuditQuestions, planAudit } from '../../../src/judge/audit/plan-audit.ts';
import { type JudgeAudit, JudgeAuditSchema } from '../../../src/judge/audit/schema.ts';
import { renderJudgeAudit } from '../../../src/report/tables/judge-audit.ts';
import {
  type FakeAuditedJudge,
  HONEST,
  judgePlan,
  OF_STYLE,
  plantedLoss,
} from '../../support/fake-audited-judge.ts';
import { assertGolden } from '../../support/golden.ts';

const questions = await bundledAuditQuestions();
const NO_VERSIONS = new Map();
const whole = planAudit(questions, { interventions: INTERVENTION_NAMES, rewritten: NO_VERSIONS, seed: 1 });
const SHA = 'a'.repeat(64);

function auditOf(
  judge: FakeAuditedJudge,
  options: { plan?: AuditPlan; seed?: number; name?: string } = {},
): JudgeAudit {
  const { plan = whole, name = 'fake-2026-01-01' } = options;
  return JudgeAuditSchema.parse({
    ...{
      schemaVersion: 1,
      date: '2026-11-30T10:00:00.000Z',
      benchmark: 'judge-mini',
      questions: plan.questions.length,
    },
    judge: { name, mode: 'verdict', protocol: SHA, identity: null, pinned: true, prompt: SHA },
    ...{ seed: 1, texts: SHA, rewriter: null, rewritten: [] },
    ...measureAudit(plan, judgePlan(judge, plan, options.seed ?? 1)),
    ...{ requests: 0, tokens: { input: 0, output: 0 }, cost: null },
  } satisfies JudgeAudit);
}

const POSITIONAL: FakeAuditedJudge = { ...HONEST, position: 0.5 };
const BLIND: FakeAuditedJudge = { noise: 1, punishes: {} };
const JUDGES = { honest: HONEST, 'of style': OF_STYLE, 'likes the first': POSITIONAL, blind: BLIND };

test('planted and recovered: each intervention of four fake judges, with intervals', () => {
  const rows = Object.entries(JUDGES).flatMap(([name, judge], index) => {
    const { interventions, headline, identical, styleJudge } = auditOf(judge, { seed: 11 + index });
    const points = (fraction: number) => (100 * fraction).toFixed(1).replace('-0.0', '0.0').padStart(6);
    return [
      `${name}: ${styleJudge ? 'style judge' : 'no style judge'}`,
      '  intervention       planted  recovered  95% interval',
      ...interventions.map(({ id, lost, ci }) => {
        const planted = plantedLoss(judge, id);
        assert.ok(ci![0] - 0.5 - 0.07 <= planted && planted <= ci![1] - 0.5 + 0.07, `${name}: ${id}`);
        return `  ${id.padEnd(18)} ${points(planted)}     ${points(lost!)}  ${points(ci![0] - 0.5)} to ${points(ci![1] - 0.5)}`;
      }),
      ((): string => {
        const mean = (names: readonly AuditedName[]) =>
          names.reduce((sum, id) => sum + plantedLoss(judge, id), 0) / names.length;
        const planted = mean(headline!.substance) - mean(headline!.style);
        const { difference, ci } = headline!;
        assert.ok(ci[0] <= planted && planted <= ci[1], name);
        return `  ${'headline'.padEnd(18)} ${points(planted)}     ${points(difference)}  ${points(ci[0])} to ${points(ci[1])}`;
      })(),
      `  identical: first preferred ${points(identical!.first)}, ties ${points(identical!.ties)}`,
    ];
  });
  assertGolden('judge-audit-planted.txt', `${rows.join('\n')}\n`);
});

describe('style judge', () => {
  for (const [what, judge, expected] of [
    ['a judge of style is one', OF_STYLE, true],
    ['an honest judge is none', HONEST, false],
    ['one that sees no difference at all is none', BLIND, false],
    ['a liking of the first answer makes none of an honest one', POSITIONAL, false],
    [
      'one that punishes both alike is none',
      {
        noise: 1,
        punishes: {
          'wrong-number': 1,
          negated: 1,
          truncated: 1,
          padded: 1,
          repeated: 1,
          typos: 1,
          'markdown-stripped': 1,
        },
      },
      false,
    ],
  ] as const) {
    test(what, () => {
      const found = Array.from({ length: 10 }, (_, seed) => auditOf(judge, { seed: 100 + seed }).styleJudge);
      // Upper bounds of a two-sided 95% interval: 1 of 40 where both sides weigh the same.
      const off = found.filter((styleJudge) => styleJudge !== expected).length;
      assert.ok(off <= 1, `${off} of 10`);
    });
  }

  test('a judge of style without any noise is one, and the interval has width', () => {
    const { headline, styleJudge } = auditOf({ ...OF_STYLE, noise: 1e-9 });
    assert.equal(styleJudge, true);
    assert.ok(headline!.ci[1] - headline!.ci[0] > 0.05);
  });
});

test('signs: punished is above 0, rewarded below 0, and equal is 0', () => {
  const lost = (intervention: AuditedName, planted: number) =>
    auditOf({ noise: 1e-9, punishes: { [intervention]: planted } }).interventions.find(
      ({ id }) => id === intervention,
    )!.lost;
  assert.equal(lost('padded', 2), 0.5);
  assert.equal(lost('padded', -2), -0.5);
  assert.equal(lost('padded', 0), 0);
});

test('the liking of a position cancels in each pair, and identical pairs show it', () => {
  const { interventions, identical, status } = auditOf({
    noise: 1e-9,
    position: 0.6,
    punishes: { 'wrong-number': 2 },
  });
  assert.equal(identical!.first, 1);
  assert.equal(identical!.ties, 0);
  assert.equal(interventions.find(({ id }) => id === 'wrong-number')!.lost, 0.5);
  assert.equal(interventions.find(({ id }) => id === 'padded')!.lost, 0);
  // What it cannot tell apart it decides by position, in most of the pairs.
  assert.equal(status, 'failed');
});

test('p-values are corrected over the interventions, and identical is none of them', () => {
  const { interventions } = auditOf(HONEST);
  assert.deepEqual(
    interventions.map(({ id }) => id),
    INTERVENTION_NAMES.filter((name) => name !== 'identical'),
  );
  const ps = interventions.map(({ p }) => p!);
  const smallest = Math.min(...ps);
  assert.equal(interventions[ps.indexOf(smallest)]!.pAdjusted, Math.min(1, 10 * smallest));
  assert.ok(interventions.every(({ p, pAdjusted }) => pAdjusted! >= p!));
});

test('nothing planted: hardly an intervention is found', () => {
  const audits = Array.from({ length: 40 }, (_, seed) => auditOf(BLIND, { seed }));
  const found = audits.filter(({ interventions }) =>
    interventions.some(({ pAdjusted }) => pAdjusted! <= 0.05),
  );
  assert.ok(found.length <= 6, `${found.length} of 40`);
});

describe('unread verdicts', () => {
  const without = (every: number) =>
    judgePlan(HONEST, whole, 1).map((game, index) =>
      index % every === 0 ? { ...game, verdict: null } : game,
    );

  test('are no ties: their pairs do not count', () => {
    const games = judgePlan({ noise: 1e-9, punishes: { padded: 2 } }, whole, 1).map((game) =>
      game.question === `padded/${questions[0]!.id}` && game.first === 'model'
        ? { ...game, verdict: null }
        : game,
    );
    const { interventions, unread, status } = measureAudit(whole, games);
    const padded = interventions.find(({ id }) => id === 'padded')!;
    assert.deepEqual([padded.pairs, padded.unread, padded.lost], [39, 1, 0.5]);
    assert.deepEqual([unread, status], [1, 'done']);
  });

  test('up to 5% are said, and more fail the audit', () => {
    assert.equal(measureAudit(whole, without(21)).status, 'done');
    const { status, reason, headline, styleJudge } = measureAudit(whole, without(19));
    assert.deepEqual([status, headline, styleJudge], ['failed', null, null]);
    assert.match(reason!, /^\d+ of \d+ verdicts could not be read$/);
  });
});

test('a judge that decides by position is refused', () => {
  const { status, reason, headline } = auditOf({ noise: 0.5, position: 3, punishes: {} });
  assert.equal(status, 'failed');
  assert.match(reason!, /^judge decides by position: it prefers the answer shown first/);
  assert.equal(headline, null);
});

describe('what is asked', () => {
  test('every pair in both orders, the identical ones too', () => {
    assert.equal(whole.open.length, 2 * whole.pairs.size);
    const identical = whole.open.filter(({ game }) => game.question.startsWith('identical/'));
    assert.equal(identical.length, 80);
    assert.ok(identical.every(({ answers: [a, b], game }) => a === b && game.verdict === null));
    for (const { game, answers } of whole.open) {
      const { intervention, question } = whole.pairs.get(game.question)!;
      const { answer } = questions.find(({ id }) => id === question)!;
      assert.equal(answers[game.first === 'reference' ? 0 : 1], answer);
      if (intervention !== 'identical') assert.notEqual(answers[0], answers[1]);
    }
  });

  test('answers that cannot be altered are counted, with the reason', () => {
    const reasons = whole.notApplicable.get('markdown-stripped')!;
    const asked = [...whole.pairs.values()].filter(
      ({ intervention }) => intervention === 'markdown-stripped',
    );
    assert.deepEqual([...reasons.keys()], ['it has no markup']);
    assert.equal(reasons.get('it has no markup')! + asked.length, 40);
  });

  test('a sample is of all categories, and the same each time', () => {
    const drawn = drawAuditQuestions(questions, { pairs: 6, seed: 3 });
    assert.equal(drawn.length, 6);
    assert.ok(new Set(drawn.map(({ category }) => category)).size >= 5);
    assert.deepEqual(drawAuditQuestions([...questions].reverse(), { pairs: 6, seed: 3 }).reverse(), drawn);
    assert.notDeepEqual(drawAuditQuestions(questions, { pairs: 6, seed: 4 }), drawn);
  });

  test('versions that somebody wrote: one that is missing, empty or as before is left out', () => {
    const [one, two, three, four] = questions.slice(0, 4);
    const sarcastic = new Map([
      [one!.id, 'Oh, wonderful.'],
      [two!.id, ' '],
      [three!.id, `${three!.answer}\n`],
    ]);
    const plan = planAudit([one!, two!, three!, four!], {
      interventions: ['sarcastic'],
      rewritten: new Map([['sarcastic', sarcastic]]),
      seed: 1,
    });
    assert.deepEqual([...plan.pairs.keys()], [`sarcastic/${one!.id}`]);
    assert.deepEqual(
      [...plan.notApplicable.get('sarcastic')!],
      [
        ['nobody has written it', 2],
        ['it was written as it was', 1],
      ],
    );
  });

  test('written versions count for the headline, on the side of their kind', () => {
    const versions = new Map(questions.map(({ id, answer }) => [id, `${answer} Obviously.`]));
    const plan = planAudit(questions, {
      interventions: AUDITED_NAMES,
      rewritten: new Map(
        (['wrong', 'sarcastic', 'undiverse', 'concise'] as const).map((name) => [name, versions]),
      ),
      seed: 1,
    });
    const { headline } = auditOf(HONEST, { plan });
    assert.deepEqual(headline!.substance, ['wrong-number', 'negated', 'truncated', 'wrong']);
    assert.deepEqual(headline!.style, [
      'markdown-stripped',
      'padded',
      'repeated',
      'typos',
      'sarcastic',
      'undiverse',
      'concise',
    ]);
  });

  test('without a side of it there is no headline', () => {
    const plan = planAudit(questions, {
      interventions: ['padded', 'typos'],
      rewritten: NO_VERSIONS,
      seed: 1,
    });
    const audit = auditOf(HONEST, { plan });
    assert.deepEqual(
      [audit.status, audit.headline, audit.styleJudge, audit.identical],
      ['done', null, null, null],
    );
    assert.match(
      renderJudgeAudit({ audit, unread: new Map(), cut: 0 }),
      /No headline: it takes pairs of worse answers/,
    );
  });
});

describe('the table', () => {
  for (const [name, judge] of [
    ['honest', HONEST],
    ['style', OF_STYLE],
    ['refused', { noise: 0.5, position: 3, punishes: {} }],
  ] as const)
    test(`${name}: within 80 columns`, () => {
      const audit = auditOf(judge, { seed: 7, name: `fake-${name}-2026-01-01` });
      const text = renderJudgeAudit({ audit, unread: new Map(), cut: 0 });
      for (const line of text.split('\n')) assert.ok([...line].length <= 80, line);
      assertGolden(`table-judge-audit-${name}.txt`, text);
    });
});

describe('cited in one line', () => {
  const cite = (judge: FakeAuditedJudge, edit: Partial<JudgeAudit> = {}) =>
    auditCitation({ ...auditOf(judge, { seed: 7 }), ...edit });
  const SURE = { noise: 1e-9, punishes: { 'wrong-number': 2, 'markdown-stripped': 2 } } as const;
  const pinned = { ...auditOf(SURE).judge, pinned: false };

  for (const [what, said, expected] of [
    [
      'losses',
      cite(SURE),
      'With this judge an answer lost 50 points for a wrong number and 50 for stripped markdown (audit of 2026-11-30, 40 pairs).',
    ],
    [
      'gains',
      cite({ noise: 1e-9, punishes: { 'wrong-number': 2, 'markdown-stripped': -2 } }),
      'With this judge an answer lost 50 points for a wrong number and gained 50 points for stripped markdown (audit of 2026-11-30, 40 pairs).',
    ],
    [
      'a gain that is nothing when rounded, as a loss of nothing',
      cite(SURE, {
        interventions: auditOf(SURE).interventions.map((one) =>
          one.id === 'markdown-stripped' ? { ...one, lost: -0.004 } : one,
        ),
      }),
      'With this judge an answer lost 50 points for a wrong number and 0 for stripped markdown (audit of 2026-11-30, 40 pairs).',
    ],
    [
      'a style judge',
      cite({ ...OF_STYLE, noise: 1e-9 }),
      'With this judge an answer lost 0 points for a wrong number and 50 for stripped markdown (audit of 2026-11-30, 40 pairs). It is a style judge: style weighs more with it than substance.',
    ],
    [
      'an alias',
      cite(SURE, { judge: pinned }),
      /40 pairs\)\. Its name does not say which version was audited\.$/,
    ],
    [
      'a judge that failed',
      cite({ noise: 0.5, position: 3, punishes: {} }),
      /^This judge failed its audit: judge decides by position: .* \(audit of 2026-11-30, 40 pairs\)\.$/,
    ],
    [
      'controls alone',
      cite(SURE, { interventions: [] }),
      'This judge was audited, on controls alone (audit of 2026-11-30, 40 pairs).',
    ],
  ] as [string, string, string | RegExp][])
    test(what, () => {
      if (typeof expected === 'string') assert.equal(said, expected);
      else assert.match(said, expected);
    });
});
