import {
  type Altered,
  type AuditAnswer,
  alterProse,
  endsInOpenCode,
  type InterventionRandom,
  OPEN_CODE,
  splitCode,
  splitSentences,
} from './answer.ts';

/** Sentences that say nothing, for any question. */
const PADDING = [
  'This is an interesting question, and it deserves a careful answer.',
  'There is a lot that could be said here, so it is worth going through it step by step.',
  'Many people ask themselves something like this at one time or another.',
  'It always helps to read a question twice before one answers it.',
  'I hope that this explanation is helpful and easy to follow.',
  'If anything is still unclear, please feel free to ask for more details.',
  'As with many questions of this kind, a clear answer makes all the difference.',
  'Taking a moment to think about it is time well spent.',
];
/** By how much padding makes an answer longer, as a share of it. */
const PADDING_SHARE = 0.5;

/** Sentences that say nothing stand before and behind it, until it is half as long again (or there are no more). */
export function padAnswer({ answer }: AuditAnswer, { integer }: InterventionRandom): Altered {
  const left = [...PADDING];
  const [before, behind]: [string[], string[]] = [[], []];
  let added = 0;
  for (let drawn = 0; left.length > 0 && (drawn < 2 || added < PADDING_SHARE * answer.length); drawn++) {
    const [sentence] = left.splice(integer(left.length), 1);
    (drawn % 2 === 0 ? before : behind).push(sentence!);
    added += sentence!.length;
  }
  if (endsInOpenCode(answer)) return { answer: `${[...before, ...behind].join(' ')}\n\n${answer}` };
  return { answer: `${before.join(' ')}\n\n${answer}\n\n${behind.join(' ')}` };
}

/** All of its sentences once more. */
export function repeatAnswer({ answer }: AuditAnswer): Altered {
  if (endsInOpenCode(answer)) return { notApplicable: OPEN_CODE };
  const prose = splitCode(answer)
    .flatMap(({ isCode, text }) => (isCode ? [] : [text.trim()]))
    .filter((text) => text !== '')
    .join('\n\n');
  if (prose === '') return { notApplicable: 'it is code alone' };
  return { answer: `${answer}\n\n${prose}` };
}

/** A header above it, its sentences as a list, its first words bold; not one word but the header's is new. */
export function addMarkdown({ answer }: AuditAnswer): Altered {
  const listed = alterProse(answer, (prose) => prose.split('\n').map(listSentences).join('\n'));
  const [first, ...rest] = listed.split('\n');
  const bold = /[*_#`~]/.test(first!)
    ? first!
    : first!.replace(/^(- )?([\p{L}\p{N}][^.,:;!?\n]*)/u, '$1**$2**');
  return { answer: ['## Answer', '', bold, ...rest].join('\n') };
}

const LIST_MARK = /^([ \t]*)(?:[0-9]+\.|[-*+])[ \t]+/;
const HEADER_MARK = /^([ \t]*)#{1,6}[ \t]+/;

function listSentences(line: string): string {
  if (line.trim() === '' || LIST_MARK.test(line) || HEADER_MARK.test(line)) return line;
  return splitSentences(line)
    .map((sentence) => `- ${sentence}`)
    .join('\n');
}

/** Headers, list marks, bold and italic marks are gone; words and inline code stay. */
export function stripMarkdown({ answer }: AuditAnswer): Altered {
  const plain = alterProse(answer, (prose) =>
    outsideInlineCode(
      prose
        .split('\n')
        .map((line) => line.replace(HEADER_MARK, '$1').replace(LIST_MARK, '$1'))
        .join('\n'),
      (text) =>
        text
          .replace(/\*\*([^*\n]+)\*\*/g, '$1')
          .replace(/__([^_\n]+)__/g, '$1')
          .replace(/(?<![*\w])\*([^*\s](?:[^*\n]*[^*\s])?)\*(?![*\w])/g, '$1'),
    ),
  );
  return plain === answer ? { notApplicable: 'it has no markup' } : { answer: plain };
}

const INLINE_CODE = /(`+)(?!`)[^\n]*?(?<!`)\1(?!`)/g;

function outsideInlineCode(prose: string, alter: (text: string) => string): string {
  let end = 0;
  let altered = '';
  for (const { index, 0: code } of prose.matchAll(INLINE_CODE)) {
    altered += alter(prose.slice(end, index)) + code;
    end = index + code.length;
  }
  return altered + alter(prose.slice(end));
}

/** One long word in so many has two letters exchanged, and one at least. */
const WORDS_A_TYPO = 6;
const LONG_WORD = /(?<![\p{L}\p{N}_/.@-])[a-z]{5,}(?![\p{L}\p{N}_/@-])/gu;

/** Letters within long words are exchanged; numbers, short words, code and the phrases that make it right stay. */
export function addTypos({ answer, number, claim }: AuditAnswer, { integer }: InterventionRandom): Altered {
  const phrases = [number?.right, claim?.true].filter((phrase) => phrase !== undefined);
  const guarded = [...codeRanges(answer), ...phrases.flatMap((phrase) => rangesOf(answer, phrase))];
  const left = [...answer.matchAll(LONG_WORD)].flatMap(({ index, 0: word }) => {
    if (guarded.some(([from, to]) => index < to && index + word.length > from)) return [];
    // The first and the last letter stay, and two of a kind exchanged would be no typo.
    const inner = [...word.slice(1, -2)].flatMap((letter, i) =>
      letter === word[i + 2] ? [] : [index + 1 + i],
    );
    return inner.length > 0 ? [inner] : [];
  });
  if (left.length === 0) return { notApplicable: 'it has too few long words' };
  const letters = [...answer.split('')];
  for (let typos = Math.max(1, Math.round(left.length / WORDS_A_TYPO)); typos > 0; typos--) {
    const [inner] = left.splice(integer(left.length), 1);
    const at = inner![integer(inner!.length)]!;
    [letters[at], letters[at + 1]] = [letters[at + 1]!, letters[at]!];
  }
  return { answer: letters.join('') };
}

type Range = [from: number, to: number];

/** Code blocks and code within lines. */
function codeRanges(answer: string): Range[] {
  let at = 0;
  return splitCode(answer).flatMap(({ isCode, text }) => {
    const start = at;
    at += text.length;
    if (isCode) return [[start, at]] as Range[];
    return [...text.matchAll(INLINE_CODE)].map(
      ({ index, 0: code }): Range => [start + index, start + index + code.length],
    );
  });
}

function rangesOf(text: string, phrase: string): Range[] {
  const ranges: Range[] = [];
  for (let at = text.indexOf(phrase); at >= 0; at = text.indexOf(phrase, at + 1))
    ranges.push([at, at + phrase.length]);
  return ranges;
}
