import { z } from 'zod';
import { parseJson } from '../../json.ts';
import { redactSecrets } from '../../system/secrets.ts';

const INTEGER = /^[+-]?\d+$/;
const FLOAT = /^[+-]?(?:\d(?:_?\d)*\.?(?:\d(?:_?\d)*)?|\.\d(?:_?\d)*)(?:[eE][+-]?\d(?:_?\d)*)?$/;
const NOT_FINITE = /^[+-]?(?:inf|infinity|nan)$/i;

/**
 * Reads `k=v,k2=v2` as lm-evaluation-harness 0.4.13 does: commas inside brackets and quotes stay (`split_top_level`), and values
 * are what `lm_eval.utils.handle_arg_string` makes of them: `true`, `false` and `none` in any case, whole numbers and floats as Python
 * writes them, a text in quotes without them, and all else as it stands.
 *
 * @throws Error for what is not KEY=VALUE, a name given twice, and numbers that JSON cannot carry as they are.
 */
export function parseModelArgs(text: string): Record<string, unknown> {
  const pairs = new Map<string, unknown>();
  for (const part of splitPairs(text)) {
    const pair = part.trim();
    if (pair === '') continue;
    const equals = pair.indexOf('=');
    const name = pair.slice(0, equals).trim();
    if (equals < 0 || name === '') throw new Error(`'${redactSecrets(pair)}' is not KEY=VALUE`);
    if (pairs.has(name)) throw new Error(`${name} is given twice`);
    pairs.set(name, parseValue(pair.slice(equals + 1), name));
  }
  return Object.fromEntries(pairs);
}

function splitPairs(text: string): string[] {
  const parts: string[] = [];
  let part = '';
  let depth = 0;
  let quote: string | null = null;
  for (const character of text) {
    if (quote !== null) quote = character === quote ? null : quote;
    else if (character === '"' || character === "'") quote = character;
    else if ('[({'.includes(character)) depth++;
    else if ('])}'.includes(character)) depth = Math.max(0, depth - 1);
    else if (character === ',' && depth === 0) {
      parts.push(part);
      part = '';
      continue;
    }
    part += character;
  }
  return [...parts, part];
}

function parseValue(raw: string, name: string): unknown {
  const text = raw.trim();
  const first = text[0];
  if (text.length >= 2 && (first === '"' || first === "'") && text.endsWith(first)) return text.slice(1, -1);
  const lower = text.toLowerCase();
  if (lower === 'true') return true;
  if (lower === 'false') return false;
  if (lower === 'none') return null;
  if (NOT_FINITE.test(text)) throw new Error(`${name} is not a finite number: a text is written in quotes`);
  if (!FLOAT.test(text)) return text;
  const value = Number(text.replaceAll('_', ''));
  if (!Number.isFinite(value) || (INTEGER.test(text) && !Number.isSafeInteger(value)))
    throw new Error(`${name} is too large a number: a text is written in quotes`);
  return value;
}

/** Arguments of a model class: `k=v,k2=v2` as the harness reads it, a JSON object, or a mapping. */
export const modelArguments = z
  .union([z.record(z.string(), z.unknown()), z.string()])
  .transform((value, context) => {
    if (typeof value !== 'string') return value;
    try {
      return value.trim().startsWith('{') ? parseObject(value) : parseModelArgs(value);
    } catch (error) {
      context.addIssue(error instanceof Error ? error.message : String(error));
      return z.NEVER;
    }
  });

/** Without the parser's own words, which quote the text: it may hold a secret. */
function parseObject(value: string): Record<string, unknown> {
  try {
    return parseJson(value) as Record<string, unknown>;
  } catch {
    throw new Error('it starts like JSON, but is not valid JSON: names and texts need double quotes');
  }
}
