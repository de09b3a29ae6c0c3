/**
 * How long the lm-eval part of a full-size run takes on many workers: the scheduler itself, its workers simulated; a chunk
 * takes what the plan expects with a scatter of 30%. Beside it, one task a GPU as people do it by hand (the next task in
 * the catalogue's order goes to the first GPU that is free). The bound is total/W or the longest chunk. Ours to be <= 1.05
 * of it. LiveBench's part, which begins when that has ended, is divided among servers by the question.
 *
 *   node bench/scheduler.ts
 */
import assert from 'node:assert/strict';
import type { ChunkWorker } from '../src/evaluate/workers/flights.ts';
import { runChunks } from '../src/evaluate/workers/scheduler.ts';
import { findBenchmark } from '../src/suite/catalogue.ts';
import { cutShards } from '../src/suite/plan/shards.ts';
import { fullPlan } from '../test/support/full-plan.ts';
import { createRandom } from '../test/support/random.ts';

const SCATTER = 0.3;

const plan = fullPlan();
const chunks = plan.chunks.filter(({ benchmark }) => findBenchmark(benchmark)!.harness === 'lm-eval');
const random = createRandom(1);
const times = new Map(chunks.map((chunk) => [chunk, chunk.cost * Math.exp(SCATTER * random.normal())]));
const total = [...times.values()].reduce((sum, time) => sum + time, 0);
const longest = Math.max(...times.values());
say(`${chunks.length} chunks; the longest is ${((100 * longest) / total).toFixed(2)}% of all`);
for (const workers of [8, 64]) {
  const bound = Math.max(total / workers, longest);
  const ours = await scheduled(workers);
  const hand = makespan(tasksInOrder(), workers);
  say(
    `${workers} workers: ${(ours / bound).toFixed(3)} of the bound (to be <= 1.05); one task per GPU: ${(hand / bound).toFixed(2)}`,
  );
}
const started = performance.now();
const loads = cutShards(plan.chunks, 8).map((shard) => shard.reduce((sum, { cost }) => sum + cost, 0));
const even = loads.reduce((sum, load) => sum + load, 0) / loads.length;
const worst = Math.max(...loads.map((load) => Math.abs(load / even - 1)));
const milliseconds = performance.now() - started;
say(`8 shards: ${(100 * worst).toFixed(2)}% off at most (to be < 5%), cut in ${milliseconds.toFixed(0)} ms`);

/** Runs the chunks by the real scheduler on workers whose time is simulated; returns when the last one ends. */
async function scheduled(workers: number): Promise<number> {
  let time = 0;
  const busy: { until: number; end: () => void }[] = [];
  const worker: ChunkWorker = {
    device: 'simulated',
    evaluate: (chunk) =>
      new Promise((resolve) => {
        const end = () => resolve({ type: 'result', chunk: chunk.id, seconds: 0, items: [] });
        busy.push({ until: time + times.get(chunk)!, end });
      }),
    shutdown: async () => undefined,
    kill: () => undefined,
  };
  let ended = false;
  const run = runChunks({
    chunks,
    workers,
    startWorker: async () => worker,
    onSlotLost: (_, reason) => assert.fail(reason),
    batchSize: '8',
    onResult: async () => undefined,
    onFault: async ({ message }) => assert.fail(message),
    onProgress: () => undefined,
    signal: new AbortController().signal,
    now: () => time,
  }).finally(() => {
    ended = true;
  });
  while (!ended) {
    // Whoever is free takes its next chunk first.
    await new Promise(setImmediate);
    const next = busy.reduce((first, job, place) => (job.until < busy[first]!.until ? place : first), 0);
    const [job] = busy.splice(next, 1);
    if (job === undefined) continue;
    time = job.until;
    job.end();
  }
  await run;
  return time;
}

function tasksInOrder(): number[] {
  const byTask = new Map<string, number>();
  for (const chunk of chunks) byTask.set(chunk.task, (byTask.get(chunk.task) ?? 0) + times.get(chunk)!);
  return [...byTask.values()];
}

/** Each job goes to the worker that is free first. */
function makespan(jobs: readonly number[], workers: number): number {
  const busyUntil = new Float64Array(workers);
  for (const job of jobs) {
    let first = 0;
    for (let worker = 1; worker < workers; worker++)
      if (busyUntil[worker]! < busyUntil[first]!) first = worker;
    busyUntil[first]! += job;
  }
  return Math.max(...busyUntil);
}

function say(text: string): void {
  process.stdout.write(`${text}\n`);
}
