import { SosBenchError } from '../error.ts';
import { ownValue } from '../json.ts';
import { redactSecrets } from '../system/secrets.ts';
import type { Setting } from './table.ts';

/** What Python takes as an argument's name. */
const NAME = /^[A-Za-z_]\w*$/;
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
  if (NOT_FINITE.test(text)) throw new Error(`${name} is no finite number: a text is written in quotes`);
  if (!FLOAT.test(text)) return text;
  const value = Number(text.replaceAll('_', ''));
  if (!Number.isFinite(value) || (INTEGER.test(text) && !Number.isSafeInteger(value)))
    throw new Error(`${name} is too large a number: a text is written in quotes`);
  return value;
}

/** A setting, and which arguments of the harness's model classes it gives. */
type ArgumentOwner = Pick<Setting, 'modelArg'>;

/** Backends that ask a server: `model` is then what the server calls it, and no files are named. */
const isRemote = (backend: string) => backend.startsWith('local-');

/**
 * Arguments must neither name the model nor say again what a setting says: the harness takes the last word, and the record
 * would hold the other.
 *
 * @param settings the table of settings, with the arguments that each gives.
 * @throws SosBenchError `usage`, naming the setting to use.
 */
export function requireModelArgs(
  args: Readonly<Record<string, unknown>>,
  backend: string,
  settings: Readonly<Record<string, ArgumentOwner>>,
): void {
  for (const name of Object.keys(args)) {
    if (!NAME.test(name) || name.startsWith('__'))
      throw new SosBenchError(
        'usage',
        `model-args has '${redactSecrets(name)}', which is no name of an argument`,
        {
          hint: 'write KEY=VALUE,..., with the names that the model class of the harness has',
        },
      );
    if (name === 'model' && isRemote(backend)) continue;
    const owner = ownerOf(name, settings);
    if (owner !== undefined) throw overruled(name, owner);
  }
  // The harness keeps it there, and what stands there already counts.
  const template = args.chat_template_args;
  if (isObject(template) && ownValue(template, 'enable_thinking') !== undefined)
    throw overruled('chat_template_args.enable_thinking', 'enable-thinking');
}

function ownerOf(name: string, settings: Readonly<Record<string, ArgumentOwner>>): string | undefined {
  return Object.keys(settings).find((key) => settings[key]!.modelArg?.includes(name));
}

function overruled(name: string, setting: string): SosBenchError {
  const hint =
    name === 'revision'
      ? 'leave it out, and give the model as --model hf:ORG/NAME@REVISION'
      : `leave it out, and use --${setting}`;
  return new SosBenchError('usage', `model-args has ${name}, which the setting ${setting} gives`, { hint });
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
