import { encodeAnswer, MODEL } from '../answer/answer-file.ts';
import type { LiveBenchQuestion } from '../question.ts';

const NOT_COUNTED = { promptTokens: null, outputTokens: null, seconds: 0 };

/** An answer as a line of a file that LiveBench's grader reads; it reads no more of it than the turns. */
export function answerLine(questionId: string, turns: readonly string[]): string {
  const answer = { questionId, turns: [...turns], ...NOT_COUNTED };
  return encodeAnswer(answer, { displayName: MODEL, apiName: MODEL }, new Date(0));
}

/** One question and its answer as LiveBench's grader reads them, and where it puts its judgment: paths below its working folder. */
export function gradingFiles(
  question: LiveBenchQuestion,
  answer: readonly string[],
): { files: [string, string][]; folders: string[]; judgment: string; bench: string } {
  const bench = benchOf(question);
  const task = `data/${bench}`;
  return {
    files: [
      [`${task}/question.jsonl`, `${JSON.stringify(question.raw)}\n`],
      [`${task}/model_answer/${MODEL}.jsonl`, answerLine(question.id, answer)],
    ],
    folders: [`${task}/model_judgment`],
    judgment: `${task}/model_judgment/ground_truth_judgment.jsonl`,
    bench,
  };
}

/** The folder of a question's task below `data`: `live_bench/<category>/<task>`. */
export function benchOf({ category, task }: LiveBenchQuestion): string {
  return `live_bench/${category}/${task}`;
}
