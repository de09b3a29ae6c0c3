import assert from 'node:assert/strict';
import { chmodSync, existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { readRecord } from '../../src/record/read.ts';
import { startCli, testCache } from '../support/cli.ts';
import { bbqQuestions, makeTinyModel, writeQuestions, xstestQuestions } from '../support/datasets.ts';
import { temporaryFolder } from '../support/folder.ts';
import { endAfterTests, ONE_THREAD, type RunningProcess, startProcess, within } from '../support/process.ts';
import { testPython } from '../support/python.ts';
import { inE2e, inNightly } from '../support/tier.ts';

// One plan, run by one worker, by two, by a Slurm array of three shards, and through a model that vanishes.

const folder = temporaryFolder();
const environment = testCache(folder);
const model = await makeTinyModel(await testPython(), join(folder, 'tiny'));
const data = join(folder, 'data');
writeQuestions(data, 'xstest/test', xstestQuestions(320));
writeQuestions(data, 'bbq/age', bbqQuestions(60));
writeQuestions(data, 'ifeval/train', [
  { key: 1, prompt: 'Write.', instruction_id_list: ['punctuation:no_comma'], kwargs: [{}] },
]);
const runs: RunningProcess[] = [];
endAfterTests(runs);

const SETTINGS = [
  ['--model-args', 'dtype=float32', '--datasets-dir', data],
  ['--benchmarks', 'bbq,xstest,ifeval', '--max-gen-toks', '8'],
].flat();

function start(output: string, ...more: string[]): RunningProcess {
  const run = startCli(['run', '--model', model, ...SETTINGS, '--output', output, ...more], { environment });
  runs.push(run);
  return run;
}

/** A program in a folder that is put on PATH. */
function program(name: string, script: string): string {
  const bin = join(folder, 'bin');
  mkdirSync(bin, { recursive: true });
  const path = join(bin, name);
  writeFileSync(path, `#!/bin/bash\n${script}\n`);
  chmodSync(path, 0o755);
  return path;
}

const items = (output: string) => readFileSync(join(output, 'items.parquet'));
const single = join(folder, 'single');
const first = await start(single, '--devices', 'cpu:1').result;

inE2e('what questions share is read once, and the record says so', async () => {
  const { environment } = JSON.parse(readFileSync(join(single, 'record.json'), 'utf8'));
  assert.deepEqual([environment.engine, environment.engineReason], ['shared', undefined]);
  assert.doesNotMatch(first.stderr, /is read again/);
});

inE2e('how the written answer looks is recorded, and of answers that were chosen nothing', async () => {
  const { items: all } = await readRecord(single);
  const [written, ...others] = all.filter(({ style }) => style !== undefined);
  assert.deepEqual([written?.benchmark, others], ['ifeval', []]);
  // A token of the tiny model is a byte.
  const { chars } = written!.style!;
  assert.ok(chars > 0 && chars <= 8, `${chars}`);
  const kept = /"style":(\{[^}]*\})/.exec(readFileSync(join(single, 'journal.ndjson'), 'utf8'));
  assert.deepEqual(JSON.parse(kept![1]!), written!.style);
});

inE2e(
  'two workers: the same items.parquet as one, a log each, both started through the launcher',
  async () => {
    assert.equal(first.exitCode, 0, first.stderr);
    const double = join(folder, 'double');
    const launched = join(folder, 'launched');
    const launcher = program(
      'fake-srun',
      `echo "$1 $CUDA_VISIBLE_DEVICES." >> '${launched}'\nshift\nexec "$@"`,
    );
    const run = start(double, '--devices', 'cpu:2', '--launcher', `${launcher} --gpus=1`);
    const { exitCode, stderr } = await run.result;
    assert.equal(exitCode, 0, stderr);
    assert.match(stderr, /Loading the model \(CPU worker 2 of 2\)/);
    assert.ok(items(double).equals(items(single)));
    for (const slot of [0, 1]) assert.ok(existsSync(join(double, 'logs', `worker-${slot}.log`)));
    assert.deepEqual(readFileSync(launched, 'utf8').trim().split('\n'), ['--gpus=1 .', '--gpus=1 .']);
    assert.ok(await within(60, () => run.descendants().length === 0), JSON.stringify(run.descendants()));
  },
);

inNightly(
  'the Slurm example, run by a fake sbatch: one task stopped at its time limit, then all: merged, the whole run',
  async () => {
    const bin = join(import.meta.dirname, '..', '..', 'src', 'cli', 'bin.ts');
    program('sos-bench', `exec '${process.execPath}' '${bin}' "$@"`);
    const shells = join(folder, 'batch-shells');
    // As Slurm does it: the range from the command line, else from the script's own comments; a copy of the script is run, once for
    // each task, by a shell that gets the signals (`--signal=B:`).
    const sbatch = program(
      'fake-sbatch',
      [
        'array=',
        'case $1 in --array=*) array=$(cut -d= -f2 <<< "$1"); shift ;; esac',
        'spooled=$(mktemp) && cp "$1" "$spooled"',
        'test -n "$array" || array=$(sed -n "s/^#SBATCH --array=//p" "$1")',
        'shift',
        'for task in $(seq $(cut -d- -f1 <<< $array) $(cut -d- -f2 <<< $array)); do',
        '  SLURM_ARRAY_TASK_ID=$task bash "$spooled" "$@" &',
        `  echo $! >> '${shells}'`,
        '  wait $! || exit $?',
        'done',
      ].join('\n'),
    );
    const output = join(folder, 'array');
    const script = join(import.meta.dirname, '..', '..', 'docs', 'examples', 'sos-bench-array.sbatch');
    const submit = (...flags: string[]) => {
      const job = startProcess([sbatch, ...flags, script, ...SETTINGS, '--devices', 'cpu:1'], {
        environment: {
          ...process.env,
          ...ONE_THREAD,
          ...environment,
          PATH: `${join(folder, 'bin')}:${process.env.PATH}`,
          MODEL: model,
          OUTPUT: output,
        },
      });
      runs.push(job);
      return job;
    };
    const stopped = submit('--array=2');
    const journal = join(output, 'shard-2', 'journal.ndjson');
    assert.ok(
      await within(300, () => existsSync(journal) && readFileSync(journal, 'utf8').includes('"chunk"')),
    );
    process.kill(Number(readFileSync(shells, 'utf8')), 'SIGTERM');
    const limit = await stopped.result;
    assert.equal(limit.exitCode, 2, limit.stderr);
    assert.match(limit.stderr, /finished chunks are kept \[interrupted\]/);
    assert.equal((await readRecord(join(output, 'shard-2'))).record.complete, false);

    const { exitCode, stderr } = await submit().result;
    assert.equal(exitCode, 0, stderr);
    assert.match(stderr, /\(shard 2\/3\); resumed: .*\([1-9]\d* of \d+ chunks\)/);
    const shards = [1, 2, 3].map((shard) => join(output, `shard-${shard}`));
    for (const [place, path] of shards.entries())
      assert.deepEqual((await readRecord(path)).record.shard, { index: place + 1, of: 3 });

    const missing = await startCli(['merge', shards[0]!, shards[2]!, '--output', join(folder, 'part')])
      .result;
    assert.equal(missing.exitCode, 2);
    assert.match(missing.stderr, /shards are missing: 2\/3 \[merge-refused\]\nhint: /);

    const merged = join(folder, 'merged');
    const merge = await startCli(['merge', ...shards, '--output', merged]).result;
    assert.equal(merge.exitCode, 0, merge.stderr);
    assert.ok(items(merged).equals(items(single)));
    const { record } = await readRecord(merged);
    const whole = (await readRecord(single)).record;
    assert.deepEqual(record.benchmarks, whole.benchmarks);
    assert.deepEqual(record.protocol, whole.protocol);
    assert.equal(record.complete, true);
  },
);

inE2e(
  'a model that vanishes in mid-run: exit 2, a valid partial record; put back, the run goes on',
  async () => {
    const output = join(folder, 'vanished');
    const journal = join(output, 'journal.ndjson');
    const run = start(output, '--devices', 'cpu:1');
    assert.ok(
      await within(300, () => existsSync(journal) && readFileSync(journal, 'utf8').includes('"chunk"')),
    );
    renameSync(model, `${model}-away`);
    const [worker] = run.descendants().filter(({ command }) => command.includes('sosbench_worker'));
    process.kill(worker!.pid, 'SIGKILL');
    const { exitCode, stderr } = await run.result;
    renameSync(`${model}-away`, model);
    assert.equal(exitCode, 2, stderr);
    assert.match(stderr, /the model is gone: .* \[model-missing\]\nhint: .*same command again/);
    const { record, items: kept } = await readRecord(output);
    assert.equal(record.complete, false);
    assert.ok(kept.length > 0);
    const again = await start(output, '--devices', 'cpu:1').result;
    assert.equal(again.exitCode, 0, again.stderr);
    assert.ok(items(output).equals(items(single)));
  },
);

inE2e('a GPU that PyTorch does not see is said so, with what to do', async () => {
  const { exitCode, stderr } = await start(join(folder, 'no-gpu'), '--devices', '7').result;
  assert.equal(exitCode, 2);
  assert.match(stderr, /GPU 7: PyTorch in .* sees no GPU there \[worker-failed\]\nhint: .*--devices/);
});
