import { existsSync } from 'node:fs';
import { lstat } from 'node:fs/promises';
import { isAbsolute, join, relative, resolve } from 'node:path';
import * as core from '@actions/core';
import { SosBenchError } from '../../error.ts';
import { type ConfigFile, readConfigFile } from '../../settings/config-file.ts';
import type { GivenValues } from '../../settings/resolve.ts';
import { type SettingKey, type Settings, type SettingUser, settingsOf } from '../../settings/table.ts';
import {
  describeProposals,
  type EffectiveSettings,
  ownSettings,
  settleSettings,
} from '../../settings/trust/effective.ts';
import type { Trusted } from '../../settings/trust/trusted.ts';
import { below } from '../../system/links.ts';
import { findCheckout } from '../../system/untouched.ts';
import type { Connection } from '../connection.ts';
import { configPath, DEFAULT_OUTPUT, type DoorInputs, localConfig } from '../inputs.ts';
import type { ActionWorld } from '../world.ts';
import { type BaseFile, fetchBaseFile, fetchFile, readBaseFile } from './base-file.ts';
import { isInWorkspace } from './paths.ts';
import type { Trust } from './trust.ts';

export interface FoundSettings extends EffectiveSettings<SettingKey> {
  /** The commit whose configuration was used; null where none was read. */
  commit: string | null;
  /** Where the configuration is, for people. */
  source: string;
  /** What the reader of the report should know. */
  notes: string[];
  /** The same without anything of the change's own: for another model than its own. */
  ofBase: (given: GivenValues) => Trusted<Pick<Settings, SettingKey>>;
}

/**
 * The settings that judge this run: inputs, the configuration of the base and defaults; what names the subject also from the change's
 * own checkout.
 *
 * @throws SosBenchError `usage`, `config-invalid`, and as every request to GitHub.
 */
export async function findSettings(
  keys: readonly SettingKey[],
  inputs: Pick<DoorInputs, 'config'>,
  trust: Trust,
  connection: Pick<Connection, 'client' | 'event'>,
  world: ActionWorld,
): Promise<FoundSettings> {
  const given = givenInputs(keys);
  const defaults = { output: DEFAULT_OUTPUT };
  const found = await findConfig(inputs, trust, connection, world);
  if (!trust.isChange) {
    const trusted = await readConfigFile(found.source);
    const settings = ownSettings(keys, { given, trusted, defaults });
    const commit = connection.event?.kind === 'commit' ? connection.event.sha : null;
    const ofBase = (more: GivenValues) =>
      ownSettings(keys, { ...{ trusted, defaults }, given: { ...given, ...more } }).settings;
    return { ...finish(settings), commit, source: found.source.path, notes: [], ofBase };
  }
  const trusted = await readConfigFile(found.source);
  const claimed = await readClaimed(inputs, connection, world, keys.includes('model'));
  const settings = settleSettings(keys, {
    ...{ given, trusted, defaults },
    from: found.isLocal ? 'local' : 'base',
    claimed: claimed.file,
  });
  const notes = [...found.notes, ...claimed.notes];
  // Where the base could not be read, nothing tells what is an edit.
  const edits =
    found.commit === null
      ? null
      : describeProposals(settings.proposals, { path: configPath(inputs), what: trust.what, at: found.at });
  if (edits !== null) notes.push(edits);
  const ofBase = (more: GivenValues) =>
    ownSettings(keys, { ...{ trusted, defaults }, given: { ...given, ...more } }).settings;
  return { ...finish(settings), commit: found.commit, source: found.source.path, notes, ofBase };
}

/** No input says it: the output folder is taken over only from the command line. */
function finish(settings: EffectiveSettings<SettingKey>): EffectiveSettings<SettingKey> {
  return { ...settings, settings: { ...settings.settings, fresh: false } };
}

/** Inputs that are set. */
export function givenInputs(keys: readonly SettingKey[]): GivenValues {
  return Object.fromEntries(
    keys.flatMap((key) => {
      const value = core.getInput(key);
      return value === '' ? [] : [[key, value]];
    }),
  );
}

export function keysOf(user: SettingUser): SettingKey[] {
  return settingsOf(user);
}

interface FoundConfig {
  source: { path: string; required: boolean; content?: string | null };
  commit: string | null;
  at: string;
  isLocal: boolean;
  notes: string[];
}

async function findConfig(
  inputs: Pick<DoorInputs, 'config'>,
  trust: Trust,
  connection: Pick<Connection, 'client' | 'event'>,
  world: ActionWorld,
): Promise<FoundConfig> {
  const local = localConfig(inputs, world.cwd);
  const path = configPath(inputs);
  const isLocal = isAbsolute(path) && !(await isInWorkspace(path, world));
  const pushed = trust.isChange || isLocal ? null : await readPushed(path, connection, world);
  if (pushed !== null) return pushed;
  if (!trust.isChange || isLocal)
    return {
      source: { ...local, path: isLocal ? path : local.path },
      commit: null,
      at: path,
      isLocal,
      notes: [],
    };
  const none = { commit: null, at: 'none', isLocal: false };
  if (trust.base !== null) {
    const file = await readBaseFile(path, trust.base, connection, world);
    if (file !== null) return ofBase(path, file, trust, inputs.config !== null);
  }
  const where = trust.base === null ? 'the base' : `the base ${trust.base.sha.slice(0, 12)}`;
  const note =
    `${path} of ${where} was not read: this ${trust.what} is judged by the inputs of the workflow and by defaults alone. Give ` +
    'github-token (contents: read), or check the base out beside it and let `config` name its file';
  core.warning(note, { title: 'SOS-Bench: the configuration of the base was not read' });
  return { ...none, source: { path, required: false, content: null }, notes: [`${note}.`] };
}

/** The configuration of the commit of a run that is not a change's, where nothing is checked out: a job that only evaluates needs no checkout. */
async function readPushed(
  path: string,
  { client, event }: Pick<Connection, 'client' | 'event'>,
  world: ActionWorld,
): Promise<FoundConfig | null> {
  if (client === null || event?.kind !== 'commit') return null;
  const full = resolve(world.cwd, path);
  if (findCheckout(world.cwd) !== null || existsSync(full)) return null;
  const { content, at } = await fetchBaseFile(client, below(world.cwd, full) ?? path, {
    sha: event.sha,
    branch: event.branch ?? event.sha,
  });
  const source = { path: `${path} (at ${at})`, required: false, content };
  return { source, commit: event.sha, at, isLocal: false, notes: [] };
}

function ofBase(path: string, file: BaseFile, { base }: Trust, isNamed: boolean): FoundConfig {
  const { content, at, notes } = file;
  const missing =
    content === null && isNamed
      ? [`The base (${at}) has no ${path}: inputs of the workflow and defaults judge.`]
      : [];
  return {
    source: { path: `${path} (at ${at})`, required: false, content },
    commit: base?.sha ?? null,
    at,
    isLocal: false,
    notes: [...notes, ...missing],
  };
}

const MAX_CONFIG_BYTES = 1024 * 1024;

/**
 * The configuration in the change's own checkout: no link is followed, and what is wrong with it is said without its content. Where
 * nothing of it is needed, that is a note.
 *
 * @throws SosBenchError `config-invalid` where settings of the subject are to be read from it.
 */
async function readClaimed(
  inputs: Pick<DoorInputs, 'config'>,
  { client, event }: Pick<Connection, 'client' | 'event'>,
  world: ActionWorld,
  isNeeded: boolean,
): Promise<{ file: ConfigFile | null; notes: string[] }> {
  const name = await claimedName(inputs, world);
  if (name === null) return { file: null, notes: [] };
  try {
    return { file: await readChecked(name, { client, event }, world), notes: [] };
  } catch (error) {
    if (!(error instanceof SosBenchError) || error.code !== 'config-invalid' || isNeeded) throw error;
    return { file: null, notes: [`What this change has in ${name} was not read: ${error.message}.`] };
  }
}

async function readChecked(
  name: string,
  { client, event }: Pick<Connection, 'client' | 'event'>,
  world: ActionWorld,
): Promise<ConfigFile | null> {
  const path = join(world.cwd, name);
  const stats = await lstat(path).catch(() => null);
  if (stats !== null) {
    if (stats.isFile() && stats.size > MAX_CONFIG_BYTES) throw tooLarge(name);
    return await readConfigFile({ path, required: false, checkout: world.cwd });
  }
  // Jobs that only evaluate or report check nothing out.
  if (client === null || event?.kind !== 'pull' || findCheckout(world.cwd) !== null) return null;
  const content = await fetchFile(client, name, event.pull.headSha);
  if (content !== null && content.length > MAX_CONFIG_BYTES) throw tooLarge(name);
  return await readConfigFile({ path: name, required: false, content });
}

function tooLarge(name: string): SosBenchError {
  return new SosBenchError('config-invalid', `${name} is larger than a mebibyte`, {
    hint: 'write one KEY: VALUE a line',
  });
}

/** Path of the change's own file: that of the workspace, also where `config` names the base's beside it. */
async function claimedName(inputs: Pick<DoorInputs, 'config'>, world: ActionWorld): Promise<string | null> {
  const path = resolve(world.cwd, configPath(inputs));
  const name = below(world.cwd, path);
  if (name === null) return null;
  const checkout = findCheckout(path);
  return checkout !== null && below(world.cwd, checkout) ? relative(checkout, path) : name;
}
