import assert from 'node:assert/strict';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { execa } from 'execa';
import { readRecord } from '../../src/record/read.ts';
import { findBenchmark } from '../../src/suite/catalogue.ts';
import { startCli, testCache } from '../support/cli.ts';
import { makeTinyModel, xstestQuestions } from '../support/datasets.ts';
import { startFakeHub } from '../support/fake-hub.ts';
import { temporaryFolder } from '../support/folder.ts';
import { endAfterTests, type RunningProcess } from '../support/process.ts';
import { testPython } from '../support/python.ts';
import { inE2e, inNightly } from '../support/tier.ts';

// A fake Hub is asked once, then closed; the run has no network at all where namespaces can be made.

const TOKEN = 'hf_prefetch_only';
const folder = temporaryFolder();
const tiny = await makeTinyModel(await testPython(), join(folder, 'tiny'));
const xstest = findBenchmark('xstest')!.dataset;
const strongreject = findBenchmark('strongreject')!.dataset;
const readme = 'configs:\n- config_name: default\n  data_files:\n  - split: test\n    path: data/test.jsonl';
const hub = await startFakeHub([
  {
    kind: 'models',
    id: 'team/tiny',
    commit: 'c0ffee'.repeat(6).slice(0, 36).padEnd(40, '0'),
    files: Object.fromEntries(readdirSync(tiny).map((name) => [name, readFileSync(join(tiny, name))])),
  },
  {
    kind: 'datasets',
    id: xstest.id,
    commit: xstest.revision!,
    files: {
      'README.md': `---\n${readme}\n---\n`,
      'data/test.jsonl': xstestQuestions(20)
        .map((document) => JSON.stringify(document))
        .join('\n'),
    },
  },
  { kind: 'datasets', id: strongreject.id, commit: strongreject.revision!, gated: true },
]);
const runs: RunningProcess[] = [];
endAfterTests(runs);
const environment = {
  ...testCache(folder),
  HF_ENDPOINT: hub.url,
  HF_HOME: join(folder, 'hub-home'),
};

function start(args: string[], more: { before?: string; token?: boolean } = {}): RunningProcess {
  const run = startCli(args, {
    environment: { ...environment, ...(more.token ? { HF_TOKEN: TOKEN } : {}) },
    ...(more.before === undefined ? {} : { before: more.before }),
  });
  runs.push(run);
  return run;
}

const MODEL = ['--model', 'hf:team/tiny@main'];
const noNetwork = (await execa('unshare', ['-rn', 'true'], { reject: false })).exitCode === 0;

test('what cannot be had is named with its reason, exit 2; the rest is fetched', async () => {
  const { exitCode, stdout, stderr } = await start(
    [
      ['prefetch', ...MODEL, '--benchmarks', 'xstest,strongreject,livebench-math'],
      ['--stages', 'lm-eval', '--json'],
    ].flat(),
    { token: true },
  ).result;
  assert.equal(exitCode, 2, stderr);
  assert.match(stderr, /lacking: walledai\/StrongREJECT is gated: ask for access/);
  assert.match(stderr, /1 of 2 things could not be fetched \[data-missing\]/);
  const { datasets, livebench, model } = JSON.parse(stdout);
  assert.equal(livebench, null);
  assert.deepEqual(
    datasets.map(({ id, reason }: { id: string; reason: string | null }) => [id, reason === null]),
    [
      [xstest.id, true],
      [strongreject.id, false],
    ],
  );
  assert.equal(model.repository, 'team/tiny');
  assert.ok(!`${stdout}${stderr}`.includes(TOKEN));
});

inE2e('what is there already is not an error, nor is a second time', async () => {
  const { exitCode, stderr } = await start(['prefetch', '--benchmarks', 'xstest'], { token: true }).result;
  assert.equal(exitCode, 0, stderr);
});

inE2e('tasks of include-path are named and left out', async () => {
  const args = ['prefetch', '--benchmarks', 'xstest,mytask', '--include-path', folder, '--json'];
  const { exitCode, stdout, stderr } = await start(args, { token: true }).result;
  assert.equal(exitCode, 0, stderr);
  assert.match(stderr, /left out: mytask \(of include-path\)/);
  const { datasets, custom } = JSON.parse(stdout);
  assert.deepEqual([datasets.map(({ id }: { id: string }) => id), custom], [[xstest.id], ['mytask']]);
});

const data = join(folder, 'data');
inNightly('into a datasets-dir: as it is read, whole files only; what is there stays', async () => {
  const args = ['prefetch', '--benchmarks', 'xstest', '--datasets-dir', data];
  const { exitCode, stderr } = await start(args, { token: true }).result;
  assert.equal(exitCode, 0, stderr);
  const file = join(data, 'xstest', 'test.parquet');
  assert.deepEqual(readdirSync(data, { recursive: true }).sort(), ['xstest', 'xstest/test.parquet']);
  const before = statSync(file).mtimeMs;
  assert.equal((await start(args, { token: true }).result).exitCode, 0);
  assert.equal(statSync(file).mtimeMs, before);
});

test(`after that a run works with the network off${noNetwork ? ', in a namespace without routes' : ''}`, async () => {
  hub.close();
  const output = join(folder, 'output');
  const run = start(
    [
      ['run', ...MODEL, '--model-args', 'dtype=float32', '--devices', 'cpu:1'],
      ['--benchmarks', 'xstest', '--output', output],
    ].flat(),
    noNetwork ? { before: 'set -- unshare -rn "$@";' } : {},
  );
  const { exitCode, stderr } = await run.result;
  assert.equal(exitCode, 0, stderr);
  assert.equal((await readRecord(output)).items.length, 20);
});

inNightly(
  'a run from the datasets-dir, with an empty cache and no network, asks the same questions',
  async () => {
    const output = join(folder, 'output-of-folder');
    const args = [
      'run',
      '--model',
      tiny,
      '--model-args',
      'dtype=float32',
      '--devices',
      'cpu:1',
      '--datasets-dir',
      data,
    ];
    const run = start([...args, '--benchmarks', 'xstest', '--output', output], {
      before: `HF_HOME=${join(folder, 'empty-home')}; export HF_HOME; ${noNetwork ? 'set -- unshare -rn "$@";' : ''}`,
    });
    const { exitCode, stderr } = await run.result;
    assert.equal(exitCode, 0, stderr);
    const hashes = async (path: string) => (await readRecord(path)).items.map(({ docHash }) => docHash);
    assert.deepEqual(await hashes(output), await hashes(join(folder, 'output')));
  },
);
