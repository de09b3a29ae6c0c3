import { createWriteStream, type WriteStream } from 'node:fs';
import type { Readable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseJson } from '../../json.ts';
import { linesOfEnd, saysWhy } from '../../system/process/last-words.ts';
import { countOomKills } from '../../system/process/oom-kills.ts';
import { killGroup } from '../../system/process/process-group.ts';
import { ENGINE_FAILED, rootCause } from '../../system/process/root-cause.ts';
import { startChild } from '../../system/process/start-child.ts';
import { launchedModuleArguments, moduleArguments } from '../../system/python/python-command.ts';
import { SecretFilter } from '../../system/secrets.ts';
import {
  type ChunkProgress,
  type WorkerAnswer,
  type WorkerMessage,
  WorkerMessageSchema,
  type WorkerRequest,
} from './messages.ts';
import { type FaultKind, WorkerFault } from './worker-fault.ts';

export interface WorkerOptions {
  python: string;
  /** Words put before the command: what starts it elsewhere, such as `srun --gpus=1`. */
  launcher?: readonly string[];
  /** Where the launcher runs: its words may name files of the user's. */
  launcherFolder?: string;
  environment: Record<string, string>;
  /** What the worker prints (harness logs, progress bars) is appended here. */
  log: string;
  /** Milliseconds without a sign of life after which a chunk counts as stalled. */
  stallTimeout: number;
  /** Texts that its log and its errors are kept clear of. */
  secrets?: readonly string[];
  /** Aborting it kills the worker, whatever it is doing. */
  signal: AbortSignal;
}

interface Pending {
  resolve(answer: WorkerAnswer): void;
  reject(fault: WorkerFault): void;
  onProgress: ((progress: ChunkProgress) => void) | undefined;
  /** Whether others may be asked meanwhile. */
  together: boolean;
  /** Milliseconds the worker may be silent. */
  limit: number;
}

/** Name of a request that is not of a chunk. */
const OF_NO_CHUNK = '';

const WORKER_MODULE = 'sosbench_worker';
const TAIL_CHARACTERS = 4000;
/** The cause of an engine's end stands a hundred lines above its last words. */
const CAUSE_CHARACTERS = 100_000;
const OVERLAP_CHARACTERS = 100;
/** Importing the harness and loading a model show no sign of life, and take as long as the disk takes. */
const LOADING_PATIENCE = 30 * 60 * 1000;
/** What the log holds where a process died because memory ran out. */
const OUT_OF_MEMORY =
  /out of memory|OutOfMemoryError|bad_alloc|STATUS_ALLOC_FAILED|(can't|[Cc]annot) allocate memory/;
/** How long a dead worker's last words are waited for: what it started may hold its pipes open. */
const LAST_WORDS_MS = 500;
/** How long a launcher may take to end what it started; a cancelled job has 10 s in all. */
const LAUNCHER_GRACE_MS = 3000;

function spawn(options: WorkerOptions) {
  const { environment, python, launcher = [], launcherFolder } = options;
  const [program, ...words] = launcher;
  const command =
    program === undefined
      ? { program: python, args: moduleArguments(python, WORKER_MODULE) }
      : { program, args: [...words, python, ...launchedModuleArguments(python, WORKER_MODULE)] };
  const folder = program === undefined ? undefined : launcherFolder;
  return startChild(
    command.program,
    command.args,
    { environment, folder },
    {
      stdin: 'pipe',
      stdout: 'pipe',
      stderr: 'pipe',
      buffer: false,
      reject: false,
      // A process group of its own: a terminal's Ctrl-C must not reach it before we decide, and killing the
      // group takes engines and loaders with it.
      detached: true,
      cleanup: false,
    },
  );
}

/** One Python process with the harness in it. Requests are served one at a time, but for chunks that are sent as `together`. */
export class Worker {
  /** What it runs on, as it said when it had imported the harness. */
  versions: Record<string, string> = {};
  readonly #child: ReturnType<typeof spawn>;
  readonly #options: WorkerOptions;
  readonly #log: WriteStream;
  readonly #filter: SecretFilter;
  readonly #exited: Promise<void>;
  readonly #oomKillsAtStart = countOomKills();
  #tail = '';
  /** The log's end since the last request began. */
  #said = '';
  /** Whether the log has said that memory ran out since the last request began. */
  #lacksMemory = false;
  #overlap = '';
  /** Requests without an answer yet, by chunk. */
  readonly #pending = new Map<string, Pending>();
  #stallTimer: NodeJS.Timeout | undefined;
  #end: WorkerFault | undefined;
  /** Its process group is no more: the number may be another's by now. */
  #gone = false;
  /** Its launcher has been told to end. */
  #dying = false;

  constructor(options: WorkerOptions) {
    this.#options = options;
    this.#filter = new SecretFilter(options.secrets ?? []);
    this.#log = createWriteStream(options.log, { flags: 'a', mode: 0o600 });
    // A full disk must not end the run for the sake of a log.
    this.#log.on('error', () => undefined);
    this.#child = spawn(options);
    this.#child.stderr.on('data', (data: Buffer) => {
      const text = this.#filter.push(data.toString('utf8'));
      this.#log.write(text);
      this.#tail = (this.#tail + text).slice(-TAIL_CHARACTERS);
      this.#said = (this.#said + text).slice(-CAUSE_CHARACTERS);
      this.#watchMemory(text);
    });
    this.#child.stdin.on('error', () => undefined);
    this.#readLines(this.#child.stdout);
    this.#exited = this.#watchExit(this.#child);
    const { signal } = options;
    const stop = () => this.kill();
    signal.addEventListener('abort', stop);
    void this.#exited.then(() => signal.removeEventListener('abort', stop));
    if (signal.aborted) this.kill();
  }

  /**
   * Sends a request and waits for its answer.
   *
   * @throws WorkerFault when the worker reports an error, dies, stalls or prints what is not a message.
   */
  request(request: WorkerRequest, onProgress?: (progress: ChunkProgress) => void): Promise<WorkerAnswer> {
    if (this.#end) return Promise.reject(this.#end);
    const isChunk = request.type === 'evaluate' || request.type === 'judge';
    const together = request.type === 'evaluate' && request.together === true;
    const others = [...this.#pending.values()];
    if (others.length > 0 && !(together && others.every((other) => other.together)))
      throw new Error('a worker serves one request at a time');
    return new Promise((resolve, reject) => {
      const { stallTimeout } = this.#options;
      const limit = isChunk ? stallTimeout : Math.max(stallTimeout, LOADING_PATIENCE);
      const pending = { resolve, reject, onProgress, together, limit };
      this.#pending.set(isChunk ? request.chunk : OF_NO_CHUNK, pending);
      this.#restartStallTimer();
      if (others.length === 0) {
        this.#lacksMemory = false;
        this.#said = '';
        this.#overlap = '';
      }
      this.#child.stdin.write(`${JSON.stringify(request)}\n`);
    });
  }

  /** Lets an idle worker end by itself, then makes sure of it. */
  async shutdown(): Promise<void> {
    this.#child.stdin.end('{"type":"shutdown"}\n');
    const timer = setTimeout(() => this.kill(), 4000);
    await this.#exited;
    clearTimeout(timer);
  }

  /**
   * Kills the worker's process group at once. What a launcher has started elsewhere is not in it: the launcher is told first, so that
   * it passes that on, and killed after a moment.
   */
  kill(): void {
    if (this.#gone || this.#dying) return;
    const { pid } = this.#child;
    if ((this.#options.launcher ?? []).length === 0 || pid === undefined) {
      killGroup(pid);
      return;
    }
    this.#dying = true;
    // The worker ends at the end of its input too, where that reaches it.
    this.#child.stdin.destroy();
    this.#child.kill('SIGTERM');
    const timer = setTimeout(() => killGroup(pid), LAUNCHER_GRACE_MS);
    void this.#exited.then(() => clearTimeout(timer));
  }

  /** Whole lines only: one that breaks off is the end of a worker that died while writing it. */
  #readLines(stream: Readable): void {
    let pending = '';
    stream.setEncoding('utf8');
    stream.on('data', (text: string) => {
      const lines = (pending + text).split('\n');
      pending = lines.pop() ?? '';
      for (const line of lines) this.#receive(line);
    });
  }

  #receive(line: string): void {
    let message: WorkerMessage;
    try {
      message = WorkerMessageSchema.parse(parseJson(line));
    } catch {
      this.#refuseGarbage(`the worker printed an invalid message: ${this.#filter.clean(line).slice(0, 120)}`);
      return;
    }
    this.#restartStallTimer();
    if (this.#pending.size === 0) return;
    const of = ('chunk' in message ? message.chunk : undefined) ?? OF_NO_CHUNK;
    if (message.type === 'progress') {
      this.#pending.get(of)?.onProgress?.(message);
      return;
    }
    // One that is alone gets whatever comes.
    const name = this.#pending.size === 1 ? [...this.#pending.keys()][0]! : of;
    const pending = this.#pending.get(name);
    if (!pending) {
      this.#refuseGarbage(`the worker answered '${message.type}' for '${of}', which it was not asked`);
      return;
    }
    this.#pending.delete(name);
    this.#restartStallTimer();
    if (message.type === 'error') void this.#refuse(pending, message);
    else pending.resolve(this.#withoutSecrets(message));
  }

  #refuseGarbage(message: string): void {
    this.#finish(new WorkerFault('garbage', message));
    this.kill();
  }

  /** What a probe or a check was told may repeat the address that was asked, and what stands in it. */
  #withoutSecrets(message: WorkerAnswer): WorkerAnswer {
    if (message.type !== 'hello') return message;
    const clean = (text: string) => this.#filter.clean(text);
    const { probe, engineReason } = message;
    return {
      ...message,
      ...(probe && { probe: { fault: clean(probe.fault), advice: clean(probe.advice) } }),
      ...(engineReason != null && { engineReason: clean(engineReason) }),
    };
  }

  async #refuse(
    pending: Pending,
    { kind, message }: Extract<WorkerMessage, { type: 'error' }>,
  ): Promise<void> {
    const engineDied = ENGINE_FAILED.test(message);
    // Its own words come over another pipe, and may be on their way yet.
    if (engineDied && !this.#lacksMemory) await sleep(LAST_WORDS_MS);
    const fault = engineDied
      ? this.#endOfEngine(kind, message)
      : new WorkerFault(kind, this.#filter.clean(message));
    pending.reject(fault);
    // What ended it for one chunk ended it for all that it had begun.
    if (fault.ended) this.#rejectAll(fault);
  }

  /** What the processes of an engine died of, which is said elsewhere than in the error that came of it. */
  #endOfEngine(kind: FaultKind, message: string): WorkerFault {
    const cause = rootCause(`${this.#said}\n${message}`);
    const told = this.#filter.clean(cause ?? message);
    if (this.#lacksMemory) return new WorkerFault('oom', `the engine ran out of memory: ${told}`);
    if (cause !== null) return new WorkerFault(kind, told);
    if (countOomKills() > this.#oomKillsAtStart)
      return new WorkerFault('host-oom', 'the kernel killed the engine: the host ran out of memory');
    // That says nothing of a model that was being loaded.
    return new WorkerFault(
      kind === 'model' ? 'died' : kind,
      `a process of the engine ended, and its log tells no reason: something else may have killed it (${told})`,
    );
  }

  /** A text may come in two pieces. */
  #watchMemory(text: string): void {
    this.#lacksMemory ||= OUT_OF_MEMORY.test(this.#overlap + text);
    this.#overlap = (this.#overlap + text).slice(-OVERLAP_CHARACTERS);
  }

  #restartStallTimer(): void {
    clearTimeout(this.#stallTimer);
    const limit = Math.max(0, ...[...this.#pending.values()].map((pending) => pending.limit));
    if (limit === 0) return;
    this.#stallTimer = setTimeout(() => {
      const seconds = Math.round(limit / 1000);
      this.#finish(new WorkerFault('stalled', `no sign of life for ${seconds} s`));
      this.kill();
    }, limit);
  }

  async #watchExit(child: ReturnType<typeof spawn>): Promise<void> {
    // Where it could not be started at all there is no exit.
    await Promise.race([new Promise((resolve) => child.once('exit', resolve)), child]);
    // What it started dies with it, and with that its pipes close; one that left the group may keep them open.
    killGroup(child.pid);
    this.#gone = true;
    const close = setTimeout(() => {
      child.stdout.destroy();
      child.stderr.destroy();
    }, LAST_WORDS_MS);
    const result = await child;
    clearTimeout(close);
    const rest = this.#filter.end();
    this.#tail += rest;
    this.#log.end(rest);
    const byKernel = result.signal === 'SIGKILL' && countOomKills() > this.#oomKillsAtStart;
    const how = result.signal
      ? `was killed by ${result.signal}`
      : `ended with code ${result.exitCode ?? '?'}`;
    const last = lastLine(this.#tail);
    const isReason = this.#lacksMemory || saysWhy(last, result.signal ?? null);
    const lastWords =
      (isReason ? this.#filter.clean(last) : '') ||
      (result.exitCode === undefined && !result.signal ? result.shortMessage : '');
    this.#finish(
      byKernel
        ? new WorkerFault('host-oom', 'the kernel killed the worker: the host ran out of memory')
        : new WorkerFault(
            this.#lacksMemory ? 'oom' : 'died',
            `the worker ${how}${lastWords && `: ${lastWords}`}`,
          ),
    );
  }

  #finish(fault: WorkerFault): void {
    this.#end ??= fault;
    this.#rejectAll(this.#end);
  }

  #rejectAll(fault: WorkerFault): void {
    const rejected = [...this.#pending.values()];
    this.#pending.clear();
    clearTimeout(this.#stallTimer);
    for (const pending of rejected) pending.reject(fault);
  }
}

function lastLine(text: string): string {
  return linesOfEnd(text).at(-1)?.slice(0, 300) ?? '';
}
