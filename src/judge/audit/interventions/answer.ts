/** An answer with what is known of it; answers of others have no phrases. */
export interface AuditAnswer {
  id: string;
  answer: string;
  /** A phrase with a number that makes the answer right, and the same with another that makes it wrong. */
  number?: { right: string; wrong: string };
  /** A claim of the answer that is true, and its negation. */
  claim?: { true: string; false: string };
}

/** The answer as an intervention leaves it, or why there is none. */
export type Altered = { answer: string } | { notApplicable: string };

/** Draws of one answer and one intervention. */
export interface InterventionRandom {
  /** A whole number from 0 to n - 1, each equally likely. */
  integer(n: number): number;
}

interface AnswerPart {
  /** Code is left as it is. */
  isCode: boolean;
  text: string;
}

/** A block between code fences with its line breaks, to the end of the answer where none closes it. */
const CODE_BLOCK = /(?<=^|\n)[ \t]*(`{3,}|~{3,})[^\n]*\n[\s\S]*?(?:\n[ \t]*\1[`~]*[ \t]*(?=\n|$)|$)/g;

/** The answer cut into prose and code blocks; joined, they are the answer. */
export function splitCode(answer: string): AnswerPart[] {
  const parts: AnswerPart[] = [];
  let end = 0;
  for (const { index, 0: block } of answer.matchAll(CODE_BLOCK)) {
    parts.push({ isCode: false, text: answer.slice(end, index) }, { isCode: true, text: block });
    end = index + block.length;
  }
  parts.push({ isCode: false, text: answer.slice(end) });
  return parts.filter(({ text }) => text !== '');
}

/** Why nothing can stand behind an answer. */
export const OPEN_CODE = 'its last code block is not closed, and would take in what follows';

export function endsInOpenCode(answer: string): boolean {
  const last = splitCode(answer).at(-1);
  if (last?.isCode !== true) return false;
  const lines = last.text.trim().split('\n');
  return lines.length < 2 || !/^[ \t]*(`{3,}|~{3,})[ \t]*$/.test(lines.at(-1)!);
}

/** Alters the prose, never the code blocks. */
export function alterProse(answer: string, alter: (prose: string) => string): string {
  return splitCode(answer)
    .map(({ isCode, text }) => (isCode ? text : alter(text)))
    .join('');
}

/** Sentences of a paragraph: a stop, then a blank, then what can begin a sentence. Stops of numbers and names have no blank. */
export function splitSentences(paragraph: string): string[] {
  return paragraph.split(/(?<=[.!?]["*`)]*)[ \t]+(?=["*`(]*[\p{Lu}\p{N}])/u);
}
