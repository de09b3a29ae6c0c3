/**
 * Finds where JSON values end without decoding them: a sample log is mostly prompts that nobody needs. Lenient where
 * Python is (bare `NaN` and `Infinity`); what is decoded later is checked then.
 */

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const OPEN_OBJECT = 0x7b;
const CLOSE_OBJECT = 0x7d;
const OPEN_ARRAY = 0x5b;
const CLOSE_ARRAY = 0x5d;
const COMMA = 0x2c;
const COLON = 0x3a;

/** The value goes on beyond the bytes at hand. */
export const CUT_SHORT = -1;

/** Bytes looked through here before the native search, which costs more to call and less a byte. */
const LOOK_AHEAD = 16;

export function isSpace(byte: number | undefined): boolean {
  return byte === 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x09;
}

export function skipSpace(bytes: Buffer, from: number, end: number): number {
  let at = from;
  while (at < end && isSpace(bytes[at])) at++;
  return at;
}

/** Index after the closing quote of a string whose content starts at `from`; `CUT_SHORT` where there is none. */
function skipString(bytes: Buffer, from: number, end: number): number {
  let at = from;
  for (;;) {
    const near = Math.min(end, at + LOOK_AHEAD);
    while (at < near && bytes[at] !== QUOTE) at++;
    if (at === near) {
      at = bytes.indexOf(QUOTE, at);
      if (at < 0 || at >= end) return CUT_SHORT;
    }
    let before = at - 1;
    while (before >= from && bytes[before] === BACKSLASH) before--;
    at++;
    // An even number of backslashes escapes itself, not the quote.
    if ((at - before) % 2 === 0) return at;
  }
}

/**
 * Index after the value that starts at `from`, or `CUT_SHORT`.
 *
 * @throws SyntaxError where no value can start.
 */
export function skipValue(bytes: Buffer, from: number, end: number): number {
  const first = bytes[from];
  if (from >= end) return CUT_SHORT;
  if (first === QUOTE) return skipString(bytes, from + 1, end);
  if (first === OPEN_OBJECT || first === OPEN_ARRAY) return skipNested(bytes, from, end);
  let at = from;
  while (at < end && isAtom(bytes[at]!)) at++;
  if (at === from) throw new SyntaxError(`'${String.fromCharCode(first!)}' where a value should start`);
  return at < end ? at : CUT_SHORT;
}

function skipNested(bytes: Buffer, from: number, end: number): number {
  let depth = 0;
  let at = from;
  while (at < end) {
    const byte = bytes[at];
    if (byte === QUOTE) {
      at = skipString(bytes, at + 1, end);
      if (at === CUT_SHORT) return CUT_SHORT;
      continue;
    }
    at++;
    if (byte === OPEN_OBJECT || byte === OPEN_ARRAY) depth++;
    else if ((byte === CLOSE_OBJECT || byte === CLOSE_ARRAY) && --depth === 0) return at;
  }
  return CUT_SHORT;
}

/**
 * As `skipValue` on the `arguments` of a sample, a list or object of requests: notes where the last text of each
 * request is, so that long prompts are gone through only once.
 */
function skipArguments(bytes: Buffer, from: number, end: number, lastTexts: number[]): number {
  let depth = 0;
  let at = from;
  let text = -1;
  let textEnd = -1;
  while (at < end) {
    const byte = bytes[at];
    if (byte === QUOTE) {
      text = at;
      at = skipString(bytes, at + 1, end);
      if (at === CUT_SHORT) return CUT_SHORT;
      textEnd = at;
      continue;
    }
    at++;
    if (byte === OPEN_OBJECT || byte === OPEN_ARRAY) depth++;
    else if (byte === CLOSE_OBJECT || byte === CLOSE_ARRAY) {
      depth--;
      if (depth === 0) return at;
      if (depth === 1) lastTexts.push(text, textEnd);
    }
  }
  return CUT_SHORT;
}

/** Whether the key at those offsets is `arguments`. */
function isArguments(bytes: Buffer, key: number, keyEnd: number): boolean {
  return keyEnd - key === 9 && bytes[key] === 0x61 && bytes.toString('latin1', key, keyEnd) === 'arguments';
}

/** Letters, digits, sign, point: numbers, `true`, `null`, `NaN`. */
function isAtom(byte: number): boolean {
  return (
    (byte >= 0x30 && byte <= 0x39) ||
    (byte >= 0x41 && byte <= 0x5a) ||
    (byte >= 0x61 && byte <= 0x7a) ||
    byte === 0x2d ||
    byte === 0x2b ||
    byte === 0x2e
  );
}

/** Where the keys and values of one object are: four indices a field (key without quotes, value). */
export interface Fields {
  count: number;
  offsets: Int32Array;
  /** Start and end of the last text of each request in the field `arguments`, quotes included. */
  lastTexts: number[];
}

export function makeFields(): Fields {
  return { count: 0, offsets: new Int32Array(64), lastTexts: [] };
}

/**
 * Finds the fields of the object that starts at `from`; its index after the closing brace, or `CUT_SHORT`.
 *
 * @throws SyntaxError where it is not an object.
 */
export function scanObject(bytes: Buffer, from: number, end: number, fields: Fields): number {
  fields.count = 0;
  fields.lastTexts.length = 0;
  let at = skipSpace(bytes, from + 1, end);
  if (bytes[at] === CLOSE_OBJECT && at < end) return at + 1;
  for (;;) {
    if (at >= end) return CUT_SHORT;
    if (bytes[at] !== QUOTE) throw new SyntaxError('a key without quotes');
    const keyEnd = skipString(bytes, at + 1, end);
    if (keyEnd === CUT_SHORT) return CUT_SHORT;
    const colon = skipSpace(bytes, keyEnd, end);
    if (colon >= end) return CUT_SHORT;
    if (bytes[colon] !== COLON) throw new SyntaxError('a key without a colon');
    const value = skipSpace(bytes, colon + 1, end);
    const nested = bytes[value] === OPEN_OBJECT || bytes[value] === OPEN_ARRAY;
    const valueEnd =
      nested && isArguments(bytes, at + 1, keyEnd - 1)
        ? skipArguments(bytes, value, end, fields.lastTexts)
        : skipValue(bytes, value, end);
    if (valueEnd === CUT_SHORT) return CUT_SHORT;
    remember(fields, at + 1, keyEnd - 1, value, valueEnd);
    at = skipSpace(bytes, valueEnd, end);
    if (at >= end) return CUT_SHORT;
    if (bytes[at] === CLOSE_OBJECT) return at + 1;
    if (bytes[at] !== COMMA) throw new SyntaxError('two values without a comma between them');
    at = skipSpace(bytes, at + 1, end);
  }
}

function remember(fields: Fields, key: number, keyEnd: number, value: number, valueEnd: number): void {
  const at = fields.count * 4;
  if (at === fields.offsets.length) {
    const wider = new Int32Array(at * 2);
    wider.set(fields.offsets);
    fields.offsets = wider;
  }
  fields.offsets[at] = key;
  fields.offsets[at + 1] = keyEnd;
  fields.offsets[at + 2] = value;
  fields.offsets[at + 3] = valueEnd;
  fields.count++;
}

/** The text between the quotes at those offsets. */
export function readText(bytes: Buffer, start: number, end: number): string {
  for (let at = start + 1; at < end - 1; at++) {
    if (bytes[at] === BACKSLASH) return String(JSON.parse(bytes.toString('utf8', start, end)));
  }
  return bytes.toString('utf8', start + 1, end - 1);
}
