/** Task definitions from outside (`include-path`) through the real harness. */
import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import type { ErrorCode } from '../../src/error.ts';
import { findCustomBenchmarks } from '../../src/evaluate/questions/custom-benchmarks.ts';
import { startWorker, workerPaths } from '../../src/evaluate/workers/workers.ts';
import type { Worker } from '../../src/harness/lm-eval/worker.ts';
import { readRecord } from '../../src/record/read.ts';
import { workerEnvironment } from '../../src/system/process/child-environment.ts';
import { runCli, testCache } from '../support/cli.ts';
import { makeTinyModel, writeQuestions, xstestQuestions } from '../support/datasets.ts';
import { temporaryFolder } from '../support/folder.ts';
import { ONE_THREAD } from '../support/process.ts';
import { testPython } from '../support/python.ts';
import { rejectsWith } from '../support/reject.ts';
import { workerSettings } from '../support/worker-settings.ts';

const folder = temporaryFolder();
const environment = testCache(folder);
const { SOS_BENCH_CACHE: cache = '' } = environment;
const python = await testPython();
const model = await makeTinyModel(python, join(folder, 'tiny'));
const data = join(folder, 'data');
const tasks = join(folder, 'tasks');
mkdirSync(tasks);
writeQuestions(data, 'xstest/test', xstestQuestions(12));
writeQuestions(
  folder,
  'quiz',
  Array.from({ length: 12 }, (_, place) => ({ question: `What is ${place} + 1?`, answer: place % 2 })),
);

const QUIZ = `
dataset_path: json
dataset_kwargs: { data_files: { test: ../quiz.jsonl } }
test_split: test
output_type: multiple_choice
doc_to_text: "{{question}}"
doc_to_choice: ["no", "yes"]
doc_to_target: answer
metadata: { version: 3 }
`;
const define = (name: string, yaml: string) => writeFileSync(join(tasks, `${name}.yaml`), yaml);
define('sums', `task: my_sums\nmetric_list: [{ metric: acc }]\n${QUIZ}`);
define('sums_again', `task: my_other_sums\nmetric_list: [{ metric: acc }]\n${QUIZ}`);
define('products', `task: my_products\nmetric_list: [{ metric: acc }]\n${QUIZ}`);
define('both', 'group: my_quiz\ntask: [my_other_sums, my_products]\n');
define('worse', `task: my_worse\nmetric_list: [{ metric: brier_score, higher_is_better: false }]\n${QUIZ}`);
// As a definition may claim: by itself the harness calls a lower perplexity better.
define(
  'texts',
  `task: my_texts\nmetric_list: [{ metric: word_perplexity, higher_is_better: true }]\n${QUIZ.replace('multiple_choice', 'loglikelihood_rolling')}`,
);

const run = (benchmarks: string, output: string) =>
  runCli(
    [
      ['run', '--model', model, '--model-args', 'dtype=float32', '--device', 'cpu', '--datasets-dir', data],
      ['--include-path', tasks, '--benchmarks', benchmarks, '--output', join(folder, output)],
    ].flat(),
    { environment },
  );

test('tasks and groups of your own run beside benchmarks of the catalogue, in no factor, and mark the record', async () => {
  const { exitCode, stderr } = await run('my_sums,my_quiz,xstest', 'own');
  assert.equal(exitCode, 0, stderr);
  const { record, items } = await readRecord(join(folder, 'own'));
  const rows = record.benchmarks.map(({ id, status, n, chance }) => ({ id, status, n, chance }));
  assert.deepEqual(rows, [
    { id: 'xstest', status: 'done', n: 12, chance: 0.5 },
    { id: 'my_sums', status: 'done', n: 12, chance: null },
    { id: 'my_quiz', status: 'done', n: 24, chance: null },
  ]);
  assert.equal(items.length, 48);
  assert.deepEqual(record.protocol.includePaths, [tasks]);
  assert.equal(record.protocol.tasks.my_sums?.version, '3');
  const shown = await runCli(['show', join(folder, 'own'), '--json']);
  const [summary] = JSON.parse(shown.stdout).records;
  const quiz = summary.benchmarks.find(({ id }: { id: string }) => id === 'my_quiz');
  assert.ok(quiz.score >= 0 && quiz.score <= 1);
  assert.ok(
    summary.factors.every(({ id, n }: { id: string; n: number }) => (id === 'safety' ? n === 12 : n === 0)),
  );
});

test('a comparison tests them one by one, paired', async () => {
  const { stdout } = await runCli([
    ...['compare', '--baseline', join(folder, 'own'), '--candidate', join(folder, 'own'), '--json'],
  ]);
  const row = JSON.parse(stdout).benchmarks.find(({ id }: { id: string }) => id === 'my_quiz');
  assert.deepEqual([row.factor, row.paired, row.n, row.delta.estimate], [null, true, 24, 0]);
});

describe('the harness itself, asked about tasks of the folder:', () => {
  const controller = new AbortController();
  let worker: Worker;
  before(async () => {
    const settings = workerSettings({
      python,
      environment: { ...workerEnvironment(process.env), ...ONE_THREAD, ...workerPaths(python, cache) },
      log: join(folder, 'worker.log'),
      stallTimeout: 60_000,
      signal: controller.signal,
    });
    worker = await startWorker({ ...settings, includePaths: [tasks] });
  });
  after(() => controller.abort());

  test('a group is one benchmark, of its tasks', async () => {
    const [quiz] = await findCustomBenchmarks(['my_quiz'], [], worker);
    assert.deepEqual(
      [quiz!.id, quiz!.metric, quiz!.tasks.map(({ name }) => name)],
      ['my_quiz', 'acc', ['my_other_sums', 'my_products']],
    );
  });

  const REFUSED: [title: string, names: string[], code: ErrorCode, said: RegExp][] = [
    [
      'a name that neither the catalogue nor the folder knows',
      ['my_sum'],
      'benchmark-unknown',
      /^'my_sum' is neither a benchmark nor a task /,
    ],
    [
      'a task that two of the asked-for benchmarks have',
      ['my_quiz', 'my_products'],
      'task-unusable',
      /^my_products is in both my_quiz and my_products \|/,
    ],
    [
      'a task of which nothing is better when it is more',
      ['my_worse'],
      'task-unusable',
      /^my_worse has no metric of which more is better \|/,
    ],
    [
      'a task that scores whole texts (perplexity is no score of a question)',
      ['my_texts'],
      'task-unusable',
      /^my_texts scores whole texts \(loglikelihood_rolling\)/,
    ],
  ];
  for (const [title, names, code, said] of REFUSED)
    test(`${title} is refused by name`, async () => {
      await rejectsWith(() => findCustomBenchmarks(names, [], worker), code, said);
    });
});
