import type { GivenAnswer } from '../../../verdict/signs/changes.ts';
import { nameOption } from '../../option-name.ts';

/**
 * What may be said of an answer: the letter of a chosen option, `text` where one was generated, `none` where there is none. Whatever else a
 * record holds there is not shown.
 */
export function nameAnswer(answer: GivenAnswer | null): string {
  if (answer === null || answer.prediction === '') return 'none';
  return nameOption(answer.prediction) ?? 'text';
}

/** A margin to three digits, with its sign. */
export function formatMargin(margin: number): string {
  const text = Math.abs(margin) >= 100 ? Math.abs(margin).toFixed(0) : Math.abs(margin).toPrecision(3);
  return `${margin < 0 ? '\u2212' : '+'}${Number(text) === 0 ? '0' : text}`;
}
