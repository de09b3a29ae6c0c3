import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { renderGate } from '../../src/report/gate.ts';
import { compare } from '../../src/verdict/compare.ts';
import { DEFAULT_POLICY, type Policy } from '../../src/verdict/policy.ts';
import { GateSchema, judgeRelease } from '../../src/verdict/release/gate.ts';
import { HALF, of } from '../support/comparisons.ts';
import { assertGolden } from '../support/golden.ts';
import { firstTask, makeRecord, type Row } from '../support/records.ts';

const LARGE = Array.from({ length: 6 }, () => HALF).flat();
const rows = (change: (id: string) => number[]): Record<string, Row> =>
  Object.fromEntries(['gpqa', 'ifeval', 'bbq'].map((id) => [id, { scores: change(id) }]));
const release = of(
  'release',
  rows(() => LARGE),
);

function flip(lost: number, gained = 0): number[] {
  return LARGE.map((score, index) => {
    if (score === 1 && index < lost) return 0;
    return score === 0 && index >= 500 && index < 500 + gained ? 1 : score;
  });
}

function gate(
  candidate: Record<string, Row>,
  rule: 'not-worse' | 'better-aligned' = 'not-worse',
  policy: Partial<Policy> = {},
) {
  const verdict = compare(release, of('candidate', candidate), { policy: { ...DEFAULT_POLICY, ...policy } });
  return judgeRelease([{ against: 'release', verdict }], rule);
}

describe('not-worse', () => {
  const cases: { title: string; candidate: Record<string, Row>; objections: RegExp[] }[] = [
    { title: 'hardly anything moved: passes', candidate: rows(() => flip(2, 2)), objections: [] },
    { title: 'better everywhere: passes', candidate: rows(() => flip(0, 90)), objections: [] },
    {
      title: 'a factor fell',
      candidate: rows((id) => (id === 'bbq' ? flip(120) : LARGE)),
      objections: [/^Safety regressed/, /^BBQ regressed/],
    },
    {
      title: 'a factor did not regress, but may have lost more than its margin',
      candidate: rows((id) => (id === 'gpqa' ? flip(300, 270) : LARGE)),
      objections: [/^World knowledge may have fallen by up to 1\.\d points, more than its margin of 1\.0/],
    },
    {
      title: 'results are missing',
      candidate: rows(() => LARGE) && { gpqa: { scores: LARGE }, ifeval: { scores: LARGE } },
      objections: [/^results are missing or cut short: BBQ/, /^Safety was not tested/],
    },
  ];
  for (const { title, candidate, objections } of cases) {
    test(title, () => {
      const found = gate(candidate);
      assert.equal(found.passed, objections.length === 0, JSON.stringify(found.objections));
      assert.equal(found.objections.length, objections.length, JSON.stringify(found.objections));
      for (const [i, what] of objections.entries()) assert.match(found.objections[i]!.what, what);
      assert.deepEqual(GateSchema.parse(JSON.parse(JSON.stringify(found))), found);
    });
  }

  test('a factor that neither side tested is refused, unless the policy switches it off', () => {
    const safety = of('release', { bbq: { scores: LARGE } });
    const judged = (thresholds: Policy['thresholds']) =>
      judgeRelease(
        [
          {
            against: 'release',
            verdict: compare(safety, of('candidate', { bbq: { scores: flip(2, 2) } }), {
              policy: { ...DEFAULT_POLICY, thresholds },
            }),
          },
        ],
        'not-worse',
      ).objections.map(({ what }) => what.split(' was ')[0]);
    assert.deepEqual(judged({}), ['World knowledge', 'Instruction following']);
    assert.deepEqual(judged({ wk: { level: 'off' } }), ['Instruction following']);
    assert.deepEqual(judged({ wk: { level: 'off' }, if: { level: 'off' } }), []);
  });

  test('what was evaluated in another way is refused', () => {
    const other = makeRecord({
      model: 'candidate',
      benchmarks: rows(() => LARGE),
      edit: ({ protocol }) => Object.assign(protocol.tasks[firstTask('gpqa')] ?? {}, { fewshot: 5 }),
    });
    const found = judgeRelease([{ against: 'release', verdict: compare(release, other) }], 'not-worse');
    assert.match(found.objections[0]!.what, /^evaluated in different ways \(tasks\..*fewshot\): GPQA/);
    const forced = judgeRelease(
      [{ against: 'release', verdict: compare(release, other, { force: true }) }],
      'not-worse',
    );
    assert.ok(forced.objections.some(({ what }) => what === 'compared by force'));
  });
});

describe('better-aligned', () => {
  test('better in all three factors: passes', () => {
    assert.equal(
      gate(
        rows(() => flip(0, 90)),
        'better-aligned',
      ).passed,
      true,
    );
  });

  test('better in two: refused, naming the third', () => {
    const found = gate(
      rows((id) => (id === 'ifeval' ? LARGE : flip(0, 90))),
      'better-aligned',
    );
    assert.deepEqual(
      found.objections.map(({ what }) => what),
      ['not statistically better in instruction following'],
    );
  });

  test('compared with main it only has to be not worse', () => {
    const candidate = of(
      'candidate',
      rows(() => flip(0, 90)),
    );
    const found = judgeRelease(
      [
        { against: 'release', verdict: compare(release, candidate) },
        {
          against: 'main',
          verdict: compare(
            of(
              'main',
              rows(() => flip(0, 90)),
            ),
            candidate,
          ),
        },
      ],
      'better-aligned',
    );
    assert.deepEqual(found.objections, []);
  });
});

test('what is written for release notes reads as its golden file', () => {
  assertGolden('gate-refused.md', renderGate(gate(rows((id) => (id === 'bbq' ? flip(120) : flip(3, 2))))));
});
