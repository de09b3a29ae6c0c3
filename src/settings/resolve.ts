import { join } from 'node:path';
import { SosBenchError } from '../error.ts';
import { findBenchmark } from '../suite/catalogue.ts';
import { redactSecrets } from '../system/secrets.ts';
import { type ConfigFile, type ConfigSource, readConfigFile } from './config-file.ts';
import { findFault, partAt } from './fault.ts';
import { requireModelArgs } from './model-args.ts';
import { describeIssue } from './plain-fault.ts';
import { SETTINGS, type Setting, type SettingKey, type Settings } from './table.ts';

export const DEFAULT_CONFIG_FILE = join('.github', 'sos-bench.yml');

/** Values as they were given: by a flag, or not at all. */
export type GivenValues = Partial<Record<SettingKey, unknown>>;

/**
 * The checked values of the given keys: what the caller gave wins over the configuration file, which wins over
 * the defaults.
 *
 * @throws SosBenchError `usage` or `config-invalid`, naming the setting and, for the file, its place.
 */
export async function resolveSettings<Key extends SettingKey>(
  keys: readonly Key[],
  given: GivenValues,
  configFile: ConfigSource,
  /** An entry point's own defaults, which win over the table's. */
  defaults: GivenValues = {},
): Promise<Pick<Settings, Key>> {
  return resolveValues(keys, given, await readConfigFile(configFile), defaults);
}

/**
 * As `resolveSettings`, of a configuration that was read already.
 *
 * @throws SosBenchError `usage` or `config-invalid`.
 */
export function resolveValues<Key extends SettingKey>(
  keys: readonly Key[],
  given: GivenValues,
  config: ConfigFile,
  defaults: GivenValues = {},
): Pick<Settings, Key> {
  const resolved: Partial<Record<SettingKey, unknown>> = {};
  for (const key of keys) resolved[key] = check(key, given, config, defaults[key]);
  if (isMiniAlone(keys, given, resolved, config)) resolved.stages = ['lm-eval'];
  requireSample(given, resolved);
  requireArguments(given, resolved, config);
  return resolved as Pick<Settings, Key>;
}

/** Whoever gives one of them asks for LiveBench. */
const ASKS_LIVEBENCH = ['stages', 'livebench-dir', 'livebench-ref', 'server', 'server-model'] as const;

/**
 * Suite mini brings its questions and fetches nothing; LiveBench's are scored by its own code, which would have to be fetched. So
 * there it is one of the stages only where something asks for it.
 */
function isMiniAlone(
  keys: readonly SettingKey[],
  given: GivenValues,
  { suite, plan, benchmarks }: GivenValues,
  { values }: ConfigFile,
): boolean {
  if (suite !== 'mini' || !keys.includes('stages') || plan !== undefined) return false;
  const isGiven = (key: SettingKey) => (given[key] ?? values[key]) !== undefined;
  const named = (benchmarks ?? []) as readonly string[];
  return !ASKS_LIVEBENCH.some(isGiven) && !named.some((id) => findBenchmark(id)?.harness === 'livebench');
}

/** What size a sample is to have. */
const SAMPLE_SIZE = ['detect', 'items', 'budget'] as const;

/** Whoever asks for a sample must not get all questions, days of them. In the file they wait for the runs that sample. */
function requireSample(given: GivenValues, { suite, plan }: GivenValues): void {
  const [asked] = SAMPLE_SIZE.filter((key) => given[key] !== undefined);
  if (asked === undefined || suite === undefined) return;
  if (plan !== undefined)
    throw new SosBenchError('usage', `--${asked} chooses a sample, and the plan has one already`, {
      hint: `leave it out, or make another plan: sos-bench plan --${asked} ...`,
    });
  if (suite !== 'pr')
    throw new SosBenchError('usage', `--${asked} chooses a sample, and suite ${suite} takes all questions`, {
      hint: 'use it with --suite pr',
    });
}

const TABLE: Readonly<Record<string, Setting>> = SETTINGS;

/** Where the file holds them, its line is named. */
function requireArguments(given: GivenValues, resolved: GivenValues, config: ConfigFile): void {
  const judges = resolved['judge-model-args'];
  if (judges !== undefined)
    requireModelArgs(judges as Record<string, unknown>, '', TABLE, 'judge-model-args');
  const args = resolved['model-args'];
  if (args === undefined) return;
  try {
    requireModelArgs(args as Record<string, unknown>, String(resolved.backend ?? ''), TABLE);
  } catch (error) {
    if (!(error instanceof SosBenchError) || given['model-args'] !== undefined) throw error;
    throw new SosBenchError('config-invalid', `${config.locationOf('model-args')}: ${error.message}`, {
      ...(error.hint === undefined ? {} : { hint: error.hint }),
    });
  }
}

function check(key: SettingKey, given: GivenValues, config: ConfigFile, fallback: unknown): unknown {
  const setting: Setting = SETTINGS[key];
  const fromCaller = given[key] !== undefined;
  const fromFile = !fromCaller && config.values[key] !== undefined;
  const value = fromCaller ? given[key] : fromFile ? config.values[key] : (fallback ?? setting.default);
  const parsed = setting.schema.safeParse(value, { error: describeIssue });
  if (parsed.success) return parsed.data;
  if (value === undefined) {
    throw new SosBenchError('usage', `--${key} is missing`, { hint: setting.description });
  }
  const fault = findFault(parsed.error.issues);
  const hint = setting.description;
  // A list that is one text has no parts: what is wrong inside of it is then told of the whole.
  const { part, path, beyond } = partAt(value, fault.path);
  const names = beyond.filter((step) => typeof step !== 'number');
  const message = names.length === 0 ? fault.message : `${names.map(String).join('.')}: ${fault.message}`;
  const text = `${[key, ...path].map(String).join('.')}${showValue(key, part)}: ${message}`;
  throw fromFile
    ? new SosBenchError('config-invalid', `${config.locationOf(key, path)}: ${text}`, { hint })
    : new SosBenchError('usage', `--${text}`, { hint });
}

/** Arguments may hold a key, which no list of shapes knows for sure. */
function showValue(key: SettingKey, value: unknown): string {
  if (key === 'model-args' || key === 'judge-model-args') return ' is unreadable';
  if (value === undefined) return '';
  return ` is ${redactSecrets(typeof value === 'string' ? `'${value}'` : JSON.stringify(value))}`;
}
