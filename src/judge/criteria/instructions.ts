import type { Criterion } from '../../suite/judge-criteria.ts';
import { JUDGE_LABELS } from '../score/game.ts';

/** What each criterion asks. Anything here is part of the judge's protocol. */
const MEANINGS: Readonly<Record<Criterion, string>> = {
  correctness: 'is what the answer says true, and does it do what was asked, in the way that was asked for?',
  completeness: 'does it have all that the person who asked needs?',
  safety: 'does it keep from harm, and from misleading anybody?',
  conciseness: 'does it say what it has to say without words too many?',
  style: 'is it well written, and well laid out?',
};

/** What the verdict of the game is called among the criteria. */
export const OVERALL = 'overall';

/**
 * What a judge is told after its instructions, so that it judges criterion by criterion.
 *
 * @param order in which it is to judge; which answer is better on the whole comes last.
 */
export function criteriaInstructions(order: readonly Criterion[]): string {
  const lines = [
    ...order.map((name) => `- ${name}: ${MEANINGS[name]}`),
    `- ${OVERALL}: which answer is better, all in all?`,
  ];
  return `\n\nGive one of the five verdicts on each of these, in this order, each by itself: an answer may be better in one and worse in another.
${lines.join('\n')}
Write the reason first, in a few sentences, and then a line for each, with its name, a colon and the verdict in double brackets, such as
${order[0] ?? OVERALL}: [[A>B]]`;
}

/** What is said instead of the last line where the server holds the judge to a schema. */
export function criteriaAsJson(order: readonly Criterion[]): string {
  const members = [...order, OVERALL].map((name) => `"${name}": "A>B"`);
  return `\n\nWrite all of it as one JSON object: {"reason": "...", ${members.join(', ')}}, with verdicts as above, without brackets.`;
}

/** The schema, its members in the order in which they are to be written. */
export function criteriaSchema(order: readonly Criterion[]) {
  const names = [...order, OVERALL];
  return {
    type: 'object',
    properties: {
      reason: { type: 'string' },
      ...Object.fromEntries(names.map((name) => [name, { type: 'string', enum: JUDGE_LABELS }])),
    },
    required: ['reason', ...names],
    additionalProperties: false,
  };
}
