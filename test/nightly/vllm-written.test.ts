/**
 * Written answers with the real vLLM, several chunks of a benchmark at once, on a processor with a tiny model: the same answers as one
 * chunk after the other in the harness's way, also after the worker was killed with several in flight.
 */
import assert from 'node:assert/strict';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { readRecord } from '../../src/record/read.ts';
import { cacheRoot } from '../../src/system/paths.ts';
import { vllmEnvironment } from '../../src/system/python/environment-spec.ts';
import { managedPython } from '../../src/system/python/managed.ts';
import { startCli, testCache } from '../support/cli.ts';
import { makeTinyModel, writeQuestions } from '../support/datasets.ts';
import { temporaryFolder } from '../support/folder.ts';
import { endAfterTests, type RunningProcess, within } from '../support/process.ts';
import { testPython } from '../support/python.ts';

const folder = temporaryFolder();
await managedPython({
  cache: cacheRoot(process.env),
  environment: process.env,
  note: (text) => void process.stderr.write(`${text}\n`),
  spec: vllmEnvironment('cpu'),
});
const environment = testCache(folder);
const model = await makeTinyModel(await testPython(), join(folder, 'tiny'));
const config = join(model, 'config.json');
// The same weights as one head of 64: kernels for processors take none of 16.
const oneHead = { num_attention_heads: 1, num_key_value_heads: 1, head_dim: 64 };
writeFileSync(
  config,
  JSON.stringify({
    ...JSON.parse(readFileSync(config, 'utf8')),
    ...{ max_position_embeddings: 4096, ...oneHead },
  }),
);
const data = join(folder, 'data');
const QUESTIONS = 300;
writeQuestions(
  data,
  'ifeval/train',
  Array.from({ length: QUESTIONS }, (_, index) => ({
    key: index,
    prompt: `Write ${index % 5} words on house number ${index}.`,
    instruction_id_list: ['punctuation:no_comma'],
    kwargs: [{}],
  })),
);
const runs: RunningProcess[] = [];
endAfterTests(runs);

function start(output: string, ...more: string[]): RunningProcess {
  const args = 'dtype=float32,kv_cache_memory_bytes=134217728';
  const run = startCli(
    [
      ['run', '--model', model, '--backend', 'vllm', '--model-args', args, '--devices', 'cpu:1'],
      ['--datasets-dir', data, '--benchmarks', 'ifeval', '--max-gen-toks', '24'],
      ['--output', join(folder, output), ...more],
    ].flat(),
    { environment },
  );
  runs.push(run);
  return run;
}

interface Line {
  type: string;
  chunk?: string;
  kind?: string;
  hello?: { chunksInFlight?: number };
}
const journal = (output: string): Line[] =>
  readFileSync(join(folder, output, 'journal.ndjson'), 'utf8')
    .split('\n')
    .filter((line) => line.endsWith('}'))
    .map((line) => JSON.parse(line));

/** What was answered, by question. */
async function answers(output: string): Promise<string[]> {
  const { items } = await readRecord(join(folder, output));
  return items.map(({ task, docId, score, prediction }) => `${task} ${docId} ${score} ${prediction}`).sort();
}

test('the answers are those of one chunk after the other in batches of the harness', async () => {
  for (const [output, ...more] of [['together'], ['alone', '--batch-size', '8']] as const) {
    const { exitCode, stderr } = await start(output, ...more).result;
    assert.equal(exitCode, 0, stderr);
  }
  const told = (output: string) => journal(output).find(({ type }) => type === 'hello')!.hello!;
  assert.ok((told('together').chunksInFlight ?? 1) > 1);
  assert.equal(told('alone').chunksInFlight, undefined);
  const [together, alone] = await Promise.all([answers('together'), answers('alone')]);
  assert.equal(together.length, QUESTIONS);
  // In float32 on one processor: elsewhere batches decide last digits, and with them near-ties.
  assert.deepEqual(together, alone);
});

test('a worker that is killed with chunks in flight: each is tried again by itself, and the answers are the same', async () => {
  const run = start('killed');
  const path = join(folder, 'killed', 'journal.ndjson');
  const isBegun = () => existsSync(path) && journal('killed').some(({ type }) => type === 'hello');
  assert.ok(await within(300, isBegun));
  const [worker] = run.descendants().filter(({ command }) => / sosbench_worker$/.test(command.trim()));
  process.kill(worker!.pid, 'SIGKILL');
  const { exitCode, stderr } = await run.result;
  assert.equal(exitCode, 0, stderr);
  const lines = journal('killed');
  const faults = lines.filter(({ type }) => type === 'fault');
  assert.ok(faults.length > 0 && faults.every(({ kind }) => kind === 'died'), JSON.stringify(faults));
  const done = lines.filter(({ type }) => type === 'chunk').map(({ chunk }) => chunk);
  assert.equal(new Set(done).size, done.length);
  assert.ok(faults.every(({ chunk }) => done.includes(chunk)));
  assert.deepEqual(await answers('killed'), await answers('together'));
});
