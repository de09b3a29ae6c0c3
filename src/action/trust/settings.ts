import { existsSync } from 'node:fs';
import { lstat } from 'node:fs/promises';
import { isAbsolute, join, relative, resolve } from 'node:path';
import * as core from '@actions/core';
import { SosBenchError } from '../../error.ts';
import { type ConfigFile, readConfigFile } from '../../settings/config-file.ts';
import type { GivenValues } from '../../settings/resolve.ts';
import type { SettingKey, Settings } from '../../settings/table.ts';
import {
  describeProposals,
  type EffectiveSettings,
  ownSettings,
  settleSettings,
} from '../../settings/trust/effective.ts';
import type { Trusted } from '../../settings/trust/trusted.ts';
import { below } from '../../system/files/links.ts';
import { findCheckout } from '../../system/git/untouched.ts';
import type { Connection } from '../connection.ts';
import { type ActionInputs, configPath, DEFAULT_OUTPUT, localConfig, readSettingInput } from '../inputs.ts';
import type { ActionRuntime } from '../runtime.ts';
import { type BaseFile, fetchBaseFile, fetchFile, readBaseFile } from './base-file.ts';
import { leadsIntoWorkspace } from './paths.ts';
import type { Trust } from './trust.ts';

export interface FoundSettings<Key extends SettingKey> extends EffectiveSettings<Key> {
  /** The commit whose configuration was used; null where none was read. */
  commit: string | null;
  /** Where the configuration is, for people. */
  source: string;
  /** What the reader of the report should know. */
  notes: string[];
  /** The same without anything of the change's own: for another model than its own. */
  ofBase: (given: GivenValues) => Trusted<Pick<Settings, Key>>;
}

/**
 * The settings that judge this run: inputs, the configuration of the base and defaults; what names the subject also from the change's
 * own checkout.
 *
 * @throws SosBenchError `usage`, `config-invalid`, and as every request to GitHub.
 */
export async function findSettings<Key extends SettingKey>(
  keys: readonly Key[],
  inputs: Pick<ActionInputs, 'config'>,
  trust: Trust,
  connection: Pick<Connection, 'client' | 'event'>,
  runtime: ActionRuntime,
): Promise<FoundSettings<Key>> {
  const given = givenInputs(keys);
  const defaults = { output: DEFAULT_OUTPUT };
  const found = await findConfig(inputs, trust, connection, runtime);
  if (!trust.isChange) {
    const trusted = await readConfigFile(found.source);
    const settings = ownSettings(keys, { given, trusted, defaults });
    const commit = connection.event?.kind === 'commit' ? connection.event.sha : null;
    const ofBase = (more: GivenValues) =>
      ownSettings(keys, { ...{ trusted, defaults }, given: { ...given, ...more } }).settings;
    return { ...settings, commit, source: found.source.path, notes: [], ofBase };
  }
  const trusted = await readConfigFile(found.source);
  const claimed = await readClaimed(
    inputs,
    connection,
    runtime,
    (keys as readonly SettingKey[]).includes('model'),
  );
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
  return { ...settings, commit: found.commit, source: found.source.path, notes, ofBase };
}

/** Inputs that are set. */
export function givenInputs(keys: readonly SettingKey[]): GivenValues {
  return Object.fromEntries(
    keys.flatMap((key) => {
      const value = readSettingInput(key);
      return value === '' ? [] : [[key, value]];
    }),
  );
}

interface FoundConfig {
  source: { path: string; required: boolean; content?: string | null };
  commit: string | null;
  at: string;
  isLocal: boolean;
  notes: string[];
}

async function findConfig(
  inputs: Pick<ActionInputs, 'config'>,
  trust: Trust,
  connection: Pick<Connection, 'client' | 'event'>,
  runtime: ActionRuntime,
): Promise<FoundConfig> {
  const local = localConfig(inputs, runtime.cwd);
  const path = configPath(inputs);
  const isLocal = isAbsolute(path) && !(await leadsIntoWorkspace(path, runtime));
  const pushed = trust.isChange || isLocal ? null : await readPushed(path, connection, runtime);
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
    const file = await readBaseFile(path, trust.base, connection, runtime);
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
  runtime: ActionRuntime,
): Promise<FoundConfig | null> {
  if (client === null || event?.kind !== 'commit') return null;
  const full = resolve(runtime.cwd, path);
  if (findCheckout(runtime.cwd) !== null || existsSync(full)) return null;
  const { content, at } = await fetchBaseFile(client, below(runtime.cwd, full) ?? path, {
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
  inputs: Pick<ActionInputs, 'config'>,
  { client, event }: Pick<Connection, 'client' | 'event'>,
  runtime: ActionRuntime,
  isNeeded: boolean,
): Promise<{ file: ConfigFile | null; notes: string[] }> {
  const name = await claimedName(inputs, runtime);
  if (name === null) return { file: null, notes: [] };
  try {
    return { file: await readChecked(name, { client, event }, runtime), notes: [] };
  } catch (error) {
    if (!(error instanceof SosBenchError) || error.code !== 'config-invalid' || isNeeded) throw error;
    return { file: null, notes: [`What this change has in ${name} was not read: ${error.message}.`] };
  }
}

async function readChecked(
  name: string,
  { client, event }: Pick<Connection, 'client' | 'event'>,
  runtime: ActionRuntime,
): Promise<ConfigFile | null> {
  const path = join(runtime.cwd, name);
  const stats = await lstat(path).catch(() => null);
  if (stats !== null) {
    if (stats.isFile() && stats.size > MAX_CONFIG_BYTES) throw tooLarge(name);
    return await readConfigFile({ path, required: false, checkout: runtime.cwd });
  }
  // Jobs that only evaluate or report check nothing out.
  if (client === null || event?.kind !== 'pull' || findCheckout(runtime.cwd) !== null) return null;
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
async function claimedName(
  inputs: Pick<ActionInputs, 'config'>,
  runtime: ActionRuntime,
): Promise<string | null> {
  const path = resolve(runtime.cwd, configPath(inputs));
  const name = below(runtime.cwd, path);
  if (name === null) return null;
  const checkout = findCheckout(path);
  return checkout !== null && below(runtime.cwd, checkout) ? relative(checkout, path) : name;
}
