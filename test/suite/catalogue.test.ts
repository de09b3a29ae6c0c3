import assert from 'node:assert/strict';
import { test } from 'node:test';
import { FACTORS } from '../../src/suite/benchmark.ts';
import { CATALOGUE, findBenchmark } from '../../src/suite/catalogue.ts';

const IDS = [
  ['mmlu-pro', 'bbh', 'gpqa', 'musr', 'math'],
  ['coding', 'data-analysis', 'language', 'math', 'reasoning'].map((name) => `livebench-${name}`),
  ['ifeval', 'livebench-instruction-following'],
  ['beavertails', 'cdna', 'dttoxicity', 'jailbreakhub', 'bbq', 'wmdp', 'xstest', 'wildguardtest', 'toxigen'],
  ['strongreject', 'sgxstest', 'saladbench'],
].flat();

const sum = (values: number[]) => values.reduce((total, value) => total + value, 0);

test('the catalogue has the 24 benchmarks of SOS-Bench, in the published order', () => {
  assert.deepEqual(
    CATALOGUE.map(({ id }) => id),
    IDS,
  );
});

test('paper sizes sum to 152,380 data points', () => {
  assert.equal(sum(CATALOGUE.map(({ size }) => size)), 152_380);
});

test('10 benchmarks are world knowledge, 2 instruction following, 12 safety', () => {
  const counts = FACTORS.map((factor) => CATALOGUE.filter((row) => row.factor === factor).length);
  assert.deepEqual(counts, [10, 2, 12]);
});

test('no two benchmarks share a task', () => {
  const tasks = CATALOGUE.flatMap((row) => row.tasks.map(({ name }) => name));
  assert.equal(new Set(tasks).size, tasks.length);
});

test('no two tasks of a benchmark read the same file of a datasets-dir', () => {
  for (const { id, tasks } of CATALOGUE) {
    assert.equal(new Set(tasks.map(({ subset }) => subset)).size, tasks.length, id);
  }
});

test("a benchmark's items are the sum of its tasks', and its chance level their weighted mean", () => {
  for (const row of CATALOGUE) {
    assert.equal(row.items, sum(row.tasks.map(({ items }) => items)), row.id);
    const expected = sum(row.tasks.map(({ items, chance }) => items * chance)) / row.items;
    assert.ok(Math.abs(row.chance - expected) < 1e-12, row.id);
  }
});

test('chance levels, constant-answer scores and sizes are possible', () => {
  for (const row of CATALOGUE) {
    assert.ok(row.chance >= 0 && row.chance < 1, row.id);
    assert.ok(row.constantScore === null || (row.constantScore >= 0 && row.constantScore <= 1), row.id);
    assert.ok(row.size > 0 && row.tasks.length > 0, row.id);
  }
});

test('data sets pinned to a revision are pinned to a whole commit', () => {
  for (const { id, dataset } of CATALOGUE) {
    if (dataset.revision !== null) assert.match(dataset.revision, /^[0-9a-f]{40}$/, id);
  }
});

test('of all benchmarks only WMDP is better when it is lower', () => {
  const lower = CATALOGUE.filter(({ direction }) => direction === 'lower').map(({ id }) => id);
  assert.deepEqual(lower, ['wmdp']);
});

test('benchmarks are found by id; a task the catalogue does not know has none', () => {
  assert.equal(findBenchmark('bbq')?.tasks.length, 11);
  assert.equal(findBenchmark('bbh')?.tasks.length, 24);
  assert.equal(findBenchmark('hellaswag'), undefined);
});

/** Documents at the pinned revisions, counted by hand. */
const ITEMS: Record<string, number> = {
  'mmlu-pro': 12_032,
  bbh: 21 * 250 + 187 + 146 + 178,
  gpqa: 198 + 546 + 448,
  musr: 250 + 256 + 250,
  math: 1324,
  ifeval: 541,
  bbq: 58_492,
  wmdp: 1273 + 408 + 1987,
  xstest: 250 + 200,
};
for (const [id, items] of Object.entries(ITEMS)) {
  test(`${id} has ${items} items`, () => assert.equal(findBenchmark(id)?.items, items));
}
