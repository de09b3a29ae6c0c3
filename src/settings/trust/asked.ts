import { redactArguments } from '../../system/secrets.ts';
import type { SettingKey, Settings } from '../table.ts';
import type { Origin } from './effective.ts';
import { splitModelArgs } from './subject.ts';

/** Settings that decide how a model is evaluated and that a record tells. Its plan is told by its hash. */
export const ASKED_KEYS = [
  'suite',
  'detect',
  'items',
  'looks',
  'collapse',
  'benchmarks',
  'alpha',
  'minimum-effect',
  'thresholds',
  'stages',
  'seed',
  'backend',
  'model-args',
  'datasets-dir',
  'include-path',
  'server',
  'server-model',
  'server-parallel',
  'livebench-dir',
  'livebench-ref',
  'livebench-release',
  'python',
  'launcher',
  'apply-chat-template',
  'enable-thinking',
  'think-end-token',
  'system-instruction',
  'max-gen-toks',
  'stall-timeout',
  'trust-remote-code',
  'allow-pickle',
  'allow-unsafe-code',
] as const satisfies readonly SettingKey[];
export type AskedKey = (typeof ASKED_KEYS)[number];

/** They say what a plan is; a stored plan says it in their place. */
export const PLANNING_KEYS: readonly AskedKey[] = [
  'suite',
  'detect',
  'items',
  'looks',
  'collapse',
  'benchmarks',
  'alpha',
  'minimum-effect',
  'thresholds',
  'seed',
];

/** They choose a sample, and say nothing of the other suites. */
const SAMPLE_KEYS: readonly AskedKey[] = [
  'detect',
  'items',
  'looks',
  'collapse',
  'alpha',
  'minimum-effect',
  'thresholds',
];

export interface ToldSetting {
  /** As text that can be compared and shown: paths, addresses and commands by their kind alone. */
  value: string;
  from: Origin;
}

/** What a record tells of the settings it was evaluated with, by key; `plan` holds a plan's hash. */
export type ToldSettings = Record<string, ToldSetting>;

const NOT_SET = 'not set';

/**
 * What settings ask for, as a record tells it.
 *
 * @param plan hash of the plan that was given; null where the settings make one.
 */
export function tellSettings(
  settings: Partial<Settings>,
  origin: (key: SettingKey) => Origin,
  plan: { hash: string; from: Origin } | null = null,
): ToldSettings {
  const told: ToldSettings = {};
  for (const key of ASKED_KEYS) {
    if (plan !== null && PLANNING_KEYS.includes(key)) continue;
    if (SAMPLE_KEYS.includes(key) && settings.suite !== 'pr') continue;
    told[key] = { value: tell(key, settings), from: origin(key) };
  }
  if (plan !== null) told.plan = { value: plan.hash, from: plan.from };
  return told;
}

function tell(key: AskedKey, settings: Partial<Settings>): string {
  const value: unknown = settings[key];
  if (value === undefined || value === null) return NOT_SET;
  switch (key) {
    case 'datasets-dir':
    case 'livebench-dir':
      return 'a folder';
    case 'python':
      return value === 'managed' ? 'managed' : 'a Python of the machine';
    case 'server':
      return /^https?:/.test(String(value)) ? 'an address' : String(value);
    case 'launcher':
      return (value as string[]).length === 0 ? NOT_SET : 'a command';
    case 'benchmarks':
      return [...(value as string[])].sort().join(', ') || NOT_SET;
    case 'stages':
      // What a judge says decides nothing: a record that nobody judged is as good.
      return (
        (value as string[])
          .filter((stage) => stage !== 'judge')
          .sort()
          .join(', ') || NOT_SET
      );
    case 'include-path':
      return (value as string[]).map(lastPart).join(', ') || NOT_SET;
    case 'model-args':
      // A record is uploaded, and a key for a server may stand there.
      return canonical(redactArguments(splitModelArgs(value as Record<string, unknown>).judging));
    default:
      return typeof value === 'object' ? canonical(value) : String(value);
  }
}

/** A checkout of the base beside the change has the same folder under another one. */
function lastPart(path: string): string {
  return (
    path
      .split('/')
      .filter((part) => part !== '' && part !== '.')
      .at(-1) ?? path
  );
}

/** JSON with sorted keys, without what hides a value behind a name. */
function canonical(value: unknown): string {
  const text = JSON.stringify(value, (_key, inner: unknown) =>
    typeof inner === 'object' && inner !== null && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1)))
      : inner,
  );
  return text === '{}' ? NOT_SET : text;
}

/** Where a record was evaluated in another way than its base asks. */
export interface Departure {
  key: string;
  found: string;
  asked: string;
}

/**
 * Where a record tells other settings than were asked for.
 *
 * @param trusted whether a digest shows that the record is what the `run` action left: then the inputs it was given are the workflow's,
 *   and another default is another version's.
 */
export function findDepartures(
  told: Readonly<ToldSettings>,
  asked: Readonly<ToldSettings>,
  { trusted }: { trusted: boolean },
): Departure[] {
  return Object.keys(asked).flatMap((key) => {
    if (!Object.hasOwn(told, key)) return [];
    const { value: found, from } = told[key]!;
    const wanted = asked[key]!;
    if (found === wanted.value || (trusted && isWorkflows(from, wanted.from))) return [];
    return [{ key, found, asked: wanted.value }];
  });
}

/** Whether a value was the workflow's or the operator's to say, or this program's in another version. */
export function isWorkflows(from: Origin, asked: Origin): boolean {
  return from === 'input' || from === 'local' || (from === 'default' && asked === 'default');
}

/** `seed 7, asked 1234; suite mini, asked pr`. */
export function describeDepartures(departures: readonly Departure[]): string {
  return departures
    .map(({ key, found, asked }) => `${shorten(key)} ${shorten(found)}, asked ${shorten(asked)}`)
    .join('; ');
}

/** A record is another's to write. */
function shorten(text: string): string {
  return text.length > 80 ? `${text.slice(0, 77)}...` : text;
}
