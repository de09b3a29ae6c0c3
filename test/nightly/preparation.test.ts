/** Work that the harness does for each document or option and that one time is enough for: saved, and nothing else. */
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { execa } from 'execa';
import { workerPaths } from '../../src/evaluate/workers/workers.ts';
import { sourceInFolder, taskSpec } from '../../src/harness/lm-eval/data.ts';
import { findBenchmark } from '../../src/suite/catalogue.ts';
import { packageRoot } from '../../src/system/paths.ts';
import { workerEnvironment } from '../../src/system/process/child-environment.ts';
import { testCache } from '../support/cli.ts';
import { makeTinyModel } from '../support/datasets.ts';
import { temporaryFolder } from '../support/folder.ts';
import { ONE_THREAD } from '../support/process.ts';
import { testPython } from '../support/python.ts';

const folder = temporaryFolder();
const python = await testPython();
const model = await makeTinyModel(python, join(folder, 'tiny'));

interface Way {
  items: object[];
  compiled: number;
  tokenised: number;
}

async function prepare(id: string, documents: number): Promise<Record<'plain' | 'ours', Way>> {
  const benchmark = findBenchmark(id)!;
  const [task] = benchmark.tasks;
  const found = sourceInFolder(join(packageRoot(), 'tasks', 'mini'), benchmark, task!, 'mini');
  assert.ok(found.kind !== 'unavailable');
  const { stdout } = await execa(python, [join(import.meta.dirname, '../support/preparation.py')], {
    env: {
      ...workerEnvironment(process.env),
      ...ONE_THREAD,
      ...workerPaths(python, testCache(folder).SOS_BENCH_CACHE!),
      PYTHONPATH: join(packageRoot(), 'worker'),
    },
    extendEnv: false,
    input: JSON.stringify({
      spec: taskSpec(benchmark, task!, found, null),
      metric: benchmark.metric,
      model,
      includePaths: [join(packageRoot(), 'tasks', 'lm-eval')],
      documents,
    }),
  });
  return JSON.parse(stdout);
}

test('templates are compiled once and contexts tokenised once; scores, margins and hashes stay the same', async () => {
  const documents = 4;
  const { plain, ours } = await prepare('wmdp', documents);
  assert.equal(plain.items.length, documents);
  assert.deepEqual(ours.items, plain.items);
  // Each document has four options.
  assert.deepEqual([plain.tokenised, ours.tokenised], [documents * 8, documents * 5]);
  // The template of the question and of the answer; the harness takes them up for each document again.
  assert.ok(plain.compiled >= 2 * documents, `${plain.compiled}`);
  assert.ok(ours.compiled <= 4, `${ours.compiled}`);
});
