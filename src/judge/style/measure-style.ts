import { type AnswerStyle, MAX_ANSWER_CHARS } from '../../answer-style.ts';

/**
 * Text between code fences, to the end of the answer where none closes it. Backticks fence wherever three of them stand, since models put
 * them behind text on one line too; tildes only at the beginning of a line.
 */
const CODE =
  /(`{3,16})[\s\S]*?(?:\1`*|$)|(?<![^\n])[ \t]*(~{3,16})[\s\S]*?(?:\n[ \t]*\2~*[ \t\r]*(?=\n|$)|$)/g;
/** Stands where code was: neither the beginning of a line nor markup. */
const WAS_CODE = '`';

// White space and digits are spelled out, and lines end with \n alone: `\s`, `\d` and `^` are not the same in Python.
const HEADER = /(?<![^\n])#{1,6}[ \t\n\r\f\v]/g;
const LIST_ITEM = /(?<![^\n])[ \t\r\f\v]*(?:[0-9]+\.|[-*+])[ \t\n\r\f\v]/g;
const BOLD = /\*\*[^*\n]+\*\*|__[^_\n]+__/g;

/**
 * Length and markup of an answer, the reasoning before it cut off already. Headers, list items and bold text are what Arena-Hard's style
 * control counts (`utils/add_markdown_info.py`). `worker/sosbench_worker/style.py` says the same in Python; `test/fixtures/style/cases.json`
 * holds both.
 *
 * @param turns what was said in each turn; counts are summed.
 */
export function measureStyle(turns: readonly string[]): AnswerStyle {
  const style = { chars: 0, headers: 0, listItems: 0, bold: 0 };
  for (const turn of turns) {
    const text = turn.slice(0, MAX_ANSWER_CHARS);
    const prose = text.replace(CODE, WAS_CODE);
    style.chars += countCodePoints(text);
    style.headers += count(prose, HEADER);
    style.listItems += count(prose, LIST_ITEM);
    style.bold += count(prose, BOLD);
  }
  return style;
}

function count(text: string, pattern: RegExp): number {
  return text.match(pattern)?.length ?? 0;
}

function countCodePoints(text: string): number {
  let pairs = 0;
  for (let i = 0; i < text.length - 1; i++) {
    if ((text.charCodeAt(i) & 0xfc00) !== 0xd800 || (text.charCodeAt(i + 1) & 0xfc00) !== 0xdc00) continue;
    pairs++;
    i++;
  }
  return text.length - pairs;
}
