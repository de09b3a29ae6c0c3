import { Command, CommanderError } from 'commander';
import { hasSystemCode, SosBenchError } from '../error.ts';
import { EXIT, type ExitCode } from '../exit-code.ts';
import { VERSION } from '../version.ts';
import type { Runtime } from './runtime.ts';

type Register = (program: Command, runtime: Runtime, finish: (code: ExitCode) => void) => void;

/** Commands by name. Each is loaded when it is asked for: `list` has no use for a Parquet writer. */
const COMMANDS: Record<string, () => Promise<Register>> = {
  demo: async () => (await import('./commands/demo.ts')).registerDemo,
  list: async () => (await import('./commands/list.ts')).registerList,
  plan: async () => (await import('./commands/plan.ts')).registerPlan,
  run: async () => (await import('./commands/run.ts')).registerRun,
  import: async () => (await import('./commands/import.ts')).registerImport,
  merge: async () => (await import('./commands/merge.ts')).registerMerge,
  doctor: async () => (await import('./commands/doctor.ts')).registerDoctor,
  prefetch: async () => (await import('./commands/prefetch.ts')).registerPrefetch,
  clean: async () => (await import('./commands/clean.ts')).registerClean,
  show: async () => (await import('./commands/show.ts')).registerShow,
  gate: async () => (await import('./commands/gate.ts')).registerGate,
  calibrate: async () => (await import('./commands/calibrate.ts')).registerCalibrate,
  judge: async () => (await import('./commands/judge.ts')).registerJudge,
  agree: async () => (await import('./commands/agree.ts')).registerAgree,
  history: async () => (await import('./commands/history.ts')).registerHistory,
  compare: async () => (await import('./commands/compare.ts')).registerCompare,
  report: async () => (await import('./commands/report.ts')).registerReport,
};

/** Runs one command line and returns its exit code; prints a failure as one line and a hint. */
export async function main(runtime: Runtime): Promise<ExitCode> {
  let exitCode: ExitCode = EXIT.passed;
  const program = new Command('sos-bench')
    .description('Did the model lose substance? SOS-Bench, compared item by item with a baseline.')
    .version(VERSION)
    .exitOverride()
    .showSuggestionAfterError()
    .configureOutput({
      writeOut: (text) => void runtime.stdout.write(text),
      writeErr: (text) => void runtime.stderr.write(text),
    });
  const finish = (code: ExitCode) => {
    exitCode = code;
  };
  const requested = COMMANDS[runtime.argv[0] ?? ''];
  for (const load of requested === undefined ? Object.values(COMMANDS) : [requested]) {
    (await load())(program, runtime, finish);
  }
  program.addHelpText(
    'after',
    '\nExit codes: 0 done and passed, 1 done and failed the policy, 2 could not be done.',
  );
  try {
    await program.parseAsync(runtime.argv, { from: 'user' });
    return exitCode;
  } catch (error) {
    return report(error, runtime);
  }
}

function report(error: unknown, runtime: Runtime): ExitCode {
  // Commander has printed its own message; help and version are no failures.
  if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.passed : EXIT.notDone;
  if (error instanceof SosBenchError) {
    runtime.stderr.write(`error: ${error.message} [${error.code}]\n`);
    if (error.hint !== undefined) runtime.stderr.write(`hint: ${error.hint}\n`);
    return EXIT.notDone;
  }
  if (hasSystemCode(error, 'ENOSPC', 'EDQUOT')) {
    runtime.stderr.write(
      'error: no space left on the disk [disk-full]\nhint: free some space and run it again\n',
    );
    return EXIT.notDone;
  }
  const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
  runtime.stderr.write(`error: internal error [internal]: ${text}\n`);
  runtime.stderr.write('hint: please report it with the lines above\n');
  return EXIT.notDone;
}
