import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ErrorCode } from '../../src/error.ts';
import { inventoryLmEval } from '../../src/evaluate/questions/lm-eval-inventory.ts';
import type { SourcedBenchmark } from '../../src/evaluate/questions/sources.ts';
import type { TaskSource } from '../../src/harness/lm-eval/data.ts';
import type { Worker } from '../../src/harness/lm-eval/worker.ts';
import { findBenchmark } from '../../src/suite/catalogue.ts';
import { startFakeWorker } from '../support/fake-worker.ts';
import { temporaryFolder } from '../support/folder.ts';
import { rejectsWith } from '../support/reject.ts';

const folder = temporaryFolder();
const benchmark = findBenchmark('xstest')!;
const FILE: TaskSource = {
  kind: 'file',
  path: '/data/xstest/test.jsonl',
  fewshotPath: null,
  label: 'datasets-dir',
};
const HUB: TaskSource = { kind: 'hub', path: '/cache/xstest', label: 'hub:x@y' };

/** The inventory of one task of which a worker says `answer`. */
async function inventoryOf(source: TaskSource, ...answers: string[]) {
  const sourced: SourcedBenchmark[] = [{ benchmark, tasks: [{ task: benchmark.tasks[0]!, source }] }];
  const workers: Worker[] = [];
  const start = async () => {
    const answer = answers.shift() ?? assert.fail('no worker was asked for any more');
    workers.push(startFakeWorker(folder, `read request; ${answer}; read shutdown`));
    return workers.at(-1)!;
  };
  try {
    return await inventoryLmEval(sourced, await start(), null, start);
  } finally {
    for (const worker of workers) worker.kill();
  }
}

const error = (kind: string, message: string) =>
  `echo '${JSON.stringify({ type: 'error', kind, message, task: 'sosb_xstest' })}'`;

const DESCRIBED = `echo '${JSON.stringify({
  type: 'described',
  task: 'sosb_xstest',
  version: '1.0',
  outputType: 'multiple_choice',
  numFewshot: 0,
  generation: null,
  dropped: { 'no label': 2 },
  exampleLength: 40,
  items: { docHashes: ['0123456789abcdef'], clusters: [null], lengths: [10], readings: [2] },
})}'`;

test('a task that is described goes into the plan, with its protocol', async () => {
  const { benchmarks, protocols, metrics } = await inventoryOf(FILE, DESCRIBED);
  const [task] = benchmarks[0]!.tasks;
  assert.deepEqual(task!.documents?.hashes, ['0123456789abcdef']);
  assert.deepEqual(task!.documents?.dropped, { 'no label': 2 });
  assert.equal(task!.documents?.maxNewTokens, 0);
  assert.equal(metrics.get('sosb_xstest'), 'acc');
  assert.equal(protocols.get('sosb_xstest')?.data, 'datasets-dir');
});

for (const end of ['exit 3', "echo 'no message'", error('oom', 'MemoryError')]) {
  test(`a worker that ends over a task (${end}) is replaced once, and the task described`, async () => {
    const { benchmarks } = await inventoryOf(FILE, end, DESCRIBED);
    assert.equal(benchmarks[0]!.tasks[0]!.documents?.hashes.length, 1);
  });
}

const SKIPPED: [string, TaskSource, string, string][] = [
  [
    'what the machine lacks',
    FILE,
    error('data', 'MissingResource: IFEval needs punkt_tab <- LookupError: none'),
    'IFEval needs punkt_tab',
  ],
  ['broken data of the Hub', HUB, error('data', 'KeyError: prompt'), 'KeyError: prompt'],
  ['no source', { kind: 'unavailable', reason: 'gated' }, 'true', 'gated'],
];
for (const [what, source, answer, reason] of SKIPPED) {
  test(`${what} is the reason why a task is skipped`, async () => {
    const { benchmarks } = await inventoryOf(source, answer);
    assert.deepEqual(benchmarks[0]!.tasks, [{ task: 'sosb_xstest', documents: null, reason }]);
  });
}

const REFUSED: [string, TaskSource, string, ErrorCode, string[]][] = [
  [
    'broken data of the user',
    FILE,
    error('data', 'KeyError: prompt'),
    'data-invalid',
    ['/data/xstest/test.jsonl cannot be used for sosb_xstest: KeyError: prompt', 'one JSON object a line'],
  ],
  [
    'a full disk',
    FILE,
    error('data', 'DatasetGenerationError: x <- OSError: [Errno 28] No space left on device'),
    'disk-full',
    ['no space left', 'SOS_BENCH_CACHE'],
  ],
  ['a worker that ends, twice', FILE, 'exit 3', 'worker-failed', ['describing sosb_xstest failed', 'code 3']],
  [
    'a worker that runs out of memory, twice',
    HUB,
    error('oom', 'MemoryError'),
    'worker-failed',
    ['MemoryError'],
  ],
];
for (const [what, source, answer, code, texts] of REFUSED) {
  test(`${what} ends the run as ${code}`, async () => {
    await rejectsWith(() => inventoryOf(source, answer, answer), code, ...texts);
  });
}
