import assert from 'node:assert/strict';
import { test } from 'node:test';
import { chunkWorker, openModel } from '../../src/evaluate/workers/workers.ts';
import { startFakeWorker } from '../support/fake-worker.ts';
import { temporaryFolder } from '../support/folder.ts';
import { rejectsWith } from '../support/reject.ts';
import { workerSettings } from '../support/worker-settings.ts';

const folder = temporaryFolder();
const settings = workerSettings({
  python: '/nowhere/python',
  environment: {},
  log: '/dev/null',
  signal: new AbortController().signal,
});

test('a worker that is loading its model ends when the run stops, however it was started', {
  timeout: 120_000,
}, async () => {
  const stopped = new AbortController();
  const idle = startFakeWorker(folder, 'read request; exec sleep 600');
  const opening = openModel(settings, idle, stopped.signal);
  setTimeout(() => stopped.abort(), 200);
  await rejectsWith(() => opening, 'worker-failed', 'killed by SIGKILL');
});

test('what keeps vLLM from loading is told with what to do', async () => {
  const said =
    "ValueError: Model architectures ['TeamFormer'] are not supported for now. Supported architectures: ...";
  const answer = JSON.stringify({ type: 'error', kind: 'model', message: said });
  const open = { ...settings.open, backend: 'vllm' };
  const opening = (asked: typeof settings) =>
    openModel(
      asked,
      startFakeWorker(folder, `read request; cat <<'END'\n${answer}\nEND\nread end`),
      new AbortController().signal,
    );
  await rejectsWith(
    () => opening({ ...settings, open }),
    'model-unreadable',
    'the model could not be loaded: vLLM does not know the architecture TeamFormer |',
    'use backend hf',
    'the log is /dev/null',
  );
  await rejectsWith(() => opening(settings), 'model-unreadable', 'Supported architectures');
});

test('chunks of written answers are asked for together, others are not, and each gets its own answer', async () => {
  const result = (chunk: string) => JSON.stringify({ type: 'result', chunk, seconds: 1, items: [] });
  const script = [
    'read a; read b',
    // No answer where it is not told so.
    `case "$a$b" in *'"together":true'*'"together":true'*) echo '${result('w2')}'; echo '${result('w1')}';; esac`,
    `read c; case "$c" in *together*) exit 1;; *) echo '${result('s1')}';; esac; read end`,
  ].join('\n');
  const worker = startFakeWorker(folder, script);
  const tasks = ['written', 'scored'];
  const spec = (task: string) => ({ task, overrides: {}, clusterFields: [] });
  const chunks = chunkWorker(
    worker,
    'CPU',
    new Map(tasks.map((task) => [task, spec(task)])),
    new Map(tasks.map((task) => [task, 'acc'])),
    null,
    (task) => (task === 'written' ? 4 : 1),
  );
  const chunk = (id: string, task: string) => ({ id, benchmark: 'b', task, docIds: [], cost: 1 });
  assert.deepEqual(
    [chunk('w1', 'written'), chunk('s1', 'scored')].map((one) => chunks.inFlight?.(one)),
    [4, 1],
  );
  const ask = async (id: string, task: string, together: boolean) =>
    (await chunks.evaluate(chunk(id, task), '8', () => undefined, together)).chunk;
  const both = [ask('w1', 'written', true), ask('w2', 'written', true)];
  assert.deepEqual(await Promise.all(both), ['w1', 'w2']);
  assert.equal(await ask('s1', 'scored', false), 's1');
  await chunks.shutdown();
});
