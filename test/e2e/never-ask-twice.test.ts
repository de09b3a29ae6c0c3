/** What is known of a model is not asked again, by the built program and the real harness. */
import assert from 'node:assert/strict';
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { before, describe } from 'node:test';
import { recordPaths } from '../../src/record/paths.ts';
import { readRecord } from '../../src/record/read.ts';
import { runBuiltCli } from '../support/built-cli.ts';
import { testCache } from '../support/cli.ts';
import { makeTinyModel, writeQuestions, xstestQuestions } from '../support/datasets.ts';
import { temporaryFolder } from '../support/folder.ts';
import { testPython } from '../support/python.ts';
import { inE2e, inNightly } from '../support/tier.ts';

const work = temporaryFolder();
const environment = testCache(work);
const model = join(work, 'model');

async function run(name: string, questions: string, ...more: string[]) {
  const output = join(work, name);
  const args = [
    ...['run', '--model', model, '--suite', 'full', '--benchmarks', 'xstest', '--stages', 'lm-eval'],
    ...['--devices', 'cpu:1', '--datasets-dir', join(work, questions), '--output', output, ...more],
  ];
  const { exitCode, stderr } = await runBuiltCli(args, { environment });
  assert.equal(exitCode, 0, stderr);
  const { record } = await readRecord(output);
  return { output, record, stderr, items: readFileSync(recordPaths(output).items) };
}

/** Whether a worker was started: each writes a log. */
const hadWorker = (output: string) =>
  readdirSync(join(output, 'logs')).some((name) => name.startsWith('worker-'));

describe('what a record knows of the very model', () => {
  let base: Awaited<ReturnType<typeof run>>;
  const again = (name: string, ...more: string[]) => run(name, 'few', '--baseline', base.output, ...more);

  before(async () => {
    await makeTinyModel(await testPython(), model, 1);
    writeQuestions(join(work, 'few'), 'xstest/test', xstestQuestions(75));
    writeQuestions(join(work, 'more'), 'xstest/test', xstestQuestions(120));
    base = await run('base', 'few');
    assert.equal(base.record.reused, undefined);
  });

  inE2e('all of it: no worker is started, no minute spent, and the items are the same', async () => {
    const { output, record, stderr, items } = await again('same');
    assert.match(stderr, /The model is the baseline's \(.*\): nothing is evaluated; use --force to evaluate/);
    assert.equal(hadWorker(output), false);
    assert.deepEqual(
      [record.totals.deviceMinutes, record.reused],
      [0, [{ commit: base.record.commit, items: 75 }]],
    );
    assert.ok(items.equals(base.items));
    assert.deepEqual(record.benchmarks, base.record.benchmarks);
    // What it left is a run's folder as any other is: the same command goes on in it.
    const next = await again('same');
    assert.ok(next.items.equals(base.items));
    assert.equal(next.record.totals.deviceMinutes, 0);
  });

  inNightly('also where the folder of the model is one of links to the very files', async () => {
    const linked = join(work, 'linked');
    mkdirSync(linked);
    for (const name of readdirSync(model)) symlinkSync(join(model, name), join(linked, name));
    const { output, items } = await again('of-links', '--model', linked);
    assert.equal(hadWorker(output), false);
    assert.ok(items.equals(base.items));
  });

  inNightly('with --force also in the folder of a run that was told of it', async () => {
    await again('then-forced');
    const { output, record, items, stderr } = await again('then-forced', '--force');
    assert.match(stderr, /All is asked, also what an earlier run here had taken over/);
    assert.equal(hadWorker(output), true);
    assert.deepEqual([record.reused, record.resumed], [undefined, undefined]);
    assert.ok(items.equals(base.items));
  });

  inNightly('once more by the same command, though batches are not those of the baseline', async () => {
    const smaller = ['--batch-size', '4'];
    await again('smaller', ...smaller);
    const { output, record, stderr } = await again('smaller', ...smaller);
    assert.match(stderr, /The model is the baseline's .*: nothing is evaluated/);
    assert.equal(hadWorker(output), false);
    assert.deepEqual(record.reused, [{ commit: base.record.commit, items: 75 }]);
  });

  inNightly('but not over the record of another model', async () => {
    await again('mine');
    const other = join(work, 'other');
    await makeTinyModel(await testPython(), other, 2);
    const theirs = await run('theirs', 'few', '--model', other);
    const args = ['--suite', 'full', '--benchmarks', 'xstest', '--stages', 'lm-eval', '--devices', 'cpu:1'];
    const { exitCode, stderr } = await runBuiltCli(
      ['run', '--model', other, ...args, '--datasets-dir', join(work, 'few')].concat([
        ...['--output', join(work, 'mine'), '--baseline', theirs.output],
      ]),
      { environment },
    );
    assert.equal(exitCode, 2);
    assert.match(stderr, /journal-mismatch/);
    assert.equal(
      (await readRecord(join(work, 'mine'))).record.model.identity?.digest,
      base.record.model.identity?.digest,
    );
  });

  inNightly(
    'shards: each takes over its own part, and what is put together is what one run leaves, byte for byte',
    async () => {
      const both = ['--benchmarks', 'gpqa,xstest', '--suite', 'mini'];
      const [known, all] = [
        await run('of-one', 'few', '--benchmarks', 'gpqa', '--suite', 'mini'),
        await run('of-both', 'few', ...both),
      ];
      const shards: Awaited<ReturnType<typeof run>>[] = [];
      for (const shard of ['1/2', '2/2'])
        shards.push(
          await run(`shard-${shard[0]}`, 'few', ...both, '--baseline', known.output, '--shard', shard),
        );
      const reused = shards.map(({ record }) => record.reused?.[0]?.items ?? 0);
      assert.deepEqual(reused, [12, 12], shards.map(({ stderr }) => stderr).join('\n'));
      const output = join(work, 'merged');
      const merged = await runBuiltCli(
        ['merge', ...shards.map((shard) => shard.output), '--output', output],
        {
          environment,
        },
      );
      assert.equal(merged.exitCode, 0, merged.stderr);
      const { record } = await readRecord(output);
      assert.deepEqual(record.reused, [{ commit: known.record.commit, items: 24 }]);
      assert.ok(readFileSync(recordPaths(output).items).equals(all.items));
      assert.deepEqual(record.benchmarks, all.record.benchmarks);
      // What is put together is a record that a later run takes answers from, all of them.
      const next = await run('of-merged', 'few', ...both, '--baseline', output);
      assert.match(next.stderr, /nothing is evaluated/);
      assert.ok(next.items.equals(all.items));
    },
  );

  inNightly(
    'a whole benchmark more: only that is asked, and the items are those of asking everything, byte for byte',
    async () => {
      const both = ['--benchmarks', 'gpqa,xstest', '--suite', 'mini'];
      const one = await run('one', 'few', '--benchmarks', 'gpqa', '--suite', 'mini');
      const all = await run('all', 'few', ...both);
      const rest = await run('rest', 'few', ...both, '--baseline', one.output);
      assert.match(rest.stderr, /24 answers are known, 24 questions are asked/);
      assert.deepEqual(rest.record.reused, [{ commit: one.record.commit, items: 24 }]);
      assert.ok(rest.items.equals(all.items));
      assert.deepEqual(rest.record.benchmarks, all.record.benchmarks);
      assert.deepEqual(rest.record.protocol, all.record.protocol);
    },
  );

  describe('a part of a chunk', () => {
    let all: typeof base;

    inE2e('with --force all of it is asked', async () => {
      all = await run('forced', 'more', '--baseline', base.output, '--force');
      assert.equal(hadWorker(all.output), true);
      assert.deepEqual([all.record.reused, all.record.totals.items], [undefined, 120]);
    });

    inE2e(
      'without only the rest is asked; in other batches scores stay, and last digits of margins differ',
      async () => {
        const rest = await run('rest-of-more', 'more', '--baseline', base.output);
        assert.match(rest.stderr, /75 answers are known, 45 questions are asked/);
        assert.deepEqual(rest.record.reused, [{ commit: base.record.commit, items: 75 }]);
        const told = ({ output }: typeof all) => readRecord(output).then(({ items }) => items);
        const [wanted, found] = [await told(all), await told(rest)];
        const withoutMargin = (items: typeof wanted) => items.map((item) => ({ ...item, margin: null }));
        assert.deepEqual(withoutMargin(found), withoutMargin(wanted));
        for (const [index, { margin }] of found.entries())
          assert.ok(Math.abs(margin! - wanted[index]!.margin!) < 1e-3, `${margin} ${wanted[index]!.margin}`);
      },
    );
  });

  for (const [what, ...more] of [
    ['another dtype', '--model-args', 'dtype=bfloat16'],
    ['another seed', '--seed', '7'],
  ])
    inNightly(`nothing of it with ${what}`, async () => {
      const { output, record } = await again(`other-${more.at(-1)}`, ...more);
      assert.equal(hadWorker(output), true);
      assert.equal(record.reused, undefined);
    });

  inNightly('nothing of it where the weights differ in one byte', async () => {
    const path = join(model, 'model.safetensors');
    const weights = readFileSync(path);
    try {
      const changed = Buffer.from(weights);
      changed[changed.length - 1]! ^= 1;
      rmSync(path);
      writeFileSync(path, changed);
      const { output, record } = await again('changed');
      assert.equal(hadWorker(output), true);
      assert.equal(record.reused, undefined);
    } finally {
      writeFileSync(path, weights);
    }
  });

  inE2e('nothing of the folder that it writes into: it is said at once', async () => {
    const args = ['run', '--model', model, '--suite', 'mini', '--baseline', base.output];
    const { exitCode, stderr } = await runBuiltCli([...args, '--output', base.output, '--fresh'], {
      environment,
    });
    assert.equal(exitCode, 2);
    assert.match(stderr, /--baseline and --output are one folder.*\[usage\]/);
    assert.equal((await readRecord(base.output)).record.reused, undefined);
  });

  inE2e('nothing of a folder that is no record is waited for: it is said at once', async () => {
    const args = [
      'run',
      '--model',
      model,
      '--suite',
      'mini',
      '--baseline',
      work,
      '--output',
      join(work, 'none'),
    ];
    const { exitCode, stderr } = await runBuiltCli(args, { environment });
    assert.equal(exitCode, 2);
    assert.match(stderr, /there is no record in .*\[record-missing\]/);
    assert.equal(existsSync(join(work, 'none')), false);
  });
});
