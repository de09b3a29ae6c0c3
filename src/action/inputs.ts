import { join } from 'node:path';
import * as core from '@actions/core';
import { DEFAULT_CONFIG_FILE, type GivenValues, resolveSettings } from '../settings/resolve.ts';
import { type SettingKey, type Settings, settingsOf } from '../settings/table.ts';

export interface ActionInputs {
  settings: Pick<Settings, SettingKey>;
  /** Record folder to compare with; null for none. */
  baseline: string | null;
  /** Record folder to tell drift from; null for none. */
  anchor: string | null;
  /** File with the spread between runs of one recipe; null for none. */
  runSpread: string | null;
  token: string | null;
}

/** Where the record goes when `output` is not set. */
export const DEFAULT_OUTPUT = 'sos-bench-record';

/**
 * Reads and checks the action's inputs; an input that is not set falls back to the configuration file, then
 * to its default. The Hub's token is masked in the log.
 *
 * @throws SosBenchError `usage` or `config-invalid`.
 */
export async function readInputs(workspace: string): Promise<ActionInputs> {
  const token = core.getInput('hf-token') || null;
  if (token !== null) core.setSecret(token);
  const keys = settingsOf('action');
  const given: GivenValues = {};
  for (const key of keys) {
    const value = core.getInput(key);
    if (value !== '') given[key] = value;
  }
  const named = core.getInput('config');
  const configFile = { path: join(workspace, named || DEFAULT_CONFIG_FILE), required: named !== '' };
  const settings = await resolveSettings(keys, given, configFile, { output: DEFAULT_OUTPUT });
  return {
    settings: { ...settings, fresh: false },
    baseline: core.getInput('baseline') || null,
    anchor: core.getInput('anchor') || null,
    runSpread: core.getInput('run-spread') || null,
    token,
  };
}
