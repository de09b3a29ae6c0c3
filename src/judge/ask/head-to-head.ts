import { createHash } from 'node:crypto';
import type { Criterion } from '../../suite/judge-criteria.ts';
import { sameInAll } from '../criteria/read-criteria.ts';
import type { JudgeGame } from '../score/game.ts';
import { measureStyle } from '../style/measure-style.ts';

/** A question and both models' answers to it. */
export interface AnsweredQuestion {
  id: string;
  question: string;
  /** Of the model that is judged. */
  model: string;
  /** Of the model that it is held against: main's, head to head. */
  reference: string;
}

/** A game that has to be asked: a question in one order. */
export interface OpenGame {
  game: JudgeGame;
  question: string;
  /** In the order they are shown. */
  answers: readonly [a: string, b: string];
}

const ORDERS = ['reference', 'model'] as const;

export interface PlannedGames {
  /** Equal answers: ties in both orders, which nobody is asked. */
  ties: JudgeGame[];
  /** Two of each other question, one an order. */
  open: OpenGame[];
}

/**
 * The games of two models' answers, question by question, both orders of a question beside one another.
 *
 * @param criteria what is asked beside the verdict.
 */
export function planGames(
  questions: readonly AnsweredQuestion[],
  criteria: readonly Criterion[] = [],
): PlannedGames {
  const inAll = (label: 'A=B' | null) => criteria.length > 0 && { criteria: sameInAll(criteria, label) };
  const planned: PlannedGames = { ties: [], open: [] };
  for (const { id, question, model, reference } of questions) {
    const answers = { model: digestText(model), reference: digestText(reference) };
    const styles = { model: measureStyle([model]), reference: measureStyle([reference]) };
    for (const first of ORDERS) {
      const game: JudgeGame = { question: id, first, verdict: null, answers, styles };
      if (model === reference) planned.ties.push({ ...game, verdict: 'A=B', ...inAll('A=B') });
      else
        planned.open.push({
          game: { ...game, ...inAll(null) },
          question,
          answers: first === 'reference' ? [reference, model] : [model, reference],
        });
    }
  }
  return planned;
}

/** SHA-256 of a text, 64 hex digits. */
export function digestText(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
