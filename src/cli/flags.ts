import { resolve } from 'node:path';
import { type Command, Option } from 'commander';
import { camelCase } from '../camel-case.ts';
import { type ActionInput, describeInput, INPUTS, type InputName } from '../settings/action-inputs.ts';
import { readConfigFile } from '../settings/config-file.ts';
import type { LocationOf } from '../settings/known-ids.ts';
import { inGroups } from '../settings/presentation/groups.ts';
import { DEFAULT_CONFIG_FILE, type GivenValues, resolveValues } from '../settings/resolve.ts';
import { SETTINGS, type Setting, type SettingKey, type Settings } from '../settings/table.ts';

/** Adds a flag for every setting of the table that the command takes, and `--config`. */
export function addSettings(
  command: Command,
  keys: readonly SettingKey[],
  /** The command's own defaults, which win over the table's. */
  defaults: GivenValues = {},
): Command {
  for (const [group, members] of inGroups(keys)) {
    for (const key of members) {
      const setting: Setting = SETTINGS[key];
      const flag = setting.value === null ? `--${key}` : `--${key} <${setting.value}>`;
      const option = new Option(flag, describe(setting, defaults[key]));
      command.addOption(option.helpGroup(`${group}:`));
    }
  }
  return command.option(...inputFlag('config'));
}

/** The flag of an input that the actions have too, and what it does, for commander. */
export function inputFlag(name: InputName): [flag: string, description: string] {
  const { value = '' }: ActionInput = INPUTS[name];
  return [`--${name} <${value}>`, describeInput(name, 'cli')];
}

function describe({ description, ...setting }: Setting, own: unknown): string {
  const fallback = own ?? setting.default;
  const shown = Array.isArray(fallback) ? fallback.join() : fallback;
  const isPlain = shown !== undefined && shown !== '' && shown !== false && typeof shown !== 'object';
  return isPlain ? `${description} Default: ${shown}.` : description;
}

/** The checked settings of a command, from its flags and the configuration file. */
export async function readSettings<Key extends SettingKey>(
  keys: readonly Key[],
  options: Record<string, unknown>,
  cwd: string,
  /** The command's own defaults, which win over the table's. */
  defaults: GivenValues = {},
): Promise<Pick<Settings, Key>> {
  return (await readLocatedSettings(keys, options, cwd, defaults)).settings;
}

/** Settings, where the file has them, and which folders of task definitions there are for all commands (null: unreadable). */
export interface LocatedSettings<Key extends SettingKey> {
  settings: Pick<Settings, Key>;
  locationOf: LocationOf;
  includePaths: readonly string[] | null;
}

/** As `readSettings`, with where each is from. */
export async function readLocatedSettings<Key extends SettingKey>(
  keys: readonly Key[],
  options: Record<string, unknown>,
  cwd: string,
  defaults: GivenValues = {},
): Promise<LocatedSettings<Key>> {
  const given: GivenValues = {};
  for (const key of keys) {
    const value = options[camelCase(key)];
    if (value !== undefined) given[key] = value;
  }
  const named = options.config;
  const path = resolve(cwd, typeof named === 'string' ? named : DEFAULT_CONFIG_FILE);
  const config = await readConfigFile({ path, required: named !== undefined });
  const includes = SETTINGS['include-path'].schema.safeParse(
    given['include-path'] ?? config.values['include-path'] ?? [],
  );
  return {
    settings: resolveValues(keys, given, config, defaults),
    locationOf: (key, inside) => (given[key] === undefined ? config.locationOf(key, inside) : null),
    includePaths: includes.data ?? null,
  };
}
