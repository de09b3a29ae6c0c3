import { mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { SosBenchError } from '../../error.ts';
import { startChild } from '../process/start-child.ts';
import { commandLine } from './command-line.ts';
import { readLines } from './lines.ts';
import { SCRATCH } from './mounts.ts';
import { killTree, measureTree } from './process-tree.ts';
import type { Limits, Sandbox, SandboxJob, SandboxStop } from './sandbox.ts';

export interface PreparedJob
  extends Pick<SandboxJob, 'readOnly' | 'hidden' | 'environment' | 'scratchParent' | 'signal'> {
  /** The Python that runs the program; the sandbox's own where left out. */
  python?: string;
  /** A Python file: what it imports when loaded is there already when it is run. */
  program: string;
  /** Modules that it imports and no run will call: they are not loaded. */
  unused?: readonly string[];
  /** Functions to call once when it is loaded, which keep their results: module, name, arguments. Where there is none it is left out. */
  calls?: readonly (readonly [string, string, readonly unknown[]])[];
  /** For one run, `wallMs` aside, which is how long loading may take. */
  limits: Omit<Limits, 'silenceMs'>;
  /** Bytes of the largest run's files. */
  inputSize: number;
}

export interface PreparedRun {
  /** Files of the working folder: path and text. */
  files: [string, string][];
  /** Folders that are there and empty. */
  folders: string[];
  arguments: string[];
  /** Milliseconds it may take. */
  timeout: number;
  /** The file to hand back. */
  result: string;
  /** How many lines of it there have to be, and how many milliseconds after the one before each has to come; none where left out. */
  lines?: { count: number; timeout: number };
}

export interface PreparedResult {
  /** As shells count; null where it was stopped from outside, or its process's parent died. */
  exitCode: number | null;
  stopped: SandboxStop | null;
  /** Whether it was stopped because a line was not there in time. */
  late: boolean;
  /** Whether the sandbox itself came to an end: nothing more runs in it, and this run has no result. */
  died: boolean;
  /** The file, as it was when nothing of the run ran any more; null where there was none, or it was stopped. */
  result: string | null;
  /** The beginning and the end of what it printed. */
  printed: string;
  /** Whether there was no more room for files. */
  full: boolean;
}

const WATCH_MS = 250;
/** What a run that was told to stop may take until it says so, and to clear away what it left. */
const PATIENCE_MS = 30_000;
/** A result of 64 MB, escaped. */
const MAX_LINE_CHARACTERS = 400 * 2 ** 20;
const PRINTED_CHARACTERS = 100_000;

const ReadySchema = z.object({ ready: z.literal(true), lacks: z.array(z.string()), trouble: z.string() });
const DoneSchema = z.object({
  number: z.number(),
  exitCode: z.number().nullable(),
  stopped: z.string().nullable(),
  result: z.string().nullable(),
  printed: z.string(),
  full: z.boolean(),
});

/**
 * A sandbox in which a program that is loaded already runs again and again, each time in a fork of its own, on files of its own. No process
 * and no file of one run is there in the next, and no run gets at the process that starts them and tells us of them.
 */
export class PreparedSandbox {
  /** What went wrong while it was loaded, as Python prints it; empty where nothing did. A run says it again. */
  readonly trouble: string;
  readonly #job: PreparedJob;
  readonly #process: SandboxProcess;
  #number = 0;

  private constructor(job: PreparedJob, process: SandboxProcess, trouble: string) {
    this.#job = job;
    this.#process = process;
    this.trouble = trouble;
  }

  /**
   * Starts it and waits until the program is loaded.
   *
   * @returns the sandbox, or why it did not come to be, in what it printed last.
   * @throws SosBenchError `interrupted`.
   */
  static async open(
    sandbox: Sandbox,
    job: PreparedJob,
  ): Promise<PreparedSandbox | { failure: string; printed: string }> {
    const started = await SandboxProcess.start(sandbox, job);
    const line = await started.next(job.limits.wallMs);
    const ready = line === 'late' || line === 'ended' ? undefined : ReadySchema.safeParse(line).data;
    if (ready !== undefined) return new PreparedSandbox(job, started, ready.trouble);
    await started.end();
    if (job.signal?.aborted) throw new SosBenchError('interrupted', 'interrupted while scoring');
    const seconds = Math.round(job.limits.wallMs / 1000);
    return {
      failure: line === 'late' ? `it was not ready after ${seconds} s` : 'it ended while it was started',
      printed: started.printed,
    };
  }

  /** @throws SosBenchError `interrupted`. */
  async run(run: PreparedRun): Promise<PreparedResult> {
    const number = ++this.#number;
    const { files, folders, arguments: args, timeout, result } = run;
    const lines =
      run.lines === undefined ? {} : { lines: { count: run.lines.count, seconds: run.lines.timeout / 1000 } };
    let stopped: SandboxStop | null = null;
    const watch = setInterval(() => {
      const { processes, tooMuchMemory } = measureTree(this.#process.pid, this.#job.limits.memory);
      const why = processes > this.#job.limits.processes ? 'processes' : tooMuchMemory ? 'memory' : null;
      if (why === null || stopped !== null) return;
      stopped = why;
      this.#process.say({ number, stop: why });
      // What does not even stop is ended whole.
      this.#process.endIn(PATIENCE_MS);
    }, WATCH_MS);
    try {
      this.#process.say({
        ...{ number, files, folders, arguments: args, seconds: timeout / 1000, result },
        ...lines,
      });
      const line = await this.#process.next(timeout + PATIENCE_MS);
      if (this.#job.signal?.aborted) {
        await this.close();
        throw new SosBenchError('interrupted', 'interrupted while scoring');
      }
      const done = line === 'late' || line === 'ended' ? undefined : DoneSchema.safeParse(line).data;
      if (done === undefined || done.number !== number) {
        await this.close();
        return {
          ...{ exitCode: null, stopped: stopped ?? (line === 'late' ? 'silence' : null), died: true },
          ...{ late: false, result: null, printed: this.#process.printed, full: false },
        };
      }
      const { exitCode, printed, full } = done;
      // It may have come to its end just before it was to be stopped.
      const ended = done.stopped === null ? null : (stopped ?? 'silence');
      const late = stopped === null && done.stopped === 'late';
      return { exitCode, stopped: ended, late, died: false, result: done.result, printed, full };
    } finally {
      clearInterval(watch);
      this.#process.spare();
    }
  }

  /** Ends it, and whatever runs in it. */
  async close(): Promise<void> {
    await this.#process.end();
  }
}

/** The sandbox's processes, and lines from the first program in it. */
class SandboxProcess {
  readonly #child: ReturnType<typeof startSandbox>;
  readonly #scratch: string | null;
  readonly #signal: AbortSignal | undefined;
  readonly #interrupt = () => this.kill();
  #lines: unknown[] = [];
  #waiting: ((line: unknown) => void) | null = null;
  #ended = false;
  #last: NodeJS.Timeout | undefined;
  printed = '';

  private constructor(
    child: ReturnType<typeof startSandbox>,
    scratch: string | null,
    signal: AbortSignal | undefined,
  ) {
    this.#child = child;
    this.#scratch = scratch;
    this.#signal = signal;
    child.stderr!.setEncoding('utf8').on('data', (text: string) => {
      this.printed = (this.printed + text).slice(-PRINTED_CHARACTERS);
    });
    // What cannot be written any more is seen by its end.
    child.stdin!.on('error', () => {});
    const ended = readLines(child.stdout!, MAX_LINE_CHARACTERS, {
      onLine: (text) => this.#hear(text),
      onTooLong: () => this.kill(),
    });
    void Promise.allSettled([child, ended]).then(() => {
      this.#ended = true;
      this.#waiting?.('ended');
    });
    signal?.addEventListener('abort', this.#interrupt);
    if (signal?.aborted) this.kill();
  }

  static async start(sandbox: Sandbox, job: PreparedJob): Promise<SandboxProcess> {
    const scratch = sandbox.kind === 'none' ? await mkdtemp(join(job.scratchParent, '.scratch-')) : null;
    return new SandboxProcess(startSandbox(sandbox, job, scratch), scratch, job.signal);
  }

  get pid(): number {
    return this.#child.pid ?? -1;
  }

  #hear(text: string): void {
    let line: unknown;
    try {
      line = JSON.parse(text);
    } catch {
      return;
    }
    if (this.#waiting === null) this.#lines.push(line);
    else this.#waiting(line);
  }

  /** The next line, or that there is none: in time, or at all. */
  async next(timeout: number): Promise<unknown> {
    if (this.#lines.length > 0) return this.#lines.shift();
    if (this.#ended) return 'ended';
    return await new Promise((resolve) => {
      const settle = (line: unknown) => {
        clearTimeout(timer);
        this.#waiting = null;
        resolve(line);
      };
      const timer = setTimeout(() => settle('late'), timeout);
      this.#waiting = settle;
    });
  }

  say(message: object): void {
    if (!this.#ended) this.#child.stdin!.write(`${JSON.stringify(message)}\n`);
  }

  kill(): void {
    if (this.#child.pid !== undefined) killTree(this.#child.pid);
  }

  endIn(milliseconds: number): void {
    this.#last ??= setTimeout(() => this.kill(), milliseconds);
  }

  spare(): void {
    clearTimeout(this.#last);
    this.#last = undefined;
  }

  async end(): Promise<void> {
    this.#signal?.removeEventListener('abort', this.#interrupt);
    this.spare();
    this.kill();
    await Promise.allSettled([this.#child]);
    this.kill();
    if (this.#scratch !== null) await rm(this.#scratch, { recursive: true, force: true, maxRetries: 3 });
  }
}

function startSandbox(sandbox: Sandbox, job: PreparedJob, scratch: string | null) {
  const line = commandLine(
    sandbox,
    { ...job, limits: { ...job.limits, silenceMs: 0 } },
    {
      scratch: scratch ?? SCRATCH,
      inputSize: job.inputSize,
      program: 'prepared.py',
      ...(job.python === undefined ? {} : { python: job.python }),
      spec: { input: null, program: job.program, unused: job.unused ?? [], calls: job.calls ?? [] },
      command: [],
      takesEnvironment: true,
    },
  );
  return startChild(
    line.command,
    line.args,
    { environment: line.environment },
    { reject: false, stdin: 'pipe', buffer: false, detached: true },
  );
}
