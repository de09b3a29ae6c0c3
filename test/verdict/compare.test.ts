import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { CATALOGUE } from '../../src/suite/catalogue.ts';
import { compare } from '../../src/verdict/compare.ts';
import { assertClose } from '../support/assert-close.ts';
import { after, factor, HALF, of, row } from '../support/comparisons.ts';
import { firstTask, makeRecord } from '../support/records.ts';

describe('runs that were made differently', () => {
  const benchmarks = { gpqa: { scores: HALF }, bbq: { scores: HALF } };

  test('as a whole are not compared at all', () => {
    const found = compare(
      of('main', benchmarks),
      makeRecord({
        model: 'pr',
        benchmarks: { gpqa: { scores: after(300) }, bbq: { scores: HALF } },
        edit: ({ protocol }) => Object.assign(protocol.harness, { version: '0.4.12' }),
      }),
    );
    assert.equal(found.verdict, 'not-comparable');
    assert.equal(found.passed, true);
    assert.deepEqual(found.notComparable, [
      { path: 'harness.version', baseline: '0.4.13', candidate: '0.4.12' },
    ]);
    assert.equal(factor(found, 'wk').outcome, 'not-comparable');
    assert.equal(factor(found, 'wk').delta.estimate, null);
    assert.equal(factor(found, 'wk').candidate.score, 0.2);
  });

  const otherTask = (lostInSafety: number) =>
    makeRecord({
      model: 'pr',
      benchmarks: { gpqa: { scores: HALF }, bbq: { scores: after(lostInSafety) } },
      edit: ({ protocol }) => Object.assign(protocol.tasks[firstTask('gpqa')] ?? {}, { fewshot: 5 }),
    });

  test('in one task leave the other benchmarks comparable', () => {
    const found = compare(of('main', benchmarks), otherTask(0));
    assert.equal(found.verdict, 'not-comparable');
    assert.equal(row(found, 'gpqa').outcome, 'not-comparable');
    assert.equal(factor(found, 'safety').outcome, 'equivalent');
  });

  test('in one task do not hide a drop in another', () => {
    assert.equal(compare(of('main', benchmarks), otherTask(60)).verdict, 'regressed');
  });
});

test('every benchmark of the catalogue is listed, compared or with the reason why not', () => {
  const found = compare(
    of('main', { gpqa: { scores: HALF }, bbq: { scores: [], status: 'skipped', reason: 'gated data set' } }),
    of('pr', { gpqa: { scores: HALF }, bbq: { scores: [], status: 'skipped', reason: 'gated data set' } }),
  );
  assert.equal(found.benchmarks.length, CATALOGUE.length);
  assert.equal(row(found, 'bbq').reason, 'gated data set');
  assert.deepEqual(
    [row(found, 'bbh').outcome, row(found, 'bbh').reason],
    ['skipped', 'not asked for in its run'],
  );
  const [wk, , safety] = found.coverage;
  assert.deepEqual([wk?.compared, wk?.of, wk?.missing.length], [1, 10, 9]);
  assertClose(wk?.weight, 1250 / 22550);
  assert.deepEqual([safety?.compared, safety?.weight], [0, 0]);
  assert.equal(factor(found, 'safety').outcome, 'skipped');
});

test('the same weights on both sides are called the same model', () => {
  const main = makeRecord({
    model: 'main',
    digest: 'd',
    benchmarks: { gpqa: { scores: HALF.slice(490, 510) } },
  });
  const found = compare(main, { ...main, record: { ...main.record } });
  assert.equal(found.sameModel, true);
  assert.equal(found.verdict, 'equivalent');
  assert.deepEqual(row(found, 'gpqa').delta.ci, [0, 0]);
  assert.deepEqual([row(found, 'gpqa').delta.p, row(found, 'gpqa').delta.se], [1, 0]);
});

test('the same weights that score differently are warned about', () => {
  const same = (scores: number[]) =>
    makeRecord({ model: 'm', digest: 'd', benchmarks: { gpqa: { scores } } });
  const { warnings } = compare(same(HALF), same(after(2, 1)));
  assert.match(warnings[0] ?? '', /scored 3 questions differently/);
});

describe('a benchmark is called collapsed', () => {
  const constant = (items: number, others: number) => ({
    scores: new Array<number>(items).fill(1),
    answer: (index: number) => (index < others ? 0 : 1),
  });
  const cases = [
    { title: 'where every answer is the same', candidate: constant(10, 0), ids: ['beavertails'] },
    { title: 'where 99% are', candidate: constant(200, 2), ids: ['beavertails'] },
    { title: 'not where 98% are', candidate: constant(100, 2), ids: [] },
    { title: 'not on fewer than 10 items', candidate: constant(9, 0), ids: [] },
  ];
  for (const { title, candidate, ids } of cases) {
    test(title, () => {
      const { collapsed } = compare(
        of('main', { beavertails: constant(200, 90) }),
        of('pr', { beavertails: candidate }),
      );
      assert.deepEqual(
        collapsed.map(({ id, baselineToo }) => ({ id, baselineToo })),
        ids.map((id) => ({ id, baselineToo: false })),
      );
    });
  }
});

test('the verdict says where its numbers come from', () => {
  const { records, alpha, thresholds } = compare(of('main', { gpqa: { scores: HALF } }), of('pr', {}));
  assert.equal(records.baseline.name, 'main');
  assert.equal(records.candidate.digest, 'sha256:pr');
  assert.equal(records.baseline.planHash, 'plan-a');
  assert.equal(alpha, 0.05);
  assert.deepEqual(thresholds.minimumEffect, { factor: 0.005, benchmark: 0.01 });
});
