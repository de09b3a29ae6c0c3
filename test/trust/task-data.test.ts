/**
 * Task definitions of an untouched base checkout judge by the data beside them, never by what the change has under the same name: the built
 * action, with the real Python and harness.
 */
import assert from 'node:assert/strict';
import { cpSync, mkdirSync, realpathSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { execa } from 'execa';
import { readRecord } from '../../src/record/read.ts';
import { testCache } from '../support/cli.ts';
import { makeTinyModel, writeQuestions } from '../support/datasets.ts';
import { eventEnvironment, pullPayload } from '../support/events.ts';
import { temporaryFolder } from '../support/folder.ts';
import { endAfterTests } from '../support/process.ts';
import { testPython } from '../support/python.ts';
import { type RunningStep, startStep } from '../support/runner.ts';

const outside = temporaryFolder();
const model = await makeTinyModel(await testPython(), join(outside, 'model'));
const cache = testCache(outside);
const runs: RunningStep[] = [];
endAfterTests(runs);

const questions = (count: number) =>
  Array.from({ length: count }, (_, place) => ({ question: `What is ${place} + 1?`, answer: place % 2 }));
const OWN = 8;
const OF_THE_CHANGE = 5;

/** Where the definition says that its questions are, and what becomes of them: how many are asked, or what is said. */
const CASES: [title: string, name: string, outcome: number | RegExp][] = [
  ['a file beside the definition', 'quiz.jsonl', OWN],
  ['a file in a folder beside it', './data/quiz.jsonl', OWN],
  ['a file of the change, by dots', '../../quiz.jsonl', /part of the change's own checkout/],
  ['a file of the change, by its whole path', 'WORKSPACE/quiz.jsonl', /part of the change's own checkout/],
];

/** A pull request's checkout with the base's beside it, whose tasks name their data. */
async function makeWorkspace(name: string): Promise<{ workspace: string; base: string }> {
  const workspace = realpathSync(temporaryFolder());
  const base = join(workspace, 'base');
  const tasks = join(base, 'tasks');
  mkdirSync(join(tasks, 'data'), { recursive: true });
  const yaml = [
    'task: my_quiz',
    'dataset_path: json',
    `dataset_kwargs: { data_files: { test: ${name.replace('WORKSPACE', workspace)} } }`,
    'test_split: test',
    'output_type: multiple_choice',
    'doc_to_text: "{{question}}"',
    'doc_to_choice: ["no", "yes"]',
    'doc_to_target: answer',
    'metric_list: [{ metric: acc }]',
  ].join('\n');
  writeFileSync(join(tasks, 'quiz.yaml'), `${yaml}\n`);
  for (const folder of [tasks, join(tasks, 'data')]) writeQuestions(folder, 'quiz', questions(OWN));
  for (const folder of [workspace, join(workspace, 'data')])
    writeQuestions(folder, 'quiz', questions(OF_THE_CHANGE));
  const git = async (...args: string[]) =>
    (await execa('git', ['-c', 'user.name=t', '-c', 'user.email=t@example.org', ...args], { cwd: base }))
      .stdout;
  await git('init', '--quiet', '--initial-branch=main');
  await git('add', '.');
  await git('commit', '--quiet', '-m', 'base');
  cpSync(model, join(workspace, 'model'), { recursive: true });
  return { workspace, base: await git('rev-parse', 'HEAD') };
}

/** A push to the default branch. */
const PUSH = { ref: 'refs/heads/main', after: 'c'.repeat(40), before: 'b'.repeat(40) };

async function evaluate(
  { workspace, base }: { workspace: string; base: string },
  event: 'pull_request' | 'push',
) {
  const temp = join(outside, `temp-${runs.length}`);
  mkdirSync(temp);
  const payload = event === 'push' ? PUSH : pullPayload({ number: 1, headSha: 'c'.repeat(40) }, base);
  const step = startStep({
    workspace,
    action: 'run',
    inputs: {
      ...{ model: 'model', 'model-args': 'dtype=float32', device: 'cpu' },
      ...{ 'include-path': 'base/tasks', benchmarks: 'my_quiz', output: 'record' },
    },
    environment: { ...cache, RUNNER_TEMP: temp, ...eventEnvironment(temp, { name: event, payload, run: 1 }) },
  });
  runs.push(step);
  return await step.result;
}

for (const [title, name, outcome] of CASES) {
  test(`data of a task of the base: ${title}`, async () => {
    const { exitCode, stdout, stderr, outputs } = await evaluate(await makeWorkspace(name), 'pull_request');
    if (typeof outcome === 'number') {
      assert.equal(exitCode, 0, stdout + stderr);
      const { record } = await readRecord(outputs['record-path']!);
      assert.deepEqual(
        record.benchmarks.map(({ id, n }) => [id, n]),
        [['my_quiz', outcome]],
      );
    } else {
      assert.equal(exitCode, 2, stdout + stderr);
      assert.match(stdout, outcome);
    }
  });
}

test('where no change is judged, tasks of the checkout may have their data anywhere in it', async () => {
  const { exitCode, stdout, stderr, outputs } = await evaluate(
    await makeWorkspace('../../quiz.jsonl'),
    'push',
  );
  assert.equal(exitCode, 0, stdout + stderr);
  const { record } = await readRecord(outputs['record-path']!);
  assert.equal(record.benchmarks[0]!.n, OF_THE_CHANGE);
});
