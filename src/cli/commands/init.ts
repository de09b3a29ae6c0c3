import { type Command, Option } from 'commander';
import { EXIT, type ExitCode } from '../../exit-code.ts';
import { type ChecklistStep, checklistOf } from '../../init/checklist.ts';
import { MODEL_FROM } from '../../init/choices.ts';
import { filesFor } from '../../init/files.ts';
import { findTraining } from '../../init/find-training.ts';
import {
  type AskedChoices,
  DEFAULT_FORK_GROUP,
  DEFAULT_RUNNER,
  DEFAULT_SUITE,
  type KnownChoices,
  readChoices,
} from '../../init/read-choices.ts';
import { escapeTerminal } from '../../markdown/escape.ts';
import { SUITES } from '../../suite/plan/plan.ts';
import { interruptible } from '../../system/process/interruptible.ts';
import { findAction } from '../init/find-action.ts';
import { findRepository } from '../init/find-repository.ts';
import { readWorkflows } from '../init/read-workflows.ts';
import { type PlacedFile, placeFiles, writeFiles } from '../init/write-files.ts';
import type { Runtime } from '../runtime.ts';

interface Options extends AskedChoices {
  yes?: boolean;
  dryRun?: boolean;
  json?: boolean;
}

export function registerInit(program: Command, runtime: Runtime, finish: (code: ExitCode) => void): void {
  const command = program
    .command('init')
    .description(
      'Write the workflows that fit into this repository, and its settings. Asks on a terminal for what no flag says; overwrites nothing.',
    );
  const group = (name: string, flags: readonly [string, string, (readonly string[])?][]) => {
    for (const [flag, description, choices] of flags) {
      const option = new Option(flag, description).helpGroup(`${name}:`);
      command.addOption(choices === undefined ? option : option.choices(choices));
    }
  };
  group('Model', [
    [
      '--model-from <SOURCE>',
      'Where the model of a commit comes from: uploaded by a job of the workflow, the Hub, a disk that all runners see, or a command that fetches it. Default: artifact.',
      MODEL_FROM,
    ],
    [
      '--model <MODEL>',
      'artifact: the folder that training leaves (default: model). hub: ORG/NAME. disk: the folder on the shared disk. command: a command that prints the path of the model of $MODEL_SHA.',
    ],
    [
      '--train <COMMAND>',
      'What trains the model. Default: ./train.sh --output model, or what a workflow of the repository does before it uploads a model.',
    ],
    ['--secrets <NAME,...>', 'Secrets that the command of --model-from command gets, by name.'],
    ['--suite <NAME>', `Which questions. Default: ${DEFAULT_SUITE}.`, SUITES],
  ]);
  group('Workflows', [
    ['--forks', 'For pull requests from forks and Dependabot, too.'],
    ['--nightly', 'The full suite every night.'],
    ['--gate', 'A gate before releases.'],
    ['--bot', 'Commands in comments.'],
  ]);
  group('Machines', [
    [
      '--runner <LABELS>',
      `Labels of the runners that evaluate, comma-separated; group:NAME for a runner group. Default: ${DEFAULT_RUNNER}.`,
    ],
    ['--train-runner <LABELS>', 'Labels of the runners that train. Default: those of --runner.'],
    ['--fork-group <NAME>', `Runner group that takes forks alone. Default: ${DEFAULT_FORK_GROUP}.`],
  ]);
  group('Repository', [
    [
      '--action <OWNER/REPO@SHA>',
      'Where this action lives for you, and the commit to pin. Default: what this program is of, where it knows.',
    ],
    ['--repository <OWNER/NAME>', 'This repository. Default: as the remote says.'],
    ['--branch <NAME>', 'Its default branch. Default: as the remote says, else main or master.'],
  ]);
  command
    .option('--yes', 'Ask nothing, on a terminal either.')
    .option('--dry-run', 'Print the files, write none.')
    .option('--json', 'Print one JSON document, and ask nothing.')
    .action(async (options: Options) => {
      const report = await interruptible(runtime, (signal) => init(options, runtime, signal));
      runtime.stdout.write(options.json ? `${JSON.stringify(report, null, 2)}\n` : render(report));
      finish(EXIT.passed);
    });
}

interface Report {
  root: string;
  dryRun: boolean;
  repository: string | null;
  /** Address of the API of the repository's server; null where that is github.com, or not known. */
  apiUrl: string | null;
  files: { path: string; state: PlacedFile['state']; content?: string }[];
  /** What is left to set in the repository. */
  steps: ChecklistStep[];
}

async function init(options: Options, runtime: Runtime, signal: AbortSignal): Promise<Report> {
  const { yes = false, dryRun = false, json = false, ...flags } = options;
  const { root, apiUrl, upstream, ...found } = await findRepository(runtime);
  const training = findTraining(await readWorkflows(root));
  const known: KnownChoices = {
    ...found,
    action: flags.action === undefined ? await findAction(runtime) : null,
    // Its paths are from the root.
    train: found.folder === null ? (training[0]?.train ?? null) : null,
    model: found.folder === null ? (training[0]?.model ?? null) : null,
  };
  const terminal = yes || json ? undefined : runtime.terminal;
  // Loaded where there is somebody to ask.
  const prompts = terminal === undefined ? null : await import('../init/ask.ts');
  const asked = prompts === null ? flags : await prompts.askChoices(flags, known, terminal!);
  const choices = readChoices(asked, known);
  const files = await placeFiles(root, filesFor(choices));
  if (!dryRun) {
    if (prompts !== null && files.every(({ state }) => state !== 'in-the-way')) {
      const paths = files.filter(({ state }) => state === 'new').map(({ path }) => path);
      if (paths.length > 0) await prompts.askWhether(paths, terminal!);
    }
    await writeFiles(root, files, signal);
  }
  return {
    ...{ root, dryRun, repository: choices.repository, apiUrl },
    files: files.map(({ path, state, content }) => ({ path, state, ...(dryRun ? { content } : {}) })),
    steps: checklistOf(choices, training, apiUrl, flags.repository === undefined ? upstream : null),
  };
}

const STATES: [PlacedFile['state'], written: string, dry: string][] = [
  ['new', 'Written:', 'Would be written:'],
  ['same', 'There already, as they would be:', 'There already, as they would be:'],
  ['kept', 'There already, and left as they are:', 'There already, and left as they are:'],
  ['in-the-way', '', 'In the way, since another file of that name is there:'],
];

function render({ dryRun, repository, apiUrl, files, steps }: Report): string {
  const printed = files.flatMap(({ path, content }) =>
    content === undefined ? [] : [`==> ${path} <==\n${content}\n`],
  );
  const lists = STATES.flatMap(([state, written, dry]) => {
    const paths = files.filter((file) => file.state === state).map(({ path }) => `  ${path}\n`);
    return paths.length === 0 ? [] : [`${dryRun ? dry : written}\n${paths.join('')}\n`];
  });
  const todo = steps.map(
    ({ what, how }, index) => `${String(index + 1).padStart(3)}. ${shown(what)}\n     ${shown(how)}\n`,
  );
  const seen = steps.flatMap(({ check }, index) => (check === null ? [] : [index + 1]));
  const server = apiUrl === null ? '' : ` and GITHUB_API_URL=${apiUrl}`;
  const doctor = `\nWith a token in GITHUB_TOKEN${server}, 'sos-bench doctor --repository ${repository ?? 'OWNER/NAME'}' looks at ${seen.join(', ')}.\n`;
  return `${printed.join('')}${lists.join('')}Left to do, in this order:\n\n${todo.join('')}${doctor}`;
}

function shown(text: string): string {
  return escapeTerminal(text, 1000);
}
