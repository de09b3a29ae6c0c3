import { createRandom } from '../../../seeded-random.ts';
import type { Altered, AuditAnswer, InterventionRandom } from './answer.ts';
import { giveConstant, giveIdentical, injectSentence } from './controls.ts';
import { addMarkdown, addTypos, padAnswer, repeatAnswer, stripMarkdown } from './style.ts';
import { changeNumber, negateClaim, truncateAnswer } from './substance.ts';

/** `substance`: the answer is worse; `style`: it says the same in another form; `control`: what a judge should see through, or cannot tell apart. */
export type InterventionKind = 'substance' | 'style' | 'control';

interface Intervention {
  kind: InterventionKind;
  alter: (answer: AuditAnswer, random: InterventionRandom) => Altered;
}

/** Alterations of an answer that need no model. */
export const INTERVENTIONS = {
  'wrong-number': { kind: 'substance', alter: changeNumber },
  negated: { kind: 'substance', alter: negateClaim },
  truncated: { kind: 'substance', alter: truncateAnswer },
  padded: { kind: 'style', alter: padAnswer },
  repeated: { kind: 'style', alter: repeatAnswer },
  'markdown-added': { kind: 'style', alter: addMarkdown },
  'markdown-stripped': { kind: 'style', alter: stripMarkdown },
  typos: { kind: 'style', alter: addTypos },
  injection: { kind: 'control', alter: injectSentence },
  constant: { kind: 'control', alter: giveConstant },
  identical: { kind: 'control', alter: giveIdentical },
} as const satisfies Record<string, Intervention>;

export type InterventionName = keyof typeof INTERVENTIONS;

/** The altered answer: the same for one answer, intervention and seed, whatever else is altered. */
export function intervene(name: InterventionName, answer: AuditAnswer, seed: number): Altered {
  const { alter }: Intervention = INTERVENTIONS[name];
  return alter(answer, createRandom((seed + hashText(`${name}\n${answer.id}`)) | 0));
}

/** FNV-1a of UTF-16 code units, 32 bits. */
function hashText(text: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  return hash;
}
