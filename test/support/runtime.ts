import { main } from '../../src/cli/main.ts';
import type { ExitCode } from '../../src/exit-code.ts';

export interface Said {
  exitCode: ExitCode;
  stdout: string;
  stderr: string;
}

/** Runs a command line in this process, in a runtime of its own. */
export async function runMain(
  argv: readonly string[],
  { cwd = process.cwd(), environment = {} }: { cwd?: string; environment?: Record<string, string> } = {},
): Promise<Said> {
  const said = { stdout: '', stderr: '' };
  const stream = (name: keyof typeof said) => ({
    write(text: string) {
      said[name] += text;
    },
  });
  const exitCode = await main({
    argv,
    cwd,
    environment,
    stdout: stream('stdout'),
    stderr: stream('stderr'),
    now: () => new Date('2026-01-01T00:00:00Z'),
    second: 10,
    onInterrupt: () => () => undefined,
  });
  return { exitCode, ...said };
}
