import { Argument, type Command } from 'commander';
import { EXIT, type ExitCode } from '../../exit-code.ts';
import type { Runtime } from '../runtime.ts';
import { bashCompletion } from './bash.ts';
import { type CommandSpec, describeCommand } from './describe.ts';
import { fishCompletion } from './fish.ts';
import { zshCompletion } from './zsh.ts';

const SHELLS = { bash: bashCompletion, zsh: zshCompletion, fish: fishCompletion } satisfies Record<
  string,
  (program: CommandSpec) => string
>;
type Shell = keyof typeof SHELLS;

export function registerCompletion(
  program: Command,
  runtime: Runtime,
  finish: (code: ExitCode) => void,
  buildAll: () => Promise<Command>,
): void {
  program
    .command('completion')
    .description('Print a script with which a shell completes commands, flags and their values.')
    .addArgument(new Argument('<SHELL>', 'The shell.').choices(Object.keys(SHELLS)))
    .action(async (shell: Shell) => {
      runtime.stdout.write(SHELLS[shell](describeCommand(await buildAll())));
      finish(EXIT.passed);
    });
}
