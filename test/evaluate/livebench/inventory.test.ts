/** Questions of a `datasets-dir` as a plan, the stage and the record see them; nothing is asked or scored. */
import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { inventoryLiveBench } from '../../../src/evaluate/livebench/inventory.ts';
import { categoryOf } from '../../../src/harness/livebench/read-questions.ts';
import { sourceInFolder } from '../../../src/harness/lm-eval/data.ts';
import { buildResults } from '../../../src/record/results/build.ts';
import { CATALOGUE } from '../../../src/suite/catalogue.ts';
import { LIVEBENCH_RELEASE } from '../../../src/suite/livebench.ts';
import { planAllItems } from '../../../src/suite/plan/assemble.ts';
import type { Suite } from '../../../src/suite/plan/plan.ts';
import { temporaryFolder } from '../../support/folder.ts';
import { fakeLiveBench, makeQuestion } from '../../support/livebench.ts';

const folder = temporaryFolder();
const rows = CATALOGUE.filter(({ id }) => ['livebench-reasoning', 'livebench-data-analysis'].includes(id));
/** One question a task, from the release before its first; `cta` was removed with 2025-04-25. */
for (const benchmark of rows) {
  mkdirSync(join(folder, benchmark.id));
  for (const { name: task } of benchmark.tasks) {
    const { raw } = makeQuestion(`a question of ${task}`, {
      task,
      category: categoryOf(benchmark),
      livebench_release_date: task === 'spatial' ? '2024-07-26' : '2024-06-24',
      livebench_removal_date: task === 'cta' ? '2025-04-25' : '',
    });
    writeFileSync(join(folder, benchmark.id, `${task}.jsonl`), `${JSON.stringify(raw)}\n`);
  }
}

async function inventoryOf(release: string, suite: Suite = 'full', data = folder) {
  const environment = fakeLiveBench();
  const sandbox = { kind: 'none', detail: 'a fake', environment: {} } as never;
  const sourced = rows.map((benchmark) => ({
    benchmark,
    tasks: benchmark.tasks.map((task) => ({
      task,
      source: sourceInFolder(data, benchmark, task, 'datasets-dir'),
    })),
  }));
  const { benchmarks } = await inventoryLiveBench(sourced, {
    readiness: { kind: 'ready', environment, sandbox, server: 'given', codingRefused: null },
    suite,
    release,
    maxTokens: 16,
  });
  const plan = planAllItems(suite, 1, benchmarks);
  // As if all was done.
  const results = new Map(
    plan.chunks.map(({ id, task, docIds }) => [
      id,
      docIds.map((docId) => ({
        docId,
        docHash: plan.benchmarks.flatMap(({ tasks }) => tasks).find((one) => one.task === task)!
          .docHashes[0]!,
        promptHash: '0'.repeat(16),
        scores: { livebench: 1 },
        target: '',
        tokens: 1,
        prediction: 'x',
      })),
    ]),
  );
  const built = buildResults(CATALOGUE, plan, results, new Map());
  return built.benchmarks.map(({ id, status, n, reason }) => [id, status, n, reason]);
}

test('in the default release each task is there', async () => {
  assert.deepEqual(await inventoryOf(LIVEBENCH_RELEASE), [
    ['livebench-data-analysis', 'done', 3, null],
    ['livebench-reasoning', 'done', 3, null],
  ]);
});

test('a task that came later is left out of the mean, and the benchmark says so', async () => {
  assert.deepEqual(await inventoryOf('2024-06-24'), [
    ['livebench-data-analysis', 'done', 3, null],
    [
      'livebench-reasoning',
      'done',
      2,
      'without spatial (LiveBench has it from 2024-07-26 on, not in 2024-06-24)',
    ],
  ]);
});

test('a task that was retired is left out, and one that is not scored here is named', async () => {
  assert.deepEqual(await inventoryOf('2025-11-25'), [
    ['livebench-data-analysis', 'done', 2, 'without cta (LiveBench retired it with 2025-04-25)'],
    [
      'livebench-reasoning',
      'done',
      3,
      'without theory_of_mind (LiveBench 2025-11-25 has it; this version does not score it)',
    ],
  ]);
});

test('without questions where the release has some the benchmark is skipped, with the file that lacks', async () => {
  assert.deepEqual(await inventoryOf(LIVEBENCH_RELEASE, 'full', join(folder, 'empty')), [
    ['livebench-data-analysis', 'skipped', 0, 'no file empty/livebench-data-analysis/cta.jsonl (and 2 more)'],
    ['livebench-reasoning', 'skipped', 0, 'no file empty/livebench-reasoning/spatial.jsonl (and 2 more)'],
  ]);
});

test('the mini suite has a part of the tasks, of no release, and does not say so of each benchmark', async () => {
  const [, reasoning] = await inventoryOf('2025-11-25', 'mini');
  assert.deepEqual(reasoning, ['livebench-reasoning', 'done', 3, null]);
});
