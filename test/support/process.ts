import { randomUUID } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { execa } from 'execa';

/** Threads that wait for each other by spinning take a busy machine ten times the work of a tiny model. */
export const ONE_THREAD = { OMP_NUM_THREADS: '1' };

/** Programs of ours are compiled once for all tests, as far as Node keeps that. */
export const COMPILED_ONCE = { NODE_COMPILE_CACHE: join(tmpdir(), 'sos-bench-test-compiled') };

export interface ProcessResult {
  exitCode: number | undefined;
  signal: string | undefined;
  stdout: string;
  stderr: string;
}

/** A program of ours that runs as a process of its own. */
export interface RunningProcess {
  pid: number;
  result: Promise<ProcessResult>;
  /** Resolves once `text` is on stdout or stderr; fails when the process ends without. */
  said(text: string): Promise<void>;
  /** What it has said so far, stdout and stderr mixed. */
  heard(): string;
  kill(signal: NodeJS.Signals): void;
  /** Processes it started, directly or not, that still run; grandchildren that left their group too. */
  descendants(): Descendant[];
}

export interface Descendant {
  pid: number;
  command: string;
}

/** Starts a program in exactly this environment. What it starts can be told by a mark in its environment. */
export function startProcess(
  [file, ...args]: readonly string[],
  { environment, cwd }: { environment: Record<string, string | undefined>; cwd?: string },
): RunningProcess {
  const mark = `sos-bench-test-${randomUUID()}`;
  const child = execa(file!, args, {
    env: { ...environment, RUNNER_TRACKING_ID: mark },
    extendEnv: false,
    reject: false,
    stdin: 'ignore',
    ...(cwd === undefined ? {} : { cwd }),
  });
  let heard = '';
  let ended = false;
  const hear = (data: Buffer) => {
    heard += data.toString();
  };
  child.stdout.on('data', hear);
  child.stderr.on('data', hear);
  const result = child.then((done) => {
    ended = true;
    const { exitCode, signal, stdout, stderr } = done;
    return { exitCode, signal, stdout, stderr };
  });
  return {
    pid: child.pid!,
    result,
    heard: () => heard,
    kill: (signal) => void child.kill(signal),
    descendants: () => marked(mark).filter(({ pid }) => pid !== child.pid),
    async said(text) {
      while (!heard.includes(text)) {
        if (ended) throw new Error(`it ended and never said '${text}':\n${heard}`);
        await sleep(20);
      }
    },
  };
}

/** Processes whose environment holds the mark; those that ended and are not yet collected do not count. */
export function marked(mark: string): Descendant[] {
  const found: Descendant[] = [];
  for (const name of readdirSync('/proc').filter((entry) => /^\d+$/.test(entry))) {
    try {
      if (!readFileSync(`/proc/${name}/environ`, 'utf8').includes(mark)) continue;
      const command = readFileSync(`/proc/${name}/cmdline`, 'utf8').replaceAll('\0', ' ');
      if (command !== '') found.push({ pid: Number(name), command });
    } catch {
      // It has ended meanwhile.
    }
  }
  return found;
}

/** Whether a process runs: one that ended and is not yet collected does not. */
export function isRunning(pid: string | number): boolean {
  try {
    return !/\) Z /.test(readFileSync(`/proc/${pid}/stat`, 'utf8'));
  } catch {
    return false;
  }
}

/** Waits until `done`, at most `seconds`; says whether it came to that. */
export async function within(seconds: number, done: () => boolean): Promise<boolean> {
  const end = Date.now() + seconds * 1000;
  while (!done()) {
    if (Date.now() > end) return false;
    await sleep(20);
  }
  return true;
}

/** Processes with the mark that still run after a time in which even a busy machine has buried what was killed. */
export async function leftRunning(mark: string): Promise<Descendant[]> {
  await within(60, () => marked(mark).length === 0);
  return marked(mark);
}

/** Ends what a failed test left running. */
export function endAfterTests(runs: RunningProcess[]): void {
  after(() => {
    for (const run of runs) {
      run.kill('SIGKILL');
      for (const { pid } of run.descendants()) process.kill(pid, 'SIGKILL');
    }
  });
}

/** Command lines of the machine's processes that hold a text, this process's own aside: what `pgrep -f` would find. */
export function processesWith(text: string): string[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name) && Number(name) !== process.pid)
    .flatMap((pid) => {
      try {
        return readFileSync(join('/proc', pid, 'cmdline'), 'utf8').replaceAll('\0', ' ');
      } catch {
        // It has ended.
        return [];
      }
    })
    .filter((command) => command.includes(text));
}
