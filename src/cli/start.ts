import type { ExitCode } from '../exit-code.ts';
import { onInterrupt } from '../system/process/interruptible.ts';
import { settleEnvironment } from '../system/process/settle-environment.ts';
import { main } from './main.ts';

/** Runs this process's command line; returns its exit code. */
export async function startCli(): Promise<ExitCode> {
  // A reader that closes the pipe early (`| head`) is not a failure of ours.
  for (const stream of [process.stdout, process.stderr]) {
    stream.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'EPIPE') process.exit();
      throw error;
    });
  }
  return await main({
    argv: process.argv.slice(2),
    cwd: process.cwd(),
    environment: settleEnvironment(process.env, process.cwd(), null).environment,
    stdout: process.stdout,
    stderr: process.stderr,
    ...(process.stdin.isTTY && process.stderr.isTTY
      ? { terminal: { input: process.stdin, output: process.stderr } }
      : {}),
    now: () => new Date(),
    onInterrupt,
  });
}
