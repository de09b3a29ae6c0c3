import { z } from 'zod';
import { type LogTarget, parseLogTarget, withoutPassword } from '../loggers/target.ts';
import { isLoopback } from '../loopback.ts';
import { FACTORS } from '../suite/benchmark.ts';
import { CRITERIA, type Criterion } from '../suite/judge-criteria.ts';
import { MAX_LOOKS } from '../suite/plan/looks/looks.ts';
import { isKnown, nearest } from '../suite/select.ts';
import { LEVELS } from '../verdict/policy.ts';
import { describeWords } from './plain-fault.ts';

/** Parts of a list that is one text: commas or ends of lines separate them, blanks around them do not count, nor do empty parts. */
function splitList(text: string): string[] {
  return trimAll(text.split(/[,\r\n]/));
}

function trimAll(parts: readonly string[]): string[] {
  return parts.map((part) => part.trim()).filter((part) => part !== '');
}

/** `a,b` or a list of texts. */
export const textList = z
  .union([z.array(z.string({ error: 'not a text' })), z.string()], { error: 'not a list of texts' })
  .transform((value) => (typeof value === 'string' ? splitList(value) : trimAll(value)));

/** One of several words, as a part of a list: the message names the part. */
export function oneOf<const Words extends readonly [string, ...string[]]>(words: Words) {
  return z.enum(words, { error: ({ input }) => `'${input}' is ${describeWords(words, input)}` });
}

/** Where results are logged: addresses such as `wandb:PROJECT`. */
export const logTargets = textList.transform((addresses, context) =>
  addresses.flatMap((address, index): LogTarget[] => {
    const found = parseLogTarget(address);
    if (typeof found === 'string') context.addIssue(`'${withoutPassword(address)}' is ${found}`);
    else if (addresses.indexOf(address) < index) context.addIssue(`${address} is given twice`);
    else return [found];
    return [];
  }),
);

/** `id=value` of a list; null for what is something else. */
function splitPair(part: string): [name: string, value: string] | null {
  const [name, value, ...more] = part.split('=').map((side) => side.trim());
  return name === '' || value === undefined || more.length > 0 ? null : [name!, value];
}

/** A mapping, or `id=value,...` as one. */
const pairs = z
  .union([z.record(z.string(), z.unknown()), z.string()], { error: 'neither a mapping nor ID=VALUE,...' })
  .transform((value, context) =>
    typeof value === 'string'
      ? pairsOf(
          splitList(value).map((part) => [part, splitPair(part)]),
          context,
        )
      : value,
  );

function pairsOf(
  parts: readonly (readonly [part: string, pair: readonly [string, string] | null])[],
  context: z.RefinementCtx,
): Record<string, unknown> {
  const found = new Map<string, string>();
  for (const [part, pair] of parts) {
    if (pair === null) context.addIssue(`'${part}' is not ID=VALUE`);
    else if (found.has(pair[0])) context.addIssue(`${pair[0]} is given twice`);
    else found.set(...pair);
  }
  return Object.fromEntries(found);
}

/** Values by factor; a name that no factor has is refused with the one that was meant. */
function byFactor<Value extends z.ZodType>(value: Value) {
  return z
    .record(z.string(), z.unknown())
    .superRefine(requireFactors)
    .pipe(z.partialRecord(z.enum(FACTORS), value));
}

function requireFactors(values: Record<string, unknown>, context: z.RefinementCtx): void {
  for (const name of Object.keys(values)) {
    if ((FACTORS as readonly string[]).includes(name)) continue;
    const message = isKnown(name)
      ? 'a benchmark, not a factor (wk, if or safety): what a benchmark is held to stands in thresholds'
      : `not a factor: wk, if or safety; did you mean '${nearest(name, FACTORS)}'?`;
    context.addIssue({ code: 'custom', message, path: [name] });
  }
}

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

/** How often the answers of a sample are looked at. */
export const lookCount = wholeNumber(1).pipe(
  z.number().max(MAX_LOOKS, `more than ${MAX_LOOKS} looks gain nothing`),
);

/** Below it, every benchmark would have to be asked nearly whole. */
const MIN_COLLAPSE = 5;

/** A drop of one benchmark, in points. */
export const collapseDrop = number.pipe(
  z.number().min(MIN_COLLAPSE, `less than ${MIN_COLLAPSE} points are no collapse`).max(90),
);

/** `wk=1,if=4` in points, or a mapping. */
export const factorList = pairs.pipe(byFactor(points));

/** Below this a bare number is a fraction of 1, from 1 on it is points; between the two it could be either. */
const MAX_FRACTION = 0.2;

/**
 * A drop, as a fraction of 1: `0.02`, `2` (points), `2%`. What lies between 0.2 and 1 needs the percent sign: 0.8 may be
 * meant as 0.8 points, and nobody means 80.
 */
const drop = z.union([z.number(), z.string()]).transform((value, context) => {
  const text = String(value).trim();
  const parsed = /^(\d+(?:\.\d*)?|\.\d+)\s*(%?)$/.exec(text);
  const size = Number(parsed?.[1]);
  if (parsed === null || !(size > 0) || size > 100) {
    context.addIssue(`'${text}' is not a drop such as 2 (points), 2% or 0.02`);
    return z.NEVER;
  }
  if (parsed[2] === '%' || size >= 1) return size / 100;
  if (size < MAX_FRACTION) return size;
  context.addIssue(`${text} may be points or a fraction: write ${text}% for ${text} points`);
  return z.NEVER;
});

/** A drop for all factors, `wk=2,if=4`, or a mapping; 2 points for factors it does not name. Fractions of 1. */
export const dropList = z
  .union([z.number(), z.string(), z.record(z.string(), z.unknown())])
  .transform((value, context) => {
    if (typeof value === 'object') return value;
    const parts = splitList(String(value));
    const general = parts.filter((part) => !part.includes('='));
    const named = parts.filter((part) => part.includes('='));
    if (parts.length === 0) context.addIssue('not a drop such as 2 (points), 2% or 0.02');
    if (general.length > 1) context.addIssue(`two drops for all factors: ${general.join(' and ')}`);
    return {
      ...Object.fromEntries(general.flatMap((size) => FACTORS.map((id) => [id, size]))),
      ...pairsOf(
        named.map((part) => [part, splitPair(part)]),
        context,
      ),
    };
  })
  .pipe(byFactor(drop))
  .transform((drops) => ({ wk: 0.02, if: 0.02, safety: 0.02, ...drops }));

/** A time such as `45s`, `30m` or `1.5h`, in seconds. */
export const duration = z
  .string()
  .regex(/^\d+(\.\d+)?[smh]$/, 'not a time such as 30m, 45s or 1.5h')
  .transform((text) => Number(text.slice(0, -1)) * { s: 1, m: 60, h: 3600 }[text.at(-1) as 's' | 'm' | 'h'])
  .pipe(z.number().gt(0));

/** An age such as `30d`, `12h` or `0d`, in seconds. */
export const age = z
  .string()
  .regex(/^\d+(\.\d+)?[hd]$/, 'not an age such as 30d or 12h')
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
  .regex(/^\d+(\.\d+)?\s*([KMGT]i?)?B$/i, 'not a size such as 20GB or 500MB')
  .transform(
    (text) => Number.parseFloat(text) * UNITS[/[a-z]+$/i.exec(text)![0].toUpperCase() as keyof typeof UNITS],
  );

const THRESHOLD = {
  level: z.enum(LEVELS, { error: ({ input }) => describeWords(LEVELS, input) }).optional(),
  /** Points. */
  'minimum-effect': points.optional(),
  margin: points.optional(),
};

const threshold = z.strictObject(THRESHOLD, {
  error: (issue) => {
    const names = Object.keys(THRESHOLD);
    if (issue.code !== 'unrecognized_keys') return `neither a level nor a mapping of ${names.join(', ')}`;
    return `an unknown key: did you mean '${nearest(String(issue.keys[0]), names)}'?`;
  },
});

/** `bbq=warn,if=off`, or a mapping of ids to a level or to {level, minimum-effect, margin} in points. */
export const thresholdList = pairs.pipe(
  z.record(
    z.string(),
    z.preprocess((value) => (typeof value === 'string' ? { level: value.trim() } : value), threshold),
  ),
);

/** `auto`, `cpu:N`, or GPUs by index or UUID: `0,1`, a list, or one number. One may be named twice. */
export const deviceList = z
  .union([z.array(z.union([z.string(), z.number()])), z.number(), z.string()], {
    error: 'not a list of devices',
  })
  .transform((value, context) => {
    const words = Array.isArray(value) ? trimAll(value.map(String)) : splitList(String(value));
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

/** An amount of money. */
export const cost = number.pipe(z.number().gt(0));

/** The address of a judge: a key goes there, so nobody may listen on the way. */
export const judgeServer = z
  .url({ protocol: /^https?$/, error: 'not an address such as https://judge.example.com/v1', abort: true })
  .refine((url) => url.startsWith('https:') || isLoopback(url), {
    error: 'neither https nor on this machine: its key could be read on the way',
  })
  .refine(
    (address) => {
      const { username, password, search, hash } = new URL(address);
      return username + password + search + hash === '';
    },
    { error: 'more than an address: it holds a name, a password, a query or a fragment' },
  );

/** `true` for all five, `false` for none, or some of them; in the order of `CRITERIA`. */
export const criteriaChoice = z
  .union([z.boolean(), z.string(), z.array(z.string())], {
    error: 'neither true, false nor a list of criteria',
  })
  .transform((value, context) => {
    const words = Array.isArray(value) ? trimAll(value) : splitList(String(value));
    if (words.length === 1 && words[0] === 'true') return [...CRITERIA];
    if (words.length === 1 && words[0] === 'false') return [];
    if (words.length === 0) context.addIssue(`neither true, false nor some of ${CRITERIA.join(', ')}`);
    requireCriteria(words, context);
    return CRITERIA.filter((name) => words.includes(name));
  });

/** `correctness=.5,style=.1` or a mapping: what each criterion is to weigh beside the others. */
export const criteriaWeights = pairs
  .pipe(z.record(z.string(), number.pipe(z.number().min(0, 'below 0'))))
  .superRefine((weights, context) => {
    requireCriteria(Object.keys(weights), context);
    const values = Object.values(weights);
    if (values.length > 0 && values.every((value) => value === 0))
      context.addIssue('all of them weigh nothing');
  })
  .transform((weights): Partial<Record<Criterion, number>> => weights);

function requireCriteria(names: readonly string[], context: z.RefinementCtx): void {
  for (const [index, name] of names.entries()) {
    if (!(CRITERIA as readonly string[]).includes(name))
      context.addIssue(
        `'${name}' is not one of ${CRITERIA.join(', ')}; did you mean '${nearest(name, CRITERIA)}'?`,
      );
    else if (names.indexOf(name) < index) context.addIssue(`${name} is given twice`);
  }
}

/** Prices of a million tokens: `3/15`. */
export const tokenPrices = z
  .string()
  .regex(/^\d+(\.\d+)?\/\d+(\.\d+)?$/, 'not two prices of a million tokens such as 3/15')
  .transform((value) => {
    const [input, output] = value.split('/').map(Number);
    return { input: input!, output: output! };
  });
