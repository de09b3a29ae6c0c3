import assert from 'node:assert/strict';
import { test } from 'node:test';
import { SosBenchError } from '../../src/error.ts';
import { BatchMemory } from '../../src/evaluate/workers/batch-memory.ts';
import { halved, workerBatch } from '../../src/evaluate/workers/batch-size.ts';
import type { ChunkWorker } from '../../src/evaluate/workers/flights.ts';
import { type Fault, runChunks } from '../../src/evaluate/workers/scheduler.ts';
import type { ChunkResult } from '../../src/harness/lm-eval/messages.ts';
import { type FaultKind, WorkerFault } from '../../src/harness/lm-eval/worker-fault.ts';
import type { Chunk } from '../../src/suite/plan/plan.ts';
import { rejectsWith } from '../support/reject.ts';

/** What happens to a chunk at each of its tries; after the last of them it succeeds. */
type Troubles = Record<string, FaultKind[]>;

interface Run {
  chunks: Chunk[];
  troubles?: Troubles;
  workers?: number;
  batchSize?: string;
  batchTokens?: number | null;
  memory?: BatchMemory;
  /** How many chunks a worker takes at once. */
  inFlight?: number;
  /** Called when a worker begins a chunk. */
  begun?: (chunk: string, stop: () => void, slot: number, size: string) => Promise<void> | undefined;
  onResult?: (result: ChunkResult) => Promise<void>;
  startWorker?: (slot: number, signal: AbortSignal) => Promise<void>;
}

const chunk = (id: string, cost = 1, benchmark = 'bbq'): Chunk => ({
  id,
  benchmark,
  task: `task_${benchmark}`,
  docIds: [0],
  cost,
});

const many = (count: number, prefix = 'c', benchmark = 'bbq') =>
  Array.from({ length: count }, (_, index) => chunk(`${prefix}${index}`, 1, benchmark));
const soon = () => new Promise<void>(setImmediate);

/** Runs chunks on workers in memory and notes what is asked of them. */
async function run({
  chunks,
  troubles = {},
  workers = 1,
  batchSize = '8',
  batchTokens = null,
  memory,
  inFlight,
  ...hooks
}: Run) {
  const controller = new AbortController();
  const log = {
    tries: [] as string[],
    results: [] as string[],
    faults: [] as Fault[],
    started: 0,
    killed: [] as number[],
    shutDown: [] as number[],
    lost: [] as string[],
    doneBy: new Map<number, string[]>(),
    /** Chunks that a worker had in hand when it was given another one, that one included. */
    beside: [] as string[],
  };
  const left = structuredClone(troubles);
  const outcome = await runChunks({
    chunks,
    workers,
    batchSize,
    ...(memory === undefined ? {} : { memory }),
    signal: controller.signal,
    now: () => 0,
    onProgress: () => undefined,
    onSlotLost: (slot, reason) => void log.lost.push(`${slot}: ${reason}`),
    async startWorker(slot, signal) {
      await hooks.startWorker?.(slot, signal);
      const number = ++log.started;
      let kill: () => void = () => undefined;
      const killed = new Promise<never>((_, reject) => {
        kill = () => reject(new WorkerFault('died', 'the worker was killed by SIGKILL'));
      });
      killed.catch(() => undefined);
      const inHand = new Set<string>();
      const worker: ChunkWorker = {
        device: `GPU ${slot}`,
        batchTokens,
        ...(inFlight !== undefined && { inFlight: () => inFlight }),
        async evaluate({ id }, size, _, together) {
          log.tries.push(`${id}@${size}`);
          inHand.add(id);
          log.beside.push(`${[...inHand].join('+')}${together ? '' : ' alone'}`);
          try {
            await Promise.race([hooks.begun?.(id, () => controller.abort(), slot, size), killed]);
          } finally {
            inHand.delete(id);
          }
          const trouble = left[id]?.shift();
          if (trouble !== undefined) throw new WorkerFault(trouble, `${trouble} happened`);
          log.doneBy.set(slot, [...(log.doneBy.get(slot) ?? []), id]);
          return { type: 'result', chunk: id, seconds: 1, items: [] };
        },
        async shutdown() {
          log.shutDown.push(number);
        },
        kill() {
          log.killed.push(number);
          kill();
        },
      };
      return worker;
    },
    async onResult(result, size) {
      await hooks.onResult?.(result);
      log.results.push(`${result.chunk}@${size}`);
    },
    async onFault(fault) {
      log.faults.push(fault);
    },
  });
  return { ...log, outcome, failed: Object.fromEntries(outcome.failed) };
}

test('the longest expected chunk comes first, equal ones by name', async () => {
  const { results } = await run({ chunks: [chunk('b', 1), chunk('c', 5), chunk('a', 1), chunk('d', 3)] });
  assert.deepEqual(results, ['c@8', 'd@8', 'a@8', 'b@8']);
});

test('one worker serves all chunks and is shut down at the end', async () => {
  const { started, shutDown } = await run({ chunks: [chunk('a'), chunk('b')] });
  assert.deepEqual([started, shutDown], [1, [1]]);
});

test('nothing to do starts no worker', async () => {
  const { started, outcome } = await run({ chunks: [] });
  assert.equal(started, 0);
  assert.deepEqual(outcome, { failed: new Map(), interrupted: false });
});

const RETRIES: [FaultKind, string, number][] = [
  ['oom', 'with half the batch, by a new worker', 2],
  ['host-oom', 'with half the batch, by a new worker', 2],
  ['stalled', 'with half the batch, by a new worker', 2],
  ['died', 'with the same batch, by a new worker: somebody may have killed it', 2],
  ['garbage', 'with the same batch, by a new worker', 2],
  ['device', 'with the same batch, by a new worker: the old one can do no more', 2],
  ['internal', 'with the same batch, by the same worker', 1],
];
for (const [kind, how, workers] of RETRIES) {
  test(`after '${kind}' a chunk is tried again ${how}`, async () => {
    const { tries, started, results, failed } = await run({ chunks: [chunk('a')], troubles: { a: [kind] } });
    const second = how.includes('half') ? '4' : '8';
    assert.deepEqual(tries, ['a@8', `a@${second}`]);
    assert.deepEqual(results, [`a@${second}`]);
    assert.equal(started, workers);
    assert.deepEqual(failed, {});
  });
}

test('out of memory twice quarters the batch', async () => {
  const { tries } = await run({ chunks: [chunk('a')], troubles: { a: ['oom', 'oom'] } });
  assert.deepEqual(tries, ['a@8', 'a@4', 'a@2']);
});

test('a worker that dies of one chunk twice halves the batch after all', async () => {
  const { tries } = await run({ chunks: [chunk('a')], troubles: { a: ['died', 'died'] } });
  assert.deepEqual(tries, ['a@8', 'a@8', 'a@4']);
});

/** Chunks of the task `task_long`, whose batches fit up to `room`. */
const long = (count: number) => many(count, 'long', 'long');
const fits =
  (room: number) =>
  (id: string, _: () => void, __: number, size: string): Promise<void> | undefined =>
    id.startsWith('long') && !(Number.parseInt(size, 10) <= room)
      ? Promise.reject(new WorkerFault('oom', 'CUDA out of memory'))
      : undefined;

const MEMORY: [string, Run, string[]][] = [
  [
    'the next chunks of the task begin where it fitted',
    { chunks: long(3), begun: fits(4) },
    ['long0@8', 'long0@4', 'long1@4', 'long2@4'],
  ],
  [
    'other tasks keep the full size',
    { chunks: [chunk('long', 9, 'long'), ...many(2)], begun: fits(4) },
    ['long@8', 'long@4', 'c0@8', 'c1@8'],
  ],
  [
    'the kernel killing the worker because memory ran out is remembered too',
    { chunks: long(2), troubles: { long0: ['host-oom'] } },
    ['long0@8', 'long0@4', 'long1@4'],
  ],
  [
    'a size that fails later makes it smaller once more',
    { chunks: long(3), troubles: { long0: ['oom'], long1: ['oom'] } },
    ['long0@8', 'long0@4', 'long1@4', 'long1@2', 'long2@2'],
  ],
  [
    'a stall says nothing of memory: its chunk alone is made smaller',
    { chunks: long(2), troubles: { long0: ['stalled'] } },
    ['long0@8', 'long0@4', 'long1@8'],
  ],
  [
    'a budget of tokens is halved for all tasks: it knows how long their requests are',
    {
      chunks: [chunk('long', 9, 'long'), ...many(1)],
      batchSize: 'tokens',
      batchTokens: 8192,
      begun: fits(2048),
    },
    ['long@8192 tokens', 'long@4096 tokens', 'long@2048 tokens', 'c0@2048 tokens'],
  ],
  [
    'where the harness chose the size, it grows again from 1 as long as it fits',
    { chunks: long(5), batchSize: 'auto', begun: fits(4) },
    ['long0@auto', 'long0@1', 'long1@2', 'long2@4', 'long3@8', 'long3@4', 'long4@4'],
  ],
];
for (const [what, options, expected] of MEMORY)
  test(`out of memory: ${what}`, async () => assert.deepEqual((await run(options)).tries, expected));

test('out of memory: another device keeps the full size', async () => {
  const sizes = new Map<string, Set<string>>();
  await run({
    chunks: long(12),
    workers: 2,
    begun: (id, stop, slot, size) => {
      // The first chunk comes from the other device with half the batch.
      if (id !== 'long0') sizes.set(`GPU ${slot}`, (sizes.get(`GPU ${slot}`) ?? new Set()).add(size));
      return slot === 0 ? (fits(4)(id, stop, slot, size) ?? soon()) : soon();
    },
  });
  assert.deepEqual([...sizes].sort(), [
    ['GPU 0', new Set(['4'])],
    ['GPU 1', new Set(['8'])],
  ]);
});

test('out of memory: what an earlier attempt learnt holds from the first chunk on', async () => {
  const memory = new BatchMemory();
  memory.ranOut('GPU 0', 'task_long', '8');
  const { tries } = await run({ chunks: long(2), memory, begun: fits(4) });
  assert.deepEqual(tries, ['long0@4', 'long1@4']);
});

test('a chunk is tried again before others get their turn', async () => {
  const { tries } = await run({ chunks: [chunk('a', 2), chunk('b')], troubles: { a: ['died'] } });
  assert.deepEqual(tries, ['a@8', 'a@8', 'b@8']);
});

test('after three tries the benchmark is given up with the reason; the others go on', async () => {
  const { failed, tries, results } = await run({
    chunks: [chunk('a1', 9), chunk('a2', 8), chunk('x', 1, 'xstest')],
    troubles: { a1: ['oom', 'oom', 'oom'] },
  });
  assert.deepEqual(failed, { bbq: 'task_bbq: oom happened after 3 tries' });
  assert.deepEqual(tries, ['a1@8', 'a1@4', 'a1@2', 'x@8'], 'its other chunks are not begun');
  assert.deepEqual(results, ['x@8']);
});

for (const kind of ['data', 'model'] as const)
  test(`what fails because of its ${kind} is not tried again: it would fail the same way`, async () => {
    const { failed, tries, started } = await run({
      chunks: [chunk('a', 2), chunk('x', 1, 'xstest')],
      troubles: { a: [kind] },
    });
    assert.deepEqual(tries, ['a@8', 'x@8']);
    assert.equal(started, 1);
    assert.deepEqual(failed, { bbq: `task_bbq: ${kind} happened` });
  });

test('every fault is told, with its try, batch and kind', async () => {
  const { faults } = await run({ chunks: [chunk('a')], troubles: { a: ['oom', 'died'] } });
  const told = faults.map(({ kind, tries, batchSize }) => `${tries} ${kind} ${batchSize}`);
  assert.deepEqual(told, ['1 oom 8', '2 died 4']);
});

const HALVES: [string, string][] = [
  ['8', '4'],
  ['3', '1'],
  ['1', '1'],
  ['auto', '1'],
  ['auto:4', '1'],
  ['8192 tokens', '4096 tokens'],
  ['1 tokens', '1 tokens'],
];
for (const [size, half] of HALVES) {
  test(`half a batch of ${size} is ${half}`, () => assert.equal(halved(size), half));
}

const WORKER_BATCHES: [size: string, budget: number | null, told: object][] = [
  ['8', null, { batchSize: '8' }],
  ['auto', null, { batchSize: 'auto' }],
  ['8192 tokens', 8192, { batchSize: '8', batchTokens: 8192 }],
  ['2048 tokens', 8192, { batchSize: '2', batchTokens: 2048 }],
  ['512 tokens', 65536, { batchSize: '1', batchTokens: 512 }],
  ['16384 tokens', 8192, { batchSize: '8', batchTokens: 16384 }],
];
for (const [size, budget, told] of WORKER_BATCHES)
  test(`a worker whose budget was ${budget} is told of ${size}: ${JSON.stringify(told)}`, () => {
    assert.deepEqual(workerBatch(size, budget), told);
  });

test('two workers share the queue, and every chunk is done once', async () => {
  const chunks = Array.from({ length: 9 }, (_, index) => chunk(`c${index}`));
  const { results, started } = await run({ chunks, workers: 2, begun: () => new Promise(setImmediate) });
  assert.equal(started, 2);
  assert.deepEqual([...results].sort(), chunks.map(({ id }) => `${id}@8`).sort());
});

test('no more workers are started than there are chunks', async () => {
  assert.equal((await run({ chunks: [chunk('a')], workers: 4 })).started, 1);
});

const forever = () => new Promise<void>(() => undefined);

test('an interrupt kills the worker in mid-chunk, and no chunk is begun after it', async () => {
  const { outcome, tries, killed, shutDown, faults } = await run({
    chunks: [chunk('a'), chunk('b')],
    begun(_, stop) {
      stop();
      return forever();
    },
  });
  assert.equal(outcome.interrupted, true);
  assert.deepEqual(tries, ['a@8']);
  assert.ok(killed.includes(1));
  assert.deepEqual([shutDown, faults], [[], []], 'a killed worker is not a fault and gets no goodbye');
});

test('an interrupt stops all workers', async () => {
  const { outcome, tries, killed } = await run({
    chunks: [chunk('a'), chunk('b'), chunk('c')],
    workers: 2,
    begun(id, stop) {
      if (id === 'b') stop();
      return forever();
    },
  });
  assert.equal(outcome.interrupted, true);
  assert.deepEqual(tries, ['a@8', 'b@8']);
  assert.deepEqual([...new Set(killed)].sort(), [1, 2]);
});

test('what is finished before the interrupt counts', async () => {
  const { results, outcome } = await run({
    chunks: [chunk('a', 2), chunk('b')],
    begun(id, stop) {
      if (id === 'b') stop();
      return undefined;
    },
  });
  assert.ok(results.includes('a@8'));
  assert.equal(outcome.interrupted, true);
});

test('an interrupt while a worker starts kills it once it has started', async () => {
  const controller = new AbortController();
  const killed: string[] = [];
  await runChunks({
    chunks: [chunk('a')],
    workers: 1,
    batchSize: '8',
    signal: controller.signal,
    now: () => 0,
    onProgress: () => undefined,
    onSlotLost: () => undefined,
    onResult: async () => undefined,
    onFault: async () => undefined,
    async startWorker() {
      controller.abort();
      return {
        device: 'GPU 0',
        evaluate: () => assert.fail('no chunk may be begun'),
        shutdown: async () => undefined,
        kill: () => void killed.push('worker'),
      };
    },
  });
  assert.ok(killed.length > 0);
});

test('a result that cannot be kept ends the run, and the worker with it', async () => {
  const killed = run({
    chunks: [chunk('a'), chunk('b')],
    onResult: () => Promise.reject(new Error('disk full')),
  });
  await assert.rejects(killed, /disk full/);
});

test('where one worker cannot be started the others are stopped: the run has failed', async () => {
  const ended: string[] = [];
  const failing = run({
    chunks: [chunk('a'), chunk('b')],
    workers: 2,
    startWorker: (slot) => (slot === 1 ? Promise.reject(new Error('no memory')) : Promise.resolve()),
    begun: (id) => {
      ended.push(id);
      return forever();
    },
  });
  await assert.rejects(failing, /no memory/);
  assert.ok(ended.length <= 1);
});

const noMemory = () => Promise.reject(new SosBenchError('worker-failed', 'no memory on that GPU'));
const broken = (kind: FaultKind = 'device') => Promise.reject(new WorkerFault(kind, 'CUDA error: ECC'));

test('a slot whose worker cannot be started is told and left out; the others do its chunks', async () => {
  const { lost, results, failed } = await run({
    chunks: many(6),
    workers: 3,
    startWorker: (slot) => (slot === 1 ? noMemory() : Promise.resolve()),
    begun: soon,
  });
  assert.deepEqual(lost, ['1: no memory on that GPU']);
  assert.equal(results.length, 6);
  assert.deepEqual(failed, {});
});

test("where no worker can be started the run ends with the last one's reason", async () => {
  const none = run({ chunks: many(3), workers: 3, startWorker: noMemory });
  await rejectsWith(() => none, 'worker-failed', 'no memory');
});

test('a chunk that failed on one device is tried on another one first', async () => {
  const seen: string[] = [];
  await run({
    chunks: [chunk('a', 9), ...many(4)],
    workers: 2,
    troubles: { a: ['died'] },
    begun: (id, _, slot) => {
      seen.push(`${id} on ${slot}`);
      return soon();
    },
  });
  assert.deepEqual(
    seen.filter((text) => text.startsWith('a ')),
    ['a on 0', 'a on 1'],
  );
});

for (const kind of ['device', 'died', 'garbage', 'stalled'] as const) {
  test(`a device on which everything ends '${kind}' is retired, and no benchmark is lost to it`, async () => {
    const { lost, failed, results, faults } = await run({
      chunks: many(20).map((one, index) => ({ ...one, benchmark: `benchmark${index}` })),
      workers: 2,
      begun: (_, __, slot) => (slot === 1 ? broken(kind) : soon()),
    });
    assert.deepEqual(lost, ['1: its workers kept failing at chunks that other workers finished']);
    assert.deepEqual(failed, {});
    assert.equal(results.length, 20);
    assert.equal(faults.length, 3, 'three chunks were lent to it, no more');
  });
}

test('a broken device gets no new chunks while a slow one is still busy with what failed there', async () => {
  let release: () => void = () => undefined;
  const held = new Promise<void>((resolve) => {
    release = resolve;
  });
  let failures = 0;
  const { results, failed } = await run({
    chunks: many(30),
    workers: 2,
    begun: (id, _, slot) => {
      if (slot === 1) {
        failures++;
        if (failures === 3) setTimeout(release, 20);
        return broken();
      }
      return id === 'c0' ? held : soon();
    },
  });
  assert.equal(failures, 3);
  assert.equal(results.length, 30);
  assert.deepEqual(failed, {});
});

test("chunks that fail everywhere are the benchmark's fault, not the devices'", async () => {
  const bad = many(10, 'bad', 'bbq');
  const { lost, failed, results } = await run({
    chunks: [...bad, ...many(10, 'good', 'xstest')],
    workers: 3,
    begun: (id) => (id.startsWith('bad') ? broken('died') : soon()),
  });
  assert.deepEqual(lost, []);
  assert.deepEqual(Object.keys(failed), ['bbq']);
  assert.equal(results.length, 10);
});

test('two devices that break at once do not wait for each other', async () => {
  const outcome = run({ chunks: many(12), workers: 2, begun: () => broken() });
  assert.deepEqual(Object.keys((await outcome).failed), ['bbq']);
});

test('the last chunk of a slot that is lost is done by one that had nothing left to do', async () => {
  let starts = 0;
  const { results, lost } = await run({
    chunks: many(2),
    workers: 2,
    startWorker: (slot) => (slot === 1 && starts++ > 0 ? noMemory() : Promise.resolve()),
    begun: (_, __, slot) =>
      slot === 1
        ? soon()
            .then(soon)
            .then(() => broken())
        : soon(),
  });
  assert.equal(results.length, 2);
  assert.deepEqual(lost, []);
});

test('a slow device does fewer chunks and holds nobody up', async () => {
  let release: () => void = () => undefined;
  const held = new Promise<void>((resolve) => {
    release = resolve;
  });
  let fast = 0;
  const { doneBy } = await run({
    chunks: many(20),
    workers: 2,
    begun: (_, __, slot) => {
      if (slot === 0) return held;
      if (++fast === 19) release();
      return soon();
    },
  });
  assert.deepEqual([doneBy.get(0)!.length, doneBy.get(1)!.length], [1, 19]);
});

for (const slow of [0, 1]) {
  test(`where one slot cannot go on, one that is still loading its model is not waited for (slot ${slow})`, async () => {
    let told = false;
    const loading = (signal: AbortSignal) =>
      new Promise<void>((_, reject) => {
        signal.addEventListener('abort', () => {
          told = true;
          reject(new SosBenchError('worker-failed', 'the worker was killed'));
        });
      });
    await rejectsWith(
      () =>
        run({
          chunks: many(4),
          workers: 2,
          startWorker: (slot, signal) => (slot === slow ? loading(signal) : Promise.resolve()),
          onResult: () => Promise.reject(new SosBenchError('disk-full', 'no space left')),
        }),
      'disk-full',
    );
    assert.ok(told);
  });
}

const written = (count: number) => many(count, 'w', 'ifeval');

test('a worker that takes three chunks at once gets the next as soon as one is done', async () => {
  const { beside, results } = await run({ chunks: written(5), inFlight: 3, begun: soon });
  assert.deepEqual(beside.slice(0, 3), ['w0', 'w0+w1', 'w0+w1+w2']);
  assert.ok(
    beside.every((text) => text.split('+').length <= 3 && !text.includes('alone')),
    beside.join(),
  );
  assert.equal(results.length, 5);
});

test('chunks of two benchmarks are not in flight together', async () => {
  const chunks = [...many(2, 'a', 'ifeval'), ...many(2, 'b', 'math')];
  const { beside } = await run({ chunks, inFlight: 9, begun: soon });
  assert.deepEqual(beside, ['a0', 'a0+a1', 'b0', 'b0+b1']);
});

test('chunks of two looks are not in flight together', async () => {
  const chunks = written(4).map((one, index) => ({ ...one, look: index < 2 ? 1 : 2 }));
  const { beside } = await run({ chunks, inFlight: 9, begun: soon });
  assert.deepEqual(beside, ['w0', 'w0+w1', 'w2', 'w2+w3']);
});

test('no slot takes more than its share of the chunks that may be in flight', async () => {
  const { doneBy, beside } = await run({ chunks: written(8), workers: 2, inFlight: 9, begun: soon });
  assert.equal(Math.max(...beside.map((text) => text.split('+').length)), 4);
  assert.ok([...doneBy.values()].every((done) => done.length >= 3) && doneBy.size === 2);
});

test('a chunk in flight that fails is tried again by itself, and the others are kept', async () => {
  const { beside, results, faults, started } = await run({
    chunks: written(3),
    inFlight: 3,
    begun: soon,
    troubles: { w1: ['internal'] },
  });
  assert.deepEqual(beside.slice(3), ['w1 alone']);
  assert.deepEqual([results.length, faults.length, started], [3, 1, 1]);
});

/** Workers whose end is the end of all that they have in flight, as often as is said. */
function endingTogether(kind: FaultKind, times: number) {
  let left = times;
  let waiting: ((fault: Error) => void)[] = [];
  return (id: string) =>
    new Promise<void>((resolve, reject) => {
      waiting.push(reject);
      setImmediate(() => {
        if (id !== 'w1' || left === 0) return resolve();
        left--;
        const fault = new WorkerFault(kind, `${kind} happened`);
        for (const end of waiting) end(fault);
        waiting = [];
      });
    });
}

for (const [kind, size] of [
  ['died', '8'],
  ['stalled', '4'],
  ['oom', '4'],
] as const)
  test(`where a worker ends '${kind}', all in flight are tried again, each by itself, at ${size}`, async () => {
    const { faults, beside, tries, results, started, failed } = await run({
      chunks: written(3),
      inFlight: 3,
      // The first is done before the others' end is known.
      begun: endingTogether(kind, 1),
    });
    assert.deepEqual(faults.map(({ chunk: { id }, tries: count }) => `${id} ${count}`).sort(), [
      'w1 1',
      'w2 1',
    ]);
    assert.deepEqual(beside.slice(3).sort(), ['w1 alone', 'w2 alone']);
    assert.deepEqual(tries.slice(3).sort(), [`w1@${size}`, `w2@${size}`]);
    assert.deepEqual([results.length, started, failed], [3, 2, {}]);
  });

test('a chunk that kills its worker each time does not use up the tries of those beside it', async () => {
  const { faults, failed, results } = await run({
    chunks: written(4),
    inFlight: 4,
    begun: endingTogether('died', 3),
  });
  const counts = (chunk: string) => faults.filter(({ chunk: { id } }) => id === chunk).length;
  assert.deepEqual([counts('w0'), counts('w1'), counts('w2'), counts('w3')], [0, 3, 1, 1]);
  assert.deepEqual(failed, { ifeval: 'task_ifeval: died happened after 3 tries' });
  // What was put back last is tried first.
  assert.ok(results.includes('w0@8'));
});

test("where one chunk's answer is garbage, those that were in flight with it begin again without a try more", async () => {
  const { faults, results, beside } = await run({
    chunks: written(3),
    inFlight: 3,
    begun: (id) => (id === 'w0' ? soon() : new Promise((resolve) => setTimeout(resolve, 20))),
    troubles: { w0: ['garbage'] },
  });
  assert.deepEqual(
    faults.map(({ chunk: { id } }) => id),
    ['w0'],
  );
  assert.equal(results.length, 3);
  assert.ok(beside.includes('w0 alone'));
  assert.ok(
    beside.slice(3).some((text) => text.includes('+')),
    beside.join(),
  );
});

test('an interrupt ends all in flight, and nothing of it is a fault', async () => {
  const { outcome, faults, results } = await run({
    chunks: written(4),
    inFlight: 3,
    begun(id, stop) {
      if (id === 'w2') stop();
      return forever();
    },
  });
  assert.deepEqual([outcome.interrupted, faults, results], [true, [], []]);
});

test('what is known not to fit is not in flight with others', async () => {
  const memory = new BatchMemory();
  memory.ranOut('GPU 0', 'task_ifeval', '8');
  const { beside } = await run({ chunks: written(2), inFlight: 3, memory, begun: soon });
  assert.deepEqual(beside, ['w0 alone', 'w1 alone']);
});
