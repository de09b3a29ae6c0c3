/**
 * What a full-size run (all 24 benchmarks, 152,380 items) costs us, beside the model's own time: a fake worker answers at
 * once over the real protocol, and everything else is the real thing. Planning to be under 2 s, our own processor time
 * per item under 0.1 ms.
 *
 *   node bench/own-cost.ts
 */
import { chmodSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Journal } from '../src/evaluate/journal/journal.ts';
import { inventoryLmEval } from '../src/evaluate/questions/lm-eval-inventory.ts';
import type { EvaluationContext, EvaluationRequest } from '../src/evaluate/request.ts';
import { runPlan } from '../src/evaluate/run-plan.ts';
import { startWorker, type WorkerSettings } from '../src/evaluate/workers/workers.ts';
import { writeRunRecord } from '../src/evaluate/write-run-record.ts';
import { recordPaths } from '../src/record/paths.ts';
import { CATALOGUE } from '../src/suite/catalogue.ts';
import { LIVEBENCH_RELEASE } from '../src/suite/livebench.ts';
import { planAllItems } from '../src/suite/plan/assemble.ts';
import { makeFolder, writeFileAtomic } from '../src/system/files/files.ts';
import { createProgress } from '../src/system/progress.ts';
import { workerSettings } from '../test/support/worker-settings.ts';

const folder = mkdtempSync(join(tmpdir(), 'sos-bench-own-cost-'));
const paths = recordPaths(folder);
const request: EvaluationRequest = {
  model: 'replay',
  modelName: null,
  backend: 'hf',
  modelArgs: {},
  suite: 'full',
  plan: null,
  design: null,
  benchmarks: [],
  datasetsDir: null,
  includePaths: [],
  output: folder,
  python: 'managed',
  batchSize: '8',
  device: null,
  devices: { kind: 'auto' },
  tensorParallel: null,
  launcher: [],
  shard: null,
  applyChatTemplate: false,
  enableThinking: null,
  maxGenToks: null,
  systemInstruction: null,
  seed: 1234,
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
const context: EvaluationContext = {
  cwd: folder,
  environment: {},
  progress: createProgress({ write: () => undefined }),
  signal: new AbortController().signal,
  now: () => new Date(),
  origin: { commit: null, branch: null, event: null },
};

try {
  await makeFolder(paths.logs);
  const settings = replaySettings();
  const worker = await startWorker(settings);
  const sourced = CATALOGUE.map((benchmark) => ({
    benchmark,
    tasks: benchmark.tasks.map((task) => ({ task, source: { kind: 'own' as const, label: 'replay' } })),
  }));
  const inventory = await inventoryLmEval(sourced, worker, null);

  const planning = stopwatch();
  const plan = planAllItems('full', 1234, inventory.benchmarks);
  await writeFileAtomic(paths.plan, `${JSON.stringify(plan)}\n`);
  const items = plan.chunks.reduce((total, { docIds }) => total + docIds.length, 0);
  report(`planning ${items} items`, planning(), 'to be under 2 s');

  const running = stopwatch();
  const identity = { planHash: plan.planHash, modelDigest: 'replay', protocol: {} };
  const { journal, state } = await Journal.open(paths.journal, identity, { fresh: false, now: context.now });
  const outcome = await runPlan({
    plan,
    chunks: plan.chunks,
    state,
    journal,
    inventory,
    slots: [settings],
    idle: worker,
    standby: null,
    request,
    context,
  });
  const model = {
    name: 'replay',
    source: 'replay',
    digest: 'replay',
    loaded: null,
    args: {},
  };
  const left = {
    request,
    context,
    benchmarks: CATALOGUE,
    plan,
    fullPlan: plan,
    state,
    inventory,
    model,
    outcome,
  };
  await writeRunRecord(folder, left);
  await journal.close();
  const { wall, processor } = running();
  const perItem = (processor / items) * 1000;
  report(`running and recording ${items} items in ${plan.chunks.length} chunks`, { wall, processor });
  say(`own processor time per item: ${perItem.toFixed(3)} ms (to be under 0.1 ms)`);
  const megabytes = (path: string) => (statSync(path).size / 1e6).toFixed(1);
  say(`items.parquet ${megabytes(paths.items)} MB, journal ${megabytes(paths.journal)} MB`);

  const reopening = stopwatch();
  const again = await Journal.open(paths.journal, identity, { fresh: false, now: context.now });
  await again.journal.close();
  report(`reading the journal back (${again.state.results.size} chunks)`, reopening());
  say(`peak memory ${(process.resourceUsage().maxRSS / 1024).toFixed(0)} MB`);
} finally {
  rmSync(folder, { recursive: true, force: true });
}

/** The benchmarks at the paper's sizes, spread over their tasks. */
function taskSizes(): Record<string, number> {
  return Object.fromEntries(
    CATALOGUE.flatMap(({ tasks, size }) =>
      tasks.map(({ name }, place) => [
        name,
        Math.floor((size * (place + 1)) / tasks.length) - Math.floor((size * place) / tasks.length),
      ]),
    ),
  );
}

function replaySettings(): WorkerSettings {
  const program = join(folder, 'replay');
  const script = join(import.meta.dirname, 'support', 'fake-replay-worker.ts');
  writeFileSync(program, `#!/bin/sh\nexec '${process.execPath}' '${script}'\n`);
  chmodSync(program, 0o755);
  return workerSettings(
    {
      python: program,
      environment: { PATH: process.env.PATH ?? '', SIZES: JSON.stringify(taskSizes()) },
      log: join(paths.logs, 'worker-0.log'),
      stallTimeout: 60_000,
      signal: context.signal,
    },
    1234,
  );
}

/** Seconds by the clock, and of this process's processor time, since it was made. */
function stopwatch(): () => { wall: number; processor: number } {
  const started = performance.now();
  const usage = process.cpuUsage();
  return () => {
    const { user, system } = process.cpuUsage(usage);
    return { wall: (performance.now() - started) / 1000, processor: (user + system) / 1e6 };
  };
}

function report(what: string, { wall, processor }: { wall: number; processor: number }, bound = ''): void {
  say(`${what}: ${wall.toFixed(2)} s, of it ${processor.toFixed(2)} s processor${bound && ` (${bound})`}`);
}

function say(text: string): void {
  process.stdout.write(`${text}\n`);
}
