import { z } from 'zod';
import { parseJson } from '../json.ts';
import { FACTORS } from '../suite/benchmark.ts';
import { LEVELS } from '../verdict/policy.ts';
import { parseModelArgs } from './model-args.ts';

/** `a,b` or a list of texts. */
export const textList = z
  .union([z.array(z.string()), z.string()])
  .transform((value) => (typeof value === 'string' ? value.split(',') : value))
  .transform((values) => values.map((value) => value.trim()).filter((value) => value !== ''));

/** `true` or `false`, as a value or as text. */
export const onOff = z
  .union([z.boolean(), z.enum(['true', 'false'])])
  .transform((value) => String(value) === 'true');

export const onOffAuto = z
  .union([z.boolean(), z.enum(['true', 'false', 'auto'])])
  .transform((value) => (value === 'auto' ? value : String(value) === 'true'));

/** A number, as one or as text. `true`, an empty text and a list of one are none, whatever JavaScript says. */
const number = z
  .union([z.number(), z.string().regex(/^\s*[-+]?(\d|\.\d)/, 'not a number')], { error: 'not a number' })
  .transform(Number)
  .pipe(z.number({ error: 'not a number' }));

export const fraction = number.pipe(z.number().gt(0).lt(1));

/** Percentage points, from 0 to 100. */
export const points = number.pipe(z.number().min(0).max(100));

/** A whole number of at least `low`, as a number or as text. */
export function wholeNumber(low: number) {
  return number.pipe(z.number().int().min(low));
}

/** `wk=1,if=4` in points, or a mapping. */
export const factorList = z
  .union([z.record(z.string(), z.unknown()), z.string()])
  .transform((value) =>
    typeof value === 'string'
      ? Object.fromEntries(value.split(',').map((part) => part.split('=', 2)))
      : value,
  )
  .pipe(z.partialRecord(z.enum(FACTORS), points));

/** Below this a bare number is a fraction of 1, from 1 on it is points; between the two it could be either. */
const LARGEST_FRACTION = 0.2;

/**
 * A drop, as a fraction of 1: `0.02`, `2` (points), `2%`. What lies between 0.2 and 1 needs the percent sign: 0.8 may be
 * meant as 0.8 points, and nobody means 80.
 */
const drop = z.union([z.number(), z.string()]).transform((value, context) => {
  const text = String(value).trim();
  const parsed = /^(\d+(?:\.\d*)?|\.\d+)\s*(%?)$/.exec(text);
  const size = Number(parsed?.[1]);
  if (parsed === null || !(size > 0) || size > 100) {
    context.addIssue(`'${text}' is no drop such as 2 (points), 2% or 0.02`);
    return z.NEVER;
  }
  if (parsed[2] === '%' || size >= 1) return size / 100;
  if (size < LARGEST_FRACTION) return size;
  context.addIssue(`${text} may be points or a fraction: write ${text}% for ${text} points`);
  return z.NEVER;
});

/** A drop for all factors, `wk=2,if=4`, or a mapping; 2 points for factors it does not name. Fractions of 1. */
export const dropList = z
  .union([z.number(), z.string(), z.record(z.string(), z.unknown())])
  .transform((value) => {
    if (typeof value === 'object') return value;
    return Object.fromEntries(
      String(value)
        .split(',')
        .flatMap((part): [string, string][] => {
          const [name, size] = part.split('=', 2).map((side) => side.trim());
          return size === undefined ? FACTORS.map((id) => [id, name!]) : [[name!, size]];
        }),
    );
  })
  .pipe(z.partialRecord(z.enum(FACTORS, 'no factor: wk, if or safety'), drop))
  .transform((drops) => ({ wk: 0.02, if: 0.02, safety: 0.02, ...drops }));

/** A time such as `45s`, `30m` or `1.5h`, in seconds. */
export const duration = z
  .string()
  .regex(/^\d+(\.\d+)?[smh]$/, 'no time such as 30m, 45s or 1.5h')
  .transform((text) => Number(text.slice(0, -1)) * { s: 1, m: 60, h: 3600 }[text.at(-1) as 's' | 'm' | 'h'])
  .pipe(z.number().gt(0));

/** An age such as `30d`, `12h` or `0d`, in seconds. */
export const age = z
  .string()
  .regex(/^\d+(\.\d+)?[hd]$/, 'no age such as 30d or 12h')
  .transform((text) => Number(text.slice(0, -1)) * { h: 3600, d: 86_400 }[text.at(-1) as 'h' | 'd']);

const UNITS = {
  B: 1,
  KB: 1e3,
  MB: 1e6,
  GB: 1e9,
  TB: 1e12,
  KIB: 2 ** 10,
  MIB: 2 ** 20,
  GIB: 2 ** 30,
  TIB: 2 ** 40,
};

/** A size such as `20GB`, `500MB` or `1.5TiB`, in bytes. */
export const byteSize = z
  .string()
  .regex(/^\d+(\.\d+)?\s*([KMGT]i?)?B$/i, 'no size such as 20GB or 500MB')
  .transform(
    (text) => Number.parseFloat(text) * UNITS[/[a-z]+$/i.exec(text)![0].toUpperCase() as keyof typeof UNITS],
  );

const threshold = z.strictObject({
  level: z.enum(LEVELS).optional(),
  /** Points. */
  'minimum-effect': points.optional(),
  margin: points.optional(),
});

/** `bbq=warn,if=off`, or a mapping of ids to a level or to {level, minimum-effect, margin} in points. */
export const thresholdList = z
  .union([z.record(z.string(), z.unknown()), z.string()])
  .transform((value) =>
    typeof value === 'string'
      ? Object.fromEntries(
          value
            .split(',')
            .filter((part) => part.trim() !== '')
            .map((part) => part.split('=', 2).map((side) => side.trim())),
        )
      : value,
  )
  .pipe(
    z.record(
      z.string(),
      z.preprocess((value) => (typeof value === 'string' ? { level: value } : value), threshold),
    ),
  );

/** `auto`, `cpu:N`, or GPUs by index or UUID: `0,1`, a list, or one number. One may be named twice. */
export const deviceList = z
  .union([z.array(z.union([z.string(), z.number()])), z.number(), z.string()], { error: 'no devices' })
  .transform((value, context) => {
    const words = (Array.isArray(value) ? value : String(value).split(','))
      .map((word) => String(word).trim())
      .filter((word) => word !== '');
    if (words.length === 1 && words[0] === 'auto') return { kind: 'auto' as const };
    const cpu = /^cpu(?::(\d+))?$/.exec(words.length === 1 ? words[0]! : '');
    const workers = Number(cpu?.[1] ?? 1);
    if (cpu && workers > 0) return { kind: 'cpu' as const, workers };
    if (words.length > 0 && words.every((word) => /^(\d+|(GPU|MIG)-[\w/-]+)$/.test(word)))
      return { kind: 'gpus' as const, ids: words };
    context.addIssue('neither auto, nor cpu:N, nor GPUs as 0,1,...');
    return z.NEVER;
  });

const WORD = /(?:[^\s"']|"[^"]*"|'[^']*')+/g;

/** Words of a command: a list, or a text split at blanks outside of quotes. */
export const commandWords = z.union([z.array(z.string()), z.string()]).transform((value, context) => {
  if (typeof value !== 'string') return value;
  if (value.replace(WORD, '').trim() !== '') {
    context.addIssue('a quote is not closed');
    return z.NEVER;
  }
  return (value.match(WORD) ?? []).map((word) => word.replace(/"([^"]*)"|'([^']*)'/g, '$1$2'));
});

const SHARD = /^\s*([1-9]\d{0,3})\s*\/\s*([1-9]\d{0,3})\s*$/;

/** `i/N`: the i-th of N parts, counted from 1. */
export const shardPart = z.string().transform((value, context) => {
  const [index, of] = (SHARD.exec(value) ?? []).slice(1).map(Number);
  if (index !== undefined && of !== undefined && index <= of) return { index, of };
  context.addIssue('not I/N with I from 1 to N, such as 2/8');
  return z.NEVER;
});

/** `auto`, the kind of server to start, or the address of one that runs. */
export const serverChoice = z.union(
  [z.enum(['auto', 'vllm', 'transformers']), z.url({ protocol: /^https?$/ })],
  { error: 'neither auto, vllm, transformers nor an address such as http://127.0.0.1:8000/v1' },
);

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
    throw new Error('it begins like JSON and is none: names and texts need double quotes');
  }
}
