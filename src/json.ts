/** Deeper than anything of ours; what compares, checks or prints documents calls itself for each level. */
const MAX_JSON_DEPTH = 64;

const [QUOTE, BACKSLASH, OPEN_LIST, CLOSE_LIST, OPEN_OBJECT, CLOSE_OBJECT] = [34, 92, 91, 93, 123, 125];

/** How the error begins for what is nested deeper. */
const TOO_DEEP = 'it is nested deeper than';

/** What `parseJson` says of what is nested too deep, which quotes nothing of the text; null for another error. */
export function depthFault(error: unknown): string | null {
  return error instanceof SyntaxError && error.message.startsWith(TOO_DEEP) ? error.message : null;
}

/**
 * Parses JSON that somebody else may have written.
 *
 * @throws SyntaxError for what is not JSON, or is nested deeper than `MAX_JSON_DEPTH`.
 */
export function parseJson(text: string): unknown {
  requireDepth(text);
  return JSON.parse(text);
}

/** The document of a text that may be no JSON; undefined for one that is not, or is nested deeper than `MAX_JSON_DEPTH`. */
export function parseIfJson(text: string): unknown {
  try {
    return parseJson(text);
  } catch {
    return undefined;
  }
}

/** Before the text is parsed: the parser takes any depth, and what comes after it does not. */
function requireDepth(text: string): void {
  let depth = 0;
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === QUOTE) at = endOfString(text, at);
    else if (code === OPEN_LIST || code === OPEN_OBJECT) {
      if (++depth > MAX_JSON_DEPTH) throw new SyntaxError(`${TOO_DEEP} ${MAX_JSON_DEPTH} levels`);
    } else if (code === CLOSE_LIST || code === CLOSE_OBJECT) depth--;
  }
}

function endOfString(text: string, start: number): number {
  for (let end = text.indexOf('"', start + 1); end !== -1; end = text.indexOf('"', end + 1)) {
    let escapes = 0;
    while (text.charCodeAt(end - 1 - escapes) === BACKSLASH) escapes++;
    if (escapes % 2 === 0) return end;
  }
  return text.length;
}

/** A value of a map whose keys come from outside: `constructor` and `toString` are names like any other. */
export function ownValue<Value>(map: Readonly<Record<string, Value>>, key: string): Value | undefined {
  return Object.hasOwn(map, key) ? map[key] : undefined;
}

/** The same for the same content, in whatever order its keys were written. */
export function sortKeys(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sortKeys);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, part]) => [key, sortKeys(part)]),
  );
}
