import type { InputName } from '../../src/settings/action-inputs.ts';
import type { SettingRole } from '../../src/settings/table.ts';

/** What an input of an action that is not a setting is to a change. */
export interface InputTrust {
  role: SettingRole;
  /** As for settings: what its value names on this machine. */
  names?: 'path' | 'record';
  /** What a pull request can do with it, where the workflow file is not its own. */
  claim: string;
}

const WORKFLOW = 'nothing: only the workflow file sets it';
const NO_PATH = 'nothing: a path in the workspace is refused unless it is an untouched checkout of the base';
const REF_OR_PATH =
  'nothing: what does not begin with `/`, `./` or `../` is a ref, and a path in the workspace is refused unless it is an untouched checkout of the base';

/**
 * Every input of every action that is not a setting. All come from the workflow file, which on `pull_request` the report compares with
 * the base's; what they name may still be the change's own.
 */
const TRUST: Readonly<Record<InputName, InputTrust>> = {
  record: {
    role: 'subject',
    names: 'record',
    claim: 'leave the record there: it is a claim, read as hostile, and trusted only by `record-digest`',
  },
  artifact: {
    role: 'subject',
    claim: 'leave the artifact of that name: it is a claim, read as hostile, and trusted only by a digest',
  },
  shards: { role: 'judges', claim: WORKFLOW },
  'resume-from': { role: 'judges', claim: WORKFLOW },
  'resume-key': {
    role: 'judges',
    claim: `${WORKFLOW}; without it nothing that a job of the run uploaded is resumed from`,
  },
  'plan-hash': {
    role: 'judges',
    claim: 'nothing: a plan of another hash is refused, so that an artifact may hold the plan',
  },
  'record-digest': { role: 'judges', claim: 'nothing: a record of another digest is refused' },
  'model-digest': { role: 'judges', claim: 'nothing: a model of another digest is refused' },
  force: { role: 'judges', claim: WORKFLOW },
  'reuse-store': {
    role: 'judges',
    names: 'path',
    claim: `${NO_PATH}; only what pushes and schedules of the default branch left there gives answers`,
  },
  'verify-model': {
    role: 'subject',
    claim: 'name and change the model, which is what is judged: its files are hashed, none is loaded',
  },
  'base-branches': { role: 'judges', claim: WORKFLOW },
  pull: { role: 'judges', claim: `${WORKFLOW}; the pull request is then asked of the API` },
  sha: { role: 'judges', claim: WORKFLOW },
  baseline: { role: 'judges', names: 'path', claim: REF_OR_PATH },
  anchor: { role: 'judges', names: 'path', claim: REF_OR_PATH },
  release: { role: 'judges', names: 'path', claim: REF_OR_PATH },
  main: { role: 'judges', names: 'path', claim: REF_OR_PATH },
  candidate: { role: 'judges', names: 'path', claim: NO_PATH },
  rule: { role: 'judges', claim: WORKFLOW },
  result: { role: 'judges', claim: WORKFLOW },
  workflow: { role: 'judges', claim: WORKFLOW },
  'on-demand-report-id': { role: 'judges', claim: WORKFLOW },
  'baseline-workflow': { role: 'judges', claim: WORKFLOW },
  'unverified-waivers': { role: 'judges', claim: WORKFLOW },
  'waiver-days': { role: 'judges', claim: WORKFLOW },
  'baseline-model': { role: 'judges', claim: WORKFLOW },
  store: {
    role: 'judges',
    names: 'path',
    claim: 'nothing: `folder:` in the workspace is refused unless it is an untouched checkout of the base',
  },
  'retention-days': { role: 'judges', claim: WORKFLOW },
  'trend-retention-days': { role: 'judges', claim: WORKFLOW },
  'judge-audit': { role: 'judges', names: 'path', claim: NO_PATH },
  'run-spread': { role: 'judges', names: 'path', claim: NO_PATH },
  'report-id': { role: 'judges', claim: WORKFLOW },
  matrix: { role: 'judges', claim: WORKFLOW },
  'job-total': { role: 'judges', claim: WORKFLOW },
  comment: { role: 'judges', claim: WORKFLOW },
  check: { role: 'judges', claim: WORKFLOW },
  'check-name': { role: 'judges', claim: WORKFLOW },
  'claim-check': { role: 'judges', claim: WORKFLOW },
  'github-token': { role: 'judges', claim: `${WORKFLOW}; it reaches no child` },
  'hf-token': { role: 'judges', claim: `${WORKFLOW}; only the fetching process gets it` },
  config: {
    role: 'judges',
    names: 'path',
    claim: 'propose an edit: the file of the base is read, and the proposal is shown',
  },
};

export const INPUT_TRUST: Readonly<Record<string, InputTrust>> = TRUST;
