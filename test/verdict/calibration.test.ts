import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { runSpread, widen } from '../../src/stats/run-spread.ts';
import { compare } from '../../src/verdict/compare.ts';
import { CalibrationSchema, calibrate } from '../../src/verdict/measure/calibration.ts';
import { DEFAULT_POLICY } from '../../src/verdict/policy.ts';
import { assertClose } from '../support/assert-close.ts';
import { after, factor, HALF, of, row } from '../support/comparisons.ts';
import { firstTask, makeRecord } from '../support/records.ts';
import { rejectsWith } from '../support/reject.ts';

const runs = [0, 30, 60].map((lost, i) => of(`seed-${i}`, { gpqa: { scores: after(lost) } }));

describe('the spread between runs', () => {
  const found = calibrate(runs, 'paper');

  test('comes from the scores and the errors of all pairs', () => {
    const se = (a: number, b: number) => {
      const d = Math.abs(a - b) / 1000;
      return Math.sqrt((d - d * d) / 999);
    };
    const wanted = runSpread([0.5, 0.47, 0.44], [se(0, 30), se(0, 60), se(30, 60)], 0.95);
    const wk = found.factors.find(({ id }) => id === 'wk');
    assertClose(wk?.sd, wanted.sd);
    assertClose(wk?.ci, wanted.ci);
    assertClose(wk?.mean, 0.47);
  });

  test('is told for every factor and benchmark that all have', () => {
    assert.deepEqual(
      [found.factors.map(({ id }) => id), found.benchmarks.map(({ id }) => id), found.models],
      [['wk'], ['gpqa'], ['seed-0', 'seed-1', 'seed-2']],
    );
    assert.deepEqual(CalibrationSchema.parse(JSON.parse(JSON.stringify(found))), found);
  });

  test('widens a comparison, which then speaks of the recipe', () => {
    const sides = [
      of('main', { gpqa: { scores: HALF } }),
      of('pr', { gpqa: { scores: after(60) } }),
    ] as const;
    const alone = compare(...sides);
    const verdict = compare(...sides, { calibration: found });
    assert.equal(factor(alone, 'wk').outcome, 'regressed');
    assert.equal(factor(verdict, 'wk').outcome, 'inconclusive');
    const before = row(alone, 'gpqa').delta;
    const estimate = { estimate: before.estimate!, se: before.se, df: before.df, units: 1000 };
    const wanted = widen(estimate, found.benchmarks[0]!);
    assertClose(row(verdict, 'gpqa').delta.se, wanted.se ?? Number.NaN);
    assert.equal(row(verdict, 'gpqa').method, 't');
    assert.deepEqual(verdict.runSpread, { models: found.models });
  });

  test('under one preset says nothing under another', async () => {
    const policy = { ...DEFAULT_POLICY, preset: 'macro' as const };
    await rejectsWith(
      () => compare(runs[0]!, runs[1]!, { policy, calibration: found }),
      'usage',
      /preset paper, not macro/,
    );
  });
});

const REFUSED = [
  { what: 'two records', records: () => runs.slice(0, 2), message: /3 or more records, not 2/ },
  {
    what: 'one model twice',
    records: () => [...runs.slice(0, 2), runs[1]!],
    message: /records of one and the same model/,
  },
  {
    what: 'a record that was made in another way',
    records: () => [
      ...runs.slice(0, 2),
      makeRecord({
        model: 'other',
        benchmarks: { gpqa: { scores: HALF } },
        edit: ({ protocol }) => Object.assign(protocol.tasks[firstTask('gpqa')] ?? {}, { fewshot: 5 }),
      }),
    ],
    message: /evaluated in different ways \(tasks\..*fewshot\)/,
  },
];
for (const { what, records, message } of REFUSED) {
  test(`${what}: refused`, async () => {
    await rejectsWith(() => calibrate(records(), 'paper'), 'usage', message);
  });
}
