import { Command } from 'commander';
import type { ExitCode } from '../exit-code.ts';
import { VERSION } from '../version.ts';
import { describeUse, EXIT_CODES, HELP } from './help.ts';
import type { Runtime } from './runtime.ts';
import { showsColour, widthOfHelp } from './terminal.ts';

type Finish = (code: ExitCode) => void;
/** Adds a command to a program; `buildAll` makes one with every command. */
type Register = (
  program: Command,
  runtime: Runtime,
  finish: Finish,
  buildAll: () => Promise<Command>,
) => void;

const GROUPS: Record<string, Record<string, () => Promise<Register>>> = {
  'To begin with:': {
    demo: async () => (await import('./commands/demo.ts')).registerDemo,
    init: async () => (await import('./commands/init.ts')).registerInit,
    list: async () => (await import('./commands/list.ts')).registerList,
    doctor: async () => (await import('./commands/doctor.ts')).registerDoctor,
  },
  'Evaluate a model:': {
    plan: async () => (await import('./commands/plan.ts')).registerPlan,
    prefetch: async () => (await import('./commands/prefetch.ts')).registerPrefetch,
    run: async () => (await import('./commands/run.ts')).registerRun,
    merge: async () => (await import('./commands/merge.ts')).registerMerge,
    import: async () => (await import('./commands/import.ts')).registerImport,
  },
  'Compare models:': {
    show: async () => (await import('./commands/show.ts')).registerShow,
    compare: async () => (await import('./commands/compare.ts')).registerCompare,
    flips: async () => (await import('./commands/flips.ts')).registerFlips,
    report: async () => (await import('./commands/report.ts')).registerReport,
    gate: async () => (await import('./commands/gate.ts')).registerGate,
    calibrate: async () => (await import('./commands/calibrate.ts')).registerCalibrate,
  },
  'Judges:': {
    judge: async () => (await import('./commands/judge.ts')).registerJudge,
    agree: async () => (await import('./commands/agree.ts')).registerAgree,
  },
  'Records and cache:': {
    history: async () => (await import('./commands/history.ts')).registerHistory,
    clean: async () => (await import('./commands/clean.ts')).registerClean,
  },
  'This program:': {
    completion: async () => (await import('./completion/register.ts')).registerCompletion,
    version: async () => (await import('./commands/version.ts')).registerVersion,
  },
};

/** Commands by name. Each is loaded when it is asked for: `list` has no use for a Parquet writer. */
const COMMANDS: Readonly<Record<string, () => Promise<Register>>> = Object.assign(
  {},
  ...Object.values(GROUPS),
);

/**
 * The program with one of its commands, or with all of them.
 *
 * @param name the command; where there is none of that name, all are loaded.
 */
export async function buildProgram(
  runtime: Runtime,
  finish: Finish,
  name: string | null = null,
): Promise<Command> {
  const { stdout, stderr, environment } = runtime;
  const program = new Command('sos-bench')
    .description('Did the model lose substance? SOS-Bench, compared question by question with a baseline.')
    .version(VERSION)
    .exitOverride()
    .showSuggestionAfterError()
    .configureHelp(HELP)
    .configureOutput({
      writeOut: (text) => void stdout.write(text),
      writeErr: (text) => void stderr.write(text),
      getOutHelpWidth: () => widthOfHelp(stdout, environment),
      getErrHelpWidth: () => widthOfHelp(stderr, environment),
      getOutHasColors: () => showsColour(stdout, environment),
      getErrHasColors: () => showsColour(stderr, environment),
    })
    .addHelpText('afterAll', EXIT_CODES);
  const add = async (load: () => Promise<Register>) =>
    (await load())(program, runtime, finish, () => buildProgram(runtime, finish));
  const requested = Object.hasOwn(COMMANDS, name ?? '') ? COMMANDS[name ?? ''] : undefined;
  if (requested !== undefined) await add(requested);
  else
    for (const [group, commands] of Object.entries(GROUPS)) {
      program.commandsGroup(group);
      for (const load of Object.values(commands)) await add(load);
    }
  for (const command of program.commands) command.addHelpText('after', describeUse(command.name()));
  return program;
}
