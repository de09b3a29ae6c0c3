import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { JudgmentSchema, Judgments } from '../../../src/harness/livebench/judgment.ts';
import { MODEL } from '../../../src/harness/livebench/scratch.ts';
import { categoryMeans } from '../../../src/harness/livebench/table.ts';
import { readJudgments } from '../../../src/record/import/livebench-judgments.ts';
import { packageRoot } from '../../../src/system/paths.ts';
import { ownQuestions, readJsonLines } from '../../support/livebench.ts';

// What the real scorer at the pinned commit left for our questions and answers; `real-scorer.test.ts` records it.

const file = (which: string) =>
  join(packageRoot(), 'test', 'fixtures', 'livebench', 'judgments', `${which}.jsonl`);

const means = {
  right: { coding: 1, data_analysis: 1, language: 1, math: 1, reasoning: 1, instruction_following: 1 },
  // A third of the order was right in one answer to plot_unscrambling, one of three tasks.
  wrong: { coding: 0, data_analysis: 0, language: 1 / 9, math: 0, reasoning: 0, instruction_following: 0 },
};

for (const [which, expected] of Object.entries(means)) {
  test(`recorded judgments of ${which} answers are read to these category scores`, async () => {
    const questions = await ownQuestions();
    const judgments = new Judgments(MODEL);
    judgments.addLines(readFileSync(file(which), 'utf8'));
    const scores = new Map(
      questions.map(({ id }) => {
        const outcome = judgments.get(id);
        assert.ok(outcome !== undefined && 'score' in outcome, id);
        return [id, outcome.score];
      }),
    );
    const found = Object.fromEntries(categoryMeans(questions, scores));
    for (const [category, mean] of Object.entries(expected))
      assert.ok(Math.abs(found[category]! - mean) < 1e-12, `${category} ${found[category]}`);
  });

  test(`recorded judgments of ${which} answers import with the same scores and rows`, async () => {
    const [source, ...others] = await readJudgments(file(which), 'ground_truth_judgment.jsonl');
    assert.deepEqual(others, []);
    const judgments = readJsonLines<unknown>(file(which)).map((line) => JudgmentSchema.parse(line));
    const items = new Map(
      source!.tasks.flatMap((task) => (task.items ?? []).map((item) => [item.task, item])),
    );
    assert.equal(items.size, 18);
    assert.ok([...items.values()].every(({ benchmark }) => benchmark.startsWith('livebench-')));
    const sum = (values: number[]) => values.reduce((total, value) => total + value, 0);
    assert.equal(
      sum(source!.tasks.flatMap((task) => (task.items ?? []).map(({ score }) => score))),
      sum(judgments.map(({ score }) => score)),
    );
  });
}
