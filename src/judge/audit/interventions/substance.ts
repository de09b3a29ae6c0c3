import { type Altered, type AuditAnswer, splitCode } from './answer.ts';

/** Share of an answer that is cut off at its end. */
const CUT_SHARE = 0.4;

/** The number that makes the answer right is another one. */
export function changeNumber({ answer, number }: AuditAnswer): Altered {
  if (number === undefined) return { notApplicable: 'no number is known that makes it right' };
  return replacePhrase(answer, number.right, number.wrong);
}

/** A true claim is negated. */
export function negateClaim({ answer, claim }: AuditAnswer): Altered {
  if (claim === undefined) return { notApplicable: 'no claim is known that is true' };
  return replacePhrase(answer, claim.true, claim.false);
}

function replacePhrase(answer: string, phrase: string, other: string): Altered {
  const parts = splitCode(answer);
  const holding = parts.filter(({ isCode, text }) => !isCode && text.includes(phrase));
  const count = parts.reduce((sum, { text }) => sum + text.split(phrase).length - 1, 0);
  if (holding.length !== 1 || count !== 1) {
    return {
      notApplicable:
        count === 0 ? 'its phrase is not in the answer' : 'its phrase is in the answer twice, or in code',
    };
  }
  const index = answer.indexOf(phrase);
  return { answer: answer.slice(0, index) + other + answer.slice(index + phrase.length) };
}

/** The last two fifths are missing, from between two words; of a code block all or nothing. */
export function truncateAnswer({ answer }: AuditAnswer): Altered {
  const limit = Math.floor(answer.length * (1 - CUT_SHARE));
  let kept = '';
  for (const { isCode, text } of splitCode(answer)) {
    if (kept.length + text.length <= limit) {
      kept += text;
      continue;
    }
    if (!isCode) kept += lastWords(text, limit - kept.length);
    break;
  }
  const left = kept.trimEnd();
  return left === '' ? { notApplicable: 'nothing would be left of it' } : { answer: left };
}

/** As many whole words as fit. */
function lastWords(text: string, room: number): string {
  if (/\s/.test(text[room] ?? ' ')) return text.slice(0, room);
  return /^[\s\S]*\s/.exec(text.slice(0, room))?.[0] ?? '';
}
