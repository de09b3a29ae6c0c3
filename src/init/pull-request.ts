import { expression } from '../workflow-expression.ts';
import { type Choices, trains } from './choices.ts';
import {
  concludeJob,
  type EvaluatedCommit,
  evaluateJob,
  openJob,
  REPORT_ON_PULL,
  reportJob,
  trainJob,
} from './jobs.ts';
import { comment, indent } from './yaml-text.ts';

const OWN_BRANCH = 'github.event.pull_request.head.repo.full_name == github.repository';
const NOT_DEPENDABOT = "github.actor != 'dependabot[bot]'";
/** Who pretends to be Dependabot gets the half without a token. */
export const IGNORED_BOT = '# zizmor: ignore[bot-conditions] who pretends to be it gets less';

/** Pull requests from branches of the repository, and merge groups where a model is made for them. */
export function pullRequestWorkflow(choices: Choices): string {
  const { modelFrom } = choices;
  const trained = trains(choices);
  const condition = `if: ${trained ? `github.event_name == 'merge_group' || (${OWN_BRANCH} && ${NOT_DEPENDABOT})` : `${OWN_BRANCH} && ${NOT_DEPENDABOT}`} ${IGNORED_BOT}`;
  const pull = 'github.event.pull_request';
  const subject: EvaluatedCommit = {
    sha: trained ? `${pull}.head.sha || github.sha` : `${pull}.head.sha`,
    of: 'change',
    checkout: 'named',
  };
  const reuses = modelFrom === 'artifact';
  const records = reuses ? "the settings of the base, main's records" : 'the settings of the base';
  const jobs = [
    ...openJob(choices, condition),
    ...trainJob(choices, subject, { condition }),
    ...evaluateJob(choices, subject, {
      reads: records,
      condition,
      token: reuses
        ? [
            `github-token: ${expression('github.token')} # reads the settings of the base and main's records, no more`,
            "reuse-store: branch # what main's records know of this model is not asked again",
          ]
        : [READS_BASE],
    }),
    ...reportJob(choices, 'change', {
      needs: trained ? '[open, train, evaluate]' : '[open, evaluate]',
      condition: `if: always() && needs.${trained ? 'train' : 'evaluate'}.result != 'skipped'`,
      permissions: REPORT_ON_PULL,
      inputs: reuses
        ? [
            "verify-model: artifact:model # downloaded only where the record says that it is main's; none of it is run",
          ]
        : [],
    }),
    ...concludeJob(choices),
  ];
  return lines([
    ...comment(`${HEADS[modelFrom]} ${tail(choices)}`),
    'name: SOS-Bench',
    ...(trained
      ? ['on:', '  pull_request:', '  merge_group: # only where there is a merge queue']
      : ['on: pull_request']),
    'permissions: {}',
    'concurrency:',
    `  group: sos-bench-${expression(trained ? `${pull}.number || github.ref` : `${pull}.number`)}`,
    '  cancel-in-progress: true',
    'jobs:',
    ...indent(jobs, 2),
  ]);
}

/** How an evaluation of a pull request gets the token. */
export const READS_BASE = `github-token: ${expression('github.token')} # reads the settings of the base, no more`;

/** The lines of a file. */
export function lines(all: readonly string[]): string {
  return `${all.join('\n')}\n`;
}

const HEADS = {
  artifact:
    'Pull requests from branches of this repository, in three jobs: train, evaluate, report. Only the first runs the code of the change.',
  disk: 'Pull requests from branches of this repository, for models too large for an artifact: the training job leaves the model on a disk that both runners see. It runs the code of the change, so it can write there what it likes; the model is all that is read from that disk.',
  command:
    'Pull requests from branches of this repository. The model lies in an object store; what fetches it prints its path as the last line. Its credentials reach that command alone. The command stands here, in the workflow: the configuration file of a change cannot name one.',
  hub: 'Pull requests from branches of this repository. The model of a commit lies on the Hub, under a branch or tag that is named as the commit.',
};

function tail(choices: Choices): string {
  const { names, action } = choices;
  const others = `Those from forks, and Dependabot's, are for ${names.forkEvaluate} and ${names.forkReport}, where those stand beside this file: each pull request is evaluated by one of them.`;
  const made = trains(choices)
    ? ''
    : ' The model of the head has to be there when this starts; a cluster that makes it later can start docs/workflows/external-cluster.yml.';
  return `${others}${made} What else it takes to trust the verdict is in docs/trust.md of ${action.repository}.`;
}
