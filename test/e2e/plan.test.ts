/** A planned sample through the real harness: plan, run it, resume it, refuse it on other questions. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { before, describe, test } from 'node:test';
import { readRecord } from '../../src/record/read.ts';
import { PlanSchema } from '../../src/suite/plan/plan.ts';
import { runCli, testCache } from '../support/cli.ts';
import { makeTinyModel, writeQuestions, xstestQuestions } from '../support/datasets.ts';
import { temporaryFolder } from '../support/folder.ts';
import { testPython } from '../support/python.ts';

const folder = temporaryFolder();
const environment = testCache(folder);
const model = await makeTinyModel(await testPython(), join(folder, 'tiny'));
const [data, otherData] = [join(folder, 'data'), join(folder, 'other-data')];
writeQuestions(data, 'xstest/test', xstestQuestions(700));
writeQuestions(otherData, 'xstest/test', xstestQuestions(700).reverse());
const file = join(folder, 'plan.json');
const output = join(folder, 'output');

const cli = (...args: string[]) => runCli(args, { environment });
const run = (from: string) =>
  cli(
    ...['run', '--model', model, '--model-args', 'dtype=float32', '--device', 'cpu'],
    ...['--datasets-dir', from, '--plan', file, '--output', output],
  );

describe('plan', () => {
  /** What is shown and stored by one call. */
  let shown: ReturnType<typeof JSON.parse>;
  before(async () => {
    const said = await cli(
      ...['plan', '--datasets-dir', data, '--benchmarks', 'xstest', '--detect', '0.08'],
      ...['--shards', '3', '--output', file, '--json'],
    );
    assert.equal(said.exitCode, 0, said.stderr);
    shown = JSON.parse(said.stdout);
  });

  test('chooses a sample, says what it can show, and stores it', () => {
    const plan = PlanSchema.parse(JSON.parse(readFileSync(file, 'utf8')));
    assert.deepEqual([shown.suite, shown.planHash, shown.cost.minutes], ['pr', plan.planHash, null]);
    const [{ items, available, detectable }] = shown.benchmarks;
    // Without the floor of 200 that one look has: the first of five shows a collapse.
    assert.ok(items > 100 && items < 200 && available === 700, String(items));
    assert.equal(shown.looks.count, 5);
    // The factor shows what was asked for; its benchmark, one of a family with boundaries of its own, a little less.
    const ofFactor = shown.factors.find(({ id }: { id: string }) => id === 'safety').detectable;
    assert.ok(ofFactor <= 0.08, String(ofFactor));
    assert.ok(detectable > ofFactor && detectable < 0.12, String(detectable));
  });

  // That the parts cost nearly the same is in test/suite/shards.test.ts.
  test('--shards gives the matrix of a workflow: all of the plan, each question in one part', () => {
    const jobs: { shard: string; items: number; share: number }[] = shown.matrix.include;
    assert.deepEqual(
      jobs.map(({ shard }) => shard),
      ['1/3', '2/3', '3/3'],
    );
    assert.equal(
      jobs.reduce((sum, { items }) => sum + items, 0),
      shown.benchmarks[0].items,
    );
    const shares = jobs.map(({ share }) => share);
    assert.ok(Math.abs(shares.reduce((sum, share) => sum + share, 0) - 1) < 0.01, shares.join());
  });
});

test('run --plan evaluates exactly these items, with their inclusion probabilities, and resumes', async () => {
  const first = await run(data);
  assert.equal(first.exitCode, 0, first.stderr);
  const plan = PlanSchema.parse(JSON.parse(readFileSync(file, 'utf8')));
  const { record, items } = await readRecord(output);
  assert.deepEqual([record.suite, record.planHash, record.complete], ['pr', plan.planHash, true]);
  const task = plan.benchmarks[0]!.tasks[0]!;
  assert.deepEqual(
    items.map(({ docId }) => docId),
    task.docIds,
  );
  assert.ok(items.every(({ inclusionP }) => inclusionP === task.docIds.length / 700));
  const again = await run(data);
  assert.match(again.stderr, /resumed: .*\((\d+) of \1 chunks\)/);
});

test('run --plan on other questions is refused, naming the task', async () => {
  const { exitCode, stderr } = await run(otherData);
  assert.equal(exitCode, 2);
  assert.match(stderr, /sosb_xstest: document \d+ is not the one that was planned \[plan-mismatch\]/);
});
