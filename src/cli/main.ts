import { type Command, CommanderError } from 'commander';
import { hasSystemCode, SosBenchError } from '../error.ts';
import { EXIT, type ExitCode } from '../exit-code.ts';
import { escapeLines } from '../markdown/escape.ts';
import { currentName } from '../settings/renamed.ts';
import { buildProgram } from './program.ts';
import type { Runtime } from './runtime.ts';

/** Runs one command line and returns its exit code; prints a failure as one line and a hint. */
export async function main(runtime: Runtime): Promise<ExitCode> {
  let exitCode: ExitCode = EXIT.passed;
  const finish = (code: ExitCode) => {
    exitCode = code;
  };
  const program = await buildProgram(runtime, finish, runtime.argv[0]);
  try {
    await program.parseAsync(runtime.argv, { from: 'user' });
    return exitCode;
  } catch (error) {
    return report(error, program, runtime);
  }
}

function report(error: unknown, program: Command, runtime: Runtime): ExitCode {
  // Commander has printed its own message; help and version are no failures.
  if (error instanceof CommanderError) {
    const hint = describeRenamed(error, program, runtime.argv);
    if (hint !== null) runtime.stderr.write(hint);
    return error.exitCode === 0 ? EXIT.passed : EXIT.notDone;
  }
  if (error instanceof SosBenchError) {
    // Names from records and files are in them, which may hold anything.
    runtime.stderr.write(`error: ${escapeLines(error.message)} [${error.code}]\n`);
    if (error.hint !== undefined) runtime.stderr.write(`hint: ${escapeLines(error.hint)}\n`);
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

/** What a flag is called now that has another name than it had. */
function describeRenamed(
  { message }: CommanderError,
  program: Command,
  argv: readonly string[],
): string | null {
  const [, flag] = /^error: unknown option '--([\w-]+)/.exec(message) ?? [];
  if (flag === undefined) return null;
  const outer = program.commands.find((command) => command.name() === argv[0]);
  const command = outer?.commands.find((one) => one.name() === argv[1]) ?? outer;
  const known = (command?.options ?? []).flatMap(({ long }) => (long ? [long.slice(2)] : []));
  const now = currentName(flag, known);
  // Commander itself suggests what is written nearly so.
  return now === null || message.includes(`--${now}`) ? null : `hint: --${flag} is called --${now}\n`;
}
