import assert from 'node:assert/strict';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { readRecord } from '../../src/record/read.ts';
import { findBenchmark } from '../../src/suite/catalogue.ts';
import { startCli, testCache } from '../support/cli.ts';
import { makeTinyModel, xstestQuestions } from '../support/datasets.ts';
import { startFakeHub } from '../support/fake-hub.ts';
import { temporaryFolder } from '../support/folder.ts';
import { endAfterTests, type RunningProcess, within } from '../support/process.ts';
import { testPython } from '../support/python.ts';

// One run against a fake Hub: a model and a data set that are there, one data set that is gated, one that is not.

const TOKEN = 'hf_only_the_fetching_process_sees_this';
const COMMIT = 'c0ffee'.repeat(6).slice(0, 36).padEnd(40, '0');
const folder = temporaryFolder();
const tiny = await makeTinyModel(await testPython(), join(folder, 'tiny'));
const xstest = findBenchmark('xstest')!.dataset;
const strongreject = findBenchmark('strongreject')!.dataset;

const hub = await startFakeHub([
  {
    kind: 'models',
    id: 'team/tiny',
    commit: COMMIT,
    files: {
      ...Object.fromEntries(readdirSync(tiny).map((name) => [name, readFileSync(join(tiny, name))])),
      'pytorch_model.bin': 'a pickle',
      'modeling_tiny.py': 'raise SystemExit',
    },
  },
  {
    kind: 'datasets',
    id: xstest.id,
    commit: xstest.revision!,
    files: {
      'README.md':
        '---\nconfigs:\n- config_name: default\n  data_files:\n  - split: test\n    path: data/test.jsonl\n---\n',
      'data/test.jsonl': xstestQuestions(20)
        .map((document) => JSON.stringify(document))
        .join('\n'),
    },
  },
  { kind: 'datasets', id: strongreject.id, commit: strongreject.revision!, gated: true },
]);
after(() => hub.close());

const runs: RunningProcess[] = [];
endAfterTests(runs);
const output = join(folder, 'output');

function start(...more: string[]): RunningProcess {
  const run = startCli(
    [
      ['run', '--model', 'hf:team/tiny@main', '--model-args', 'dtype=float32', '--device', 'cpu'],
      ['--benchmarks', 'xstest,strongreject,cdna,livebench-math', '--output', output, ...more],
    ].flat(),
    {
      environment: {
        ...testCache(folder),
        HF_ENDPOINT: hub.url,
        HF_HOME: join(folder, 'hub-home'),
        HF_TOKEN: TOKEN,
      },
    },
  );
  runs.push(run);
  return run;
}

/** Every process the run has, with its environment and arguments, as often as it can be seen. */
const seen = new Map<number, { command: string; environment: string }>();
const run = start();
const watching = setInterval(() => {
  for (const { pid, command } of run.descendants()) {
    try {
      seen.set(pid, { command, environment: readFileSync(`/proc/${pid}/environ`, 'utf8') });
    } catch {
      // It has ended meanwhile.
    }
  }
}, 50);
await within(300, () => run.descendants().some(({ command }) => /sosbench_worker $/.test(command)));
const askedBefore = hub.requests.length;
const result = await run.result;
clearInterval(watching);
const { record, items } = await readRecord(output).catch((error) =>
  assert.fail(`${error}\n${result.stderr}`),
);
const row = (id: string) => record.benchmarks.find((benchmark) => benchmark.id === id)!;
const processes = (part: string) => [...seen.values()].filter(({ command }) => command.includes(part));

test('a data set on the Hub is fetched at its pinned revision and evaluated', () => {
  assert.equal(result.exitCode, 0, result.stderr);
  assert.deepEqual([row('xstest').status, row('xstest').n], ['done', 20]);
  assert.equal(items.length, 20);
  assert.equal(record.protocol.tasks.sosb_xstest!.data, `hub:${xstest.id}@${xstest.revision}`);
  const asked = hub.requests.filter(({ asked }) => asked.includes(xstest.id));
  assert.ok(asked.length > 0 && asked.every(({ asked }) => asked.includes(xstest.revision!)));
});

test('a model on the Hub is fetched at the revision asked for; the record holds the commit', () => {
  assert.equal(record.model.name, 'team/tiny');
  assert.equal(record.model.source, `hf:team/tiny@${COMMIT}`);
});

test('pickles and Python code of the model are not even downloaded', () => {
  const asked = hub.requests.map(({ asked }) => asked).filter((path) => /\.bin|\.py/.test(path));
  assert.deepEqual(asked, []);
});

test('a gated data set is skipped, with where to ask for it', () => {
  assert.equal(row('strongreject').status, 'skipped');
  const reason = row('strongreject').reason ?? '';
  assert.match(
    reason,
    /walledai\/StrongREJECT is gated: ask for access at https:\/\/\S+\/walledai\/StrongREJECT/,
  );
  assert.doesNotMatch(reason, /give hf-token/, 'there is one');
});

test('a data set that is not there is skipped with the reason, as is a benchmark of another harness', () => {
  assert.deepEqual(
    [row('cdna').status, row('cdna').reason],
    ['skipped', 'walledai/CDNA is not on the Hub, or hf-token may not see it'],
  );
  assert.match(row('livebench-math').reason ?? '', /LiveBench/);
});

test('only the processes that fetch hold the token; the worker has none', () => {
  const downloads = hub.requests.filter(({ asked }) => /\/(resolve|tree)\//.test(asked));
  assert.ok(downloads.length > 5 && downloads.every(({ token }) => token === TOKEN));
  const workers = [...seen.values()].filter(({ command }) => /sosbench_worker $/.test(command));
  assert.ok(workers.length > 0);
  for (const { environment } of workers) assert.doesNotMatch(environment, /HF_TOKEN|hf_only/);
  assert.ok(processes('fetch_data').some(({ environment }) => environment.includes(TOKEN)));
  for (const { command } of seen.values()) assert.ok(!command.includes(TOKEN), command);
});

test('the token is in no file of the run and in nothing it prints', () => {
  for (const entry of readdirSync(output, { recursive: true, encoding: 'utf8' })) {
    const path = join(output, entry);
    if (statSync(path).isFile()) assert.ok(!readFileSync(path).includes(TOKEN), entry);
  }
  assert.ok(!`${result.stdout}${result.stderr}`.includes(TOKEN));
});

test('the worker asks the Hub for nothing', () => {
  assert.equal(hub.requests.length, askedBefore);
});

test('a model that is not on the Hub is model-missing, with what to check', async () => {
  const { exitCode, stderr } = await start('--model', 'hf:team/none').result;
  assert.equal(exitCode, 2);
  assert.match(stderr, /team\/none could not be fetched from the Hub: .*\[model-missing\]\nhint: .*HF_TOKEN/);
});

test('with the Hub out of reach, what was fetched before is used, the model too', async () => {
  hub.close();
  const { exitCode, stderr } = await start().result;
  assert.equal(exitCode, 0, stderr);
  const offline = await readRecord(output);
  assert.deepEqual(offline.items, items);
  const reason = offline.record.benchmarks.find(({ id }) => id === 'strongreject')?.reason;
  assert.equal(reason, 'the Hub could not be reached for walledai/StrongREJECT');
});
