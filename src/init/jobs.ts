import { expression } from '../workflow-expression.ts';
import { type Choices, type Runner, trains } from './choices.ts';
import { pinned } from './pins.ts';
import { indent, plainLine, scalar } from './yaml-text.ts';

/** What a workflow is about. */
export interface EvaluatedCommit {
  /** The expression of the commit whose model is evaluated, without braces. */
  sha: string;
  /** Whose code runs where the model is made. */
  of: 'change' | 'repository';
  /** Whether the checkout names the commit: the event's own is taken else. */
  checkout: 'named' | 'own';
}

const DAY = 'timeout-minutes: 1440';

export function job(name: string, reason: string | null, lines: readonly string[]): string[] {
  return [`${name}:${reason === null ? '' : ` # ${reason}`}`, ...indent(lines, 2)];
}

/** `uses:` of one of our actions; the whole one where it has no name. */
export function own({ action: { repository, ref, version } }: Choices, name: string): string {
  return `${repository}/${name}@${ref}${version === null ? '' : ` # ${version}`}`;
}

function runsOn({ group, labels }: Runner): string {
  const list = `[${labels.map(scalar).join(', ')}]`;
  if (group === null) return `runs-on: ${list}`;
  return `runs-on: { group: ${scalar(group)}${labels.length === 0 ? '' : `, labels: ${list}`} }`;
}

/** Opens the check before any GPU is asked for. */
export function openJob(choices: Choices, condition: string): string[] {
  return job('open', 'the check, before any GPU is asked for', [
    condition,
    'runs-on: ubuntu-latest',
    'timeout-minutes: 5',
    'permissions:',
    '  checks: write # the check',
    'steps:',
    `  - uses: ${own(choices, 'open-check')}`,
  ]);
}

/** Concludes the check where the report could not. */
export function concludeJob(choices: Choices): string[] {
  return job('conclude', 'the check of a report whose machine was lost, or that no runner took', [
    'needs: report',
    "if: always() && needs.report.result != 'skipped'",
    'runs-on: ubuntu-latest',
    'timeout-minutes: 5',
    'permissions:',
    '  checks: write # the check',
    'steps:',
    `  - uses: ${own(choices, 'conclude-check')}`,
    '    with:',
    `      result: ${expression('join(needs.*.result)')}`,
  ]);
}

/** Where training leaves the model on a disk that both runners see. */
const DISK_FOLDER = `"$SHARED_MODELS/$GITHUB_RUN_ID"`;

/** The command that a source suggests where nobody named one. */
export function suggestedTraining(modelFrom: Choices['modelFrom'], model = 'model'): string {
  const folder = /^[\w./-]+$/.test(model) ? model : `"${model}"`;
  return `./train.sh --output ${modelFrom === 'disk' ? DISK_FOLDER : folder}`;
}

/** Runs the code of a commit and leaves the model; nothing where the model is made elsewhere. */
export function trainJob(
  choices: Choices,
  subject: EvaluatedCommit,
  { condition = null, runner = choices.trainRunner }: { condition?: string | null; runner?: Runner } = {},
): string[] {
  const { modelFrom, model, train, folder } = choices;
  if (!trains(choices)) return [];
  const what = subject.of === 'change' ? 'the change' : 'the commit';
  const mergeNote = subject.sha.includes('pull_request')
    ? ' # not the test merge, which has what others merged since'
    : '';
  const inFolder = folder === null ? [] : [`    working-directory: ${scalar(folder)}`];
  const path = folder === null ? model : `${folder}/${model}`;
  return job('train', `runs the ${subject.of}'s code, so it holds no secret and writes nothing`, [
    ...(condition === null ? [] : [condition]),
    runsOn(runner),
    DAY,
    'permissions:',
    `  contents: read # to check ${what} out`,
    'steps:',
    `  - uses: ${pinned('actions/checkout')}`,
    '    with:',
    ...(subject.checkout === 'named' ? [`      ref: ${expression(subject.sha)}${mergeNote}`] : []),
    '      persist-credentials: false',
    `  - run: ${plainLine(train)}`,
    ...inFolder,
    ...(modelFrom === 'disk'
      ? ['    env:', `      SHARED_MODELS: ${scalar(model)}`]
      : [
          `  - uses: ${pinned('actions/upload-artifact')}`,
          `    with: { name: model, path: ${scalar(path)}, overwrite: true, retention-days: 3 }`,
        ]),
  ]);
}

/** `model` of the evaluation. */
function modelInput({ modelFrom, model }: Choices, { sha }: EvaluatedCommit): string {
  switch (modelFrom) {
    case 'artifact':
      return 'artifact:model';
    case 'hub':
      return `hf:${model}@${expression(sha)}`;
    case 'disk':
      return plainLine(`${model}/`).startsWith('"')
        ? JSON.stringify(`${model}/${expression('github.run_id')}`)
        : `${model}/${expression('github.run_id')}`;
    case 'command':
      return JSON.stringify(`command: ${model}`);
  }
}

const RECORD_FILES = [
  'record.json',
  'items.parquet',
  'games.parquet',
  'head-to-head.json',
  'head-to-head.parquet',
  'plan.json',
];

/** Scores the model, and hands over the digest of its record. */
export function evaluateJob(
  choices: Choices,
  subject: EvaluatedCommit,
  {
    reads,
    inputs = [],
    token,
    condition = null,
    runner = choices.runner,
    secrets = true,
    journal = false,
  }: {
    /** What `contents: read` is for. */
    reads: string;
    /** Inputs of `run` between the model and the token, and after it. */
    inputs?: readonly string[];
    /** Lines that give the token, and what follows. */
    token: readonly string[];
    condition?: string | null;
    runner?: Runner;
    /** Whether the job may have any. */
    secrets?: boolean;
    /** Whether the journal goes into the artifact. */
    journal?: boolean;
  },
): string[] {
  const { modelFrom } = choices;
  const files = journal ? [...RECORD_FILES, 'journal.ndjson'] : RECORD_FILES;
  const given = secrets ? choices.secrets : [];
  const what = trains(choices)
    ? `runs none of the ${subject.of}'s code; the machine should be new, or one that \`train\` never uses`
    : `runs none of the ${subject.of}'s code`;
  return job('evaluate', what, [
    ...(trains(choices) ? ['needs: train'] : condition === null ? [] : [condition]),
    runsOn(runner),
    DAY,
    'permissions:',
    `  contents: read # ${reads}`,
    'outputs: # by these the report knows the record that this job made',
    `  record-artifact: ${expression('steps.upload.outputs.artifact-id')}`,
    `  record-digest: ${expression('steps.run.outputs.record-digest')}`,
    'steps:',
    '  - id: run',
    `    uses: ${own(choices, 'run')}`,
    ...(modelFrom === 'command'
      ? [
          '    env:',
          `      MODEL_SHA: ${expression(subject.sha)}`,
          ...given.map((name) => `      ${name}: ${expression(`secrets.${name}`)}`),
        ]
      : []),
    '    with:',
    `      model: ${modelInput(choices, subject)}`,
    ...indent(inputs, 6),
    ...indent(token, 6),
    ...(modelFrom === 'hub' && secrets ? [`      hf-token: ${expression('secrets.HF_TOKEN')}`] : []),
    '  - id: upload',
    `    uses: ${pinned('actions/upload-artifact')}`,
    '    if: always() # what was done before it failed or was cancelled',
    '    with:',
    '      name: sos-bench-record',
    '      overwrite: true # a run that is run again has one of that name',
    '      path: |',
    ...files.map((file) => `        ${expression('steps.run.outputs.record-path')}/${file}`),
    '      if-no-files-found: ignore',
  ]);
}

/** Compares the record with the baseline, and posts: the only job that writes more than checks. */
export function reportJob(
  choices: Choices,
  of: EvaluatedCommit['of'],
  {
    needs,
    condition,
    permissions,
    inputs = [],
  }: { needs: string; condition: string; permissions: readonly string[]; inputs?: readonly string[] },
): string[] {
  return job('report', `the only job that writes more than checks; it runs nothing of the ${of}`, [
    `needs: ${needs}`,
    condition,
    'runs-on: ubuntu-latest',
    'timeout-minutes: 20',
    'permissions:',
    ...indent(permissions, 2),
    'steps:',
    `  - uses: ${pinned('actions/download-artifact')}`,
    "    if: needs.evaluate.outputs.record-artifact != ''",
    '    with:',
    `      artifact-ids: ${expression('needs.evaluate.outputs.record-artifact')}`,
    '      path: record',
    `  - uses: ${own(choices, 'report')}`,
    '    with:',
    '      record: record',
    `      record-digest: ${expression('toJSON(needs.evaluate.outputs)')} # asked for also where the job left none`,
    ...indent(inputs, 6),
  ]);
}

/** What a report on a pull request may do. */
export const REPORT_ON_PULL = [
  'actions: read # whether the run exists that an earlier comment names',
  'contents: read # the policy of the base, the merge base, the records',
  'pull-requests: write # the comment',
  'checks: write # the check',
];

/** What a report on the main branch may do. */
export function reportOnMain(branch: string): string[] {
  return [
    `contents: write # the branch ${branch}`,
    'pull-requests: read # accepted drops of what was merged',
  ];
}
