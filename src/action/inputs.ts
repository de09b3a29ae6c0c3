import { resolve } from 'node:path';
import * as core from '@actions/core';
import { SosBenchError } from '../error.ts';
import type { Leg } from '../github/comment/comment-legs.ts';
import { checkSha } from '../github/comment/marker.ts';
import { INPUTS, type InputName, inputDefault } from '../settings/action-inputs.ts';
import type { ConfigSource } from '../settings/config-file.ts';
import { currentName } from '../settings/renamed.ts';
import { DEFAULT_CONFIG_FILE } from '../settings/resolve.ts';
import { SETTINGS, type SettingKey } from '../settings/table.ts';
import { checkResumeKey } from './artifacts/journal-key.ts';
import { readLeg } from './leg.ts';

/** Inputs of actions that are not settings: where things are, and what may be posted. This file alone reads inputs. */
export interface ActionInputs {
  /** `merge-base`, `base-tip`, `rerun`, a ref, or a record folder; null for the default. */
  baseline: string | null;
  /** `release`, a ref, or a record folder; null for none. */
  anchor: string | null;
  /** `branch`, `branch:NAME`, `artifacts`, `artifacts:NAME`, `folder:DIR` or `none`. */
  store: string;
  /** Days for which a store of artifacts keeps a record, and its point of the trend; null for the repository's setting. */
  retentionDays: number | null;
  trendRetentionDays: number | null;
  /** Model that `baseline: rerun` evaluates. */
  baselineModel: string | null;
  /** File with the spread between runs of one recipe; null for none. */
  runSpread: string | null;
  judgeAudit: string | null;
  /** Which report this is: several can stand on one pull request. */
  reportId: string;
  /** Which job of a matrix shares the report; null for a job of its own. */
  leg: Leg | null;
  comment: boolean;
  check: boolean;
  checkName: string;
  /** Configuration file as it was named; null for the default path. */
  config: string | null;
  githubToken: string | null;
  hubToken: string | null;
  /** Name, without shard and attempt, of the artifact in which a job of this run leaves its record. */
  artifact: string;
  /** Earliest attempt of this run to go on from; 1 for any. */
  resumeFrom: number;
  /** Secret that journals are signed with, for later attempts; null for none. */
  resumeKey: string | null;
  /** Digest that the model has to have; null for any. */
  modelDigest: string | null;
  /** Hash that the plan has to have; null for any. */
  planHash: string | null;
  /** `base-branches` as it was given; null for none. */
  baseBranches: string | null;
}

/** The folder that gets a copy of the record where `output` is not set, and the artifact that holds it. */
export const DEFAULT_OUTPUT = inputDefault('artifact');

/** The text of an input: as the workflow sets it, else the table's default; empty where it has neither. */
export function readInput(name: InputName): string {
  return core.getInput(name) || inputDefault(name);
}

/** A setting as the workflow gives it; empty where it does not. The configuration and the table's default come after it. */
export function readSettingInput(key: SettingKey): string {
  return core.getInput(key);
}

/**
 * Reads the inputs that are no settings, and masks secrets in the log.
 *
 * @throws SosBenchError `usage` for a value that an input cannot have, and for an input under another name than it has now.
 */
export function readActionInputs(): ActionInputs {
  requireCurrentNames(process.env);
  const text = (name: InputName) => readInput(name) || null;
  const secret = (name: InputName) => {
    const value = text(name);
    if (value !== null) core.setSecret(value);
    return value;
  };
  const reportId = readInput('report-id');
  return {
    baseline: text('baseline'),
    anchor: text('anchor'),
    store: readInput('store'),
    retentionDays: days('retention-days'),
    trendRetentionDays: days('trend-retention-days'),
    baselineModel: text('baseline-model'),
    runSpread: text('run-spread'),
    judgeAudit: text('judge-audit'),
    reportId,
    leg: readLeg(reportId, { matrix: readInput('matrix'), total: readInput('job-total') }),
    comment: readFlag('comment'),
    check: readFlag('check'),
    checkName: readInput('check-name'),
    config: text('config'),
    githubToken: secret('github-token'),
    hubToken: secret('hf-token'),
    artifact: readInput('artifact'),
    resumeFrom: readCount('resume-from')!,
    resumeKey: checkResumeKey(secret('resume-key')),
    modelDigest: text('model-digest'),
    planHash: text('plan-hash'),
    baseBranches: text('base-branches'),
  };
}

const ALL_INPUTS = [...Object.keys(INPUTS), ...Object.keys(SETTINGS)];

/**
 * An input that GitHub does not know is a warning of the runner, and what it says would not hold: the policy, for one. A former name is an
 * error. One that is written with underscores is a warning of ours: such a variable may be a job's own, and no variable stops a verdict.
 */
function requireCurrentNames(environment: NodeJS.ProcessEnv): void {
  for (const [variable, value] of Object.entries(environment)) {
    const [, given] = /^INPUT_(.+)$/.exec(variable) ?? [];
    if (given === undefined || !value) continue;
    const name = given.toLowerCase();
    const now = currentName(name, ALL_INPUTS);
    if (now === null) continue;
    const text = `there is no input ${name}: it is called ${now}`;
    const hint = `write '${now}:' in 'with:'`;
    if (now !== name.replaceAll('_', '-')) throw new SosBenchError('usage', text, { hint });
    core.warning(`${text}, and its value is not used. If it was meant as an input, ${hint}`);
  }
}

/** Whole days as GitHub takes them. */
function days(name: InputName): number | null {
  const value = readInput(name);
  if (value === '') return null;
  const count = Number(value);
  if (Number.isInteger(count) && count >= 1 && count <= MAX_DAYS) return count;
  throw new SosBenchError('usage', `${name} is '${value}'`, {
    hint: `it is a whole number of days from 1 to ${MAX_DAYS}`,
  });
}

/** Of private repositories; public ones keep artifacts for 90 days at most. */
const MAX_DAYS = 400;

/**
 * A whole number of at least 1; null where the input is not set.
 *
 * @throws SosBenchError `usage`.
 */
export function readCount(name: InputName): number | null {
  const text = readInput(name);
  if (text === '') return null;
  if (/^[1-9]\d{0,8}$/.test(text)) return Number(text);
  throw new SosBenchError('usage', `${name} is '${text}'`, { hint: 'it is a whole number of at least 1' });
}

/**
 * A whole commit sha; null where the input is not set.
 *
 * @throws SosBenchError `usage`.
 */
export function readSha(name: InputName): string | null {
  const text = readInput(name);
  return text === '' ? null : checkSha(text);
}

/**
 * An input that is true or false.
 *
 * @throws SosBenchError `usage`.
 */
export function readFlag(name: InputName): boolean {
  const value = readInput(name);
  if (value === 'true') return true;
  if (value === 'false') return false;
  throw new SosBenchError('usage', `${name} is '${value}'`, { hint: 'it is true or false' });
}

/** Path of the configuration file in the repository. */
export function configPath({ config }: Pick<ActionInputs, 'config'>): string {
  return config ?? DEFAULT_CONFIG_FILE;
}

/** The configuration in the checkout. */
export function localConfig(inputs: Pick<ActionInputs, 'config'>, workspace: string): ConfigSource {
  return {
    path: resolve(workspace, configPath(inputs)),
    required: inputs.config !== null,
    checkout: workspace,
  };
}
