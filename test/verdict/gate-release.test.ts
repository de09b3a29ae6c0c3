import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { LoadedRecord } from '../../src/record/schema.ts';
import { renderGate } from '../../src/report/gate.ts';
import { DEFAULT_POLICY } from '../../src/verdict/policy.ts';
import { type GateRule, GateSchema } from '../../src/verdict/release/gate.ts';
import { gateRelease, type Reference } from '../../src/verdict/release/gate-release.ts';
import { HALF, of } from '../support/comparisons.ts';
import { flipped, indexes } from '../support/records.ts';

const LARGE = Array.from({ length: 6 }, () => HALF).flat();
const made = (model: string, scores = LARGE) =>
  of(model, Object.fromEntries(['gpqa', 'ifeval', 'bbq'].map((id) => [id, { scores }])));
const edited = (
  loaded: LoadedRecord,
  path: string,
  change: Partial<LoadedRecord['record']>,
): LoadedRecord => ({
  ...loaded,
  path,
  record: { ...loaded.record, ...change },
});
const release = made('release');
const candidate = made('candidate', flipped(LARGE, 3));

function judged(
  found: Reference['found'],
  {
    of: own = candidate,
    main = null as Reference['found'],
    anchor = null as Reference['found'],
    rule = 'not-worse' as GateRule,
  } = {},
) {
  const references = [
    { against: 'release', found },
    { against: 'main', found: main },
  ];
  const gate = gateRelease(own, references, { policy: DEFAULT_POLICY, rule, anchor });
  assert.deepEqual(GateSchema.parse(JSON.parse(JSON.stringify(gate))), gate);
  return gate;
}
const objections = (...given: Parameters<typeof judged>) =>
  judged(...given).objections.map(({ against, what }) => `${against}: ${what}`);

describe('a candidate is never compared with itself', () => {
  const own = /^release: this is the candidate's own record/;
  const { commit } = candidate.record;
  const cases: { title: string; reference: LoadedRecord; refused: boolean }[] = [
    { title: 'the same folder', reference: candidate, refused: true },
    { title: 'a copy of it', reference: edited(candidate, 'records/copy', {}), refused: true },
    {
      title: 'its model evaluated once more, at the same commit',
      reference: edited(candidate, 'records/again', { finished: '2026-03-02T12:00:00Z' }),
      refused: true,
    },
    {
      title: 'another model that was evaluated in the same checkout is another model',
      reference: edited(release, 'records/other', { commit }),
      refused: false,
    },
    {
      title: 'an earlier commit that left the model as it was is an earlier commit',
      reference: edited(candidate, 'records/earlier', { commit: 'e'.repeat(40) }),
      refused: false,
    },
  ];
  for (const { title, reference, refused } of cases) {
    test(`${title}: ${refused ? 'refused' : 'compared'}`, () => {
      const gate = judged(reference);
      assert.equal(gate.passed, !refused, JSON.stringify(gate.objections));
      assert.equal(gate.comparisons.length, refused ? 0 : 1);
      if (refused) assert.match(objections(reference).join(), own);
    });
  }

  test('the same model on both sides is said', () => {
    const earlier = edited(candidate, 'records/earlier', { commit: 'e'.repeat(40) });
    assert.match(renderGate(judged(earlier)), /Both sides are one and the same model/);
  });
});

describe('what counts as evidence', () => {
  const inSuite = (loaded: LoadedRecord, suite: string) =>
    edited(loaded, `${loaded.path}-${suite}`, { suite });

  for (const [what, own, reference, against] of [
    ['a candidate', inSuite(candidate, 'mini'), release, 'candidate'],
    ['a release', candidate, inSuite(release, 'mini'), 'release'],
  ] as const) {
    test(`${what} of the suite mini: refused and not compared`, () => {
      const gate = judged(reference, { of: own });
      assert.deepEqual(gate.comparisons, []);
      assert.deepEqual(
        gate.objections.map(({ against, what }) => [against, /is of the suite mini/.test(what)]),
        [[against, true]],
      );
    });
  }

  test('a sample passes, and the notes say which drops it could not have seen', () => {
    const gate = judged(inSuite(release, 'pr'), { of: inSuite(candidate, 'pr') });
    assert.equal(gate.passed, true);
    const points = (id: string) => {
      const found = gate.comparisons[0]!.verdict.factors.find((factor) => factor.id === id);
      return (found!.detectable! * 100).toFixed(1);
    };
    const [wk, instruction, safety] = ['wk', 'if', 'safety'].map(points);
    const said = `Evidence of the suite <code>pr</code>, not of all questions: true drops of less than ${wk} in world knowledge, ${instruction} in instruction following and ${safety} in safety (points) may have gone unseen.`;
    assert.ok(renderGate(gate).includes(said), renderGate(gate));
  });

  test('of the full suite nothing of that kind is said', () => {
    const gate = judged(inSuite(release, 'full'), { of: inSuite(candidate, 'full') });
    assert.equal(gate.passed, true);
    assert.doesNotMatch(renderGate(gate), /Evidence of the suite/);
  });
});

describe('a history that no longer keeps the items', () => {
  const dropped = (loaded: LoadedRecord): LoadedRecord => ({ ...loaded, items: [] });

  for (const [side, reference, own, commit] of [
    ['of the release', dropped(release), candidate, '72656c656173'],
    ['of the candidate', release, dropped(candidate), '63616e646964'],
  ] as const) {
    test(`${side}: the cause and the remedy go before what comes of it`, () => {
      const [first, ...rest] = objections(reference, { of: own });
      assert.equal(
        first,
        `release: the history no longer keeps single questions of commit ${commit}, so only means could be compared, unpaired and weak: run the push workflow of that commit again (a release's questions are then kept), or give a record folder that has them`,
      );
      assert.match(rest.join(), /World knowledge may have fallen by up to 1\.8 points/);
    });
  }

  test('where the means alone show that nothing was lost, nothing stands against it', () => {
    const better = made('better', flipped(LARGE, ...indexes(200, 1500)));
    assert.deepEqual(objections(dropped(release), { of: better }), []);
  });

  test('a record that was imported as means had none to begin with: nothing is said of a history', () => {
    const means = edited(release, 'records/means', {
      imported: { from: 'lm-eval', files: ['results.json'], repairs: [], notes: [] },
    });
    assert.doesNotMatch(objections(dropped(means)).join(), /history/);
  });
});

describe('an anchor before the last release', () => {
  const anchor = made('v1.0.0', flipped(LARGE, ...indexes(60, 1500)));

  test('the releases since lost little each, and together too much: drift stands against it', () => {
    const last = made('last', flipped(LARGE, ...indexes(40)));
    const gate = judged(last, { of: made('next', flipped(LARGE, ...indexes(44))), anchor });
    assert.deepEqual(
      gate.objections.map(({ against, what }) => [against, what.replace(/ \(.*?\)/, '')]),
      [
        [
          'anchor',
          'drift: since v1.0.0 the model has lost 1.7 points in world knowledge and 1.7 points in instruction following and 1.7 points in safety',
        ],
      ],
    );
    assert.match(renderGate(gate), /### Drift since the anchor\n\n\| Outcome \| Factor/);
  });

  test('no drift: passes, and the table shows it', () => {
    const gate = judged(release, { anchor: made('v1.0.0', flipped(LARGE, 5)) });
    assert.deepEqual([gate.passed, gate.drift?.drifted], [true, false]);
    assert.match(renderGate(gate), /### Drift since the anchor/);
  });

  for (const [what, found, said] of [
    ['cannot be found', 'no earlier record', /^anchor: no earlier record/],
    ['is the candidate', candidate, /^anchor: this is the candidate's own record/],
    [
      'has other benchmarks',
      of('v0', { gpqa: { scores: LARGE } }),
      /^anchor: Instruction following was not tested/,
    ],
  ] as const) {
    test(`one that ${what} stands against it`, () => {
      assert.match(objections(release, { anchor: found }).join('\n'), said);
    });
  }
});

describe('what could not be compared', () => {
  test('no release was found: an objection, and main is compared all the same', () => {
    const gate = judged('no earlier release to compare with', { main: release });
    assert.deepEqual(gate.objections, [{ against: 'release', what: 'no earlier release to compare with' }]);
    assert.deepEqual(
      gate.comparisons.map(({ against }) => against),
      ['main'],
    );
  });

  test('a first release, asked for: compared with main alone, and that is said', () => {
    const gate = judged(null, { main: release });
    assert.deepEqual([gate.passed, gate.leftOut], [true, ['release']]);
    assert.match(renderGate(gate), /Not compared with release: the inputs leave that out/);
  });

  test('the very first record, asked for: passes with a warning that it was compared with nothing', () => {
    const gate = judged(null);
    assert.deepEqual([gate.passed, gate.leftOut], [true, ['release', 'main']]);
    assert.match(renderGate(gate), /^> \[!WARNING\]\n> \*\*May be released, compared with nothing\*\*/);
  });

  test('better-aligned without a release to be better than: refused', () => {
    assert.deepEqual(objections(null, { main: release, rule: 'better-aligned' }), [
      'release: the rule better-aligned needs a release to be better than',
    ]);
  });

  for (const reference of [release, null]) {
    test(`an evaluation that was cut short is refused, compared with ${reference ? 'a release' : 'nothing'}`, () => {
      const short = edited(candidate, 'records/short', { complete: false });
      const gate = judged(reference, { of: short });
      assert.deepEqual(
        gate.objections.map(({ against, what }) => [against, /evaluation is incomplete/.test(what)]),
        [['candidate', true]],
      );
      assert.match(renderGate(gate), /^- the candidate's evaluation is incomplete/m);
    });
  }
});
