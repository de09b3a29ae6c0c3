import assert from 'node:assert/strict';
import { test } from 'node:test';
import { findBenchmark } from '../../src/suite/catalogue.ts';
import { compare } from '../../src/verdict/compare.ts';
import { row } from '../support/comparisons.ts';
import { flipped, indexes, makeRecord, rightThenWrong } from '../support/records.ts';

const TASKS = findBenchmark('bbh')!
  .tasks.slice(0, 8)
  .map(({ name }) => name);
/** Eight tasks of 100 questions each, one by one; every question is answered right. */
const task = (index: number) => TASKS[Math.floor(index / 100)]!;
const docId = (index: number) => index % 100;
const RIGHT = rightThenWrong(800, 0);

const bbh = (scores: readonly number[]) => ({ bbh: { scores, task, docId } });
/** So many questions of each task lost. */
const losing = (...lost: number[]) =>
  flipped(RIGHT, ...lost.flatMap((count, part) => indexes(count, part * 100)));

const judge = (...lost: number[]) =>
  row(
    compare(
      makeRecord({ model: 'main', benchmarks: bbh(RIGHT) }),
      makeRecord({ model: 'pr', benchmarks: bbh(losing(...lost)) }),
    ),
    'bbh',
  );

test('a benchmark that is worse names the tasks that lost most, the largest loss first, and no more than five', () => {
  const { outcome, worstParts } = judge(2, 40, 0, 10, 5, 6, 7, 20);
  assert.equal(outcome, 'regressed');
  assert.deepEqual(
    worstParts!.map(({ name, lost }) => [name, lost]),
    [
      [TASKS[1], 40],
      [TASKS[7], 20],
      [TASKS[3], 10],
      [TASKS[6], 7],
      [TASKS[5], 6],
    ],
  );
  assert.deepEqual(worstParts![0], {
    name: TASKS[1],
    n: 100,
    baseline: 1,
    candidate: 0.6,
    lost: 40,
    gained: 0,
  });
});

test('a task that lost nothing is not named', () => {
  assert.deepEqual(
    judge(0, 60).worstParts!.map(({ name }) => name),
    [TASKS[1]],
  );
});

test('a benchmark that is not worse names none', () => {
  const { outcome, worstParts } = judge(1);
  assert.notEqual(outcome, 'regressed');
  assert.equal(worstParts, undefined);
});

test('a benchmark of one task names none', () => {
  const one = (scores: number[]) => ({ gpqa: { scores } });
  const verdict = compare(
    makeRecord({ model: 'main', benchmarks: one(rightThenWrong(400, 0)) }),
    makeRecord({ model: 'pr', benchmarks: one(rightThenWrong(200, 200)) }),
  );
  assert.equal(row(verdict, 'gpqa').outcome, 'regressed');
  assert.equal(row(verdict, 'gpqa').worstParts, undefined);
});

test("which part a question belongs to is the baseline's word, not the candidate's", () => {
  const baseline = makeRecord({ model: 'main', benchmarks: bbh(RIGHT) });
  const candidate = makeRecord({ model: 'pr', benchmarks: bbh(losing(0, 60)) });
  for (const item of candidate.items) item.stratum = 'all fine';
  assert.deepEqual(
    row(compare(baseline, candidate), 'bbh').worstParts!.map(({ name }) => name),
    [TASKS[1]],
  );
});

test('questions that are missing count as lost there too', () => {
  const baseline = makeRecord({ model: 'main', benchmarks: bbh(RIGHT) });
  const candidate = makeRecord({ model: 'pr', benchmarks: bbh(RIGHT) });
  const items = candidate.items.filter((item) => item.task !== TASKS[2] || item.docId < 40);
  const [worst] = row(compare(baseline, { ...candidate, items }), 'bbh').worstParts!;
  assert.deepEqual([worst!.name, worst!.lost], [TASKS[2], 60]);
});
