/** Upstream tasks draw from global generators while they load: the order of loading must not reach a prompt. */
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { inventoryLmEval } from '../../src/evaluate/questions/lm-eval-inventory.ts';
import { findSources, type SourcedBenchmark } from '../../src/evaluate/questions/sources.ts';
import { startWorker, workerPaths } from '../../src/evaluate/workers/workers.ts';
import type { WorkerItem, WorkerRequest } from '../../src/harness/lm-eval/messages.ts';
import { selectBenchmarks } from '../../src/suite/select.ts';
import { packageRoot } from '../../src/system/paths.ts';
import { workerEnvironment } from '../../src/system/process/child-environment.ts';
import { testCache } from '../support/cli.ts';
import { makeTinyModel } from '../support/datasets.ts';
import { temporaryFolder } from '../support/folder.ts';
import { ONE_THREAD } from '../support/process.ts';
import { testPython } from '../support/python.ts';

const rows = selectBenchmarks([]).filter(({ harness }) => harness === 'lm-eval');

describe('two load orders of all lm-eval benchmarks', () => {
  const folder = temporaryFolder();
  const controller = new AbortController();
  after(() => controller.abort());
  let forward: Map<string, string[]>;
  let backward: Map<string, string[]>;

  /** What each task asks, when the tasks are loaded and then asked in this order: hashes of document, prompt, target. */
  async function ask(
    order: (sourced: SourcedBenchmark[]) => SourcedBenchmark[],
  ): Promise<Map<string, string[]>> {
    const python = await testPython();
    const environment = {
      ...workerEnvironment(process.env),
      ...ONE_THREAD,
      ...workerPaths(python, testCache(folder).SOS_BENCH_CACHE!),
    };
    const log = join(folder, 'worker.log');
    const { signal } = controller;
    const open = {
      type: 'open',
      backend: 'hf',
      args: { pretrained: await makeTinyModel(python, join(folder, 'tiny')), dtype: 'float32' },
      batchSize: '16',
      device: 'cpu',
      applyChatTemplate: false,
      systemInstruction: null,
      seed: 1234,
    } satisfies WorkerRequest;
    const worker = await startWorker({
      options: { python, environment, log, stallTimeout: 120_000, signal },
      includePaths: [join(packageRoot(), 'tasks', 'lm-eval')],
      seed: 1234,
      open,
    });
    const hub = { python, environment, token: null, cache: folder, note: () => {} };
    const sourced = order(await findSources(rows, { suite: 'mini', datasetsDir: null, cwd: folder, hub }));
    // One token: what is asked counts here, not what is answered.
    const inventory = await inventoryLmEval(sourced, worker, { max_gen_toks: 1 });
    await worker.request(open);
    const asked = new Map<string, string[]>();
    for (const { id, tasks } of inventory.benchmarks) {
      for (const { task, documents } of tasks) {
        if (documents === null) continue;
        const spec = inventory.specs.get(task)!;
        const items = documents.hashes.map((_, docId) => docId);
        const metric = inventory.metrics.get(task)!;
        const answer = await worker.request({
          type: 'evaluate',
          chunk: task,
          spec,
          metric,
          items,
          batchSize: '16',
        });
        assert.ok(answer.type === 'result');
        asked.set(`${id} ${task}`, answer.items.map(describeItem));
      }
    }
    await worker.shutdown();
    return asked;
  }

  const describeItem = ({ docHash, promptHash, target }: WorkerItem) => `${docHash} ${promptHash} ${target}`;

  before(async () => {
    forward = await ask((sourced) => sourced);
    backward = await ask((sourced) =>
      sourced.toReversed().map(({ benchmark, tasks }) => ({ benchmark, tasks: tasks.toReversed() })),
    );
  });

  for (const { id } of rows) {
    test(`${id}: equal documents, prompts and targets`, () => {
      const tasks = [...forward.keys()].filter((key) => key.startsWith(`${id} `));
      assert.ok(tasks.length > 0, 'the benchmark has tasks with documents in suite mini');
      for (const task of tasks) assert.deepEqual(backward.get(task), forward.get(task), task);
    });
  }
});
