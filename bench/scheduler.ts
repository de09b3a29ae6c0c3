/**
 * How long a full-size run takes on many workers, by simulation with the plan's own costs: workers pull chunks, longest
 * expected first, and a chunk takes its expected time with a scatter of 30%. Beside it, one task a GPU as people do it by
 * hand (the next task in the catalogue's order goes to the first GPU that is free). The bound is total/W or the longest
 * chunk. Ours to be <= 1.05 of it.
 *
 *   node bench/scheduler.ts
 */
import { createRandom } from '../src/stats/random.ts';
import { cutShards } from '../src/suite/shards.ts';
import { fullPlan } from '../test/support/full-plan.ts';

const SCATTER = 0.3;

const { chunks } = fullPlan();
const random = createRandom(1);
const times = new Map(chunks.map((chunk) => [chunk, chunk.cost * Math.exp(SCATTER * random.normal())]));
const total = [...times.values()].reduce((sum, time) => sum + time, 0);
const longest = Math.max(...times.values());
say(`${chunks.length} chunks; the longest is ${((100 * longest) / total).toFixed(2)}% of all`);
for (const workers of [8, 64]) {
  const bound = Math.max(total / workers, longest);
  const ordered = [...chunks].sort((a, b) => b.cost - a.cost);
  const ours = makespan(
    ordered.map((chunk) => times.get(chunk)!),
    workers,
  );
  const hand = makespan(tasksInOrder(), workers);
  say(
    `${workers} workers: ${(ours / bound).toFixed(3)} of the bound (to be <= 1.05); one task per GPU: ${(hand / bound).toFixed(2)}`,
  );
}
const started = performance.now();
const loads = cutShards(chunks, 8).map((shard) => shard.reduce((sum, { cost }) => sum + cost, 0));
const even = loads.reduce((sum, load) => sum + load, 0) / loads.length;
const worst = Math.max(...loads.map((load) => Math.abs(load / even - 1)));
const milliseconds = performance.now() - started;
say(`8 shards: ${(100 * worst).toFixed(2)}% off at most (to be < 5%), cut in ${milliseconds.toFixed(0)} ms`);

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
