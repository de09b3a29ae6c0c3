import assert from 'node:assert/strict';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { after, test } from 'node:test';
import type { Check } from '../../src/doctor/check.ts';
import { checkLiveBench, type LiveBenchWorld } from '../../src/doctor/check-livebench.ts';
import { LIVEBENCH_RELEASE } from '../../src/suite/livebench.ts';
import { startFakeChatServer } from '../support/fake-chat-server.ts';
import { temporaryFolder } from '../support/folder.ts';
import { fakeLiveBench, machinePython } from '../support/livebench.ts';

const folder = temporaryFolder();
const passedOn = { PATH: process.env.PATH ?? '' };
const server = await startFakeChatServer(() => ({ says: 'hello' }), { models: ['acme'] });
const several = await startFakeChatServer(() => ({ says: 'hello' }), { models: ['acme', 'zeta'] });
after(() => {
  server.close();
  several.close();
});
mkdirSync(join(folder, 'empty'));

type Changes = Partial<LiveBenchWorld> & { dir?: string; ref?: string };

function worldOf({ dir, ref, ...changes }: Changes): LiveBenchWorld {
  return {
    cwd: folder,
    cache: join(folder, 'cache'),
    environment: passedOn,
    passedOn,
    livebench: {
      dir: dir ?? null,
      ref: ref ?? null,
      release: LIVEBENCH_RELEASE,
      allowUnsafeCode: false,
    },
    server: 'auto',
    serverModel: null,
    launcher: [],
    python: machinePython,
    gpus: [],
    ...changes,
  };
}

const CASES: [
  what: string,
  world: Changes,
  id: string,
  status: Check['status'],
  message: RegExp,
  hint: RegExp,
][] = [
  ['LiveBench is not fetched yet', {}, 'livebench', 'warn', /not here yet/, /prefetch|livebench-dir/],
  ['livebench-dir is none', { dir: 'empty' }, 'livebench', 'fail', /no checkout of LiveBench/, /git clone/],
  [
    'livebench-dir is at no known commit',
    { dir: fakeLiveBench().checkout.folder },
    'livebench',
    'warn',
    /commit of .* is unknown/,
    /marked/,
  ],
  ['livebench-ref is a short commit', { ref: '7173eee' }, 'livebench', 'fail', /short commit/, /40 digits/],
  ['its Python is not built yet', {}, 'livebench-python', 'warn', /not built yet/, /prefetch/],
  [
    'the Python of the workers cannot serve',
    {},
    'server',
    'warn',
    /has no .*fastapi.*LiveBench's rows will be skipped/,
    /pip install/,
  ],
  [
    'vLLM is asked for and there is no GPU',
    { server: 'vllm' },
    'server',
    'warn',
    /needs a GPU/,
    /transformers/,
  ],
  ['there is no Python yet', { python: null }, 'server', 'warn', /not built yet/, /python/],
  [
    'workers are put elsewhere by a launcher',
    { launcher: ['srun', '--gpus=1'] },
    'server',
    'warn',
    /no server can be started through a launcher \(srun\).*rows will be skipped/,
    /address as server/,
  ],
  [
    'the server has several models',
    { server: several.url },
    'server',
    'warn',
    /serves 2 models: acme, zeta.*rows will be skipped/,
    /server-model/,
  ],
  [
    'nobody listens at the address',
    { server: 'http://127.0.0.1:9/v1' },
    'server',
    'warn',
    /127\.0\.0\.1:9.*rows will be skipped/s,
    /./,
  ],
];
for (const [what, world, id, status, message, hint] of CASES) {
  test(`${what}: ${status}`, async () => {
    const checks = await checkLiveBench(worldOf(world));
    const check = checks.find((one) => one.id === id);
    assert.equal(check?.status, status, JSON.stringify(checks, null, 1));
    assert.match(check.message, message);
    assert.match(check.hint ?? '', hint);
  });
}

test('a server that answers is ok, with the name of its model', async () => {
  const checks = await checkLiveBench(worldOf({ server: server.url }));
  const check = checks.find(({ id }) => id === 'server');
  assert.equal(check?.status, 'ok', JSON.stringify(check));
  assert.match(check.message, /acme/);
});

test('of several models the one that server-model names is asked; a launcher is no matter to a server given', async () => {
  const world = worldOf({ server: several.url, serverModel: 'zeta', launcher: ['srun'] });
  const check = (await checkLiveBench(world)).find(({ id }) => id === 'server');
  assert.equal(check?.status, 'ok', JSON.stringify(check));
  assert.match(check.message, /zeta/);
});
