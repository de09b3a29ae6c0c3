/** Files for the judge: questions of judge-mini, their right answers, and the same answers with one number made wrong. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { packageRoot } from '../../src/system/paths.ts';

export interface MiniFiles {
  questions: string;
  baseline: string;
  candidate: string;
}

/** @param count questions; answers are cut to `characters`. */
export function writeMiniAnswers(folder: string, count: number, characters: number): MiniFiles {
  const lines = readFileSync(join(packageRoot(), 'tasks', 'judge-mini', 'questions.jsonl'), 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Mini)
    // The number has to stand in what is left of the answer.
    .filter(({ answer, number }) => answer.slice(0, characters).includes(number.right))
    .slice(0, count);
  const write = (name: string, row: (mini: Mini) => object) => {
    const path = join(folder, `${name}.jsonl`);
    writeFileSync(path, lines.map((mini) => `${JSON.stringify({ id: mini.id, ...row(mini) })}\n`).join(''));
    return path;
  };
  const answer = (model: string, text: string) => ({ model, answer: text.slice(0, characters) });
  return {
    questions: write('judge-mini', ({ question }) => ({ question })),
    baseline: write('right', (mini) => answer('right', mini.answer)),
    candidate: write('wrong', ({ answer: text, number }) =>
      answer('wrong', text.replace(number.right, number.wrong)),
    ),
  };
}

interface Mini {
  id: string;
  question: string;
  answer: string;
  number: { right: string; wrong: string };
}
