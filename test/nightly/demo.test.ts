/** The demonstration, as the README has it, and what it leaves: the real harness and the real small model. */
import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { execa } from 'execa';
import { readRecord } from '../../src/record/read.ts';
import type { LoadedRecord } from '../../src/record/schema.ts';
import { selectBenchmarks } from '../../src/suite/select.ts';
import { cacheRoot } from '../../src/system/paths.ts';
import { managedPython } from '../../src/system/python/managed.ts';
import { VerdictSchema } from '../../src/verdict/schema.ts';
import { FlipListSchema } from '../../src/verdict/signs/flip-list.ts';
import { runHarnessCli } from '../support/harness-cli.ts';
import { compareItems } from '../support/item-equality.ts';
import { ONE_THREAD } from '../support/process.ts';

// Two test files run at a time: threads that wait for each other take several times as long on a shared processor. The
// harness's own command line gets the same number, or its last digits would differ.
Object.assign(process.env, ONE_THREAD);

const ROOT = join(import.meta.dirname, '..', '..');
const EASY_ROWS = ['mmlu-pro', 'ifeval', 'bbq'];
const LM_EVAL_ROWS = selectBenchmarks([]).filter(({ harness }) => harness === 'lm-eval');

describe('demo', () => {
  let folder: string;
  let output: string;
  let demo: Awaited<ReturnType<typeof runDemo>>;
  let main: LoadedRecord;

  const runDemo = () =>
    execa('node', ['dist/cli.js', 'demo', '--output', output], { reject: false, stdin: 'ignore', all: true });

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'sos-bench-demo-'));
    output = join(folder, 'demo');
    demo = await runDemo();
  });

  after(() => rm(folder, { recursive: true, force: true }));

  test('exits 0', () => assert.equal(demo.exitCode, 0, demo.all));

  const readVerdict = async (name: string) =>
    VerdictSchema.parse(JSON.parse(await readFile(join(output, name), 'utf8')));

  test('calls the grossly damaged model regressed in at least one factor', async () => {
    const verdict = await readVerdict('verdict.json');
    assert.equal(verdict.verdict, 'regressed');
    assert.equal(verdict.passed, false);
    assert.ok(verdict.factors.some(({ outcome }) => outcome === 'regressed'));
  });

  test('writes the comment a reviewer reads', async () => {
    const comment = await readFile(join(output, 'comment.md'), 'utf8');
    assert.match(comment, /^### 🔴 SOS-Bench: .* fell .*\n\n> \[!CAUTION\]\n> \*\*The model got worse\.\*\*/);
    assert.match(comment, /reproduce: /);
  });

  test('calls the mildly damaged model regressed where the intervals of the two scores overlap, and says so', async () => {
    const { verdict, passed, factors, asked } = await readVerdict('mild-verdict.json');
    assert.deepEqual([verdict, passed], ['regressed', false]);
    const rows = (await readRecord(join(output, 'mild'))).record.benchmarks.filter(({ n }) => n > 0);
    assert.deepEqual(
      rows.map(({ id }) => id),
      asked,
    );
    const [factor] = factors.filter(({ outcome }) => outcome === 'regressed');
    assert.ok(factor!.candidate.ci![1] > factor!.baseline.ci![0], JSON.stringify(factor));
    assert.match(demo.stdout, /By the means alone: cannot tell\. The two intervals overlap/);
    assert.match(demo.stdout, /Question by question: worse\./);
    const comment = await readFile(join(output, 'mild-comment.md'), 'utf8');
    assert.match(comment, /^### 🔴 SOS-Bench: .* fell .*\n\n> \[!CAUTION\]/);
    assert.match(comment, /reproduce: .*--candidate mild --benchmarks /);
  });

  test('passes main against a second run of itself, whose items are identical', async () => {
    assert.match(demo.stdout, /Main against a second run of itself: \w+, passed/);
    const again = await readRecord(join(output, 'main-again'));
    const { items } = await readRecord(join(output, 'main'));
    const rows = new Set(again.items.map(({ benchmark }) => benchmark));
    assert.equal(rows.size, LM_EVAL_ROWS.length - 2);
    assert.deepEqual(
      again.items,
      items.filter(({ benchmark }) => rows.has(benchmark)),
    );
  });

  test('runs every lm-eval benchmark on 12 or more items, and skips LiveBench benchmarks with a reason', async () => {
    main = await readRecord(join(output, 'main'));
    for (const { id } of LM_EVAL_ROWS) {
      const row = main.record.benchmarks.find((benchmark) => benchmark.id === id);
      assert.equal(row?.status, 'done', id);
      assert.ok(row.n >= 12, `${id} has ${row.n} items`);
    }
    const skipped = main.record.benchmarks.filter(({ status }) => status === 'skipped');
    assert.equal(skipped.length, 6);
    for (const { id, reason } of skipped) assert.ok(reason, `${id} says why`);
  });

  for (const id of EASY_ROWS) {
    test(`puts the undamaged model at least 20 points above chance on 60 or more items of ${id}`, () => {
      const row = main.record.benchmarks.find((benchmark) => benchmark.id === id);
      assert.ok(row && row.n >= 60, `${row?.n} items`);
      assert.ok((row.mean ?? 0) - (row.chance ?? 0) >= 0.2, `score ${row.mean}, chance ${row.chance}`);
    });
  }

  test('is over at once when it is run again: everything is in the journals', async () => {
    const again = await runDemo();
    assert.equal(again.exitCode, 0, again.all);
    // Of the first time, not of a clock: how fast the machine is, and what else it does, is in both.
    assert.ok(again.durationMs < demo.durationMs / 4, `${again.durationMs} of ${demo.durationMs} ms`);
    assert.doesNotMatch(again.all ?? '', /\d+ s left|min left/);
  });

  test('shows lost questions with their texts, from the folder they were asked from', async () => {
    const argv = [
      'flips',
      '--baseline',
      'main',
      '--candidate',
      'pr',
      '--benchmark',
      'bbq',
      '--lost',
      '--json',
    ];
    const { stdout } = await execa(
      'node',
      [join(ROOT, 'dist', 'cli.js'), ...argv, '--text', join(ROOT, 'tasks', 'mini')],
      {
        cwd: output,
        stdin: 'ignore',
      },
    );
    const { flips, notes } = FlipListSchema.parse(JSON.parse(stdout));
    assert.ok(flips.length > 0);
    assert.deepEqual(notes, []);
    for (const { question, before } of flips)
      assert.equal(question?.target, before.prediction, 'it was right before');
  });

  test("scores every item as the harness's own command line does", async () => {
    const cache = cacheRoot(process.env);
    const python = await managedPython({ cache, environment: process.env, note: () => undefined });
    const { items } = await runHarnessCli({
      python,
      cache,
      model: main.record.model.source,
      data: 'tasks/mini',
      benchmarks: selectBenchmarks(['bbh', 'musr', 'ifeval', 'bbq', 'xstest']),
      batchSize: 16,
      maxGenToks: 64,
      seed: 1234,
      folder: join(folder, 'cli'),
    });
    const agreement = await compareItems(join(output, 'main', 'journal.ndjson'), items);
    assert.ok(agreement.compared > 150, `${agreement.compared} items compared`);
    assert.deepEqual(agreement.missing, []);
    assert.deepEqual(agreement.disagreements, []);
  });
});
