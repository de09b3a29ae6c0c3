import { parseJson as parseBounded } from '../../json.ts';

/**
 * Parses JSON as Python writes it: bare `NaN`, `Infinity` and `-Infinity` become the texts of that name, so that they
 * are never mistaken for numbers.
 *
 * @throws SyntaxError for what is not JSON besides.
 */
export function parsePythonJson(text: string): unknown {
  try {
    return parseBounded(text);
  } catch (error) {
    if (!/NaN|Infinity/.test(text)) throw error;
    return parseBounded(quoteNonFinite(text));
  }
}

function quoteNonFinite(text: string): string {
  const parts: string[] = [];
  let at = 0;
  for (;;) {
    const quote = text.indexOf('"', at);
    const outside = quote < 0 ? text.slice(at) : text.slice(at, quote);
    parts.push(outside.replace(/-?\b(?:NaN|Infinity)\b/g, '"$&"'));
    if (quote < 0) return parts.join('');
    let end = quote + 1;
    while (end < text.length && text[end] !== '"') end += text[end] === '\\' ? 2 : 1;
    parts.push(text.slice(quote, end + 1));
    at = end + 1;
  }
}
