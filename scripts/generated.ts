import { join } from 'node:path';
import { markdownTable } from 'markdown-table';
import { stringify } from 'yaml';
import { z } from 'zod';
import { AgreementSchema } from '../src/agreement/schema.ts';
import { WorkerMessageSchema } from '../src/harness/lm-eval/messages.ts';
import { EntrySchema } from '../src/history/store/entry.ts';
import { PinsSchema } from '../src/history/store/pins.ts';
import { WaiversSchema } from '../src/history/store/waiver-file.ts';
import { botWorkflow, onDemandWorkflow } from '../src/init/bot.ts';
import type { Choices } from '../src/init/choices.ts';
import { forkEvaluateWorkflow, forkReportWorkflow, forkReusableWorkflow } from '../src/init/forks.ts';
import { suggestedTraining } from '../src/init/jobs.ts';
import { mainWorkflow, nightlyWorkflow } from '../src/init/main-branch.ts';
import { pullRequestWorkflow } from '../src/init/pull-request.ts';
import { gateWorkflow } from '../src/init/release-gate.ts';
import { JudgeAuditSchema } from '../src/judge/audit/schema.ts';
import { RecordSchema } from '../src/record/schema.ts';
import {
  ACTIONS,
  type Action,
  type ActionInput,
  describeInput,
  INPUTS,
  type InputName,
  inputDefault,
} from '../src/settings/action-inputs.ts';
import { inGroups } from '../src/settings/presentation/groups.ts';
import {
  SETTINGS,
  type Setting,
  type SettingKey,
  type SettingUser,
  settingsOf,
} from '../src/settings/table.ts';
import { ASKED_KEYS } from '../src/settings/trust/asked.ts';
import { SUBJECT_ARGS } from '../src/settings/trust/subject.ts';
import { FACTOR_NAMES, FACTORS } from '../src/suite/benchmark.ts';
import { PlanSchema } from '../src/suite/plan/plan.ts';
import { CalibrationSchema } from '../src/verdict/measure/calibration.ts';
import { GateSchema } from '../src/verdict/release/gate.ts';
import { VerdictSchema } from '../src/verdict/schema.ts';
import { FlipListSchema } from '../src/verdict/signs/flip-list.ts';
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
    'flip-list.schema.json': FlipListSchema,
    'gate.schema.json': GateSchema,
    'calibration.schema.json': CalibrationSchema,
    'agreement.schema.json': AgreementSchema,
    'judge-audit.schema.json': JudgeAuditSchema,
    'history-entry.schema.json': EntrySchema,
    'waivers.schema.json': WaiversSchema,
    'pins.schema.json': PinsSchema,
    'worker-message.schema.json': WorkerMessageSchema,
    'config.schema.json': configSchema(),
  };
  return Object.fromEntries(
    Object.entries(schemas).map(([name, schema]) => {
      const document = z.toJSONSchema(schema, {
        // Editors show the configuration's as it stands; the others are half as large when nothing stands twice.
        ...(name.startsWith('config') ? { io: 'input' } : { io: 'output', reused: 'ref' }),
      });
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

/** Folders that hold an action under a former name, which does nothing but to name the new one. */
export const RENAMED_ACTIONS: Readonly<Record<string, Action>> = {
  open: 'open-check',
  conclude: 'conclude-check',
};

const RECORD_PATH = { 'record-path': 'Folder of the record.' };
const MADE_RECORD = {
  'record-path':
    'Folder of the record, outside the workspace and for this job alone; set before work begins.',
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
  gate: {
    passed: 'true or false.',
    'report-path': 'Folder with gate.md (for release notes), gate.json and a page for each comparison.',
  },
  bot: {},
  'open-check': {},
  'conclude-check': {},
};

function judgingOutputs(): Record<string, string> {
  return {
    verdict:
      'regressed, incomplete, not-comparable, inconclusive, held, equivalent, improved or no-baseline.',
    passed: 'true or false, by fail-on.',
    ...RECORD_PATH,
    'report-path':
      'Folder with comment.md, report.html and, where there is a baseline, verdict.json and flips.json (ids of items that changed).',
    'report-html': 'File of the report to look at in a browser, which is an artifact of the run too.',
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
  'open-check': {
    name: 'SOS-Bench open check',
    description: 'Opens the check before the work begins, for workflows that report in a later job.',
    main: '../dist/open-check.js',
  },
  'conclude-check': {
    name: 'SOS-Bench conclude check',
    description:
      'Concludes the check of a job that could not: its machine was lost, it was killed, or it never got that far.',
    main: '../dist/conclude-check.js',
  },
};

/** `action.yml` of every action, by path. Defaults are described, not set: an input that is set wins over the configuration. */
export function actionFiles(): Record<string, string> {
  return Object.fromEntries([
    ...ACTIONS.map((action) => [join(action, 'action.yml'), actionFile(action)]),
    ...Object.entries(RENAMED_ACTIONS).map(([old, action]) => [
      join(old, 'action.yml'),
      renamed(old, action),
    ]),
  ]);
}

/** An action under a former name: one clear error, whatever its inputs, and none of ours is run. */
function renamed(old: string, action: Action): string {
  const message = `'${old}' is called '${action}' now: write 'uses: OWNER/REPO/${action}@REF', with the same inputs`;
  return `# Made by 'npm run generate'.\n${stringify(
    {
      name: `SOS-Bench ${old} (renamed)`,
      description: `Fails: this action is called ${action} now.`,
      inputs: {},
      runs: {
        using: 'composite',
        steps: [{ shell: 'bash', run: `echo "::error title=SOS-Bench%3A renamed::${message}"\nexit 1\n` }],
      },
    },
    { lineWidth: 110 },
  )}`;
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

/** The inputs that an action has, in the table's order. */
function inputsOf(action: Action): InputName[] {
  return (Object.keys(INPUTS) as InputName[]).filter((name) =>
    (INPUTS[name] as ActionInput).actions.includes(action),
  );
}

function actionInputs(action: Action): [string, { description: string; default?: string }][] {
  return inputsOf(action).map((name) => {
    const { filled, unset }: ActionInput = INPUTS[name];
    const description = describeInput(name, action);
    return [
      name,
      filled === undefined || unset?.includes(action) ? { description } : { description, default: filled },
    ];
  });
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
/** As `settingsOf`, to look any key up in. */
function keysOf(user: SettingUser): readonly SettingKey[] {
  return settingsOf(user);
}

/** Settings of the evaluation, which a record is held to. */
const EVALUATED: readonly SettingKey[] = ASKED_KEYS.filter((key) => !keysOf('report').includes(key));

/** A release is judged on all that it has; it was logged as the commit that it is of. */
const NOT_OF_GATE: readonly SettingKey[] = ['benchmarks', 'log', 'log-python'];

function settingInputs(action: Action): Record<string, string> {
  if (action === 'bot' || action === 'open-check' || action === 'conclude-check') return {};
  const keys =
    action === 'report' || action === 'gate'
      ? // A release is judged by all that its record has.
        action === 'report'
        ? [...settingsOf('report'), ...EVALUATED]
        : settingsOf('report').filter((key) => !NOT_OF_GATE.includes(key))
      : settingsOf('action').filter(
          (key) =>
            action === '.' ||
            keysOf(action).includes(key) ||
            (action === 'plan' && MODEL_SETTINGS.includes(key)),
        );
  return Object.fromEntries(
    keys.map((key) => {
      const fallback = key === 'output' ? `\`${inputDefault('artifact')}\`` : defaultOf(key);
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

/** Inputs of the actions that people look for beside the settings. */
const INPUT_GROUPS: Readonly<Record<string, readonly InputName[]>> = {
  Store: [
    'store',
    'baseline',
    'baseline-model',
    'anchor',
    'run-spread',
    'reuse-store',
    'force',
    'retention-days',
    'trend-retention-days',
    'unverified-waivers',
  ],
  Posting: [
    'github-token',
    'comment',
    'check',
    'check-name',
    'claim-check',
    'report-id',
    'matrix',
    'job-total',
    'base-branches',
    'pull',
    'sha',
  ],
};

/** docs/settings.md with its generated tables replaced: settings by what they are about, and inputs that are none. */
export function settingsTables(page: string): string {
  const settings = inGroups(Object.keys(SETTINGS) as SettingKey[]).map(([group, keys]) =>
    section(group, [
      ['Setting', 'Commands', 'What it does', 'Default'],
      ...keys.map((key) => [
        `\`${key}\``,
        SETTINGS[key].users.map((user) => `\`${user}\``).join(', '),
        SETTINGS[key].description.replaceAll('|', '\\|'),
        defaultOf(key),
      ]),
    ]),
  );
  const inputs = Object.entries(INPUT_GROUPS).map(([group, names]) =>
    section(group, [
      ['Input', 'Actions', 'What it does'],
      ...names.map((name) => [
        `\`${name}\``,
        INPUTS[name].actions.map((action) => (action === '.' ? 'the action' : `\`${action}\``)).join(', '),
        describeInput(name, INPUTS[name].actions[0]!).replaceAll('|', '\\|'),
      ]),
    ]),
  );
  return withText(withText(page, 'settings', settings.join('\n\n')), 'inputs', inputs.join('\n\n'));
}

function section(title: string, rows: string[][]): string {
  return `### ${title}\n\n${markdownTable(rows)}`;
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
  'open-check/README.md': 'open-check',
  'conclude-check/README.md': 'conclude-check',
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
  return withText(page, name, markdownTable(rows));
}

function withText(page: string, name: string, text: string): string {
  return page.replace(
    new RegExp(`(<!-- ${name}-start -->)[\\s\\S]*(<!-- ${name}-end -->)`),
    (_, start: string, end: string) => `${start}\n\n${text}\n\n${end}`,
  );
}

function defaultOf(key: keyof typeof SETTINGS): string {
  const { default: value }: Setting = SETTINGS[key];
  if (value === undefined) return '';
  if (Array.isArray(value))
    return value.length === 0 ? (key === 'benchmarks' ? 'all' : 'none') : `\`${value.join()}\``;
  return typeof value === 'object' ? `\`${JSON.stringify(value)}\`` : `\`${value}\``;
}

/** What the ready workflows of docs/workflows are: `sos-bench init` writes the same with a team's own choices. */
export const READY_CHOICES: Choices = {
  action: { repository: 'OWNER/REPO', ref: 'REF', version: null },
  modelFrom: 'artifact',
  model: 'model',
  train: suggestedTraining('artifact'),
  folder: null,
  secrets: [],
  repository: 'ORG/ci',
  branch: 'main',
  runner: { group: null, labels: ['self-hosted', 'gpu'] },
  trainRunner: { group: null, labels: ['self-hosted', 'gpu'] },
  forkGroup: 'forks',
  suite: 'full',
  ...{ forks: true, nightly: true, gate: true, bot: true },
  names: {
    pullRequest: 'pull-request.yml',
    main: 'main.yml',
    nightly: 'nightly.yml',
    gate: 'release-gate.yml',
    bot: 'bot.yml',
    onDemand: 'on-demand.yml',
    forkEvaluate: 'fork-evaluate.yml',
    forkReusable: 'fork-reusable.yml',
    forkReport: 'fork-report.yml',
  },
};

/** The ready workflows that `sos-bench init` can write, by path. */
export function workflowFiles(): Record<string, string> {
  const { names } = READY_CHOICES;
  const onDisk = { modelFrom: 'disk', model: '/shared/models', train: suggestedTraining('disk') } as const;
  const fetched = {
    modelFrom: 'command',
    model: 'aws s3 sync s3://BUCKET/$MODEL_SHA model >&2 && echo model',
    secrets: ['AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY'],
  } as const;
  const files = {
    [names.pullRequest]: pullRequestWorkflow(READY_CHOICES),
    'shared-disk.yml': pullRequestWorkflow({ ...READY_CHOICES, ...onDisk }),
    'fetched.yml': pullRequestWorkflow({ ...READY_CHOICES, ...fetched }),
    [names.main]: mainWorkflow(READY_CHOICES),
    [names.nightly]: nightlyWorkflow(READY_CHOICES),
    [names.gate]: gateWorkflow(READY_CHOICES),
    [names.bot]: botWorkflow(READY_CHOICES),
    [names.onDemand]: onDemandWorkflow(READY_CHOICES),
    [names.forkEvaluate]: forkEvaluateWorkflow(READY_CHOICES),
    [names.forkReusable]: forkReusableWorkflow(READY_CHOICES),
    [names.forkReport]: forkReportWorkflow(READY_CHOICES),
  };
  return Object.fromEntries(
    Object.entries(files).map(([name, text]) => [join('docs', 'workflows', name), text]),
  );
}
