import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { nameField } from '../../../src/report/comment/tables/field-names.ts';
import { shortTask } from '../../../src/report/comment/tables/task-names.ts';
import { findBenchmark } from '../../../src/suite/catalogue.ts';
import * as scenarios from '../../support/scenarios.ts';

describe('a task without what all tasks of its benchmark begin with', () => {
  const CASES: [benchmark: string, task: string, short: string][] = [
    ['bbh', 'leaderboard_bbh_object_counting', 'object counting'],
    ['bbq', 'sosb_bbq_age', 'age'],
    ['wmdp', 'wmdp_bio', 'bio'],
    ['mmlu-pro', 'leaderboard_mmlu_pro', 'leaderboard_mmlu_pro'],
    ['bbh', 'another_task', 'another_task'],
  ];
  for (const [id, task, short] of CASES)
    test(`${task} of ${id} is '${short}'`, () =>
      assert.equal(
        shortTask(
          task,
          findBenchmark(id)!.tasks.map(({ name }) => name),
        ),
        short,
      ));
});

describe('a setting in words', () => {
  const CASES: [path: string, name: string][] = [
    ['harness.version', 'version of the harness'],
    ['tokenizerSha256', 'tokenizer'],
    ['tasks.leaderboard_ifeval.fewshot', 'number of examples (few-shot)'],
    ['tasks.leaderboard_ifeval.generation.max_gen_toks', 'generation settings: max_gen_toks'],
    ['benchmarks.bbq.tasks', 'tasks of the benchmark'],
    ['modelArgs.load_in_4bit', 'model arguments: load_in_4bit'],
    ['somethingNew', 'somethingNew'],
    ['constructor', 'constructor'],
  ];
  for (const [path, name] of CASES)
    test(`${path} is '${name}'`, () => assert.equal(nameField(path).name, name));

  test('every field of a record that can differ has words', () => {
    const { protocol, subject } = scenarios.regression.baseline.record;
    const { tasks, harness, ...run } = protocol;
    const fields = [
      ...Object.keys(run),
      ...Object.keys(harness).map((key) => `harness.${key}`),
      ...Object.keys(subject).filter((key) => key !== 'chatTemplate'),
      ...Object.keys(Object.values(tasks)[0]!),
    ];
    assert.deepEqual(
      fields.filter((field) => !nameField(field).isKnown),
      [],
    );
  });
});
