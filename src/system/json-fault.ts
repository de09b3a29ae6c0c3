import { depthFault } from '../json.ts';

/**
 * What is wrong with a text that is not JSON, without a word of the text: it may be of a file that is a link to a secret, and what is
 * said of it stands in logs. (The engine's own message quotes what is around the fault.)
 *
 * @param text what `JSON.parse` refused.
 * @param error what it threw.
 * @returns kind and place, such as "Unexpected character at line 3, column 14".
 */
export function describeJsonFault(text: string, error: unknown): string {
  const tooDeep = depthFault(error);
  if (tooDeep !== null) return tooDeep;
  const message = error instanceof Error ? error.message : '';
  const [, kind, at] = /^(.*?)(?: in JSON)? at position (\d+)/.exec(message) ?? [];
  if (kind !== undefined) return `${kind} at ${lineAndColumn(text, Number(at))}`;
  if (!isOddToken(message)) return message.startsWith('Unexpected end') ? 'Unexpected end' : 'No JSON';
  return `Unexpected character at ${lineAndColumn(text, findOddToken(text))}`;
}

/** The one kind of message that says no position. */
function isOddToken(message: string): boolean {
  return message.startsWith('Unexpected token');
}

/** The shortest beginning of the text that has the odd token is found by halving: a shorter one only breaks off too early. */
function findOddToken(text: string): number {
  let [without, having] = [0, text.length];
  while (having - without > 1) {
    const middle = (without + having) >> 1;
    if (hasOddToken(text.slice(0, middle))) having = middle;
    else without = middle;
  }
  return without;
}

function hasOddToken(text: string): boolean {
  try {
    JSON.parse(text);
    return false;
  } catch (error) {
    return error instanceof Error && isOddToken(error.message);
  }
}

function lineAndColumn(text: string, position: number): string {
  const before = text.slice(0, position);
  const line = before.split('\n').length;
  return `line ${line}, column ${position - before.lastIndexOf('\n')}`;
}
