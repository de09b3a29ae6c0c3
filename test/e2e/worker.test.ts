import assert from 'node:assert/strict';
import { cpSync, mkdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { execa } from 'execa';
import { startWorker, workerPaths } from '../../src/evaluate/workers/workers.ts';
import { sourceInFolder, taskSpec } from '../../src/harness/lm-eval/data.ts';
import type { TaskSpec, WorkerRequest } from '../../src/harness/lm-eval/messages.ts';
import { WorkerFault } from '../../src/harness/lm-eval/worker-fault.ts';
import { findBenchmark } from '../../src/suite/catalogue.ts';
import { packageRoot } from '../../src/system/paths.ts';
import { workerEnvironment } from '../../src/system/process/child-environment.ts';
import { killGroup } from '../../src/system/process/process-group.ts';
import { moduleArguments } from '../../src/system/python/python-command.ts';
import { testCache } from '../support/cli.ts';
import { bbqQuestions, makeTinyModel, writeQuestions, xstestQuestions } from '../support/datasets.ts';
import { temporaryFolder } from '../support/folder.ts';
import { ONE_THREAD, within } from '../support/process.ts';
import { testPython } from '../support/python.ts';

// One real worker answers all of these: what is wrong with one request must not spoil the next.

const folder = temporaryFolder();
const python = await testPython();
const { SOS_BENCH_CACHE: cache = '' } = testCache(folder);
const tiny = await makeTinyModel(python, join(folder, 'tiny'));
const environment = {
  ...workerEnvironment(process.env),
  ...ONE_THREAD,
  ...workerPaths(python, cache),
};
const controller = new AbortController();
after(() => controller.abort());
const worker = await startWorker({
  options: {
    python,
    environment,
    log: join(folder, 'worker.log'),
    stallTimeout: 60_000,
    signal: controller.signal,
  },
  includePaths: [join(packageRoot(), 'tasks', 'lm-eval')],
  seed: 1234,
  open: openRequest(tiny),
});

function openRequest(model: string): Extract<WorkerRequest, { type: 'open' }> {
  return {
    type: 'open',
    backend: 'hf',
    args: { pretrained: model, dtype: 'float32', trust_remote_code: false },
    batchSize: '4',
    device: 'cpu',
    applyChatTemplate: false,
    systemInstruction: null,
    seed: 1234,
  };
}

function specOf(id: string, data: string): TaskSpec {
  const benchmark = findBenchmark(id)!;
  const [task] = benchmark.tasks;
  const found = sourceInFolder(data, benchmark, task!, 'datasets-dir');
  assert.ok(found.kind !== 'unavailable');
  return taskSpec(benchmark, task!, found, null);
}

const describe = (spec: TaskSpec) => worker.request({ type: 'describe', spec });

async function faultOf(work: Promise<unknown>): Promise<WorkerFault> {
  const fault = await work.then(
    () => assert.fail('it worked'),
    (error) => error,
  );
  assert.ok(fault instanceof WorkerFault, fault);
  return fault;
}

const good = join(folder, 'good');
writeQuestions(good, 'xstest/test', xstestQuestions(12));
writeQuestions(good, 'bbq/age', bbqQuestions(6));
const xstest = specOf('xstest', good);

test('documents are described by hash, cluster, length and readings, the same every time', async () => {
  const spec = specOf('bbq', good);
  const [first, second] = [await describe(spec), await describe(spec)];
  assert.ok(first.type === 'described');
  const { docHashes, clusters, readings, lengths } = first.items;
  assert.equal(new Set(docHashes).size, 6);
  assert.equal(new Set(clusters).size, 3, 'two documents of one question_index are one cluster');
  assert.deepEqual(readings, [3, 3, 3, 3, 3, 3], 'options of several words are read one by one');
  assert.ok(lengths.every((length) => length > 20));
  assert.deepEqual([first.exampleLength, second], [0, first]);
});

test('questions are given as the harness puts them, known by the hashes of their descriptions', async () => {
  const spec = specOf('bbq', good);
  const described = await describe(spec);
  const answer = await worker.request({ type: 'texts', spec, items: [2, 0, 6] });
  assert.ok(described.type === 'described' && answer.type === 'texts');
  const [third, first, none] = answer.texts;
  assert.deepEqual(
    [third?.docHash, first?.docHash],
    [described.items.docHashes[2], described.items.docHashes[0]],
  );
  assert.equal(none, null, 'there are six');
  assert.equal(third!.options?.length, 3);
  assert.ok(third!.text.length > 20 && Number(third!.target) in third!.options!);
});

const MINI = join(import.meta.dirname, '../../tasks/mini');
for (const [id, what, readings, least] of [
  ['mmlu-pro', 'letters, read once; five examples', 1, 5 * 100],
  ['math', 'free text, read once; four examples, which come with the task', 1, 4 * 300],
  ['xstest', 'two short words, read once; no examples', 1, 0],
  ['gpqa', 'letters in brackets, read one by one; no examples', 4, 0],
] as const) {
  test(`${id}: ${what}`, async () => {
    const described = await describe(specOf(id, MINI));
    assert.ok(described.type === 'described');
    assert.deepEqual(new Set(described.items.readings), new Set([readings]));
    const { exampleLength } = described;
    assert.ok(
      least === 0 ? exampleLength === 0 : exampleLength > least && exampleLength < 4 * least,
      `${exampleLength}`,
    );
  });
}

const BAD_DATA: [string, string, RegExp][] = [
  ['an empty file', '', /./],
  ['no JSON', 'prompt,label\nHello,safe\n', /./],
  ['JSON that breaks off', '{"prompt": "a", "label": "safe"}\n{"prompt": ', /./],
  ['other fields', '{"question": "a", "answer": "b"}\n', /prompt/],
  ['labels that are none', '{"prompt": "a", "label": "maybe"}\n', /label/],
  ['prompts that are numbers', '{"prompt": 5, "label": "safe"}\n', /prompt/],
];
for (const [what, content, message] of BAD_DATA) {
  test(`data with ${what} is refused as data, in one line, and the worker goes on`, async () => {
    const data = join(folder, what.replaceAll(' ', '-'));
    mkdirSync(join(data, 'xstest'), { recursive: true });
    writeFileSync(join(data, 'xstest', 'test.jsonl'), content);
    const fault = await faultOf(describe(specOf('xstest', data)));
    assert.equal(fault.kind, 'data', fault.message);
    assert.match(fault.message, message);
    assert.ok(!fault.message.includes('\n'));
    assert.equal((await describe(xstest)).type, 'described');
  });
}

test('parquet that is none is refused as data', async () => {
  const data = join(folder, 'parquet');
  mkdirSync(join(data, 'xstest'), { recursive: true });
  writeFileSync(join(data, 'xstest', 'test.parquet'), 'PAR1 but not really');
  assert.equal((await faultOf(describe(specOf('xstest', data)))).kind, 'data');
});

test('a task nobody defines is refused by name', async () => {
  const fault = await faultOf(describe({ task: 'sosb_none', overrides: {}, clusterFields: [] }));
  assert.match(fault.message, /UnknownTask: no task named 'sosb_none'/);
});

const BAD_MODELS: [string, (model: string) => void, RegExp][] = [
  ['weights cut short', (model) => truncateSync(join(model, 'model.safetensors'), 200_000), /./],
  ['weights of zeros', (model) => writeFileSync(join(model, 'model.safetensors'), Buffer.alloc(1000)), /./],
  ['an architecture nobody knows', (model) => edit(model, 'llama', 'lama'), /lama/],
  [
    'sizes that are not those of the weights',
    (model) => edit(model, '"hidden_size": 64', '"hidden_size": 32'),
    /./,
  ],
  ['no tokenizer', (model) => removeTokenizer(model), /./],
];
function removeTokenizer(model: string): void {
  for (const name of ['tokenizer.json', 'tokenizer_config.json']) rmSync(join(model, name));
}
function edit(model: string, from: string, to: string): void {
  const path = join(model, 'config.json');
  writeFileSync(path, readFileSync(path, 'utf8').replaceAll(from, to));
}
for (const [what, damage, message] of BAD_MODELS) {
  test(`a model with ${what} is refused as a model, in one line, and the worker goes on`, async () => {
    const model = join(folder, what.replaceAll(' ', '-'));
    cpSync(tiny, model, { recursive: true });
    damage(model);
    const fault = await faultOf(worker.request(openRequest(model)));
    assert.equal(fault.kind, 'model', fault.message);
    assert.match(fault.message, message);
    assert.ok(!fault.message.includes('\n') && fault.message.length > 10);
  });
}

function evaluate(items: number[], batchSize: string, chunk = 'c') {
  return worker.request({ type: 'evaluate', chunk, spec: xstest, metric: 'acc', items, batchSize });
}

test('a chunk before any model is an error of the caller, not the end of the worker', async () => {
  assert.equal((await faultOf(evaluate([0], '4'))).kind, 'internal');
});

test('an opened model says what it is', async () => {
  const hello = await worker.request(openRequest(tiny));
  assert.ok(hello.type === 'hello');
  assert.equal(hello.dtype, 'float32');
  assert.equal(hello.device.type, 'cpu');
  assert.ok((hello.parameters ?? 0) > 50_000);
  assert.match(hello.tokenizerSha256 ?? '', /^[0-9a-f]{64}$/);
  assert.ok(hello.versions.lm_eval && hello.versions.torch && hello.versions.transformers);
});

test('a chunk answers for the documents asked for, whatever the others and the order of chunks', async () => {
  const all = await evaluate([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11], '1');
  const some = await evaluate([3, 7], '1');
  assert.ok(all.type === 'result' && some.type === 'result');
  assert.deepEqual(some.items, [all.items[3], all.items[7]]);
  assert.ok(all.items.every(({ tokens }) => (tokens ?? 0) > 10));
});

test('a margin above zero is a right answer, one below a wrong one', async () => {
  const answer = await evaluate([0, 1, 2, 3, 4, 5], '4');
  assert.ok(answer.type === 'result');
  for (const { scores, margin } of answer.items) assert.equal(scores.acc, margin! > 0 ? 1 : 0);
});

for (const [what, items] of [
  ['no documents', []],
  ['documents out of order', [3, 1]],
  ['a document twice', [1, 1]],
  ['a document that is not there', [99]],
] as [string, number[]][]) {
  test(`a chunk with ${what} is refused, and the worker goes on`, async () => {
    assert.equal((await faultOf(evaluate(items, '4'))).kind, 'internal');
    assert.equal((await evaluate([0], '4')).type, 'result');
  });
}

test('a model whose weights are NaN has no score: each question is left out, by name', async () => {
  const model = join(folder, 'nan');
  cpSync(tiny, model, { recursive: true });
  const weights = join(model, 'model.safetensors');
  const content = readFileSync(weights);
  const header = 8 + Number(content.readBigUInt64LE());
  content.fill(0xff, header);
  writeFileSync(weights, content);
  await worker.request(openRequest(model));
  const answer = await evaluate([0, 1, 2], '4');
  assert.ok(answer.type === 'result');
  assert.deepEqual(answer.items, []);
  assert.deepEqual(
    answer.unscored?.map(({ docId }) => docId),
    [0, 1, 2],
  );
});

test('a worker that is idle ends with all it started when its caller does', async () => {
  const mark = `sos-bench-idle-${process.pid}`;
  // The group's other member stands for an engine that the worker has started.
  const script = `sleep 600 & exec "$0" ${moduleArguments(python, 'sosbench_worker').join(' ')}`;
  const child = execa('/bin/sh', ['-c', script, python], {
    env: { ...environment, RUNNER_TRACKING_ID: mark },
    extendEnv: false,
    detached: true,
    reject: false,
    buffer: false,
    stdin: 'pipe',
    stdout: 'pipe',
    stderr: 'ignore',
  });
  const members = async () => {
    const { stdout } = await execa('ps', ['-o', 'pgid=,stat=', '-A']);
    const lines = stdout.split('\n').map((line) => line.trim().split(/\s+/));
    return lines.filter(([group, state]) => group === String(child.pid) && !state?.startsWith('Z')).length;
  };
  try {
    child.stdin.write('{"type":"prepare","includePaths":[],"seed":1}\n');
    await new Promise((resolve) => child.stdout.once('data', resolve));
    assert.equal(await members(), 2);
    child.stdin.end();
    let left = 2;
    await within(60, () => {
      void members().then((count) => {
        left = count;
      });
      return left === 0;
    });
    assert.equal(left, 0);
  } finally {
    killGroup(child.pid);
  }
});

test('a worker is shut down politely, and answers no more', async () => {
  await worker.shutdown();
  assert.equal((await faultOf(evaluate([0], '4'))).kind, 'died');
});
