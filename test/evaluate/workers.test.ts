import assert from 'node:assert/strict';
import { test } from 'node:test';
import { openModel } from '../../src/evaluate/workers/workers.ts';
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

test('a worker that is loading its model ends when the run stops, however it was started', async () => {
  const stopped = new AbortController();
  const idle = startFakeWorker(folder, 'read request; exec sleep 60');
  const opening = openModel(settings, idle, stopped.signal);
  setTimeout(() => stopped.abort(), 200);
  const begun = performance.now();
  await rejectsWith(() => opening, 'worker-failed', 'killed by SIGKILL');
  assert.ok(performance.now() - begun < 5000);
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
