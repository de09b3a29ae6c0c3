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
import { VerdictSchema } from '../src/verdict/schema.ts';

/** The committed JSON Schemas, by file name. */
export function schemaFiles(): Record<string, string> {
  const schemas = {
    'record.schema.json': RecordSchema,
    'plan.schema.json': PlanSchema,
    'verdict.schema.json': VerdictSchema,
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

const OTHER_INPUTS = {
  baseline: 'Record folder of the model to compare with; without it the step reports scores only.',
  anchor: 'Record folder of an earlier state (the last release), to tell slow drift from: a warning.',
  'run-spread':
    "File that 'sos-bench calibrate --output' wrote: the recipes are compared, not just the two models.",
  'hf-token': 'Token for gated or private data sets and models on the Hub. Only the fetching step sees it.',
  config: 'Configuration file. Default: .github/sos-bench.yml, where it exists.',
};

const OUTPUTS = {
  verdict: 'regressed, incomplete, not-comparable, inconclusive, equivalent, improved or no-baseline.',
  passed: 'true or false, by fail-on.',
  'record-path': 'Folder of the record.',
  'report-path': 'Folder with comment.md and, where there is a baseline, verdict.json.',
  ...Object.fromEntries(
    FACTORS.flatMap((factor) => [
      [`${factor}-score`, `${FACTOR_NAMES[factor]}: score, a fraction of 1.`],
      [`${factor}-delta`, `${FACTOR_NAMES[factor]}: difference to the baseline, a fraction of 1.`],
    ]),
  ),
};

/** `action.yml`. Defaults are described, not set: an input that is set wins over the configuration file. */
export function actionFile(): string {
  const described = (descriptions: Record<string, string>) =>
    Object.fromEntries(Object.entries(descriptions).map(([name, description]) => [name, { description }]));
  return `# Made by 'npm run generate'.\n${stringify(
    {
      name: 'SOS-Bench',
      description:
        "Scores a pull request's model on SOS-Bench and compares it with the main branch's, question by question.",
      author: 'The SOS-Bench Action authors',
      branding: { icon: 'bar-chart-2', color: 'blue' },
      inputs: described({ ...settingInputs(), ...OTHER_INPUTS }),
      outputs: described(OUTPUTS),
      runs: { using: 'node24', main: 'dist/action.js' },
    },
    { lineWidth: 110 },
  )}`;
}

function settingInputs(): Record<string, string> {
  return Object.fromEntries(
    settingsOf('action').map((key) => {
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

/** `docs/action.md` with its generated tables replaced. */
export function actionTables(page: string): string {
  const rows = (descriptions: Record<string, string>) =>
    Object.entries(descriptions).map(([name, text]) => [`\`${name}\``, text.replaceAll('|', '\\|')]);
  const inputs = [['Input', 'What it does'], ...rows({ ...settingInputs(), ...OTHER_INPUTS })];
  const outputs = [['Output', 'What it holds'], ...rows(OUTPUTS)];
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
