import { expression } from '../workflow-expression.ts';
import type { Choices } from './choices.ts';
import { type EvaluatedCommit, evaluateJob, job, own, suggestedTraining, trainJob } from './jobs.ts';
import { pinned } from './pins.ts';
import { IGNORED_BOT, lines, READS_BASE } from './pull-request.ts';
import { comment, indent } from './yaml-text.ts';

/** The name by which the report follows the evaluation. */
const EVALUATION = 'SOS-Bench evaluate';

/** Pull requests of forks and Dependabot: calls the workflow that the runner group takes. */
export function forkEvaluateWorkflow(choices: Choices): string {
  const { names, branch, repository } = choices;
  const address = `${repository}/.github/workflows/${names.forkReusable}@${branch}`;
  return lines([
    ...comment(
      `Pull requests from forks and Dependabot, whose token can only read. This file only calls ${names.forkReusable} at the branch ${branch}: a fork's pull request brings its own copy of this file, so no condition in it is a guard. The guard is the runner group, which takes jobs of ${names.forkReusable}@${branch} alone. The report is made by ${names.forkReport}.`,
    ),
    `name: ${EVALUATION}`,
    'on: pull_request',
    'permissions: {}',
    'concurrency:',
    `  group: sos-bench-fork-${expression('github.event.pull_request.number')}`,
    '  cancel-in-progress: true',
    'jobs:',
    '  fork:',
    `    # All others are ${names.pullRequest}'s.`,
    `    if: github.event.pull_request.head.repo.full_name != github.repository || github.actor == 'dependabot[bot]' ${IGNORED_BOT}`,
    '    permissions:',
    '      contents: read # to check the change out, and the settings of the base',
    `    uses: ${address} # zizmor: ignore[unpinned-uses] a branch on purpose: the runner group names it`,
  ]);
}

/** What forks can reach: trains and evaluates without a secret, and hands over which record counts. */
export function forkReusableWorkflow(choices: Choices): string {
  const { names, forkGroup, runner } = choices;
  // A stranger's code is not to see the disk that main's models lie on.
  const forked =
    choices.modelFrom === 'disk'
      ? { ...choices, modelFrom: 'artifact' as const, model: 'model', train: suggestedTraining('artifact') }
      : choices;
  const machines = { group: forkGroup, labels: runner.labels };
  const subject: EvaluatedCommit = {
    sha: 'github.event.pull_request.head.sha',
    of: 'change',
    checkout: 'named',
  };
  return lines([
    ...comment(
      `What ${names.forkEvaluate} calls. Keep it on the main branch of a repository of yours, and let the runner group \`${forkGroup}\` take jobs of this very workflow at that branch alone, on machines that are new for each job. It takes no input, holds no secret, uses no cache, and its token can only read: whoever calls it chooses nothing but the pull request.${FORK_MODELS[choices.modelFrom]}`,
    ),
    'name: SOS-Bench fork',
    'on:',
    '  workflow_call:',
    'permissions: {}',
    'jobs:',
    ...indent(
      [
        ...trainJob(forked, subject, { runner: machines }),
        ...evaluateJob(forked, subject, {
          reads: 'the settings of the base',
          token: [READS_BASE],
          runner: machines,
          secrets: false,
        }),
        ...handOver(),
      ],
      2,
    ),
  ]);
}

const FORK_MODELS: Record<Choices['modelFrom'], string> = {
  artifact: '',
  disk: " The model is an artifact here: a stranger's code is not to reach the disk that main's models lie on.",
  hub: ' It runs nothing of the change: the model has to be on the Hub, for everybody to read, once a maintainer has had it trained.',
  command:
    ' It runs nothing of the change: the model has to be there, without credentials, once a maintainer has had it trained.',
};

function handOver(): string[] {
  return job(
    'hand-over',
    'tells the report which record counts: GitHub keeps the outputs of a job that is not run again',
    [
      'needs: evaluate',
      'if: always()',
      'runs-on: ubuntu-latest',
      'timeout-minutes: 5',
      'permissions: {}',
      'steps:',
      `  - run: printf '%s' "$OUTPUTS" > "$RUNNER_TEMP/handover.json"`,
      '    env:',
      `      OUTPUTS: ${expression('toJSON(needs.evaluate.outputs)')}`,
      `  - uses: ${pinned('actions/upload-artifact')}`,
      '    with:',
      `      name: sos-bench-record-handover-${expression('github.run_attempt')}`,
      `      path: ${expression('runner.temp')}/handover.json`,
    ],
  );
}

/** Reports on forks, from the default branch. */
export function forkReportWorkflow(choices: Choices): string {
  return lines([
    ...comment(
      "The half that reports. It runs from the main branch, executes nothing of the change, and takes the artifact for hostile: a fork's record is its author's claim. A run that failed is reported too; one that was skipped was another workflow's pull request.",
    ),
    'name: SOS-Bench report',
    'on: # zizmor: ignore[dangerous-triggers] as the first lines say',
    '  workflow_run:',
    `    workflows: [${EVALUATION}]`,
    '    types: [completed]',
    'permissions: {}',
    'concurrency: # by run too: GitHub would drop all but one of the reports that wait',
    `  group: sos-bench-report-${expression('github.event.workflow_run.head_sha')}-${expression('github.event.workflow_run.id')}`,
    'jobs:',
    ...indent(
      job('report', null, [
        "if: github.event.workflow_run.event == 'pull_request' && github.event.workflow_run.conclusion != 'skipped'",
        'runs-on: ubuntu-latest',
        'timeout-minutes: 20',
        'permissions:',
        '  actions: read # the artifact',
        '  contents: read # the policy of the base, the merge base, the records',
        '  pull-requests: write # the comment',
        '  checks: write # the check',
        'steps:',
        `  - uses: ${own(choices, 'report')}`,
      ]),
      2,
    ),
  ]);
}
