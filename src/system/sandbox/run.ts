import { mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { SosBenchError } from '../../error.ts';
import { startChild } from '../process/start-child.ts';
import { type CommandLine, commandLine, measureFolder } from './command-line.ts';
import { readLines } from './lines.ts';
import { INPUT, SCRATCH } from './mounts.ts';
import { killTree, measureTree } from './process-tree.ts';
import type { Limits, Sandbox, SandboxJob, SandboxResult, SandboxStop } from './sandbox.ts';

const WATCH_MS = 250;
const PRINTED_CHARACTERS = 100_000;
const MAX_TOLD_CHARACTERS = 512 * 2 ** 20;
/** A message has a piece of at most a million characters, each of which may take twelve. */
const MAX_LINE_CHARACTERS = 16 * 2 ** 20;

const MessageSchema = z.union([
  z.object({ started: z.literal(true), lacks: z.array(z.string()) }),
  z.object({ full: z.literal(true) }),
  z.object({ file: z.string(), text: z.string(), whole: z.literal(true), first: z.boolean() }),
  z.object({ file: z.string(), text: z.string() }),
]);

/**
 * Runs a command in the sandbox on a copy of a folder. Whatever happens, nothing of it runs afterwards and its scratch is
 * gone.
 *
 * @throws SosBenchError `interrupted`.
 */
export async function runInSandbox(sandbox: Sandbox, job: SandboxJob): Promise<SandboxResult> {
  const scratch = sandbox.kind === 'none' ? await mkdtemp(join(job.scratchParent, '.scratch-')) : SCRATCH;
  try {
    const isolated = sandbox.kind !== 'none';
    const line = commandLine(sandbox, job, {
      scratch,
      inputSize: await measureFolder(job.input),
      program: 'runner.py',
      spec: { input: isolated ? INPUT : job.input, watch: job.watch },
      command: job.command,
    });
    return await supervise(line, job);
  } finally {
    if (sandbox.kind === 'none') await rm(scratch, { recursive: true, force: true, maxRetries: 3 });
  }
}

async function supervise(line: CommandLine, job: SandboxJob): Promise<SandboxResult> {
  const child = startChild(
    line.command,
    line.args,
    { environment: line.environment },
    {
      reject: false,
      // Open as long as we are there, which is what the runner looks at.
      stdin: 'pipe',
      buffer: false,
      detached: true,
    },
  );
  const files = new Map<string, string>();
  let reachedEnd = false;
  let full = false;
  let { lacks } = line;
  let stopped: SandboxStop | null = null;
  let reported = 0;
  let printed = '';
  let lastSign = Date.now();
  const stop = (why: SandboxStop | null) => {
    stopped ??= why;
    if (child.pid !== undefined) killTree(child.pid);
  };
  const interrupt = () => stop(null);
  job.signal?.addEventListener('abort', interrupt);
  if (job.signal?.aborted) interrupt();
  const started = Date.now();
  const watch = setInterval(() => {
    const why = overLimit(job.limits, { started, lastSign, pid: child.pid });
    if (why !== null) stop(why);
  }, WATCH_MS);
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    job.onPrinted?.(text);
    printed = (printed + text).slice(-PRINTED_CHARACTERS);
  });
  const onLine = (text: string) => {
    reported += text.length;
    if (reported > MAX_TOLD_CHARACTERS) stop('output');
    const message = parseMessage(text);
    if (message === null || stopped !== null) return;
    lastSign = Date.now();
    if ('started' in message) lacks = [...line.lacks, ...message.lacks];
    else if ('full' in message) full = true;
    else if (!('whole' in message)) job.onLines?.(message.file, message.text);
    else {
      reachedEnd = true;
      files.set(message.file, (message.first ? '' : (files.get(message.file) ?? '')) + message.text);
    }
  };
  const linesEnded = readLines(child.stdout!, MAX_LINE_CHARACTERS, {
    onLine,
    onTooLong: () => stop('output'),
  });
  try {
    const result = await child;
    await linesEnded;
    if (job.signal?.aborted) throw new SosBenchError('interrupted', 'interrupted while scoring');
    const exitCode = stopped === null ? (result.exitCode ?? null) : null;
    return {
      exitCode,
      stopped,
      full,
      lacks,
      files: exitCode !== null && (reachedEnd || exitCode === 0) ? files : null,
      printed: printed || (result.exitCode === undefined ? (result.shortMessage ?? '') : ''),
    };
  } finally {
    clearInterval(watch);
    job.signal?.removeEventListener('abort', interrupt);
    if (child.pid !== undefined) killTree(child.pid);
  }
}

/** What a program in the sandbox may have put between the runner's messages is left out. */
function parseMessage(text: string): z.infer<typeof MessageSchema> | null {
  try {
    const parsed = MessageSchema.safeParse(JSON.parse(text));
    return parsed.success ? parsed.data : null;
  } catch {
    return null;
  }
}

function overLimit(
  limits: Limits,
  state: { started: number; lastSign: number; pid: number | undefined },
): SandboxStop | null {
  if (state.pid === undefined) return null;
  const now = Date.now();
  if (now - state.started > limits.wallMs) return 'wall';
  if (now - state.lastSign > limits.silenceMs) return 'silence';
  const { processes, tooMuchMemory } = measureTree(state.pid, limits.memory);
  if (processes > limits.processes) return 'processes';
  return tooMuchMemory ? 'memory' : null;
}
