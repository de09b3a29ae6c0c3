import assert from 'node:assert/strict';
import { join } from 'node:path';
import { planSlots } from '../../../src/evaluate/workers/devices.ts';
import type { ChunkWorker } from '../../../src/evaluate/workers/flights.ts';
import { runChunks } from '../../../src/evaluate/workers/scheduler.ts';
import { chunkWorker, openModel, workerPaths } from '../../../src/evaluate/workers/workers.ts';
import { sourceInFolder, taskSpec } from '../../../src/harness/lm-eval/data.ts';
import type { ModelLoaded, TaskSpec } from '../../../src/harness/lm-eval/messages.ts';
import type { Worker } from '../../../src/harness/lm-eval/worker.ts';
import type { Benchmark } from '../../../src/suite/benchmark.ts';
import { findBenchmark } from '../../../src/suite/catalogue.ts';
import { packageRoot } from '../../../src/system/paths.ts';
import { workerEnvironment } from '../../../src/system/process/child-environment.ts';
import { vllmEnvironment, WORKER_ENVIRONMENT } from '../../../src/system/python/environment-spec.ts';
import { managedPython } from '../../../src/system/python/managed.ts';
import { type BenchOptions, threadsOf } from './options.ts';
import { inRounds, median, newWay, tell, type Way } from './way.ts';

/** The best of these is the one that vLLM is measured with. */
const HF_BATCHES = ['tokens', '8', '16'];
/** What vLLM is given of a round: several, so that some are in flight together. `hf` gets one with all of it, as its batches need it. */
const CHUNKS = 4;

/** A worker with the model, and how it is asked. */
interface Opened {
  name: string;
  worker: Worker;
  batchSize: string;
  modelLoaded: ModelLoaded;
  /** Chunks of a round. */
  chunks: number;
  /** Whether they are handed over together, as a run does it, or one after the other. */
  together: boolean;
}

interface Task {
  benchmark: Benchmark;
  spec: TaskSpec;
}

/**
 * IFEval's and MATH's questions of the mini suite, through the scheduler that a run uses: the real vLLM with several chunks in flight beside
 * `hf` at its best batch, and beside vLLM with one chunk after the other.
 */
export async function benchBackends(options: BenchOptions): Promise<void> {
  const workers: Worker[] = [];
  const open = async (backend: 'vllm' | 'hf', batchSize: string) => {
    const { worker, modelLoaded } = await openOne(backend, batchSize, options);
    workers.push(worker);
    return { worker, modelLoaded, batchSize };
  };
  try {
    const vllm = await open('vllm', 'tokens');
    assert.ok((vllm.modelLoaded.chunksInFlight ?? 1) > 1, 'vLLM takes several chunks at once');
    const together: Opened = { ...vllm, name: 'vLLM', chunks: CHUNKS, together: true };
    const alone: Opened = { ...together, name: 'vLLM with one chunk after the other', together: false };
    const hf: Opened[] = [];
    for (const batchSize of HF_BATCHES) {
      const name = `hf, batches of ${batchSize}`;
      hf.push({ ...(await open('hf', batchSize)), name, chunks: 1, together: false });
    }
    for (const id of ['ifeval', 'math']) await benchTask(id, { together, alone, hf }, options);
  } finally {
    for (const worker of workers) worker.kill();
  }
}

async function benchTask(
  id: string,
  { together, alone, hf }: { together: Opened; alone: Opened; hf: Opened[] },
  options: BenchOptions,
): Promise<void> {
  const benchmark = findBenchmark(id)!;
  const [first] = hf as [Opened];
  const one = { benchmark, spec: specOf(benchmark, 1) };
  const task = { benchmark, spec: specOf(benchmark, options.maxTokens) };
  const described = await first.worker.request({ type: 'describe', spec: task.spec });
  assert.ok(described.type === 'described');
  const ids = described.items.docHashes.map((_, docId) => docId);
  const [warm, ...others] = ids as [number, ...number[]];
  const measured = inRounds(others, options.rounds, options.questions);
  const all = [together, ...hf];
  // An item counts the tokens of its prompt, too: what it counts with one token written, less that one.
  const prompts = new Map<number, number>();
  for (const items of measured)
    for (const { docId, tokens } of (await evaluate(first, one, items, options)).items)
      prompts.set(docId, (tokens ?? 1) - 1);
  for (const opened of [alone, ...all]) await evaluate(opened, task, [warm], options);
  const ways = new Map(all.map((opened) => [opened, newWay(opened.name)]));
  for (const items of measured)
    for (const [opened, way] of ways) await measure(opened, task, items, { way, prompts, options });
  const best = hf.toSorted((a, b) => median(ways.get(b)!.rates) - median(ways.get(a)!.rates))[0]!;
  const what = `${id}, ${measured.flat().length} questions`;
  tell(what, ways.get(together)!, ways.get(best)!);
  await benchInFlight(what, task, { together, alone, measured, prompts }, options);
}

/** Both of one engine, whose prefix cache has all prompts by now: what is measured is the writing. */
async function benchInFlight(
  what: string,
  task: Task,
  given: { together: Opened; alone: Opened; measured: number[][]; prompts: Map<number, number> },
  options: BenchOptions,
): Promise<void> {
  const { together, alone, measured, prompts } = given;
  const ways = [together, alone].map((opened) => ({ opened, way: newWay(opened.name) }));
  for (const items of measured)
    for (const { opened, way } of ways) await measure(opened, task, items, { way, prompts, options });
  tell(`${what}, prompts in the cache`, ways[0]!.way, ways[1]!.way);
}

async function measure(
  opened: Opened,
  task: Task,
  items: readonly number[],
  { way, prompts, options }: { way: Way; prompts: ReadonlyMap<number, number>; options: BenchOptions },
): Promise<void> {
  const { seconds, items: answered } = await evaluate(opened, task, items, options);
  const written = answered.reduce((sum, { docId, tokens }) => sum + (tokens ?? 0) - prompts.get(docId)!, 0);
  way.rates.push(written / seconds);
  for (const { docId, prediction } of answered) way.answers.set(String(docId), String(prediction));
}

/** A round, as a run's scheduler has it done. */
async function evaluate(
  { worker, modelLoaded, batchSize, chunks: wanted, together }: Opened,
  { benchmark, spec }: Task,
  items: readonly number[],
  { signal }: BenchOptions,
) {
  const task = benchmark.tasks[0]!.name;
  const size = Math.ceil(items.length / wanted);
  const chunks = Array.from({ length: Math.ceil(items.length / size) }, (_, index) => ({
    ...{ id: `${task}:${items[0]}:${index}`, benchmark: benchmark.id, task, cost: 1 },
    docIds: items.slice(index * size, (index + 1) * size),
  }));
  const inFlight = together ? (modelLoaded.chunksInFlight ?? 1) : 1;
  const asChunkWorker = chunkWorker(
    ...([worker, 'processor', new Map([[task, spec]]), new Map([[task, benchmark.metric]])] as const),
    modelLoaded.batchTokens ?? null,
    () => inFlight,
  );
  // It is used again.
  const kept: ChunkWorker = { ...asChunkWorker, shutdown: async () => undefined, kill: () => undefined };
  const results: Awaited<ReturnType<ChunkWorker['evaluate']>>[] = [];
  const started = performance.now();
  const { failed } = await runChunks({
    ...{ chunks, workers: 1, batchSize, signal, now: () => performance.now() },
    startWorker: async () => kept,
    onResult: async (result) => void results.push(result),
    onFault: async ({ message }) => assert.fail(message),
    onSlotLost: (_, reason) => assert.fail(reason),
    onProgress: () => undefined,
  });
  assert.equal(failed.size, 0);
  return {
    seconds: (performance.now() - started) / 1000,
    items: results.flatMap((result) => result.items),
  };
}

function specOf(benchmark: Benchmark, maxTokens: number): TaskSpec {
  const [task] = benchmark.tasks;
  const source = sourceInFolder(join(packageRoot(), 'tasks', 'mini'), benchmark, task!, 'the mini suite');
  assert.ok(source.kind !== 'unavailable');
  return taskSpec(benchmark, task!, source, { max_gen_toks: maxTokens });
}

async function openOne(backend: 'vllm' | 'hf', batchSize: string, options: BenchOptions) {
  const { cache, note, signal, folder, model } = options;
  const spec = backend === 'vllm' ? vllmEnvironment('cpu') : WORKER_ENVIRONMENT;
  const python = await managedPython({ cache, environment: process.env, note, spec });
  const passedOn = { ...workerEnvironment(process.env), ...threadsOf(options) };
  const modelArgs = backend === 'vllm' ? { max_model_len: 4096 } : { max_length: 4096 };
  const [slot] = planSlots(
    {
      ...{ backend, modelArgs, device: null, tensorParallel: null, launcher: [] },
      devices: { kind: 'cpu', workers: 1 },
    },
    { gpus: [], driver: 'none', faults: [], cores: options.threads, environment: passedOn },
  );
  return await openModel(
    {
      options: {
        ...{ python, log: join(folder, `${backend}-${batchSize}.log`), stallTimeout: 1_800_000, signal },
        environment: { ...workerPaths(python, cache, passedOn), ...slot!.environment, ...threadsOf(options) },
      },
      includePaths: [join(packageRoot(), 'tasks', 'lm-eval')],
      seed: 1,
      open: {
        ...{ type: 'open', backend, batchSize, device: 'cpu', seed: 1 },
        ...{ applyChatTemplate: false, systemInstruction: null },
        args: {
          ...{ pretrained: model, dtype: 'float32', trust_remote_code: false },
          ...modelArgs,
          ...slot!.args,
        },
      },
    },
    null,
    signal,
  );
}
