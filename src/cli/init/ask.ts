import type { Readable, Writable } from 'node:stream';
import { confirm, isCancel, multiselect, note, select, text } from '@clack/prompts';
import { SosBenchError } from '../../error.ts';
import { MODEL_FROM, type ModelFrom, trains } from '../../init/choices.ts';
import {
  type AskedChoices,
  DEFAULT_FORK_GROUP,
  DEFAULT_RUNNER,
  DEFAULT_SUITE,
  type KnownChoices,
  likelyTraining,
  MODEL_FORMS,
  readAction,
  readBranch,
  readForkGroup,
  readLine,
  readModel,
  readRepository,
  readRunner,
  readSecrets,
} from '../../init/read-choices.ts';

/** A terminal that questions can be put to. */
export interface Terminal {
  input: Readable;
  output: Writable;
}

const SOURCES: Record<ModelFrom, string> = {
  artifact: 'a job of the same workflow trains it and uploads it',
  hub: "it is on the Hub, under the commit's id",
  disk: 'a job trains it and leaves it on a disk that all runners see',
  command: 'a command fetches it, from S3, GCS, W&B',
};

const EXTRAS = {
  forks: 'pull requests from forks and Dependabot; needs a runner group of an organisation',
  nightly: 'the full suite every night, red on drift since the last release',
  gate: 'a gate before releases',
  bot: 'commands in comments, such as /sos-bench run',
} as const;
type Extra = keyof typeof EXTRAS;

/**
 * Asks for what no flag said.
 *
 * @throws SosBenchError `interrupted` at Ctrl-C.
 */
export async function askChoices(
  asked: AskedChoices,
  known: KnownChoices,
  terminal: Terminal,
): Promise<AskedChoices> {
  const modelFrom = (asked.modelFrom ??
    (await answer<ModelFrom>(
      select({
        ...terminal,
        message: 'Where does the model of a commit come from?',
        options: MODEL_FROM.map((value) => ({ value, label: value, hint: SOURCES[value] })),
      }),
    ))) as ModelFrom;
  const ask = (message: string, initial: string | null, check?: (value: string) => void) =>
    answer<string>(
      text({
        ...{ ...terminal, message },
        ...(initial === null ? {} : { initialValue: initial }),
        validate: (value) => faultOf(() => check?.(value ?? '')),
      }),
    );
  const form = MODEL_FORMS[modelFrom];
  const model =
    asked.model ??
    (await ask(
      `The model: ${form.form}`,
      (modelFrom === 'artifact' ? known.model : null) ?? form.fallback,
      (value) => readModel(modelFrom, value),
    ));
  const isTrained = trains({ modelFrom });
  const train =
    asked.train ??
    (isTrained
      ? await ask(
          'The command that trains it',
          likelyTraining(modelFrom, readModel(modelFrom, model), known),
          (value) => readLine('train', value),
        )
      : undefined);
  const secrets =
    asked.secrets ??
    (modelFrom === 'command'
      ? await ask('Names of the secrets that it needs, comma-separated; none when empty', '', readSecrets)
      : undefined);
  const runner =
    asked.runner ??
    (await ask('Labels of the runners with a GPU', DEFAULT_RUNNER, (value) => readRunner('runner', value)));
  const trainRunner =
    asked.trainRunner ??
    (isTrained
      ? await ask(
          'Labels of the runners that train: others, where machines are kept between jobs',
          runner,
          (value) => readRunner('train-runner', value),
        )
      : undefined);
  const suite =
    asked.suite ??
    (await answer<string>(
      select({
        ...terminal,
        message: 'Which questions?',
        initialValue: DEFAULT_SUITE,
        options: [
          {
            value: 'pr',
            label: 'pr',
            hint: 'a sample that shows drops of 2 points; about an hour for 8 billion parameters on an H100',
          },
          { value: 'full', label: 'full', hint: 'all there are; about 6 hours' },
          { value: 'mini', label: 'mini', hint: 'ours, in minutes: to try the wiring' },
        ],
      }),
    ));
  const extras = await askExtras(asked, terminal);
  const forks = asked.forks ?? extras.forks ?? false;
  const repository =
    asked.repository ??
    (forks && known.repository === null
      ? await ask('This repository, OWNER/NAME', null, readRepository)
      : undefined);
  const forkGroup =
    asked.forkGroup ??
    (forks
      ? await ask('The runner group that takes forks', DEFAULT_FORK_GROUP, (value) =>
          readForkGroup(value, [
            readRunner('runner', runner),
            readRunner('train-runner', trainRunner ?? runner),
          ]),
        )
      : undefined);
  const branch =
    asked.branch ?? (known.branch === null ? await ask('The default branch', 'main', readBranch) : undefined);
  const action =
    asked.action ??
    (known.action === null
      ? await ask('The commit of this action, OWNER/REPO@SHA', null, (value) => readAction(value, null))
      : undefined);
  return {
    ...asked,
    modelFrom,
    model,
    train,
    secrets: secrets === '' ? undefined : secrets,
    runner,
    trainRunner,
    suite,
    ...extras,
    repository,
    forkGroup,
    branch,
    action,
  };
}

async function askExtras(asked: AskedChoices, terminal: Terminal): Promise<Pick<AskedChoices, Extra>> {
  const names = Object.keys(EXTRAS) as Extra[];
  if (names.some((name) => asked[name] !== undefined)) return {};
  const chosen = (await answer(
    multiselect({
      ...terminal,
      message: 'What else?',
      required: false,
      options: names.map((value) => ({ value, label: value, hint: EXTRAS[value] })),
    }),
  )) as Extra[];
  return Object.fromEntries(chosen.map((name) => [name, true]));
}

/**
 * Whether to write these files.
 *
 * @throws SosBenchError `interrupted` at Ctrl-C, and for no.
 */
export async function askWhether(paths: readonly string[], terminal: Terminal): Promise<void> {
  note(paths.join('\n'), 'Files', terminal);
  const isYes = await answer(confirm({ ...terminal, message: 'Write them?' }));
  if (isYes !== true) throw refused();
}

async function answer<Value>(asked: Promise<Value | symbol>): Promise<Value> {
  const given = await asked;
  if (isCancel(given)) throw refused();
  return given as Value;
}

function refused(): SosBenchError {
  return new SosBenchError('interrupted', 'nothing is written', {
    hint: 'start it again, or give the answers as flags: sos-bench init --help',
  });
}

/** What is wrong with an answer, to be shown below it. */
function faultOf(check: () => void): string | undefined {
  try {
    check();
    return undefined;
  } catch (error) {
    if (!(error instanceof SosBenchError)) throw error;
    return `${error.message}: ${error.hint}`;
  }
}
