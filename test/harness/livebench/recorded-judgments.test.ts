import assert from 'node:assert/strict';
import { copyFileSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { AnswerFile, encodeAnswer, MODEL } from '../../../src/harness/livebench/answer/answer-file.ts';
import { JudgmentSchema, Judgments } from '../../../src/harness/livebench/grade/judgment.ts';
import type { LiveBenchQuestion } from '../../../src/harness/livebench/question.ts';
import { readJudgments } from '../../../src/import/livebench/judgments.ts';
import { packageRoot } from '../../../src/system/paths.ts';
import { temporaryFolder } from '../../support/folder.ts';
import { MODEL_ANSWERS, modelAnswers, ownQuestions, readJsonLines } from '../../support/livebench.ts';
import { categoryMeans } from '../../support/livebench-table.ts';

// What the real scorer at the pinned commit left for our questions and answers; `real-scorer.test.ts` records it.

const file = (which: string) =>
  join(packageRoot(), 'test', 'fixtures', 'livebench', 'judgments', `${which}.jsonl`);

const means = {
  right: { coding: 1, data_analysis: 1, language: 1, math: 1, reasoning: 1, instruction_following: 1 },
  // A third of the order was right in one answer to plot_unscrambling, one of three tasks.
  wrong: { coding: 0, data_analysis: 0, language: 1 / 9, math: 0, reasoning: 0, instruction_following: 0 },
  // One of its two answers followed some of the instructions, for a quarter of the points.
  model: { coding: 0, data_analysis: 0, language: 0, math: 0, reasoning: 0, instruction_following: 1 / 8 },
};

/** The model was asked the mini suite's questions only. */
async function questionsOf(which: string): Promise<LiveBenchQuestion[]> {
  const asked = modelAnswers();
  return (await ownQuestions()).filter(({ id }) => which !== 'model' || asked.has(id));
}

for (const [which, expected] of Object.entries(means)) {
  test(`recorded judgments of ${which} answers are read to these category scores`, async () => {
    const questions = await questionsOf(which);
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

  test(`recorded judgments of ${which} answers import with the same scores and benchmarks`, async () => {
    const [source, ...others] = await readJudgments(file(which), 'ground_truth_judgment.jsonl', false);
    assert.deepEqual(others, []);
    const judgments = readJsonLines<unknown>(file(which)).map((line) => JudgmentSchema.parse(line));
    const items = new Map(
      source!.tasks.flatMap((task) => (task.items ?? []).map((item) => [item.task, item])),
    );
    assert.equal(items.size, which === 'model' ? 6 : 18);
    assert.ok([...items.values()].every(({ benchmark }) => benchmark.startsWith('livebench-')));
    const sum = (values: number[]) => values.reduce((total, value) => total + value, 0);
    assert.equal(
      sum(source!.tasks.flatMap((task) => (task.items ?? []).map(({ score }) => score))),
      sum(judgments.map(({ score }) => score)),
    );
  });
}

test("a real model's answers are read from the file they were kept in, and written as they were", async () => {
  const copy = join(temporaryFolder(), 'answers.jsonl');
  copyFileSync(MODEL_ANSWERS, copy);
  const { file, answers } = await AnswerFile.open(copy);
  await file.close();
  assert.deepEqual(new Map([...answers].map(([id, { turns }]) => [id, turns])), modelAnswers());
  for (const line of readFileSync(MODEL_ANSWERS, 'utf8').trim().split('\n')) {
    const { question_id, model_id, tstamp, api_info } = JSON.parse(line);
    const names = { displayName: model_id, apiName: api_info.api_name };
    const again = encodeAnswer(answers.get(question_id)!, names, new Date(Math.round(tstamp * 1000)));
    assert.equal(again, `${line}\n`);
  }
});
