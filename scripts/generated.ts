import { join } from 'node:path';
import { markdownTable } from 'markdown-table';
import { stringify } from 'yaml';
import { z } from 'zod';
import { DEFAULT_OUTPUT } from '../src/action/inputs.ts';
import { WorkerMessageSchema } from '../src/harness/lm-eval/messages.ts';
import { EntrySchema } from '../src/history/store/entry.ts';
import { PinsSchema } from '../src/history/store/pins.ts';
import { WaiversSchema } from '../src/history/store/waiver-file.ts';
import { RecordSchema } from '../src/record/schema.ts';
import { SETTINGS, type Setting, type SettingKey, settingsOf } from '../src/settings/table.ts';
import { ASKED_KEYS } from '../src/settings/trust/asked.ts';
import { SUBJECT_ARGS } from '../src/settings/trust/subject.ts';
import { FACTOR_NAMES, FACTORS } from '../src/suite/benchmark.ts';
import { PlanSchema } from '../src/suite/plan/plan.ts';
import { CalibrationSchema } from '../src/verdict/measure/calibration.ts';
import { GateSchema } from '../src/verdict/release/gate.ts';
import { VerdictSchema } from '../src/verdict/schema.ts';
import { FlipsSchema } from '../src/verdict/signs/flips.ts';
import { VARIABLE_TRUST } from './trust/environment.ts';
import { FILE_TRUST } from './trust/files.ts';
import { INPUT_TRUST } from './trust/inputs.ts';

/** The committed JSON Schemas, by file name. */
export function schemaFiles(): Record<string, string> {
  const schemas = {
    'record.schema.json': RecordSchema,
    'plan.schema.json': PlanSchema,
    'verdict.schema.json': VerdictSchema,
    'flips.schema.json': FlipsSchema,
    'gate.schema.json': GateSchema,
    'calibration.schema.json': CalibrationSchema,
    'history-entry.schema.json': EntrySchema,
    'waivers.schema.json': WaiversSchema,
    'pins.schema.json': PinsSchema,
    'worker-message.schema.json': WorkerMessageSchema,
    'config.schema.json': configSchema(),
  };
  return Object.fromEntries(
    Object.entries(schemas).map(([name, schema]) => {
      const document = z.toJSONSchema(schema, { io: name.startsWith('config') ? 'input' : 'output' });
      return [name, `${JSON.stringify(document, null, 2)}\n`];
    }),
  );
}

function configSchema(): z.ZodType {
  const entries = Object.entries(SETTINGS as Record<string, Setting>).filter(([, setting]) => setting.inFile);
  return z.strictObject(
    Object.fromEntries(
      entries.map(([key, { schema, description }]) => [key, schema.optional().meta({ description })]),
    ),
  );
}

/** The actions of this repository, by folder. */
export const ACTIONS = ['.', 'plan', 'run', 'report', 'gate', 'bot', 'open', 'conclude'] as const;
type Action = (typeof ACTIONS)[number];

interface ActionInput {
  description: string;
  /** Where the input can less than in the other actions. */
  instead?: Partial<Record<Action, string>>;
  default?: string;
  /** Actions that have the input without its default. */
  unset?: readonly Action[];
  actions: readonly Action[];
}

const JUDGING = ['.', 'report'] as const;
const EVALUATING = ['.', 'run'] as const;
/** They see to the check, and nothing else. */
const CHECKING = ['open', 'conclude'] as const;
/** They read the base's settings with a token, and do nothing else with it. */
const READING = ['plan', 'run'] as const;
const STORING = ['.', 'report', 'gate', 'bot'] as const;

/** What `plan` and `run` use a token for. */
const READING_TOKEN =
  'Token (`contents: read`) with which the configuration of the base commit is read, and nothing else. Without it: see docs/trust.md.';

/** Inputs that are no settings. */
const DOOR_INPUTS: Record<string, ActionInput> = {
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
      'Name of the artifact that holds the record, of the run that ended; for shards without -SHARD-ATTEMPT. A later attempt of the same run resumes an earlier one that was uploaded as ARTIFACT-ATTEMPT or ARTIFACT-2of3-ATTEMPT. Default: sos-bench-record.',
    actions: ['.', 'run', 'report'],
  },
  'resume-from': {
    description:
      'Earliest attempt of this workflow run to go on from: the one that the plan was made in, so that running all jobs again starts fresh. Default: 1.',
    actions: EVALUATING,
  },
  'resume-key': {
    description:
      'A secret of 32 characters or more that only jobs have which evaluate. The journal is signed with it, and a later attempt of a pull request resumes from an artifact only what is signed; without it from `state-dir` alone.',
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
      'With `pull`: the full sha that was evaluated. Where the head is another one by now, nothing is posted; without it what could not be done is said in the log alone.',
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
    actions: ['conclude'],
  },
  candidate: {
    description: "Record folder of the model that is to be released. Default: the store's of this commit.",
    actions: ['gate'],
  },
  rule: {
    description:
      'not-worse, or better-aligned: statistically better than the last release on all three factors. Default: not-worse.',
    actions: ['gate'],
  },
  release: {
    description:
      "The last release: release (the latest that is not of the candidate's own commit), a ref, a record folder (it begins with / or ./), or none for a first release. Default: release.",
    actions: ['gate'],
  },
  main: {
    description:
      "The main branch: a ref, of which the nearest earlier record than the candidate's own is taken, a record folder (it begins with / or ./), or none to leave it out. Default: the default branch.",
    actions: ['gate'],
  },
  workflow: {
    description:
      'File name of the workflow that run and full start, on the default branch. Default: sos-bench-on-demand.yml.',
    actions: ['bot'],
  },
  'on-demand-report-id': {
    description:
      'The report-id of that workflow: explain reads the newer of its report and that of report-id. Default: on-demand.',
    actions: ['bot'],
  },
  'baseline-workflow': {
    description:
      'File name of the workflow for pushes to the main branch; rebaseline runs its last run again. Default: sos-bench-main.yml.',
    actions: ['bot'],
  },
  'waiver-days': {
    description: 'Days for which accept lets a drop pass, at most 365. Default: 30.',
    actions: ['bot'],
  },
  'unverified-waivers': {
    description:
      'Whether waivers count that nobody can check: with `store: folder:DIR` and no github-token. Default: false, they are ignored.',
    actions: JUDGING,
  },
  'baseline-model': {
    description: 'Model that `baseline: rerun` evaluates, given as `model` is.',
    actions: ['.'],
  },
  store: {
    description:
      'Where records of the main branch are kept: branch (of this repository, named sos-bench), branch:NAME, artifacts (of the runs that made them), artifacts:NAME, folder:DIR, or none. Default: branch.',
    actions: STORING,
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
      'Earlier state to tell slow drift from: release (the latest), a ref, or a record folder (it begins with / or ./). Drift is a warning in a pull request, a failure on the main branch and in the gate (where the last release is compared with anyway).',
    actions: [...JUDGING, 'gate'],
  },
  'run-spread': {
    description:
      "File that 'sos-bench calibrate --output' wrote: the recipes are compared, not just the two models.",
    actions: JUDGING,
  },
  'report-id': {
    description: 'Tells several reports on one pull request apart. Default: sos-bench.',
    actions: [...JUDGING, 'bot', ...CHECKING],
  },
  matrix: {
    description:
      'What tells this job from others of a matrix that share the report: each has a section of the comment and a part of the check, which stays open until all have reported. GitHub fills it in.',
    default: '$'.concat('{{ toJSON(matrix) }}'),
    actions: [...JUDGING, ...CHECKING],
  },
  'job-total': {
    description:
      'How many jobs share the report. GitHub fills it in; 1 for a report that has nothing to do with the matrix of its job.',
    default: '$'.concat('{{ strategy.job-total }}'),
    actions: [...JUDGING, ...CHECKING],
  },
  comment: { description: 'Whether to post a comment on the pull request. Default: true.', actions: JUDGING },
  check: {
    description: "Whether to set a check on the pull request's head. Default: true.",
    actions: JUDGING,
  },
  'check-name': { description: 'Name of the check. Default: SOS-Bench.', actions: [...JUDGING, ...CHECKING] },
  'claim-check': {
    description:
      "Check in which the record of a fork's or Dependabot's pull request is a claim: a report that a maintainer asked for, in a dispatched run of the default branch with `pull` and `sha`, of all benchmarks, concludes it too. Default: SOS-Bench.",
    actions: ['report'],
  },
  'github-token': {
    description: 'Token for comment, check and store. See docs/permissions.md for what it needs.',
    // An expression of GitHub's, not of ours.
    default: '$'.concat('{{ github.token }}'),
    actions: [...STORING, ...CHECKING, ...READING],
    instead: { plan: READING_TOKEN, run: READING_TOKEN },
    unset: READING,
  },
  'hf-token': {
    description:
      'Token for gated or private data sets and models on the Hub. Only the fetching step sees it.',
    actions: ['.', 'plan', 'run'],
  },
  config: {
    description: 'Configuration file. Default: .github/sos-bench.yml, where it exists.',
    actions: ['.', 'plan', 'run', 'report', 'gate'],
  },
};

const RECORD_PATH = { 'record-path': 'Folder of the record.' };
const MADE_RECORD = {
  'record-path':
    'Folder of the record, outside the workspace and for this job alone; told before work begins.',
};
const RECORD_DIGEST = {
  'record-digest':
    "SHA-256 of the record's record.json, which lists those of the files beside it: what a later job can know the record by. Of shard I as record-digest-I too.",
};
const MODEL_DIGEST = { 'model-digest': "Digest of the model's files." };

const OUTPUTS: Record<Action, Record<string, string>> = {
  '.': { ...judgingOutputs(), ...MADE_RECORD, ...RECORD_DIGEST },
  plan: {
    matrix:
      'Matrix of the jobs, one a shard: {include: [{shard: 1/3, name: 1of3, chunks, items, share}, ...]}.',
    'plan-path': 'File with the plan.',
    'plan-hash': 'What two runs of the same plan share.',
    ...MODEL_DIGEST,
    attempt: 'Attempt of the workflow run that the plan was made in.',
  },
  run: { ...MADE_RECORD, ...RECORD_DIGEST, ...MODEL_DIGEST },
  report: judgingOutputs(),
  gate: { passed: 'true or false.', 'report-path': 'Folder with gate.md (for release notes) and gate.json.' },
  bot: {},
  open: {},
  conclude: {},
};

function judgingOutputs(): Record<string, string> {
  return {
    verdict: 'regressed, incomplete, not-comparable, inconclusive, equivalent, improved or no-baseline.',
    passed: 'true or false, by fail-on.',
    ...RECORD_PATH,
    'report-path':
      'Folder with comment.md and, where there is a baseline, verdict.json and flips.json (ids of items that changed).',
    'comment-url': 'Address of the comment; empty where none was posted.',
    ...Object.fromEntries(
      FACTORS.flatMap((factor) => [
        [`${factor}-score`, `${FACTOR_NAMES[factor]}: score, a fraction of 1.`],
        [`${factor}-delta`, `${FACTOR_NAMES[factor]}: difference to the baseline, a fraction of 1.`],
      ]),
    ),
  };
}

const NAMES: Record<Action, { name: string; description: string; main: string }> = {
  '.': {
    name: 'SOS-Bench',
    description:
      "Scores a pull request's model on SOS-Bench and compares it with the main branch's, question by question.",
    main: 'dist/action.js',
  },
  plan: {
    name: 'SOS-Bench plan',
    description: 'Divides an evaluation into jobs: plan, model digest and matrix.',
    main: '../dist/plan.js',
  },
  run: {
    name: 'SOS-Bench run',
    description: 'Scores a model on SOS-Bench and leaves a record; another job compares and reports.',
    main: '../dist/run.js',
  },
  report: {
    name: 'SOS-Bench report',
    description: 'Compares a record that another job or run left, and reports it on the pull request.',
    main: '../dist/report.js',
  },
  gate: {
    name: 'SOS-Bench gate',
    description: 'Says whether a model may be released: compared with the last release, and with main.',
    main: '../dist/gate.js',
  },
  bot: {
    name: 'SOS-Bench bot',
    description:
      'Answers /sos-bench commands in comments on pull requests. Starts workflows; runs nothing itself.',
    main: '../dist/bot.js',
  },
  open: {
    name: 'SOS-Bench open',
    description: 'Opens the check before the work begins, for workflows that report in a later job.',
    main: '../dist/open.js',
  },
  conclude: {
    name: 'SOS-Bench conclude',
    description:
      'Concludes the check of a job that could not: its machine was lost, it was killed, or it never got that far.',
    main: '../dist/conclude.js',
  },
};

/** `action.yml` of every action, by path. Defaults are described, not set: an input that is set wins over the configuration. */
export function actionFiles(): Record<string, string> {
  return Object.fromEntries(ACTIONS.map((action) => [join(action, 'action.yml'), actionFile(action)]));
}

function actionFile(action: Action): string {
  const { name, description, main } = NAMES[action];
  const described = (descriptions: Record<string, string>) =>
    Object.fromEntries(Object.entries(descriptions).map(([key, text]) => [key, { description: text }]));
  const others = actionInputs(action).map(([key, { description: text, default: fallback }]) => [
    key,
    { description: text, ...(fallback === undefined ? {} : { default: fallback }) },
  ]);
  return `# Made by 'npm run generate'.\n${stringify(
    {
      name,
      description,
      author: 'The SOS-Bench Action authors',
      branding: { icon: 'bar-chart-2', color: 'blue' },
      inputs: { ...described(settingInputs(action)), ...Object.fromEntries(others) },
      outputs: described(OUTPUTS[action]),
      runs: { using: 'node24', main },
    },
    { lineWidth: 110 },
  )}`;
}

function actionInputs(action: Action): [string, Pick<ActionInput, 'description' | 'default'>][] {
  const own = Object.entries<ActionInput>(DOOR_INPUTS).filter(([, { actions }]) => actions.includes(action));
  return own.map(([name, { description, instead, default: fallback, unset }]) => [
    name,
    {
      description: instead?.[action] ?? description,
      ...(fallback === undefined || unset?.includes(action) ? {} : { default: fallback }),
    },
  ]);
}

/** What finding a model and taking its digest needs. */
const MODEL_SETTINGS: readonly SettingKey[] = [
  'model',
  'model-args',
  'backend',
  'plan',
  'trust-remote-code',
  'allow-pickle',
];

/** Where a setting does another thing in an action than on the command line. */
const ACTION_DESCRIPTIONS: Partial<Record<SettingKey, string>> = {
  output:
    'Folder that gets a copy of the record, also of a partial one when the step fails or is cancelled. It is written to and never read; the record itself is in the folder that record-path names.',
};
/** Settings of the evaluation, which a record is held to. */
const EVALUATED: readonly SettingKey[] = ASKED_KEYS.filter((key) => !settingsOf('report').includes(key));

function settingInputs(action: Action): Record<string, string> {
  if (action === 'bot' || action === 'open' || action === 'conclude') return {};
  const keys =
    action === 'report' || action === 'gate'
      ? // A release is judged by all that its record has.
        action === 'report'
        ? [...settingsOf('report'), ...EVALUATED]
        : settingsOf('report').filter((key) => key !== 'benchmarks')
      : settingsOf('action').filter(
          (key) =>
            action === '.' ||
            settingsOf(action).includes(key) ||
            (action === 'plan' && MODEL_SETTINGS.includes(key)),
        );
  return Object.fromEntries(
    keys.map((key) => {
      const fallback = key === 'output' ? `\`${DEFAULT_OUTPUT}\`` : defaultOf(SETTINGS[key]);
      const own = ACTION_DESCRIPTIONS[key] ?? SETTINGS[key].description;
      const description =
        action === 'report' && EVALUATED.includes(key) ? `Of the evaluation, as given to run. ${own}` : own;
      return [
        key,
        fallback.startsWith('`') ? `${description} Default: ${fallback.slice(1, -1)}.` : description,
      ];
    }),
  );
}

/** The README with its generated tables replaced. */
export function readmeTables(readme: string): string {
  const rows = Object.entries(SETTINGS as Record<string, Setting>).map(([key, setting]) => [
    `\`${key}\``,
    setting.users.map((user) => `\`${user}\``).join(', '),
    setting.description.replaceAll('|', '\\|'),
    defaultOf(setting),
  ]);
  return withTable(readme, 'settings', [['Setting', 'Commands', 'What it does', 'Default'], ...rows]);
}

/** docs/trust.md with its generated tables replaced. */
export function trustTables(page: string): string {
  const settings = Object.entries(SETTINGS as Record<string, Setting>).map(([key, setting]) => [
    `\`${key}\``,
    setting.role,
    claimOf(key as SettingKey, setting),
  ]);
  const inputs = Object.entries(INPUT_TRUST).map(([name, { role, claim }]) => [`\`${name}\``, role, claim]);
  const files = FILE_TRUST.map(({ path, origin, use, claim }) => [path, origin, use, claim]);
  const variables = Object.entries(VARIABLE_TRUST).map(([name, { from, use, claim }]) => [
    `\`${name}\``,
    from,
    use,
    claim,
  ]);
  const can = 'What a pull request can do with it';
  const tables: Record<string, string[][]> = {
    'trust-settings': [['Setting', 'It', can], ...settings],
    'trust-inputs': [['Input', 'It', can], ...inputs],
    'trust-files': [['File or folder', 'World', 'For', can], ...files],
    'trust-variables': [['Variable', 'Set by', 'For', can], ...variables],
  };
  return Object.entries(tables).reduce((text, [name, rows]) => withTable(text, name, rows), page);
}

function claimOf(key: SettingKey, { role, names, inFile }: Setting): string {
  if (key === 'model')
    return 'name it in its configuration file: a path, `hf:` or `artifact:`, never `command:`';
  if (key === 'model-args')
    return `set those that name the subject: ${SUBJECT_ARGS.map((name) => `\`${name}\``).join(', ')}, and those of bitsandbytes (\`bnb_4bit_*\`, \`llm_int8_*\`)`;
  if (role === 'subject') return 'set it in its configuration file';
  if (!inFile) return 'nothing: only an input or a flag sets it';
  if (names === 'target') return 'nothing: what lies there is never read back';
  if (names !== undefined)
    return 'propose another, which is shown; a path in the workspace is refused unless it is an untouched checkout of the base';
  return 'propose another, which is shown and not used';
}

/** Pages that hold an action's tables, by path. */
export const ACTION_PAGES: Record<string, Action> = {
  'docs/action.md': '.',
  'plan/README.md': 'plan',
  'run/README.md': 'run',
  'report/README.md': 'report',
  'gate/README.md': 'gate',
  'bot/README.md': 'bot',
  'open/README.md': 'open',
  'conclude/README.md': 'conclude',
};

/** An action's page with its generated tables replaced. */
export function actionTables(page: string, action: Action): string {
  const rows = (descriptions: Record<string, string>) =>
    Object.entries(descriptions).map(([name, text]) => [`\`${name}\``, text.replaceAll('|', '\\|')]);
  const others = Object.fromEntries(actionInputs(action).map(([key, { description }]) => [key, description]));
  const inputs = [['Input', 'What it does'], ...rows({ ...settingInputs(action), ...others })];
  const outputs = [['Output', 'What it holds'], ...rows(OUTPUTS[action])];
  return withTable(withTable(page, 'inputs', inputs), 'outputs', outputs);
}

/** A page whose text between `NAME-start` and `NAME-end` is replaced by a table. */
function withTable(page: string, name: string, rows: string[][]): string {
  const table = markdownTable(rows);
  return page.replace(
    new RegExp(`(<!-- ${name}-start -->)[\\s\\S]*(<!-- ${name}-end -->)`),
    (_, start: string, end: string) => `${start}\n\n${table}\n\n${end}`,
  );
}

function defaultOf({ default: value }: Setting): string {
  if (value === undefined) return '';
  if (Array.isArray(value)) return value.length === 0 ? 'all or none' : `\`${value.join()}\``;
  return typeof value === 'object' ? `\`${JSON.stringify(value)}\`` : `\`${value}\``;
}
