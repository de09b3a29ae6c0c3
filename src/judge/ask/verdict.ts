import { parseJson } from '../../json.ts';
import { JUDGE_LABELS, type JudgeLabel } from '../score/game.ts';

const LABELS: ReadonlySet<string> = new Set(JUDGE_LABELS);
/** A label as judges write it: full-width signs, spaces, `B<A`. */
const SIGNS = '[<>=\uFF1C\uFF1E\uFF1D\u2039\u203A\u300A\u300B\u226A\u226B]';
export const LABEL_PATTERN = String.raw`[ABab]\s*${SIGNS}{1,2}\s*[ABab]`;
const BRACKETED = new RegExp(String.raw`[[\uFF3B]{2}\s*(${LABEL_PATTERN})\s*[\]\uFF3D]{2}`, 'g');
const ONE_BRACKET = new RegExp(String.raw`[[\uFF3B]\s*(${LABEL_PATTERN})\s*[\]\uFF3D]`, 'g');
/** As a server writes it that was asked for JSON, and puts other words around it. */
const IN_JSON = new RegExp(String.raw`"verdict"\s*:\s*"\s*(${LABEL_PATTERN})\s*"`, 'gi');
/** What a judge that copies it may write as A or B: full-width, Cyrillic and Greek letters. */
const LIKE_AB = '[ABab\uFF21\uFF22\uFF41\uFF42\u0410\u0412\u0430\u0432\u0391\u0392\u03B1\u03B2]';
/** Blanks, and signs that nobody sees: of no width, or of the direction of writing. */
const UNSEEN = String.raw`[\s\p{Cf}]*`;
const ANY_LABEL = [LIKE_AB, `(?:${SIGNS}${UNSEEN}){1,2}`, LIKE_AB].join(UNSEEN);
// Not from within a row of brackets: a model that writes nothing else would take a second for each.
const IN_ANSWERS = new RegExp(
  String.raw`(?<![[\uFF3B])[[\uFF3B]+${UNSEEN}(${ANY_LABEL})${UNSEEN}[\]\uFF3D]+`,
  'gu',
);
const JSON_IN_ANSWERS = new RegExp(`"verdict"${UNSEEN}:${UNSEEN}"${UNSEEN}(${ANY_LABEL})${UNSEEN}"`, 'giu');
/** Words of chat templates: a server may take them in a message for its own. */
const CONTROLS = /([<[])(\|[^|<>\n]{1,40}\|>|\/?s>|(?:start|end)_of_turn>|\/?INST\])/g;
const FENCE = /^```(?:json)?\s*\n([\s\S]*?)\n?```$/;

const ASCII: Readonly<Record<string, string>> = {
  ...{ '\uFF1C': '<', '\uFF1E': '>', '\uFF1D': '=', '\u2039': '<', '\u203A': '>' },
  ...{ '\u300A': '<<', '\u300B': '>>', '\u226A': '<<', '\u226B': '>>' },
};

/** How a verdict was written: as JSON, or as a label in brackets at the end of a text. */
export type VerdictForm = 'json' | 'label';

export interface ReadVerdict {
  verdict: JudgeLabel;
  form: VerdictForm;
}

/**
 * The verdict in what a judge wrote, its reasoning cut off. JSON counts where it is all that was written; else the last label in double
 * brackets or as `"verdict"` of JSON counts, then the last in single brackets (arena-hard-auto 196f6b8, `judge_utils.py`). Labels that stood in
 * an answer cannot come back: `defuseLabels` took their brackets and quotes.
 *
 * @returns null where there is none: that is unread, never a tie.
 */
export function readVerdict(text: string): ReadVerdict | null {
  const fromJson = readJsonVerdict(text.trim());
  if (fromJson !== null) return { verdict: fromJson, form: 'json' };
  const [bracketed, inJson, single] = [BRACKETED, IN_JSON, ONE_BRACKET].map((pattern) => {
    const last = [...text.matchAll(pattern)].at(-1);
    const verdict = last === undefined ? null : normaliseLabel(last[1]!);
    return verdict && { verdict, at: last!.index };
  });
  if (inJson && inJson.at > (bracketed?.at ?? -1)) return { verdict: inJson.verdict, form: 'json' };
  const label = bracketed ?? single;
  return label ? { verdict: label.verdict, form: 'label' } : null;
}

/**
 * An answer's text, in which nothing can be taken for a verdict or for the end of its message: a label loses its brackets, or the quotes of JSON;
 * a word of a chat template (`<|im_end|>`) gets a blank. What it says stays.
 */
export function defuseLabels(answer: string): string {
  return answer
    .replace(IN_ANSWERS, '($1)')
    .replace(JSON_IN_ANSWERS, 'verdict: $1')
    .replace(CONTROLS, '$1 $2');
}

function readJsonVerdict(text: string): JudgeLabel | null {
  let value: unknown;
  try {
    value = parseJson(FENCE.exec(text)?.[1] ?? text);
  } catch {
    return null;
  }
  if (typeof value !== 'object' || value === null || !('verdict' in value)) return null;
  return typeof value.verdict === 'string' ? normaliseLabel(value.verdict) : null;
}

/** `B<A`, `b > a` or `A≫B` as one of the five; null where it is none of them. */
export function normaliseLabel(text: string): JudgeLabel | null {
  const plain = [...text.toUpperCase().replace(/\s/g, '')].map((sign) => ASCII[sign] ?? sign).join('');
  const [, first = '', signs = '', second = ''] = /^([AB])([<>=]+)([AB])$/.exec(plain) ?? [];
  if (first === second) return null;
  if (signs === '=' || signs === '==') return 'A=B';
  const label = /^<+$/.test(signs) ? `${second}${signs.replaceAll('<', '>')}${first}` : plain;
  return LABELS.has(label) ? (label as JudgeLabel) : null;
}
