import { expression } from '../workflow-expression.ts';
import { DEFAULT_CONFIG_FILE } from './resolve.ts';

/** The actions of this repository, by folder. */
export const ACTIONS = ['.', 'plan', 'run', 'report', 'gate', 'bot', 'open-check', 'conclude-check'] as const;
export type Action = (typeof ACTIONS)[number];

/** Commands of the command line that have a flag of the same name and meaning. */
type InputCommand = 'compare' | 'gate' | 'history';

export interface ActionInput {
  description: string;
  /** Where the input can less than in the other actions, or means a narrower thing. */
  instead?: Partial<Record<Action | 'cli', string>>;
  /** What counts where the input is not set. */
  default?: string;
  /** An expression that GitHub fills in where the input is not set. */
  filled?: string;
  /** Actions that have the input and do not have it filled in. */
  unset?: readonly Action[];
  actions: readonly Action[];
  commands?: readonly InputCommand[];
  /** What the value of the flag looks like in `--help`. */
  value?: string;
}

const JUDGING = ['.', 'report'] as const;
const EVALUATING = ['.', 'run'] as const;
/** They see to the check, and nothing else. */
const CHECKING = ['open-check', 'conclude-check'] as const;
/** They read the base's settings with a token, and do nothing else with it. */
const READING = ['plan', 'run'] as const;
const STORING = ['.', 'report', 'gate', 'bot'] as const;

/** What `plan` and `run` use a token for. */
const READING_TOKEN =
  'Token (`contents: read`) with which the configuration of the base commit is read, and nothing else. Without it: see docs/trust.md.';
/** `run` may have a store to read. */
const RUN_TOKEN =
  'Token (`contents: read`) with which the configuration of the base commit is read and, with `reuse-store`, the records of main. Nothing is written with it. Without it: see docs/trust.md.';

/**
 * Every input of the actions that is not a setting: `action.yml`, the tables of the docs and the flags of the same meaning are made of
 * it, and `src/action/inputs.ts` reads by it. docs/trust.md has what each means to a change (`scripts/trust/inputs.ts`).
 */
export const INPUTS = {
  record: {
    description:
      'Record folder that an earlier job or step left. Left out only where the record is an artifact: after workflow_run, or with `shards`.',
    actions: ['report'],
  },
  shards: {
    description:
      'Number of jobs that share the evaluation. To plan: 1 when left out. To report: their artifacts are put together (ARTIFACT-2of3-1: shard and attempt), missing ones are named; no shards when left out.',
    actions: ['plan', 'report'],
  },
  artifact: {
    description:
      'Name of the artifact that holds the record, of the run that ended; for shards without -SHARD-ATTEMPT. A later attempt of the same run resumes an earlier one that was uploaded as ARTIFACT-ATTEMPT or ARTIFACT-2of3-ATTEMPT.',
    default: 'sos-bench-record',
    actions: ['.', 'run', 'report'],
  },
  'resume-from': {
    description:
      'Earliest attempt of this workflow run to resume from: the one that the plan was made in, so that running all jobs again starts fresh.',
    default: '1',
    actions: EVALUATING,
  },
  'resume-key': {
    description:
      'A secret of 32 characters or more that only the jobs that evaluate have. The journal is signed with it, and a later attempt of a pull request resumes from an artifact only what is signed; without it from `state-dir` alone.',
    actions: EVALUATING,
  },
  'model-digest': {
    description:
      'Digest that the model must have, as the output of `plan` or `run` says; another model is refused.',
    actions: [...EVALUATING, 'report'],
  },
  'plan-hash': {
    description:
      'Hash that the plan must have, as the output of `plan` says; another plan is refused. It makes a plan from an artifact trusted.',
    actions: [...EVALUATING, 'report'],
  },
  'record-digest': {
    description:
      'Digest that the record must have, as the output of `run` says; another record is refused. For shards toJSON(needs.shard.outputs), whose keys record-digest-1, record-digest-2, ... are read. Without it the record is the claim of the job that left it.',
    actions: ['report'],
  },
  force: {
    description:
      'Whether to ask every question, also those that this very model has answered in a record of the main branch.',
    default: 'false',
    actions: EVALUATING,
  },
  'reuse-store': {
    description:
      "Store that keeps the main branch's records, given as `store` is. Questions that this very model has answered there are not asked again, nothing is evaluated where it is the baseline's model, and a plan's looks are decided on the baseline. `report` then needs verify-model to call the two equivalent. A branch is read with github-token (`contents: read`); without one everything is asked.",
    default: 'none',
    actions: ['run'],
  },
  'verify-model': {
    description:
      "The model that the record is of, as a folder or artifact:NAME. With it the report itself takes the SHA-256 of all that decides an answer: without it a record that took over the baseline's answers is not comparable, whatever it says of its model.",
    actions: ['report'],
  },
  'base-branches': {
    description:
      'Branches beside the default branch whose settings judge the pull requests into them, such as release/*. A pull request into any other branch is judged by the default branch, and sets no check.',
    actions: ['.', 'run', 'plan', 'report', 'bot', ...CHECKING],
  },
  pull: {
    description: 'Number of the pull request, where the event does not say: in a dispatched workflow.',
    instead: {
      run: 'Number of the pull request, where the event does not say: in a dispatched workflow. Needed where it goes into one of base-branches, with pull-requests: read.',
    },
    actions: ['run', 'report'],
  },
  sha: {
    description:
      'With `pull`: the full sha that was evaluated. Nothing is posted if the head has changed since. Without this input only the log says what could not be done.',
    instead: {
      run: 'Full sha of the commit whose model this is, where the event does not say: in a dispatched workflow. Default: the commit that is checked out.',
    },
    actions: ['run', 'report'],
  },
  baseline: {
    description:
      'What to compare with: merge-base, base-tip, a ref, a record folder (it begins with / or ./), or rerun (evaluates baseline-model in the same job). Default: merge-base, where there is a store; for a push the commit before.',
    instead: {
      report:
        'What to compare with: merge-base, base-tip, a ref, or a record folder (it begins with / or ./). Default: merge-base, where there is a store; for a push the commit before.',
    },
    actions: JUDGING,
  },
  result: {
    description:
      'How the job that evaluates ended: join(needs.*.result) in an expression, or one of success, failure, cancelled, skipped.',
    actions: ['conclude-check'],
  },
  candidate: {
    description: "Record folder of the model that is to be released. Default: the store's of this commit.",
    actions: ['gate'],
    instead: { cli: 'Record folder of the model that is to be released.' },
    commands: ['gate'],
    value: 'RECORD',
  },
  rule: {
    description:
      'not-worse, or better-aligned: statistically better than the last release on all three factors.',
    default: 'not-worse',
    actions: ['gate'],
    commands: ['gate'],
    value: 'RULE',
  },
  release: {
    description:
      "The last release: release (the latest that is not of the candidate's own commit), a ref, a record folder (it begins with / or ./), or none for a first release.",
    default: 'release',
    actions: ['gate'],
    instead: { cli: 'Record folder of the last release; none for a first release.' },
    commands: ['gate'],
    value: 'RECORD',
  },
  main: {
    description:
      "The main branch: a ref (the nearest record older than the candidate's own counts), a record folder (it begins with / or ./), or none to leave it out. Default: the default branch.",
    actions: ['gate'],
    instead: { cli: "Record folder of the main branch's model." },
    commands: ['gate'],
    value: 'RECORD',
  },
  workflow: {
    description: 'File name of the workflow that run and full start, on the default branch.',
    default: 'sos-bench-on-demand.yml',
    actions: ['bot'],
  },
  'on-demand-report-id': {
    description:
      'The report-id of that workflow: explain reads the newer of its report and that of report-id.',
    default: 'on-demand',
    actions: ['bot'],
  },
  'baseline-workflow': {
    description:
      'File name of the workflow for pushes to the main branch; rebaseline runs its last run again.',
    default: 'sos-bench-main.yml',
    actions: ['bot'],
  },
  'waiver-days': {
    description: 'Days for which accept lets a drop pass, at most 365.',
    default: '30',
    actions: ['bot'],
  },
  'unverified-waivers': {
    description:
      'Whether waivers count unchecked where there is no github-token to check them with (`store: folder:DIR`). By default they are ignored.',
    default: 'false',
    actions: JUDGING,
  },
  'baseline-model': {
    description: 'Model that `baseline: rerun` evaluates, given as `model` is.',
    actions: ['.'],
  },
  store: {
    description:
      'Where records of the main branch are kept: branch (of this repository, named sos-bench), branch:NAME, artifacts (of the runs that made them), artifacts:NAME, folder:DIR, or none.',
    default: 'branch',
    actions: STORING,
    instead: {
      cli: 'Where records of the main branch are kept: branch[:NAME], artifacts[:NAME] or folder:DIR.',
    },
    commands: ['history'],
    value: 'STORE',
  },
  'retention-days': {
    description:
      "Days for which `store: artifacts` keeps a record. Default, and the most: the repository's setting.",
    actions: JUDGING,
  },
  'trend-retention-days': {
    description:
      "Days for which `store: artifacts` keeps a commit's factor scores, for the trend. Default, and the most: the repository's setting.",
    actions: JUDGING,
  },
  anchor: {
    description:
      'Earlier state that slow drift is measured against: release (the latest), a ref, or a record folder (it begins with / or ./). Drift is a warning in a pull request, a failure on the main branch and in the gate (where the last release is compared with anyway).',
    actions: [...JUDGING, 'gate'],
    instead: {
      cli: 'Record folder of an earlier state, such as the last release, that slow drift is measured against.',
    },
    commands: ['compare', 'gate'],
    value: 'RECORD',
  },
  'run-spread': {
    description:
      "File that 'sos-bench calibrate --output' wrote: the recipes are compared, not just the two models.",
    instead: {
      run: 'The file that `report` has as run-spread: a run that ends early by looks (with reuse-store) then decides them as the report will.',
    },
    actions: [...JUDGING, 'run'],
    commands: ['compare'],
    value: 'FILE',
  },
  'judge-audit': {
    description:
      "File judge-audit.json that 'sos-bench judge audit' left: where that judge was asked, reports say what it punishes.",
    actions: JUDGING,
    commands: ['compare'],
    value: 'FILE',
  },
  'report-id': {
    description: 'Tells several reports on one pull request apart.',
    default: 'sos-bench',
    actions: [...JUDGING, 'bot', ...CHECKING],
  },
  matrix: {
    description:
      'What tells this job from others of a matrix that share the report: each has a section of the comment and a part of the check, which stays open until all have reported. GitHub fills it in.',
    filled: expression('toJSON(matrix)'),
    actions: [...JUDGING, ...CHECKING],
  },
  'job-total': {
    description:
      'How many jobs share the report. GitHub fills it in; 1 for a report that has nothing to do with the matrix of its job.',
    filled: expression('strategy.job-total'),
    actions: [...JUDGING, ...CHECKING],
  },
  comment: {
    description: 'Whether to post a comment on the pull request.',
    default: 'true',
    actions: JUDGING,
  },
  check: {
    description: "Whether to set a check on the pull request's head.",
    default: 'true',
    actions: JUDGING,
  },
  'check-name': {
    description: 'Name of the check.',
    default: 'SOS-Bench',
    actions: [...JUDGING, ...CHECKING],
  },
  'claim-check': {
    description:
      "Check in which the record of a fork's or Dependabot's pull request is a claim: a report that a maintainer asked for, in a dispatched run of the default branch with `pull` and `sha`, of all benchmarks, concludes it too.",
    default: 'SOS-Bench',
    actions: ['report'],
  },
  'github-token': {
    description: 'Token for comment, check and store. See docs/permissions.md for what it needs.',
    filled: expression('github.token'),
    actions: [...STORING, ...CHECKING, ...READING],
    instead: { plan: READING_TOKEN, run: RUN_TOKEN },
    unset: READING,
  },
  'hf-token': {
    description:
      'Token for gated or private data sets and models on the Hub. Only the fetching step sees it.',
    actions: ['.', 'plan', 'run'],
  },
  config: {
    description: `Configuration file. Default: ${DEFAULT_CONFIG_FILE}, where it exists.`,
    actions: ['.', 'plan', 'run', 'report', 'gate'],
    value: 'FILE',
  },
} as const satisfies Record<string, ActionInput>;

export type InputName = keyof typeof INPUTS;

/** What counts where an input is not set; empty for one that has no default. */
export function inputDefault(name: InputName): string {
  return (INPUTS[name] as ActionInput).default ?? '';
}

/** What an input does, in an action or as a flag (`cli`), with what counts where it is not set. */
export function describeInput(name: InputName, user: Action | 'cli'): string {
  const { description, instead, default: fallback }: ActionInput = INPUTS[name];
  const text = instead?.[user] ?? description;
  // A flag has its own, which commander shows.
  return fallback === undefined || user === 'cli' ? text : `${text} Default: ${fallback}.`;
}
