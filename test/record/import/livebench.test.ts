import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { assertClose } from '../../support/assert-close.ts';
import { temporaryFolder } from '../../support/folder.ts';
import { benchmark, FIXTURES, importAll, importOne } from '../../support/imports.ts';
import { rejectsWith } from '../../support/reject.ts';

const { records } = await importAll(`${FIXTURES}/livebench`);
const one = records.get('one')!;
const two = records.get('two')!;

test('a tree of judgments becomes a record a model', () => {
  assert.deepEqual([...records.keys()].sort(), ['one', 'two']);
  assert.equal(one.record.imported?.from, 'livebench');
  assert.equal(one.record.protocol.harness.name, 'livebench');
  assert.deepEqual(
    one.items
      .filter(({ task }) => task === 'web_of_lies_v2')
      .map(({ score }) => score)
      .sort(),
    [0, 0.5, 1, 1],
  );
});

test('a question is known by its id, whoever answered it', () => {
  const hashes = (items: typeof one.items) =>
    items.filter(({ task }) => task === 'web_of_lies_v2').map(({ docHash }) => docHash);
  assert.deepEqual(hashes(one.items), hashes(two.items));
});

test('a category that lacks tasks is partial', () => {
  const reasoning = benchmark(one, 'livebench-reasoning');
  assert.deepEqual([reasoning.status, reasoning.reason, reasoning.n], ['partial', '1 of 3 tasks', 4]);
});

test('questions on which the grader failed are left out and counted', () => {
  const math = benchmark(two, 'livebench-math');
  assert.equal(math.n, 2);
  assert.deepEqual(math.tasks[0]?.dropped, { 'the grader failed': 1 });
});

describe('judgments that cannot be used', () => {
  const judgment = { question_id: 'q', task: 'typos', model: 'm', score: 1, category: 'language' };
  const cases: [string, unknown[], RegExp][] = [
    ['a score beyond 1', [{ ...judgment, score: 1.5 }], /score of judgment 1 is 1.5/],
    [
      'a score that is NaN',
      [judgment, { ...judgment, question_id: 'r', score: Number.NaN }],
      /judgment 2.*score/,
    ],
    ['a question with two scores', [judgment, { ...judgment, score: 0 }], /question q of m is there twice/],
    ['no model', [{ ...judgment, model: undefined }], /judgment 1.*model/],
  ];
  for (const [what, lines, reason] of cases) {
    test(what, async () => {
      const path = join(temporaryFolder(), 'ground_truth_judgment.jsonl');
      writeFileSync(path, lines.map((line) => JSON.stringify(line)).join('\n'));
      await rejectsWith(() => importAll(path), 'import-invalid', reason);
    });
  }
});

describe('tables of means', () => {
  test('of tasks: a category is the mean of its tasks, its standard error derived', async () => {
    const { records } = await importAll(`${FIXTURES}/published/tasks.csv`);
    assert.deepEqual([...records.keys()].sort(), ['base-8b', 'gpt-9', 'tuned-8b-v2']);
    const coding = benchmark(records.get('base-8b')!, 'livebench-coding');
    assert.equal(coding.n, 88);
    assertClose(coding.mean!, (0.2 + 0.10526) / 2);
    assertClose(coding.stderr!, Math.sqrt((0.2 * 0.8) / 50 + (0.10526 * 0.89474) / 38) / 2);
    assert.equal(coding.stderrOrigin, 'derived');
    assertClose(coding.tasks[1]!.mean!, 0.10526);
  });

  test('of categories: averages are no scores', async () => {
    const { records } = await importAll(`${FIXTURES}/published/groups.csv`);
    const base = records.get('base-8b')!;
    assert.deepEqual(
      base.record.benchmarks.map(({ id, mean, status }) => [id, mean, status]),
      [
        ['livebench-coding', 0.153, 'done'],
        ['livebench-data-analysis', 0.2, 'done'],
        ['livebench-reasoning', 0.45, 'done'],
      ],
    );
  });

  test('a missing or impossible score leaves its task out, with the reason', async () => {
    const path = join(temporaryFolder(), 'all_tasks.csv');
    writeFileSync(path, 'model;cta;tablejoin;tablereformat;typos\nm;10;;120;x\n');
    const loaded = await importOne(path);
    const analysis = benchmark(loaded, 'livebench-data-analysis');
    assert.equal(analysis.status, 'partial');
    assert.match(
      analysis.reason!,
      /1 of 3 tasks; tablejoin: the table has no score of it; tablereformat: 120 is not from 0 to 100/,
    );
    assert.match(benchmark(loaded, 'livebench-language').reason!, /'x' is not a number/);
  });
});
