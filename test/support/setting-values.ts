import { z } from 'zod';
import { VARIABLE_TRUST, variableTrust } from '../../scripts/trust/environment.ts';
import { INPUT_TRUST } from '../../scripts/trust/inputs.ts';
import { SETTINGS, type Setting, type SettingKey, settingsOf } from '../../src/settings/table.ts';
import { ASKED_KEYS } from '../../src/settings/trust/asked.ts';

const TABLE = SETTINGS as Record<SettingKey, Setting>;

/** Every setting that has a say in the verdict, also by a part of its value, as `model-args` has. */
export const JUDGING_KEYS: readonly SettingKey[] = (Object.keys(SETTINGS) as SettingKey[]).filter(
  (key) => TABLE[key].role === 'judges' || isAsked(key),
);

export function isAsked(key: SettingKey): boolean {
  return (ASKED_KEYS as readonly SettingKey[]).includes(key);
}

/** Judging settings that a configuration file may hold. */
export const FILE_KEYS = JUDGING_KEYS.filter((key) => TABLE[key].inFile);

/** Settings by which a verdict is reached, whatever was evaluated. */
export const POLICY_KEYS: readonly SettingKey[] = settingsOf('report');

/** The name that a change gives to whatever of its own a setting is to take. */
export const MINE = 'mine';

/** Values that a change would like, the most useful first. A setting takes the first that its schema knows. */
const WISHES: readonly unknown[] = [
  ...[true, [], ['if'], { max_length: 8 }, { wk: 'off', safety: 'off', gpqa: 'off', xstest: 'off' }],
  ...[
    { wk: 90, if: 90, safety: 90 },
    50,
    0.001,
    MINE,
    'http://127.0.0.1:9',
    '10m',
    '1/2',
    5,
    3,
    '3/15',
    { style: 9 },
    `tensorboard:${MINE}`,
  ],
];

/**
 * A value of a setting that is not its default, as a configuration file has it: made from the table alone, so that a new setting has one too.
 *
 * @throws Error naming the setting where its schema takes none of the wishes.
 */
export function wishFor(key: SettingKey): unknown {
  const { schema, names, default: usual } = TABLE[key];
  const own =
    names === 'paths' ? [[MINE]] : names === undefined ? [] : [names === 'words' ? `./${MINE}` : MINE];
  const before = stable(usual === undefined ? undefined : schema.parse(usual));
  const all = [...own, ...WISHES.slice(0, 3), ...membersOf(schema), ...WISHES.slice(3)];
  for (const value of all) {
    const parsed = schema.safeParse(value);
    if (parsed.success && stable(parsed.data) !== before) return value;
  }
  throw new Error(`no wish for ${key}: add a value that it takes to WISHES`);
}

/** The default, as a configuration file has it; undefined for none. */
export function usualFor(key: SettingKey): unknown {
  return TABLE[key].default;
}

/** What a schema lists by name: last the usual ones. */
function membersOf(schema: z.ZodType): unknown[] {
  const found = new Set<unknown>();
  const walk = (node: unknown): void => {
    if (typeof node !== 'object' || node === null) return;
    for (const [name, inner] of Object.entries(node)) {
      if (name === 'const') found.add(inner);
      else if (name === 'enum') for (const member of inner as unknown[]) found.add(member);
      else walk(inner);
    }
  };
  for (const io of ['input', 'output'] as const) walk(z.toJSONSchema(schema, { io, unrepresentable: 'any' }));
  return [...found].reverse().flatMap((member) => [member, [member]]);
}

function stable(value: unknown): string {
  return JSON.stringify(value) ?? 'not set';
}

/** The value of an input or variable that says this. */
export function asInput(value: unknown): string {
  if (Array.isArray(value)) return value.join(',');
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}

/** A configuration file with these values: JSON is YAML. */
export function asConfig(values: Readonly<Record<string, unknown>>): string {
  return Object.entries(values)
    .filter(([, value]) => value !== undefined)
    .map(([key, value]) => `${key}: ${JSON.stringify(value)}\n`)
    .join('');
}

/**
 * Variables that are called as settings and inputs that judge, with what a change would like. `INPUT_SEED` and `INPUT_FAIL-ON` are none: so
 * the runner hands over what the workflow says.
 */
export function variablesCalledAs(): Record<string, string> {
  const inputs = Object.keys(INPUT_TRUST).filter((name) => INPUT_TRUST[name]!.role === 'judges');
  const named = [...JUDGING_KEYS, ...inputs].flatMap((name) => {
    const word = name.replaceAll('-', '_').toUpperCase();
    const value = asInput(name in TABLE ? wishFor(name as SettingKey) : MINE);
    const variables = [`SOS_BENCH_${word}`, `INPUT_${word}_`, `input_${name}`, word];
    if (name.includes('-')) variables.push(`INPUT_${word}`);
    return variables.map((variable) => [variable, value] as const);
  });
  return Object.fromEntries(named.filter(([name]) => variableTrust(name)?.from !== 'operator'));
}

/** Ends of names, for families of variables such as `HF_*`. */
const ENDS = ['HOME', 'PATH', 'DIR', 'FILE', 'CONFIG_FILE', 'CACHE'];

/** Variables of the operator that can name a file or folder. */
export function operatorVariables(): string[] {
  return Object.entries(VARIABLE_TRUST)
    .filter(([name, { from }]) => from === 'operator' && !/proxy|TOKEN$|KEY$/i.test(name))
    .flatMap(([name]) =>
      name.endsWith('*') ? ENDS.map((end) => name.slice(0, -1).replace(/_?$/, '_') + end) : [name],
    );
}

/**
 * Tries all offers at once; where that fails, looks for the one that makes it fail and names it.
 *
 * @param name of an offer, for people.
 * @param attempt fails where one of these offers is taken.
 */
export async function walkAll<Offer>(
  offers: readonly Offer[],
  name: (offer: Offer) => string,
  attempt: (offers: readonly Offer[]) => Promise<void>,
): Promise<void> {
  const failure = await attempt(offers).then(
    () => null,
    (error: unknown) => error,
  );
  if (failure === null) return;
  let suspects = offers;
  let reason = failure;
  while (suspects.length > 1) {
    const half = suspects.slice(0, Math.ceil(suspects.length / 2));
    const fault = await attempt(half).then(
      () => null,
      (error: unknown) => error,
    );
    suspects = fault === null ? suspects.slice(half.length) : half;
    reason = fault ?? reason;
  }
  throw new Error(`taken from the change: ${suspects.map(name).join()}: ${String(reason)}`, {
    cause: reason,
  });
}
