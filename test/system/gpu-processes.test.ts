import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { listGpuProcesses } from '../../src/system/process/gpu-processes.ts';
import { fakeDriver } from '../support/fake-driver.ts';
import { temporaryFolder } from '../support/folder.ts';

const folder = temporaryFolder();

const driver = (name: string, script: string) => fakeDriver(join(folder, name), script);

test('processes, their GPU and memory; a path may hold a comma, memory may not be told', async () => {
  const answer = [
    'GPU-aa, 4711, 71680, /opt/venv/bin/python3',
    'GPU-bb, 9, [N/A], /srv/a, b/train',
    '[Insufficient Permissions], [N/A], [N/A], [N/A]',
  ];
  const environment = driver('busy', `cat <<'END'\n${answer.join('\n')}\nEND`);
  assert.deepEqual(await listGpuProcesses(environment), [
    { uuid: 'GPU-aa', pid: 4711, name: 'python3', memory: 71_680 },
    { uuid: 'GPU-bb', pid: 9, name: 'train', memory: null },
  ]);
});

test('none on an idle machine, and none where no driver answers', async () => {
  assert.deepEqual(await listGpuProcesses(driver('idle', 'exit 0')), []);
  assert.deepEqual(await listGpuProcesses(driver('broken', 'echo "no driver" >&2; exit 9')), []);
  assert.deepEqual(await listGpuProcesses({ PATH: join(folder, 'nothing') }), []);
});
