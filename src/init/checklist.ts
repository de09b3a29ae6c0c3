import { type Choices, type Runner, trains, type WorkflowNames } from './choices.ts';
import { WORKFLOWS } from './files.ts';
import type { FoundTraining } from './find-training.ts';
import { suggestedTraining } from './jobs.ts';

/** One thing to set in the repository on GitHub, or to do. */
export interface ChecklistStep {
  /** The check of `sos-bench doctor --repository` that looks at it; null where nothing can. */
  check: string | null;
  what: string;
  /** Where it is set, and to what. */
  how: string;
}

/** The check that pull requests have, unless `check-name` says otherwise. */
const CHECK_NAME = 'SOS-Bench';

/**
 * What is left to set once the files are there, in the order to do it.
 *
 * @param apiUrl of the repository's server; null where that is github.com, or not known.
 * @param upstream what the repository may be a fork of, as its remotes say; null for none.
 */
export function checklistOf(
  choices: Choices,
  training: readonly FoundTraining[],
  apiUrl: string | null = null,
  upstream: string | null = null,
): ChecklistStep[] {
  const { branch, secrets, forks, forkGroup, names, bot, modelFrom, nightly, runner, trainRunner } = choices;
  const steps: (ChecklistStep | null)[] = [
    upstream === null
      ? null
      : {
          check: null,
          what: `These files are for ${choices.repository ?? 'the remote origin'}; the remote upstream is ${upstream}`,
          how: `where the first is a fork of it, the files belong there: take them away again, and start with --repository ${upstream}, and its default branch as --branch`,
        },
    apiUrl?.endsWith('/api/v3')
      ? {
          check: null,
          what: `${new URL(apiUrl).host} is not github.com: a GitHub Enterprise Server takes no artifacts of the upload-artifact that these files use`,
          how: 'hand over records, and models, on a disk that the runners see, or judge on another CI: docs/other-ci.md',
        }
      : null,
    ...(trains(choices) ? training.filter(({ path }) => !isOwn(path, names)) : []).map(
      ({ path, job, artifact }) => ({
        check: null,
        what: `${path} trains as well: its job ${job} uploads the artifact ${artifact}`,
        how: `move its steps into the job train of ${WORKFLOWS}/${names.pullRequest} and ${names.main}, or take its triggers away: else every change is trained twice`,
      }),
    ),
    trains(choices) ? trainingStep(choices) : null,
    forks && modelFrom === 'disk'
      ? {
          check: null,
          what: `'${suggestedTraining('artifact')}' trains the model of a fork, and leaves it in the folder model: forks do not reach the disk`,
          how: `where another command does that, write it into ${WORKFLOWS}/${names.forkReusable}`,
        }
      : null,
    {
      check: runner.labels.length === 0 ? null : `runners ${runner.labels.join(',')}`,
      what: `Runners with the labels ${labelsOf(runner)}${sameRunner(runner, trainRunner) ? '' : `, and others with ${labelsOf(trainRunner)} to train on`}`,
      how: trains(choices)
        ? 'Settings, Actions, Runners: made for one job each (ephemeral), or training on machines that never evaluate; code of a change runs where it trains'
        : 'Settings, Actions, Runners: with a GPU, Linux and Python 3.10 or newer',
    },
    forks
      ? {
          check: `runner-group ${forkGroup}`,
          what: `The runner group ${forkGroup}, for forks alone`,
          how: `organisation settings, Actions, Runner groups: this repository, selected workflows ${choices.repository}/${WORKFLOWS}/${names.forkReusable}@refs/heads/${branch}, machines that are new for each job`,
        }
      : null,
    ...secrets.map((name) => ({
      check: `secret ${name}`,
      what: `The secret ${name}, which the command that fetches the model gets`,
      how: `gh secret set ${name}`,
    })),
    modelFrom === 'hub'
      ? {
          check: 'secret HF_TOKEN',
          what: 'The secret HF_TOKEN, which reads the model on the Hub',
          how: 'gh secret set HF_TOKEN; a token that can only read, and that has access to the gated benchmarks',
        }
      : null,
    {
      check: 'workflow-permissions',
      what: 'Tokens of workflows can only read unless a job says otherwise',
      how: "Settings, Actions, General, Workflow permissions: 'Read repository contents and packages permissions'",
    },
    {
      check: 'branch-rules',
      what: `${branch} requires the check ${CHECK_NAME}`,
      how: `Settings, Rules, Rulesets, for ${branch}: 'Require status checks to pass', add ${CHECK_NAME}${
        forks
          ? ''
          : '; pull requests from forks and Dependabot then wait for ever, since nothing evaluates them'
      }`,
    },
    {
      check: 'workflow-guard',
      what: 'Nobody edits .github/ alone',
      how: `a line '/.github/ @OWNERS' in .github/CODEOWNERS, and in the ruleset of ${branch} 'Require review from Code Owners'`,
    },
    {
      check: 'store-rules sos-bench',
      what: `Nobody but GitHub Actions writes the branch sos-bench${nightly ? ', and sos-bench-nightly' : ''}, where the records are`,
      how: "a ruleset for it and refs/sos-bench/**: 'Restrict creations', 'Restrict updates', 'Restrict deletions', with GitHub Actions (or the app that writes) on the bypass list",
    },
    // Also where nothing evaluates forks: no condition of these files holds in a fork's copy of them.
    {
      check: 'fork-approval',
      what: 'Workflows of strangers wait for a maintainer: a fork brings its own, which can name every runner that this repository may use',
      how: "in a public repository: Settings, Actions, General, Approval for running fork pull request workflows: 'Require approval for all external contributors'",
    },
    {
      check: `workflow ${names.pullRequest}`,
      what: `The files are on ${branch}${bot ? ', from which the bot starts' : ''}`,
      how: `commit them and merge them; the first push to ${branch} leaves the record that pull requests are compared with`,
    },
  ];
  return steps.filter((step) => step !== null);
}

/** Whether it is a workflow that these choices write, maybe at an earlier call. */
function isOwn(path: string, names: WorkflowNames): boolean {
  return Object.values(names).some((name) => path === `${WORKFLOWS}/${name}`);
}

function trainingStep({ train, modelFrom, model, folder }: Choices): ChecklistStep {
  const where = folder === null ? '' : ` in ${folder}`;
  const left =
    modelFrom === 'disk'
      ? `in "$SHARED_MODELS/$GITHUB_RUN_ID", below ${model}, which the machines that train and evaluate both see`
      : `in the folder ${model}`;
  return {
    check: null,
    what: `'${train}'${where} trains the model`,
    how: `it leaves it ${left}, in the format of Hugging Face Transformers`,
  };
}

function sameRunner(a: Runner, b: Runner): boolean {
  return labelsOf(a) === labelsOf(b);
}

function labelsOf({ group, labels }: Runner): string {
  const list = labels.join(', ');
  return group === null ? list : `${list === '' ? '' : `${list} `}of the group ${group}`;
}
