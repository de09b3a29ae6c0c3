import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { askQuestions, DEFAULT_RETRY_POLICY } from '../../../src/harness/livebench/answer/answer.ts';
import { type LiveBenchQuestion, parseQuestion } from '../../../src/harness/livebench/question.ts';
import type { ModelServer } from '../../../src/serving/model-server.ts';
import { openServer } from '../../../src/serving/open-server.ts';
import { packageRoot } from '../../../src/system/paths.ts';
import { workerEnvironment } from '../../../src/system/process/child-environment.ts';
import { vllmEnvironment, WORKER_ENVIRONMENT } from '../../../src/system/python/environment-spec.ts';
import { managedPython } from '../../../src/system/python/managed.ts';
import { type BenchOptions, threadsOf } from './options.ts';
import { newWay, tell, type Way } from './way.ts';

const AT_A_TIME = 8;
/** Continuous batching at eight requests on two cores is to be so many times as fast as one at a time. */
const BATCHING_BOUND = 1.5;

/** A server, and how it is asked. */
interface Asked {
  server: ModelServer;
  atATime: number;
  way: Way;
}

/**
 * LiveBench's questions of the mini suite: `transformers serve` with continuous batching beside one at a time, and vLLM's server beside it.
 *
 * @param kinds which servers.
 */
export async function benchServers(options: BenchOptions, kinds: readonly ('transformers' | 'vllm')[]) {
  const rounds = toldApart(miniQuestions().slice(0, options.questions), options.rounds);
  const asked: Asked[] = [];
  const open = async (kind: 'transformers' | 'vllm', atATime: number, name: string) => {
    asked.push({ server: await openOne(kind, atATime, options), atATime, way: newWay(name) });
    return asked.at(-1)!.way;
  };
  try {
    const together = await open('transformers', AT_A_TIME, `${AT_A_TIME} at a time`);
    assert.deepEqual(asked[0]!.server.takes, { atATime: AT_A_TIME, reason: null });
    const alone = kinds.includes('transformers') ? await open('transformers', 1, 'one at a time') : null;
    const vllm = kinds.includes('vllm') ? await open('vllm', AT_A_TIME, 'vLLM') : null;
    for (const questions of rounds) for (const one of asked) await ask(one, questions, options);
    const what = `${rounds.flat().length} questions of LiveBench`;
    if (alone !== null) tell(`transformers serve, ${what}`, together, alone, BATCHING_BOUND);
    if (vllm !== null)
      tell(`servers at ${AT_A_TIME} at a time, ${what}`, vllm, { ...together, name: 'transformers serve' });
  } finally {
    for (const { server } of asked) await server.stop();
  }
}

async function openOne(kind: 'transformers' | 'vllm', atATime: number, options: BenchOptions) {
  const { cache, note, signal, threads, model, folder } = options;
  const spec = kind === 'vllm' ? vllmEnvironment('cpu') : WORKER_ENVIRONMENT;
  const python = await managedPython({ cache, environment: process.env, note, spec });
  return await openServer({
    ...{ server: kind, python, devices: [], threads, tensorParallel: null, cache, atATime },
    model: { path: model, args: { dtype: 'float32', max_length: 4096 }, digest: 'bench', name: null },
    environment: { ...workerEnvironment(process.env), ...threadsOf(options) },
    log: join(folder, `server-${kind}-${atATime}.log`),
    ...{ readyTimeout: 1_800_000, key: null, signal, note },
  });
}

let files = 0;
async function ask(
  { server, atATime, way }: Asked,
  questions: LiveBenchQuestion[],
  { maxTokens, folder, signal }: BenchOptions,
): Promise<void> {
  const started = performance.now();
  const { answers, failures } = await askQuestions({
    ...{ questions, server, parallel: atATime, maxTokens, signal, displayName: 'model' },
    ...{ file: join(folder, `answers-${files++}.jsonl`), retryPolicy: DEFAULT_RETRY_POLICY },
    now: () => new Date(),
  });
  const seconds = (performance.now() - started) / 1000;
  assert.deepEqual(failures, []);
  way.rates.push(answers.reduce((sum, { outputTokens }) => sum + (outputTokens ?? 0), 0) / seconds);
  for (const { questionId, turns } of answers) way.answers.set(questionId, JSON.stringify(turns));
}

/** The same questions in each round, so that enough are in flight, told apart in their first word: a server may keep what it has read once. */
function toldApart(questions: readonly LiveBenchQuestion[], rounds: number): LiveBenchQuestion[][] {
  assert.ok(questions.length >= AT_A_TIME, `${questions.length} questions are never ${AT_A_TIME} at a time`);
  return Array.from({ length: rounds }, (_, round) =>
    questions.map((question) => ({
      ...question,
      id: `${question.id}-${round}`,
      turns: question.turns.map((turn) => `${round + 1}. ${turn}`),
    })),
  );
}

/** All categories in turns. */
function miniQuestions(): LiveBenchQuestion[] {
  const mini = join(packageRoot(), 'tasks', 'mini');
  const files = readdirSync(mini)
    .filter((name) => name.startsWith('livebench-'))
    .flatMap((name) => readdirSync(join(mini, name)).map((file) => join(mini, name, file)));
  const all = files.map((file) => readFileSync(file, 'utf8').trim().split('\n'));
  const inTurns = Array.from({ length: Math.max(...all.map(({ length }) => length)) }, (_, n) =>
    all.flatMap((lines) => lines[n] ?? []),
  ).flat();
  return inTurns.map((line) => {
    const question = parseQuestion(JSON.parse(line));
    assert.ok(typeof question !== 'string', String(question));
    return question;
  });
}
