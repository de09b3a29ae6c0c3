/**
 * Generation that keeps a processor busy, with the questions of the mini suite. LiveBench's: continuous batching of `transformers serve`
 * beside one at a time. IFEval's and MATH's: the real vLLM beside `hf` at its best batch. Each pair in turns, in one run: tokens a second,
 * their ratio, and how many answers are equal.
 *
 *   node bench/generation.ts [--model DIR] [--questions 16] [--max-tokens 48] [--rounds 3] [--threads 2] [--only server|backend]
 */
import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { openModel, workerPaths } from '../src/evaluate/workers/workers.ts';
import { askQuestions, DEFAULT_RETRY_POLICY } from '../src/harness/livebench/answer/answer.ts';
import { type LiveBenchQuestion, parseQuestion } from '../src/harness/livebench/question.ts';
import { sourceInFolder, taskSpec } from '../src/harness/lm-eval/data.ts';
import type { Worker } from '../src/harness/lm-eval/worker.ts';
import type { ModelServer } from '../src/serving/model-server.ts';
import { openServer } from '../src/serving/open-server.ts';
import { findBenchmark } from '../src/suite/catalogue.ts';
import { cacheRoot, packageRoot } from '../src/system/paths.ts';
import { workerEnvironment } from '../src/system/process/child-environment.ts';
import { vllmEnvironment, WORKER_ENVIRONMENT } from '../src/system/python/environment-spec.ts';
import { managedPython } from '../src/system/python/managed.ts';

const { values } = parseArgs({
  options: {
    model: { type: 'string', default: join(cacheRoot(process.env), 'demo-models', 'smollm2-135m', 'model') },
    questions: { type: 'string', default: '16' },
    'max-tokens': { type: 'string', default: '48' },
    rounds: { type: 'string', default: '3' },
    threads: { type: 'string', default: '2' },
    only: { type: 'string' },
  },
});
const [count, maxTokens, rounds, threads] = [
  values.questions,
  values['max-tokens'],
  values.rounds,
  values.threads,
].map(Number) as [number, number, number, number];

/** Continuous batching at eight requests on two cores is to be so many times as fast as one at a time. */
const SERVER_BOUND = 1.5;
const AT_A_TIME = 8;
/** The best of batches by tokens and of these, by a round of each. */
const HF_BATCHES = ['tokens', '8', '16'];
const MINI = join(packageRoot(), 'tasks', 'mini');
const cache = cacheRoot(process.env);
const folder = mkdtempSync(join(tmpdir(), 'sos-bench-generation-'));
const { signal } = new AbortController();
let files = 0;
const note = (text: string) => void process.stderr.write(`${text}\n`);

/** One way of answering: its rate of each round, and the answers, which are the same in each. */
interface Way {
  rates: number[];
  answers: Map<string, string>;
}
const newWay = (): Way => ({ rates: [], answers: new Map() });

try {
  if (values.only !== 'backend') await benchServer();
  if (values.only !== 'server') await benchBackend();
} finally {
  rmSync(folder, { recursive: true, force: true });
}

async function benchServer(): Promise<void> {
  const questions = miniQuestions();
  const python = await managedPython({ cache, environment: process.env, note, spec: WORKER_ENVIRONMENT });
  const open = (atATime: number) =>
    openServer({
      ...{ server: 'transformers', python, devices: [], threads, tensorParallel: null, cache, atATime },
      model: { path: values.model, args: { dtype: 'float32' }, digest: 'bench', name: null },
      environment: workerEnvironment(process.env),
      log: join(folder, `server-${atATime}.log`),
      ...{ readyTimeout: 1_800_000, key: null, signal, note },
    });
  const servers: ModelServer[] = [];
  try {
    for (const atATime of [AT_A_TIME, 1]) servers.push(await open(atATime));
    const [together, alone] = servers as [ModelServer, ModelServer];
    assert.deepEqual(together.takes, { atATime: AT_A_TIME, reason: null });
    const ways = { together: newWay(), alone: newWay() };
    for (let round = 0; round < rounds; round++) {
      await ask(together, AT_A_TIME, questions, ways.together);
      await ask(alone, 1, questions, ways.alone);
    }
    tell(`transformers serve, ${questions.length} questions of LiveBench`, [
      [`${AT_A_TIME} at a time`, ways.together],
      ['one at a time', ways.alone],
      SERVER_BOUND,
    ]);
  } finally {
    for (const server of servers) await server.stop();
  }
}

async function ask(server: ModelServer, parallel: number, questions: LiveBenchQuestion[], way: Way) {
  const started = performance.now();
  const { answers, failures } = await askQuestions({
    ...{ questions, server, parallel, maxTokens, signal, displayName: 'model' },
    ...{ file: join(folder, `answers-${files++}.jsonl`), retryPolicy: DEFAULT_RETRY_POLICY },
    now: () => new Date(),
  });
  assert.deepEqual(failures, []);
  const tokens = answers.reduce((sum, { outputTokens }) => sum + (outputTokens ?? 0), 0);
  way.rates.push(tokens / ((performance.now() - started) / 1000));
  for (const { questionId, turns } of answers) keep(way, questionId, JSON.stringify(turns));
}

/** Of each category as many, as far as there are. */
function miniQuestions(): LiveBenchQuestion[] {
  const files = readdirSync(MINI)
    .filter((name) => name.startsWith('livebench-'))
    .flatMap((name) => readdirSync(join(MINI, name)).map((file) => join(MINI, name, file)));
  const all = files.map((file) => readFileSync(file, 'utf8').trim().split('\n'));
  const inTurns = Array.from({ length: Math.max(...all.map(({ length }) => length)) }, (_, n) =>
    all.flatMap((lines) => lines[n] ?? []),
  ).flat();
  return inTurns.slice(0, count).map((line) => {
    const question = parseQuestion(JSON.parse(line));
    assert.ok(typeof question !== 'string', String(question));
    return question;
  });
}

async function benchBackend(): Promise<void> {
  const workers: Worker[] = [];
  const openWorker = async (backend: string, batchSize: string, args: object) => {
    const spec = backend === 'vllm' ? vllmEnvironment('cpu') : WORKER_ENVIRONMENT;
    const python = await managedPython({ cache, environment: process.env, note, spec });
    const environment = {
      ...workerEnvironment(process.env),
      OMP_NUM_THREADS: String(threads),
      GOMP_SPINCOUNT: '20000',
    };
    const log = join(folder, `${backend}-${batchSize}.log`);
    const { worker, modelLoaded } = await openModel(
      {
        options: {
          ...{ python, log, stallTimeout: 1_800_000, signal },
          environment: { ...environment, ...workerPaths(python, cache, environment) },
        },
        includePaths: [join(packageRoot(), 'tasks', 'lm-eval')],
        seed: 1,
        open: {
          ...{ type: 'open', backend, batchSize, device: 'cpu', seed: 1 },
          ...{ applyChatTemplate: false, systemInstruction: null },
          args: { pretrained: values.model, dtype: 'float32', trust_remote_code: false, ...args },
        },
      },
      null,
      signal,
    );
    workers.push(worker);
    return { worker, batchSize, batchTokens: modelLoaded.batchTokens ?? null };
  };
  try {
    const vllm = await openWorker('vllm', 'tokens', {
      ...{ enforce_eager: true, block_size: 32, kv_cache_memory_bytes: 1024 ** 3, max_model_len: 4096 },
    });
    const all = [];
    for (const batchSize of HF_BATCHES) all.push(await openWorker('hf', batchSize, { max_length: 4096 }));
    for (const id of ['ifeval', 'math']) {
      const benchmark = findBenchmark(id)!;
      const [task] = benchmark.tasks;
      const source = sourceInFolder(MINI, benchmark, task!, 'the mini suite');
      assert.ok(source.kind !== 'unavailable');
      const spec = taskSpec(benchmark, task!, source, { max_gen_toks: maxTokens });
      const described = await vllm.worker.request({ type: 'describe', spec });
      assert.ok(described.type === 'described');
      const items = described.items.docHashes.slice(0, count).map((_, docId) => docId);
      const ways = new Map([vllm, ...all].map((one) => [one, newWay()]));
      for (let round = 0; round < rounds; round++)
        for (const [{ worker, batchSize, batchTokens }, way] of ways) {
          const started = performance.now();
          const answer = await worker.request({
            ...{
              type: 'evaluate',
              chunk: `${id}-${round}`,
              spec,
              metric: benchmark.metric,
              items,
              batchSize,
            },
            ...(batchTokens !== null && { batchTokens }),
          });
          assert.ok(answer.type === 'result', JSON.stringify(answer));
          const tokens = answer.items.reduce((sum, item) => sum + (item.tokens ?? 0), 0);
          way.rates.push(tokens / ((performance.now() - started) / 1000));
          for (const { docId, prediction } of answer.items) keep(way, String(docId), String(prediction));
        }
      const best = all.toSorted((a, b) => median(ways.get(b)!.rates) - median(ways.get(a)!.rates))[0]!;
      tell(`${id}, ${items.length} questions`, [
        ['vllm', ways.get(vllm)!],
        [`hf, batches of ${best.batchSize}`, ways.get(best)!],
        null,
      ]);
    }
  } finally {
    for (const worker of workers) worker.kill();
  }
}

/** What differs between two rounds of one way is a near-tie, or what was asked together. */
function keep(way: Way, id: string, answer: string): void {
  const before = way.answers.get(id);
  if (before !== undefined && before !== answer) way.answers.set(id, `${before} and another`);
  else way.answers.set(id, answer);
}

function median(numbers: readonly number[]): number {
  return numbers.toSorted((a, b) => a - b)[Math.floor(numbers.length / 2)]!;
}

type Side = [name: string, way: Way];
function tell(title: string, [[name, way], [otherName, other], bound]: [Side, Side, number | null]): void {
  const ratios = way.rates.map((rate, round) => rate / other.rates[round]!);
  const equal = [...way.answers].filter(([id, answer]) => other.answers.get(id) === answer).length;
  const held = bound === null ? 'no bound' : `to be >= ${bound}`;
  process.stdout.write(
    `${title}: ${name} ${median(way.rates).toFixed(1)} tokens a second, ${otherName} ${median(other.rates).toFixed(1)}; ` +
      `ratios ${ratios.map((ratio) => ratio.toFixed(2)).join(', ')}, median ${median(ratios).toFixed(2)} (${held}); ` +
      `${equal} of ${way.answers.size} answers are equal\n`,
  );
}
