import { expression } from '../workflow-expression.ts';
import { type Choices, trains } from './choices.ts';
import { type EvaluatedCommit, evaluateJob, job, own, REPORT_ON_PULL, reportJob, trainJob } from './jobs.ts';
import { lines, READS_BASE } from './pull-request.ts';
import { comment, indent } from './yaml-text.ts';

/** Commands in comments. */
export function botWorkflow(choices: Choices): string {
  const { names } = choices;
  return lines([
    '# Commands in comments. Checks nothing out and runs nothing of the change.',
    '# No `concurrency`: GitHub drops all but one of the runs that wait, and a command with them.',
    'name: SOS-Bench bot',
    'on: # zizmor: ignore[dangerous-triggers] as the first line says',
    '  issue_comment:',
    '    types: [created]',
    'permissions: {}',
    'jobs:',
    ...indent(
      job('bot', null, [
        "if: github.event.issue.pull_request && contains(github.event.comment.body, '/sos-bench')",
        'runs-on: ubuntu-latest',
        'timeout-minutes: 10',
        'permissions:',
        '  actions: write # to start workflows',
        '  contents: write # waivers',
        '  pull-requests: write # its answer, reactions',
        'steps:',
        `  - uses: ${own(choices, 'bot')}`,
        '    with:',
        `      workflow: ${names.onDemand}`,
        `      baseline-workflow: ${names.main}`,
      ]),
      2,
    ),
  ]);
}

const REQUESTED: EvaluatedCommit = { sha: 'inputs.sha', of: 'change', checkout: 'named' };
const SUITE = `suite: ${expression('inputs.suite')}`;
const BENCHMARKS = `benchmarks: ${expression('inputs.benchmarks')}`;
const COMMIT = [`pull: ${expression('inputs.pull')}`, `sha: ${expression('inputs.sha')}`];

/** What the bot starts: one commit of a pull request. */
export function onDemandWorkflow(choices: Choices): string {
  return lines([
    ...comment(
      `What the bot starts: evaluates one commit of a pull request, named by its full sha. It makes candidates, never baselines. It runs from the default branch, so the change cannot edit this file${trains(choices) ? "; what it checks out is the change's all the same" : ''}.`,
    ),
    'name: SOS-Bench on demand',
    `run-name: SOS-Bench on demand ${expression('inputs.request')}`,
    'on:',
    '  workflow_dispatch:',
    '    inputs:',
    '      pull: { description: Number of the pull request., required: true }',
    '      sha: { description: Full sha of its head., required: true }',
    '      suite: { description: "pr, full or mini.", default: pr }',
    '      benchmarks: { description: "Benchmarks or factors; all when empty.", default: "" }',
    '      request: { description: Name of this request., default: "" }',
    'permissions: {}',
    'concurrency: # by request too: GitHub would drop all but one of those that wait',
    `  group: sos-bench-on-demand-${expression('inputs.sha')}-${expression('inputs.request')}`,
    'jobs:',
    ...indent(
      [
        ...trainJob(choices, REQUESTED),
        ...evaluateJob(choices, REQUESTED, {
          reads: 'the settings of the base',
          inputs: [...COMMIT, SUITE, BENCHMARKS],
          token: [READS_BASE],
        }),
        ...reportJob(choices, 'change', {
          needs: trains(choices) ? '[train, evaluate]' : 'evaluate',
          condition: 'if: always()',
          permissions: REPORT_ON_PULL,
          inputs: [
            ...COMMIT,
            SUITE,
            `${BENCHMARKS} # the others are not missing`,
            'report-id: on-demand',
            'check-name: SOS-Bench on demand',
          ],
        }),
      ],
      2,
    ),
  ]);
}
