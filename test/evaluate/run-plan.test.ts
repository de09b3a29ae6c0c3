import assert from 'node:assert/strict';
import { chmodSync, existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { Journal, readJournal } from '../../src/evaluate/journal/journal.ts';
import { inventoryLmEval } from '../../src/evaluate/questions/lm-eval-inventory.ts';
import type { EvaluationContext, EvaluationRequest } from '../../src/evaluate/request.ts';
import { runPlan } from '../../src/evaluate/run-plan.ts';
import { slotSettings, startWorker, type WorkerSettings } from '../../src/evaluate/workers/workers.ts';
import { writeRunRecord } from '../../src/evaluate/write-run-record.ts';
import { recordPaths } from '../../src/record/paths.ts';
import { readRecord } from '../../src/record/read.ts';
import { LIVEBENCH_RELEASE } from '../../src/suite/livebench.ts';
import { planAllItems } from '../../src/suite/plan/assemble.ts';
import { selectBenchmarks } from '../../src/suite/select.ts';
import { makeFolder } from '../../src/system/files/files.ts';
import { createProgress } from '../../src/system/progress.ts';
import { temporaryFolder } from '../support/folder.ts';
import { workerSettings } from '../support/worker-settings.ts';

// A whole run whose workers are fakes that answer at once over the real protocol.

const folder = temporaryFolder();
const paths = recordPaths(folder);
const benchmarks = selectBenchmarks(['xstest']);
const request: EvaluationRequest = {
  model: 'replay',
  modelName: null,
  backend: 'hf',
  modelArgs: {},
  suite: 'full',
  plan: null,
  design: null,
  benchmarks: ['xstest'],
  datasetsDir: null,
  includePaths: [],
  output: folder,
  python: 'managed',
  batchSize: '8',
  device: null,
  devices: { kind: 'cpu', workers: 2 },
  tensorParallel: null,
  launcher: [],
  applyChatTemplate: false,
  enableThinking: null,
  maxGenToks: null,
  systemInstruction: null,
  seed: 1234,
  shard: null,
  stallTimeout: 60,
  server: 'auto',
  serverModel: null,
  serverParallel: null,
  stages: ['lm-eval'],
  livebench: { dir: null, ref: null, release: LIVEBENCH_RELEASE, allowUnsafeCode: false },
  fresh: false,
  trustRemoteCode: false,
  allowPickle: false,
};
const told: string[] = [];
/** A clock that is set back by an hour each time it is looked at. */
let hour = 23;
const context: EvaluationContext = {
  cwd: folder,
  environment: {},
  progress: createProgress({ write: (text) => told.push(text) }),
  signal: new AbortController().signal,
  now: () => new Date(Date.UTC(2026, 0, 1, hour--)),
  origin: { commit: null, branch: null, event: null },
};

function settings(more: Record<string, string> = {}): WorkerSettings {
  const program = join(folder, 'replay');
  const script = join(import.meta.dirname, '..', '..', 'bench', 'support', 'fake-replay-worker.ts');
  writeFileSync(program, `#!/bin/sh\nexec '${process.execPath}' '${script}'\n`);
  chmodSync(program, 0o755);
  const { signal } = context;
  const environment = { PATH: process.env.PATH ?? '', SIZES: JSON.stringify({ sosb_xstest: 450 }), ...more };
  return workerSettings({ python: program, environment, stallTimeout: 60_000, signal }, 1234);
}

const sourced = benchmarks.map((benchmark) => ({
  benchmark,
  tasks: benchmark.tasks.map((task) => ({ task, source: { kind: 'own' as const, label: 'replay' } })),
}));

test('two workers under a clock that runs backwards: all is done, and no time is negative', async () => {
  await makeFolder(paths.logs);
  const slot = (name: string) => ({ name, environment: {}, device: 'cpu', args: {}, needsGpu: false });
  const slots = slotSettings(settings(), [slot('CPU worker 1 of 2'), slot('CPU worker 2 of 2')], paths.logs);
  const idle = await startWorker(slots[0]!);
  const inventory = await inventoryLmEval(sourced, idle, null);
  const plan = planAllItems('full', 1234, inventory.benchmarks);
  const identity = { planHash: plan.planHash, modelDigest: 'replay', protocol: {} };
  const { journal, state } = await Journal.open(paths.journal, identity, {
    fresh: false,
    now: context.now,
  });
  const outcome = await runPlan({
    plan,
    chunks: plan.chunks,
    state,
    journal,
    inventory,
    slots,
    idle,
    standby: null,
    request,
    context,
  });
  await journal.close();
  const model = {
    name: 'replay',
    source: 'replay',
    digest: 'replay',
    loaded: null,
    args: {},
  };
  const left = { request, context, benchmarks, plan, fullPlan: plan, state, inventory, model, outcome };
  const made = await writeRunRecord(folder, left);
  const { record } = made;
  assert.deepEqual(made, await readRecord(folder), 'what it hands on is what it wrote');
  assert.equal(record.complete, true);
  assert.ok(record.totals.deviceMinutes! > 0);
  assert.ok(
    Date.parse(record.finished!) >= Date.parse(record.started!),
    `${record.started} ${record.finished}`,
  );
  assert.match(told.join(''), /Model loaded on replay \(CPU worker 2 of 2\) \(\d+ s\)/);
  for (const index of [0, 1]) assert.ok(existsSync(join(paths.logs, `worker-${index}.log`)));
});

/**
 * One attempt at the first `chunks` of a plan, by a fake worker with this environment; gives what the journal at `path` holds
 * afterwards, and the record.
 */
async function attempt(
  path: string,
  batchSize: string,
  chunks: number,
  environment: Record<string, string>,
  backend = 'hf',
) {
  const slots = slotSettings(
    settings(environment),
    [{ name: 'GPU 0', environment: {}, device: 'cpu', args: {}, needsGpu: false }],
    paths.logs,
  ).map((slot) => ({ ...slot, open: { ...slot.open, batchSize } }));
  const idle = await startWorker(slots[0]!);
  const inventory = await inventoryLmEval(sourced, idle, null);
  const whole = planAllItems('full', 1234, inventory.benchmarks);
  const plan = { ...whole, chunks: whole.chunks.slice(0, chunks) };
  const identity = { planHash: plan.planHash, modelDigest: 'replay', protocol: {} };
  const { journal, state } = await Journal.open(path, identity, { fresh: false, now: () => new Date() });
  const { failed } = await runPlan({
    plan,
    chunks: plan.chunks,
    state,
    journal,
    inventory,
    slots,
    idle,
    standby: null,
    request: { ...request, batchSize, backend },
    context,
  });
  await journal.close();
  assert.deepEqual([...failed], []);
  const entries = (await readJournal(path))!.entries;
  return entries.flatMap((entry) => ('batchSize' in entry ? `${entry.type} ${entry.batchSize}` : []));
}

test('what ran out of memory once is not tried again at that size, by a resumed run either', async () => {
  const path = join(folder, 'short-of-memory.ndjson');
  const room = { ROOM: '4' };
  assert.deepEqual(await attempt(path, '8', 2, room), ['fault 8', 'chunk 4', 'chunk 4']);
  assert.deepEqual(await attempt(path, '8', 3, room), ['fault 8', 'chunk 4', 'chunk 4', 'chunk 4']);
});

test('a budget of tokens is halved after out of memory, and a resumed run begins with the half', async () => {
  const path = join(folder, 'short-of-tokens.ndjson');
  const room = { BUDGET: '8192', ROOM: '4096' };
  const done = ['fault 8192 tokens', 'chunk 4096 tokens', 'chunk 4096 tokens'];
  assert.deepEqual(await attempt(path, 'tokens', 2, room), done);
  assert.deepEqual(await attempt(path, 'tokens', 3, room), [...done, 'chunk 4096 tokens']);
});

test('a resumed run keeps the budget that it began with, whatever would be reckoned now', async () => {
  const path = join(folder, 'another-budget.ndjson');
  await attempt(path, 'tokens', 1, { BUDGET: '8192' });
  const done = await attempt(path, 'tokens', 2, { BUDGET: '16384' });
  assert.deepEqual(done, ['chunk 8192 tokens', 'chunk 8192 tokens']);
});

test('a backend without a budget has batches of 8 requests', async () => {
  const path = join(folder, 'no-budget.ndjson');
  assert.deepEqual(await attempt(path, 'tokens', 1, { ROOM: '4' }), ['fault 8', 'chunk 4']);
});

test("what was begun in the harness's way is resumed so; what was begun in the shared way may end in the other, and both are known", async () => {
  const WAYS: [first: string, second: string, engines: string[]][] = [
    ['harness', 'shared', ['harness', 'harness']],
    ['shared', 'shared', ['shared', 'shared']],
    ['shared', 'harness', ['shared', 'harness']],
  ];
  for (const [first, second, expected] of WAYS) {
    const path = join(folder, `${first}-${second}.ndjson`);
    await attempt(path, 'tokens', 1, { BUDGET: '8192', ENGINE: first });
    await attempt(path, 'tokens', 2, { BUDGET: '8192', ENGINE: second });
    const { entries } = (await readJournal(path))!;
    const engines = entries.flatMap((entry) => (entry.type === 'hello' ? [entry.hello.engine] : []));
    assert.deepEqual(engines, expected);
  }
});

test("the log says why what questions share is read again, where the backend could read it once and nobody asked for the harness's way", async () => {
  const CASES: [backend: string, batchSize: string, engine: string, isTold: boolean][] = [
    ['hf', 'tokens', 'harness', true],
    // It has no budget of tokens: it makes its own batches.
    ['vllm', 'tokens', 'harness', true],
    ['vllm', 'tokens', 'shared', false],
    ['vllm', '8', 'harness', false],
    ['hf', '8', 'harness', false],
    ['sglang', 'tokens', 'harness', false],
    ['local-completions', 'tokens', 'harness', false],
  ];
  for (const [index, [backend, batchSize, engine, isTold]] of CASES.entries()) {
    told.length = 0;
    const environment = { ENGINE: engine, ...(backend === 'hf' && { BUDGET: '8192' }) };
    await attempt(join(folder, `note-${index}.ndjson`), batchSize, 1, environment, backend);
    const note =
      /The model reads the shared beginning of questions again for each of them: its cache cannot branch/;
    assert.equal(note.test(told.join('')), isTold, `${backend} ${batchSize} ${engine}`);
  }
});
