import { createHash } from 'node:crypto';
import type { QuestionText } from './read-texts.ts';

/**
 * A sample of the questions, each category by its share: the same for everybody with the same questions and seed, whatever order they are
 * in. All of them where they are no more than that.
 *
 * @returns in the order of `questions`.
 */
export function sampleQuestions(
  questions: readonly QuestionText[],
  size: number,
  seed: number,
): QuestionText[] {
  if (questions.length <= size) return [...questions];
  const strata = new Map<string, QuestionText[]>();
  for (const question of questions) {
    const key = question.category ?? '';
    strata.set(key, [...(strata.get(key) ?? []), question]);
  }
  // Largest remainders: what is left over by rounding down goes to those who lost most by it.
  const shares = [...strata].map(([category, members]) => {
    const exact = (members.length * size) / questions.length;
    return { category, members, count: Math.floor(exact), rest: exact - Math.floor(exact) };
  });
  const left = size - shares.reduce((sum, { count }) => sum + count, 0);
  const byRest = [...shares].sort((a, b) => b.rest - a.rest || (a.category < b.category ? -1 : 1));
  for (const share of byRest.slice(0, left)) share.count++;
  const chosen = new Set(shares.flatMap(({ members, count }) => draw(members, count, seed)));
  return questions.filter(({ id }) => chosen.has(id));
}

function draw(questions: readonly QuestionText[], count: number, seed: number): string[] {
  const order = questions.map(({ id }) => ({
    id,
    at: createHash('sha256')
      .update(JSON.stringify([seed, id]))
      .digest('hex'),
  }));
  return order
    .sort((a, b) => (a.at < b.at ? -1 : 1))
    .slice(0, count)
    .map(({ id }) => id);
}
