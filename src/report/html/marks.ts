import type { Outcome } from '../../verdict/schema.ts';
import { html, type Markup } from './markup.ts';

/** How an outcome is drawn: each has a shape of its own, so that no colour has to be told from another. */
interface Mark {
  /** Class of its colour. */
  colour: 'bad' | 'good' | 'same' | 'open';
  /** Around the origin, within 6 units; null where there is no difference to draw. */
  shape: string | null;
}

const MARKS: Record<Outcome, Mark> = {
  regressed: { colour: 'bad', shape: 'M-6-5H6L0 6Z' },
  improved: { colour: 'good', shape: 'M-6 5H6L0-6Z' },
  equivalent: { colour: 'same', shape: 'M-5-5H5V5H-5Z' },
  held: { colour: 'same', shape: 'M0-6 6 0 0 6-6 0Z' },
  inconclusive: { colour: 'open', shape: 'M-5 0a5 5 0 1 0 10 0a5 5 0 1 0-10 0Z' },
  'not-comparable': { colour: 'same', shape: 'M-4-4 4 4M4-4-4 4' },
  failed: { colour: 'bad', shape: null },
  skipped: { colour: 'same', shape: null },
  'no-baseline': { colour: 'same', shape: null },
};

export function colourOf(outcome: Outcome): Mark['colour'] {
  return MARKS[outcome].colour;
}

/** The shape of an outcome, around the origin of where it is put. */
export function drawMark(outcome: Outcome): Markup | null {
  const { shape, colour } = MARKS[outcome];
  return shape === null ? null : html`<path class="m ${colour} ${outcome}" d="${shape}"/>`;
}

/** The same, as a picture of its own beside a word. */
export function iconOf(outcome: Outcome): Markup | null {
  const mark = drawMark(outcome);
  return mark && html`<svg class="icon" viewBox="-8 -8 16 16" aria-hidden="true">${mark}</svg> `;
}
