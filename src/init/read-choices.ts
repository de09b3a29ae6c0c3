import { SosBenchError } from '../error.ts';
import { SUITES } from '../suite/plan/plan.ts';
import {
  type ActionSource,
  type Choices,
  INIT_NAMES,
  MODEL_FROM,
  type ModelFrom,
  type Runner,
  trains,
} from './choices.ts';
import { suggestedTraining } from './jobs.ts';

/** What was asked for: by flags, by answers, or not at all. */
export interface AskedChoices {
  modelFrom?: string | undefined;
  model?: string | undefined;
  train?: string | undefined;
  secrets?: string | undefined;
  runner?: string | undefined;
  trainRunner?: string | undefined;
  forkGroup?: string | undefined;
  suite?: string | undefined;
  action?: string | undefined;
  repository?: string | undefined;
  branch?: string | undefined;
  forks?: boolean | undefined;
  nightly?: boolean | undefined;
  gate?: boolean | undefined;
  bot?: boolean | undefined;
}

/** What the repository and this program say by themselves; null where they do not. */
export interface KnownChoices {
  action: ActionSource | null;
  repository: string | null;
  branch: string | null;
  folder: string | null;
  /** What a job of the repository's own workflows trains by, and leaves. */
  train: string | null;
  model: string | null;
}

export const DEFAULT_RUNNER = 'self-hosted,gpu';
export const DEFAULT_SUITE = 'pr';
export const DEFAULT_FORK_GROUP = 'forks';

/** `OWNER/NAME`; nothing that is a path. */
const NAME = /^(?!\.{1,2}\/)[\w.-]+\/(?!\.{1,2}$)[\w.-]+$/;

/**
 * The choices, each as its flag has it, else as the repository says.
 *
 * @throws SosBenchError `usage`, naming the flag.
 */
export function readChoices(asked: AskedChoices, known: KnownChoices): Choices {
  const modelFrom = oneOf('model-from', asked.modelFrom ?? 'artifact', MODEL_FROM);
  const runner = readRunner('runner', asked.runner ?? DEFAULT_RUNNER);
  const { forks = false, nightly = false, gate = false, bot = false } = asked;
  if (!trains({ modelFrom })) {
    refuse('train', asked.train, `with --model-from ${modelFrom} the model is made elsewhere`);
    refuse('train-runner', asked.trainRunner, `with --model-from ${modelFrom} the model is made elsewhere`);
  }
  if (modelFrom !== 'command')
    refuse('secrets', asked.secrets, 'only the command of --model-from command gets any');
  const repository = readRepository(asked.repository ?? known.repository);
  if (forks && repository === null)
    throw fault('--forks needs to know this repository', 'give --repository OWNER/NAME: no remote says it');
  const branch = asked.branch ?? known.branch;
  if (branch === null)
    throw fault(
      'the default branch is not known',
      'give --branch NAME: neither a remote nor a branch main or master says it',
    );
  const trainRunner =
    asked.trainRunner === undefined ? runner : readRunner('train-runner', asked.trainRunner);
  const model = readModel(modelFrom, asked.model ?? (modelFrom === 'artifact' ? known.model : null));
  return {
    action: readAction(asked.action, known.action),
    modelFrom,
    model,
    train: readLine('train', asked.train ?? likelyTraining(modelFrom, model, known)),
    folder: trains({ modelFrom }) ? readFolder(known.folder) : null,
    secrets: readSecrets(asked.secrets),
    repository,
    branch: readBranch(branch),
    runner,
    trainRunner,
    forkGroup: readForkGroup(asked.forkGroup ?? DEFAULT_FORK_GROUP, forks ? [runner, trainRunner] : []),
    suite: oneOf('suite', asked.suite ?? DEFAULT_SUITE, SUITES),
    ...{ forks, nightly, gate, bot },
    names: INIT_NAMES,
  };
}

/** What probably trains: what a workflow does that uploads its model too, else what stands for a script of the repository. */
export function likelyTraining(
  modelFrom: ModelFrom,
  model: string,
  { train }: Pick<KnownChoices, 'train'>,
): string {
  return (modelFrom === 'artifact' ? train : null) ?? suggestedTraining(modelFrom, model);
}

/**
 * The model, in the form that its source has.
 *
 * @throws SosBenchError `usage`.
 */
export function readModel(modelFrom: ModelFrom, given: string | null): string {
  const { form, pattern, fallback, prefix } = MODEL_FORMS[modelFrom];
  const value = (given ?? fallback ?? '').trim().replace(prefix, '').trim();
  if (value === '') throw fault(`--model-from ${modelFrom} needs --model`, `it is ${form}`);
  if (!pattern.test(readLine('model', value)))
    throw fault(`--model is '${value}'`, `with --model-from ${modelFrom} it is ${form}`);
  return value.length > 1 ? value.replace(/\/+$/, '') : value;
}

/** What `--model` is. No folder has what a shell or a pattern of `upload-artifact` would read otherwise. */
export const MODEL_FORMS: Record<
  ModelFrom,
  { form: string; pattern: RegExp; prefix: RegExp | ''; fallback: string | null }
> = {
  artifact: {
    form: 'the folder that training leaves, from the folder where it runs',
    pattern: /^(?!\/)(?!.*(^|\/)\.\.(\/|$))[\p{L}\p{M}\p{N}_./ +@=,-]+$/u,
    prefix: /^\.\//,
    fallback: 'model',
  },
  hub: { form: 'the repository on the Hub, ORG/NAME', pattern: NAME, prefix: /^hf:/, fallback: null },
  disk: {
    form: 'a folder on the disk that all runners see, such as /shared/models',
    pattern: /^\/[\p{L}\p{M}\p{N}_./ +@=,-]+$/u,
    prefix: '',
    fallback: null,
  },
  command: {
    form: 'a command that prints the path of the model of $MODEL_SHA as its last line',
    pattern: /./,
    prefix: /^command:/,
    fallback: null,
  },
};

/**
 * Labels, comma-separated; `group:NAME` among them is a runner group.
 *
 * @throws SosBenchError `usage`.
 */
export function readRunner(flag: string, text: string): Runner {
  const words = text.split(',').map((word) => word.trim());
  const groups = words
    .filter((word) => word.startsWith('group:'))
    .map((word) => word.slice('group:'.length).trim());
  const labels = words.filter((word) => !word.startsWith('group:'));
  const isGood =
    groups.length <= 1 &&
    groups.every((name) => /^[\w. -]+$/.test(name)) &&
    labels.every((label) => /^[\w.-]+$/.test(label));
  if (!isGood)
    throw fault(
      `--${flag} is '${text}'`,
      'it is labels of runners, such as self-hosted,gpu, with group:NAME for a group',
    );
  return { group: groups[0] ?? null, labels };
}

/**
 * The runner group that takes forks.
 *
 * @param others machines that the repository's own jobs run on.
 * @throws SosBenchError `usage`, also for a group that they are of: a stranger's code would run there.
 */
export function readForkGroup(text: string, others: readonly Runner[]): string {
  const name = readLine('fork-group', text);
  if (others.some(({ group }) => group?.toLowerCase() === name.toLowerCase()))
    throw fault(
      `--fork-group is '${name}', whose machines run this repository's own jobs as well`,
      "forks need a runner group of their own: a stranger's code runs on its machines",
    );
  return name;
}

/**
 * The default branch.
 *
 * @throws SosBenchError `usage`.
 */
export function readBranch(text: string): string {
  const name = text.trim().replace(/^refs\/heads\//, '');
  if (!/^(?!-)[\w./-]+$/.test(name))
    throw fault(`--branch is '${text}'`, 'it is the name of a branch, of letters, digits, . _ - and /');
  return name;
}

/** A folder that is also the beginning of a path of `upload-artifact`, which takes patterns. */
function readFolder(folder: string | null): string | null {
  if (folder !== null && (!canStandInWorkflow(folder) || /[*?[\]\\]|^[!#~\s]/.test(folder)))
    throw fault(
      `the folder '${folder}' cannot stand in a workflow`,
      'give it a name without line breaks, * ? [ ] \\ and expressions, or start at the root of the repository',
    );
  return folder;
}

/**
 * Names of secrets, comma-separated.
 *
 * @throws SosBenchError `usage`.
 */
export function readSecrets(text: string | undefined): string[] {
  const names = (text ?? '')
    .split(',')
    .map((name) => name.trim())
    .filter(Boolean);
  for (const name of names) {
    if (!/^(?!GITHUB_)[A-Z_][A-Z0-9_]*$/.test(name))
      throw fault(
        `--secrets names '${name}'`,
        'they are names such as AWS_ACCESS_KEY_ID, comma-separated; never the secrets themselves',
      );
    if (name === 'MODEL_SHA')
      throw fault('--secrets names MODEL_SHA', 'the command gets the commit in that; rename the secret');
  }
  return [...new Set(names)];
}

/**
 * `OWNER/REPO@SHA`.
 *
 * @throws SosBenchError `usage`: what is not a whole commit id moves.
 */
export function readAction(given: string | undefined, known: ActionSource | null): ActionSource {
  const hint =
    'give --action OWNER/REPO@SHA: where this action lives for you, and the full id of the commit to use';
  if (given === undefined) {
    if (known !== null) return known;
    throw fault('this program does not know which commit it is of', hint);
  }
  const [, repository = '', ref] = /^(.+)@([0-9a-f]{40})$/.exec(given) ?? [];
  if (!NAME.test(repository) || ref === undefined) throw fault(`--action is '${given}'`, hint);
  const isKnown = known?.repository === repository && known.ref === ref;
  return { repository, ref, version: isKnown ? known.version : null };
}

/** @throws SosBenchError `usage` for what is not OWNER/NAME. */
export function readRepository(value: string | null): string | null {
  if (value === null || NAME.test(value)) return value;
  throw fault(`--repository is '${value}'`, 'it is OWNER/NAME');
}

/** Control characters, what some readers of YAML break lines at, and halves of characters. */
const NOT_IN_LINE = /[\p{Cc}\p{Cs}\p{Zl}\p{Zp}]/u;

/** Whether a text is one line, without expressions of GitHub's. */
export function canStandInWorkflow(text: string): boolean {
  return text.trim() !== '' && !NOT_IN_LINE.test(text) && !text.includes('${{');
}

/**
 * A text that can stand in a workflow as it is.
 *
 * @throws SosBenchError `usage`.
 */
export function readLine(flag: string, value: string): string {
  if (value.trim() === '' || NOT_IN_LINE.test(value))
    throw fault(`--${flag} is not one line of text`, 'put more lines into a script of the repository');
  if (value.includes('${{'))
    throw fault(
      `--${flag} has an expression of GitHub's in it`,
      'what others may write could end a script through it; write it into the file by hand, as a variable of env',
    );
  return value.trim();
}

function oneOf<Value extends string>(flag: string, value: string, known: readonly Value[]): Value {
  const found = known.find((one) => one === value);
  if (found !== undefined) return found;
  throw fault(`--${flag} is '${value}'`, `it is one of ${known.join(', ')}`);
}

function refuse(flag: string, value: string | undefined, why: string): void {
  if (value !== undefined) throw fault(`--${flag} has no meaning here: ${why}`, 'leave it out');
}

function fault(message: string, hint: string): SosBenchError {
  return new SosBenchError('usage', message, { hint });
}
