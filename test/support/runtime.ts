import type { Readable, Writable } from 'node:stream';
import { main } from '../../src/cli/main.ts';
import type { Runtime } from '../../src/cli/runtime.ts';
import type { ExitCode } from '../../src/exit-code.ts';

export interface Said {
  exitCode: ExitCode;
  stdout: string;
  stderr: string;
}

interface RuntimeOptions {
  cwd?: string;
  environment?: Record<string, string>;
  /** Columns of a terminal that both streams are; left out where they are pipes. */
  terminal?: number;
  /** Somebody who answers questions. */
  asked?: { input: Readable; output: Writable };
}

/** A runtime whose streams are kept as text. */
export function runtimeOf(
  argv: readonly string[],
  { cwd = process.cwd(), environment = {}, terminal, asked }: RuntimeOptions = {},
): { runtime: Runtime; said: Omit<Said, 'exitCode'> } {
  const said = { stdout: '', stderr: '' };
  const stream = (name: keyof typeof said) => ({
    write(text: string) {
      said[name] += text;
    },
    ...(terminal === undefined ? {} : { isTTY: true, columns: terminal }),
  });
  const runtime: Runtime = {
    argv,
    cwd,
    environment,
    stdout: stream('stdout'),
    stderr: stream('stderr'),
    ...(asked === undefined ? {} : { terminal: asked }),
    now: () => new Date('2026-01-01T00:00:00Z'),
    second: 10,
    onInterrupt: () => () => undefined,
  };
  return { runtime, said };
}

/** Runs a command line in this process, in a runtime of its own. */
export async function runMain(argv: readonly string[], options: RuntimeOptions = {}): Promise<Said> {
  const { runtime, said } = runtimeOf(argv, options);
  const exitCode = await main(runtime);
  return { exitCode, ...said };
}
