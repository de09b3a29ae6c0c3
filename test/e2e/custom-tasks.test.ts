/** Task definitions from outside (`include-path`) through the real harness. */
import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { readRecord } from '../../src/record/read.ts';
import { runCli, testCache } from '../support/cli.ts';
import { makeTinyModel, writeQuestions, xstestQuestions } from '../support/datasets.ts';
import { temporaryFolder } from '../support/folder.ts';
import { testPython } from '../support/python.ts';

const folder = temporaryFolder();
const environment = testCache(folder);
const model = await makeTinyModel(await testPython(), join(folder, 'tiny'));
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

test('a name that neither the catalogue nor the folder knows is refused by name', async () => {
  const { exitCode, stderr } = await run('my_sum', 'none');
  assert.equal(exitCode, 2);
  assert.match(stderr, /error: 'my_sum' is neither a benchmark nor a task .*\[benchmark-unknown\]\nhint: /);
});

test('a task that two of the asked-for benchmarks have is refused', async () => {
  const { exitCode, stderr } = await run('my_quiz,my_products', 'none');
  assert.equal(exitCode, 2);
  assert.match(stderr, /error: my_products is in both my_quiz and my_products \[task-unusable\]\nhint: /);
});

test('a task of which nothing is better when it is more is refused', async () => {
  const { exitCode, stderr } = await run('my_worse', 'none');
  assert.equal(exitCode, 2);
  assert.match(stderr, /error: my_worse has no metric of which more is better \[task-unusable\]\nhint: /);
});

test('a task that scores whole texts is refused: perplexity is no score of a question', async () => {
  const { exitCode, stderr } = await run('my_texts', 'none');
  assert.equal(exitCode, 2);
  assert.match(
    stderr,
    /error: my_texts scores whole texts \(loglikelihood_rolling\).* \[task-unusable\]\nhint: /,
  );
});
