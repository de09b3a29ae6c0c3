import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, fstatSync, openSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { SosBenchError } from '../error.ts';
import { fileError } from '../system/files/files.ts';
import { guardArguments } from '../system/process/guarded-child.ts';
import { lastWords, saysWhy } from '../system/process/last-words.ts';
import { countOomKills } from '../system/process/oom-kills.ts';
import { groupEnded, killGroup } from '../system/process/process-group.ts';
import { ENGINE_FAILED, rootCause } from '../system/process/root-cause.ts';
import { spawnChild } from '../system/process/start-child.ts';
import { explainEngineFault } from './engine-fault.ts';
import { firstAnswer } from './first-answer.ts';
import { type HttpAnswer, HttpFault, sendRequest } from './http.ts';
import type { ModelServer, ServerFault, ServerKind } from './model-server.ts';

export interface Launch {
  kind: ServerKind;
  /** Program and arguments; no secret among them. */
  command: readonly string[];
  /** Runs the guard that ends the server with us, even if we are killed outright. */
  python: string;
  environment: Record<string, string>;
  port: number;
  key: string;
  model: string;
  versions: Record<string, string>;
  /** What the server prints is appended here. */
  log: string;
  /** Milliseconds from start to first answer. */
  readyTimeout: number;
  /** Milliseconds between two notes of what is waited for; 30 s where left out. */
  noteEvery?: number;
  /** Aborting it kills the server, at any time. */
  signal: AbortSignal;
  note: (text: string) => void;
}

const POLL_MS = 200;
/** A server that ends closes its connections first; on a busy machine its end is seen seconds later. */
const END_WAIT_MS = 10_000;
const PROBE_TIMEOUT_MS = 5000;
const NOTE_EVERY_MS = 30_000;
/** The cause of an engine's end stands a hundred lines above its last words. */
const TAIL_BYTES = 262_144;
const LAST_CHARACTERS = 16_384;
const MUTE = 'a process of its engine ended, and its log tells no reason: something else may have killed it';
/** How long an ended server's group may take to be gone. */
const END_MS = 5000;

/**
 * Starts a server and waits until it has answered a request.
 *
 * @throws SosBenchError `server-failed` (it ended, was not ready in time, or answers what is not a completion; nothing of
 *   it is left), `interrupted`, `disk-full`, `permission-denied`.
 */
export async function launchServer(launch: Launch): Promise<ModelServer> {
  const started = performance.now();
  const running = start(launch);
  let takes: ModelServer['takes'];
  try {
    takes = await becomeReady(launch, running, started);
  } catch (error) {
    await running.stop();
    throw error;
  }
  const { key, model, kind, versions } = launch;
  return {
    url: `${address(launch)}/v1`,
    key,
    model,
    kind,
    versions,
    seconds: (performance.now() - started) / 1000,
    ...(takes && { takes }),
    ended: running.ended,
    stop: running.stop,
  };
}

interface Running {
  ended: Promise<ServerFault>;
  /** How it ended; null while it runs. */
  fault(): ServerFault | null;
  /** What its log says most, of this start. */
  lastWords(): Promise<string>;
  stop(): Promise<void>;
}

function start(launch: Launch): Running {
  const { python, command, environment, log, signal } = launch;
  const oomKills = countOomKills();
  const file = openLog(log);
  const begin = fstatSync(file).size;
  const wordsOf = (said: string, isOver: boolean) =>
    rootCause(said) ?? lastWords(said.slice(-LAST_CHARACTERS), { isOver });
  const child = spawnChild(
    python,
    guardArguments(command, { isWatched: true }),
    { environment },
    {
      stdio: ['ignore', file, file],
      // Leads a group of its own, so that engines and loaders end with it.
      detached: true,
    },
  );
  closeSync(file);
  const kill = () => killGroup(child.pid);
  signal.addEventListener('abort', kill);
  if (signal.aborted) kill();
  let stopped = false;
  let fault: ServerFault | null = null;
  const exited = howItEnds(child).then(async ({ how, signal: killedBy, words }) => {
    signal.removeEventListener('abort', kill);
    // The guard is gone; what it watched over must not outlive it.
    kill();
    if (stopped || signal.aborted) return null;
    const said = await tail(log, begin);
    // An engine that was killed says nothing itself.
    const isMute = ENGINE_FAILED.test(said) && rootCause(said) === null;
    if ((killedBy === 'SIGKILL' || isMute) && countOomKills() > oomKills) {
      fault = { kind: 'host-oom', message: 'the kernel killed the server: the host ran out of memory' };
    } else {
      const last = isMute ? MUTE : wordsOf(said, true);
      const why = words ?? (isMute || saysWhy(last, killedBy) ? last : '');
      fault = { kind: 'died', message: `the server ${how}${why && `: ${why}`}` };
    }
    return fault;
  });
  return {
    ended: new Promise((resolve) => {
      void exited.then((end) => {
        if (end !== null) resolve(end);
      });
    }),
    fault: () => fault,
    lastWords: async () => wordsOf(await tail(log, begin), false),
    async stop() {
      stopped = true;
      kill();
      await exited;
      if (child.pid !== undefined) await groupEnded(child.pid, END_MS);
    },
  };
}

interface End {
  how: string;
  signal: NodeJS.Signals | null;
  /** Null where the log has them. */
  words: string | null;
}

async function howItEnds(child: ChildProcess): Promise<End> {
  try {
    const [code, signal] = (await once(child, 'exit')) as [number | null, NodeJS.Signals | null];
    return {
      how: signal === null ? `ended with code ${code}` : `was killed by ${signal}`,
      signal,
      words: null,
    };
  } catch (error) {
    const words = error instanceof Error ? error.message : String(error);
    return { how: 'could not be started', signal: null, words };
  }
}

function openLog(path: string): number {
  try {
    return openSync(path, 'a', 0o600);
  } catch (error) {
    throw fileError(error, path, 'write');
  }
}

/** @returns how many requests it takes at a time; undefined where it does not say. */
async function becomeReady(launch: Launch, running: Running, started: number): Promise<ModelServer['takes']> {
  const { log, readyTimeout, signal, note, key, model } = launch;
  const end = started + readyTimeout;
  let reported = started;
  let died: ServerFault | null = null;
  let health: HttpAnswer | null;
  const ended = running.ended.then((fault) => {
    died = fault;
  });
  const failIfOver = () => {
    if (signal.aborted)
      throw new SosBenchError('interrupted', 'interrupted while the model server was starting');
    died ??= running.fault();
    if (died !== null) throw whyEnded(died.message, launch);
  };
  for (;;) {
    failIfOver();
    const now = performance.now();
    if (now > end) {
      const seconds = Math.round(readyTimeout / 1000);
      const words = await running.lastWords();
      throw failed(
        `the server was not ready after ${seconds} s${words && `; its last words: ${words}`}`,
        log,
      );
    }
    if (now - reported > (launch.noteEvery ?? NOTE_EVERY_MS)) {
      reported = now;
      const words = await running.lastWords();
      note(`The model server is starting (${Math.round((now - started) / 1000)} s)${words && `: ${words}`}`);
    }
    health = await askHealth(launch);
    if (health?.status === 200) break;
    await Promise.race([sleep(POLL_MS), ended]);
  }
  const url = `${address(launch)}/v1`;
  const left = Math.max(1000, end - performance.now());
  try {
    // One that dies over its first request is told by its end, which comes a moment later.
    const first = await firstAnswer({ url, key, model, timeout: left, signal });
    if (first.kind !== 'answered') {
      const isCut = first.kind === 'failed' && first.isCut;
      await Promise.race([sleep(isCut ? END_WAIT_MS : POLL_MS), ended]);
      failIfOver();
      throw failed(`the server did not answer its first request: ${first.message}`, log);
    }
  } catch (error) {
    if (error instanceof HttpFault) failIfOver();
    throw error;
  }
  return readTakes(health.headers['x-sos-bench-at-a-time']);
}

/** `16`, or `1; why they are no more`. */
function readTakes(header: string | string[] | undefined): ModelServer['takes'] {
  const [, number, reason] = /^(\d+)(?:; (.*))?$/.exec(String(header)) ?? [];
  return number === undefined ? undefined : { atATime: Number(number), reason: reason ?? null };
}

/** Null while nobody listens. */
async function askHealth(launch: Launch): Promise<HttpAnswer | null> {
  const { key, signal } = launch;
  try {
    const url = `${address(launch)}/health`;
    return await sendRequest(url, { method: 'GET', key, timeout: PROBE_TIMEOUT_MS, signal });
  } catch (error) {
    if (error instanceof HttpFault) return null;
    throw error;
  }
}

function address({ port }: Launch): string {
  return `http://127.0.0.1:${port}`;
}

function whyEnded(message: string, { kind, log }: Launch): SosBenchError {
  const explained = kind === 'vllm' ? explainEngineFault(message) : null;
  if (explained === null) return failed(message, log);
  const { message: meaning, hint } = explained;
  return new SosBenchError('server-failed', `the server ended: ${meaning}`, {
    hint: `${hint}; the server's log is ${log}`,
  });
}

function failed(message: string, log: string): SosBenchError {
  return new SosBenchError('server-failed', message, { hint: `the server's log is ${log}` });
}

/** The end of a log, of what stands after `begin`; empty where it cannot be read. */
async function tail(path: string, begin: number): Promise<string> {
  try {
    const file = await open(path, 'r');
    try {
      const { size } = await file.stat();
      const from = Math.max(begin, size - TAIL_BYTES);
      const { buffer, bytesRead } = await file.read(Buffer.alloc(TAIL_BYTES), 0, TAIL_BYTES, from);
      return buffer.subarray(0, bytesRead).toString('utf8');
    } finally {
      await file.close();
    }
  } catch {
    return '';
  }
}
