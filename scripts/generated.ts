import { join } from 'node:path';
import { markdownTable } from 'markdown-table';
import { stringify } from 'yaml';
import { z } from 'zod';
import { DEFAULT_OUTPUT } from '../src/action/inputs.ts';
import { EntrySchema } from '../src/baseline/entry.ts';
import { WaiversSchema } from '../src/baseline/waivers.ts';
import { WorkerMessageSchema } from '../src/harness/lm-eval/messages.ts';
import { RecordSchema } from '../src/record/schema.ts';
import { SETTINGS, type Setting, settingsOf } from '../src/settings/table.ts';
import { FACTOR_NAMES, FACTORS } from '../src/suite/benchmark.ts';
import { PlanSchema } from '../src/suite/plan.ts';
import { CalibrationSchema } from '../src/verdict/calibration.ts';
import { GateSchema } from '../src/verdict/gate.ts';
import { VerdictSchema } from '../src/verdict/schema.ts';

/** The committed JSON Schemas, by file name. */
export function schemaFiles(): Record<string, string> {
  const schemas = {
    'record.schema.json': RecordSchema,
    'plan.schema.json': PlanSchema,
    'verdict.schema.json': VerdictSchema,
    'gate.schema.json': GateSchema,
    'calibration.schema.json': CalibrationSchema,
    'history-entry.schema.json': EntrySchema,
    'waivers.schema.json': WaiversSchema,
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
export const ACTIONS = ['.', 'run', 'report', 'gate', 'bot'] as const;
type Action = (typeof ACTIONS)[number];

interface DoorInput {
  description: string;
  default?: string;
  actions: readonly Action[];
}

const JUDGING = ['.', 'report'] as const;
const STORING = ['.', 'report', 'gate', 'bot'] as const;

/** Inputs that are no settings. */
const DOOR_INPUTS: Record<string, DoorInput> = {
  record: {
    description:
      'Record folder that an earlier job left. After workflow_run it is taken from `artifact` instead. Default: sos-bench-record.',
    actions: ['report'],
  },
  artifact: {
    description:
      'Name of the artifact in which the run that ended left its record. Default: sos-bench-record.',
    actions: ['report'],
  },
  pull: {
    description: 'Number of the pull request, where the event does not say: in a dispatched workflow.',
    actions: ['report'],
  },
  baseline: {
    description:
      'What to compare with: merge-base, base-tip, a ref, a record folder, or rerun (evaluates baseline-model in the same job). Default: merge-base, where there is a store; for a push the commit before.',
    actions: JUDGING,
  },
  'baseline-model': {
    description: 'Model that `baseline: rerun` evaluates, given as `model` is.',
    actions: ['.'],
  },
  store: {
    description:
      'Where records of the main branch are kept: branch (of this repository, named sos-bench), branch:NAME, folder:DIR, or none. Default: branch.',
    actions: STORING,
  },
  anchor: {
    description:
      'Earlier state to tell slow drift from, a warning: release (the latest), a ref, or a record folder.',
    actions: JUDGING,
  },
  'run-spread': {
    description:
      "File that 'sos-bench calibrate --output' wrote: the recipes are compared, not just the two models.",
    actions: JUDGING,
  },
  'report-id': {
    description: 'Tells several reports on one pull request apart. Default: sos-bench.',
    actions: ['.', 'report', 'bot'],
  },
  comment: { description: 'Whether to post a comment on the pull request. Default: true.', actions: JUDGING },
  check: {
    description: "Whether to set a check on the pull request's head. Default: true.",
    actions: JUDGING,
  },
  'check-name': { description: 'Name of the check. Default: SOS-Bench.', actions: JUDGING },
  'github-token': {
    description: 'Token for comment, check and store. See docs/permissions.md for what it needs.',
    // An expression of GitHub's, not of ours.
    default: '$'.concat('{{ github.token }}'),
    actions: STORING,
  },
  'hf-token': {
    description:
      'Token for gated or private data sets and models on the Hub. Only the fetching step sees it.',
    actions: ['.', 'run'],
  },
  config: {
    description: 'Configuration file. Default: .github/sos-bench.yml, where it exists.',
    actions: ACTIONS,
  },
};

const RECORD_PATH = { 'record-path': 'Folder of the record.' };

const OUTPUTS: Record<Action, Record<string, string>> = {
  '.': judgingOutputs(),
  run: RECORD_PATH,
  report: judgingOutputs(),
  gate: { passed: 'true or false.', 'report-path': 'Folder with gate.md (for release notes) and gate.json.' },
  bot: {},
};

function judgingOutputs(): Record<string, string> {
  return {
    verdict: 'regressed, incomplete, not-comparable, inconclusive, equivalent, improved or no-baseline.',
    passed: 'true or false, by fail-on.',
    ...RECORD_PATH,
    'report-path': 'Folder with comment.md and, where there is a baseline, verdict.json.',
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
  run: {
    name: 'SOS-Bench run',
    description:
      'Scores a model on SOS-Bench and leaves a record. Needs no token; another job compares and reports.',
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
};

/** `action.yml` of every action, by path. Defaults are described, not set: an input that is set wins over the configuration. */
export function actionFiles(): Record<string, string> {
  return Object.fromEntries(ACTIONS.map((action) => [join(action, 'action.yml'), actionFile(action)]));
}

function actionFile(action: Action): string {
  const { name, description, main } = NAMES[action];
  const described = (descriptions: Record<string, string>) =>
    Object.fromEntries(Object.entries(descriptions).map(([key, text]) => [key, { description: text }]));
  const doors = doorInputs(action).map(([key, { description: text, default: fallback }]) => [
    key,
    { description: text, ...(fallback === undefined ? {} : { default: fallback }) },
  ]);
  return `# Made by 'npm run generate'.\n${stringify(
    {
      name,
      description,
      author: 'The SOS-Bench Action authors',
      branding: { icon: 'bar-chart-2', color: 'blue' },
      inputs: { ...described(settingInputs(action)), ...Object.fromEntries(doors) },
      outputs: described(OUTPUTS[action]),
      runs: { using: 'node24', main },
    },
    { lineWidth: 110 },
  )}`;
}

function doorInputs(action: Action): [string, DoorInput][] {
  return Object.entries(DOOR_INPUTS).filter(([, { actions }]) => actions.includes(action));
}

function settingInputs(action: Action): Record<string, string> {
  if (action === 'bot') return {};
  const keys =
    action === 'report' || action === 'gate'
      ? settingsOf('report')
      : settingsOf('action').filter((key) => action === '.' || settingsOf('run').includes(key));
  return Object.fromEntries(
    keys.map((key) => {
      const fallback = key === 'output' ? `\`${DEFAULT_OUTPUT}\`` : defaultOf(SETTINGS[key]);
      const { description } = SETTINGS[key];
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

/** Pages that hold an action's tables, by path. */
export const ACTION_PAGES: Record<string, Action> = {
  'docs/action.md': '.',
  'run/README.md': 'run',
  'report/README.md': 'report',
  'gate/README.md': 'gate',
  'bot/README.md': 'bot',
};

/** An action's page with its generated tables replaced. */
export function actionTables(page: string, action: Action): string {
  const rows = (descriptions: Record<string, string>) =>
    Object.entries(descriptions).map(([name, text]) => [`\`${name}\``, text.replaceAll('|', '\\|')]);
  const doors = Object.fromEntries(doorInputs(action).map(([key, { description }]) => [key, description]));
  const inputs = [['Input', 'What it does'], ...rows({ ...settingInputs(action), ...doors })];
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
