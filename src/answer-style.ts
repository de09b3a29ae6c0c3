import { z } from 'zod';

/** Characters of an answer that are looked at; no model writes more in one go. */
export const MAX_ANSWER_CHARS = 2 ** 24;

/** A header, a list item and bold text each take more characters than this. */
const MIN_MARKUP_CHARS = 2;

const count = z.number().int().min(0).max(MAX_ANSWER_CHARS);

/** How an answer is written. Counts; code blocks are part of its length and not of its markup. */
export const AnswerStyleSchema = z
  .object({
    /** Unicode code points. */
    chars: count,
    headers: count,
    listItems: count,
    bold: count,
  })
  .refine((style) => findStyleFault(style) === null, 'counts more markup than the answer has characters for');
export type AnswerStyle = z.infer<typeof AnswerStyleSchema>;

/** The four of a style, in the order in which they are shown. */
export const STYLE_FEATURES = ['chars', 'headers', 'listItems', 'bold'] as const;
export type StyleFeature = (typeof STYLE_FEATURES)[number];

/** In words, why no answer can be written so; null where one can. */
export function findStyleFault(style: Readonly<Record<StyleFeature, number>>): string | null {
  for (const feature of STYLE_FEATURES) {
    const value = style[feature];
    if (!(Number.isInteger(value) && value >= 0 && value <= MAX_ANSWER_CHARS))
      return `${feature} is ${value}, not a count from 0 to ${MAX_ANSWER_CHARS}`;
    if (feature !== 'chars' && value * MIN_MARKUP_CHARS > style.chars)
      return `${feature} is ${value} in an answer of length ${style.chars}`;
  }
  return null;
}
