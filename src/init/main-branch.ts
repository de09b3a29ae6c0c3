import { expression } from '../workflow-expression.ts';
import { type Choices, trains } from './choices.ts';
import { type EvaluatedCommit, evaluateJob, reportJob, reportOnMain, trainJob } from './jobs.ts';
import { lines } from './pull-request.ts';
import { comment, indent, scalar } from './yaml-text.ts';

const OWN: EvaluatedCommit = { sha: 'github.sha', of: 'repository', checkout: 'own' };
const READS = 'the settings of the commit, earlier records';
const TOKEN = `github-token: ${expression('github.token')} # reads the settings of the commit and earlier records, no more`;

/** Pushes to the default branch: each leaves the record that later changes are compared with. */
export function mainWorkflow(choices: Choices): string {
  const { branch } = choices;
  return lines([
    ...comment(
      `Push to the branch ${branch}: ${trains(choices) ? 'train, evaluate' : 'evaluate'}, compare with the commit before, and keep the record as a baseline. No \`concurrency\`: GitHub would drop all but one of the pushes that wait, and their commits would have no record.`,
    ),
    'name: SOS-Bench main',
    'on:',
    '  push:',
    `    branches: [${scalar(branch)}]`,
    'permissions: {}',
    'jobs:',
    ...indent(
      [
        ...trainJob(choices, OWN),
        ...evaluateJob(choices, OWN, {
          reads: READS,
          token: [TOKEN, 'reuse-store: branch # a model that main had before is not asked again'],
          journal: true,
        }),
        ...reportJob(choices, 'repository', {
          needs: trains(choices) ? '[train, evaluate]' : 'evaluate',
          condition: 'if: always()',
          permissions: reportOnMain('sos-bench, which keeps the records'),
        }),
      ],
      2,
    ),
  ]);
}

const NIGHTLY_STORE = 'branch:sos-bench-nightly';

/** Every night: the full suite, in a store of its own, against the last release. */
export function nightlyWorkflow(choices: Choices): string {
  return lines([
    ...comment(
      'Every night: the full suite on the main branch, kept in a store of its own; red when the model has drifted from the last release.',
    ),
    'name: SOS-Bench nightly',
    'on:',
    '  schedule:',
    '    - cron: "17 2 * * *"',
    'permissions: {}',
    'jobs:',
    ...indent(
      [
        ...trainJob(choices, OWN),
        ...evaluateJob(choices, OWN, {
          reads: READS,
          inputs: ['suite: full'],
          token: [TOKEN, `reuse-store: ${NIGHTLY_STORE} # a night after which nothing changed asks nothing`],
          journal: true,
        }),
        ...reportJob(choices, 'repository', {
          needs: trains(choices) ? '[train, evaluate]' : 'evaluate',
          condition: 'if: always()',
          permissions: reportOnMain('sos-bench-nightly'),
          inputs: ['suite: full', `store: ${NIGHTLY_STORE}`, 'anchor: release'],
        }),
      ],
      2,
    ),
  ]);
}
