import { createHash } from 'node:crypto';
import { parsePythonJson } from '../format/parse-json.ts';

/** The first 8 bytes of a text's SHA-256, in hex. */
export function shortHash(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 16);
}

/**
 * The harness's `doc_hash` of a document that stands in a log as JSON: SHA-256 of Python's
 * `json.dumps(doc, indent=2, ensure_ascii=False)`. Works on the text, since Python tells 1.0 from 1 and keeps the
 * order of keys, and JavaScript does not.
 */
export function hashDocument(json: string): string {
  return shortHash(indentLikePython(json));
}

/** A hash of the fields that make documents dependent: the first alternative whose fields are all there. */
export function hashCluster(json: string, alternatives: readonly (readonly string[])[]): string | null {
  if (alternatives.length === 0) return null;
  const doc = parsePythonJson(json);
  if (typeof doc !== 'object' || doc === null) return null;
  const row = doc as Record<string, unknown>;
  const fields = alternatives.find((names) =>
    names.every((name) => row[name] !== undefined && row[name] !== null),
  );
  // As Python's json.dumps writes a list: the worker's clusters are the same.
  return fields ? shortHash(`[${fields.map((name) => JSON.stringify(row[name])).join(', ')}]`) : null;
}

/** JSON text laid out as Python's `json.dumps(indent=2, ensure_ascii=False)` does. */
export function indentLikePython(json: string): string {
  const parts: string[] = [];
  let depth = 0;
  let at = 0;
  const newLine = () => parts.push(`\n${'  '.repeat(depth)}`);
  while (at < json.length) {
    const char = json[at]!;
    if (char === '"') {
      let end = at + 1;
      while (end < json.length && json[end] !== '"') end += json[end] === '\\' ? 2 : 1;
      parts.push(JSON.stringify(JSON.parse(json.slice(at, end + 1))));
      at = end + 1;
      continue;
    }
    at++;
    if (char === '{' || char === '[') {
      const close = /\s*[}\]]/y;
      close.lastIndex = at;
      const empty = close.exec(json);
      if (empty) {
        parts.push(char === '{' ? '{}' : '[]');
        at = close.lastIndex;
      } else {
        parts.push(char);
        depth++;
        newLine();
      }
    } else if (char === '}' || char === ']') {
      depth--;
      newLine();
      parts.push(char);
    } else if (char === ',') {
      parts.push(char);
      newLine();
    } else if (char === ':') parts.push(': ');
    else if (!/\s/.test(char)) parts.push(char);
  }
  return parts.join('');
}
