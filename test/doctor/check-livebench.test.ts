import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, test } from 'node:test';
import type { Check } from '../../src/doctor/check.ts';
import { checkLiveBench, type LiveBenchRuntime } from '../../src/doctor/data/check-livebench.ts';
import { LIVEBENCH_RELEASE } from '../../src/suite/livebench.ts';
import { startFakeChatServer } from '../support/fake-chat-server.ts';
import { makeFakePython } from '../support/fake-python.ts';
import { temporaryFolder } from '../support/folder.ts';
import { fakeLiveBench, machinePython } from '../support/livebench.ts';
import { processesWith } from '../support/process.ts';

const folder = temporaryFolder();
const passedOn = { PATH: process.env.PATH ?? '' };
const server = await startFakeChatServer(() => ({ says: 'hello' }), { models: ['acme'] });
const several = await startFakeChatServer(() => ({ says: 'hello' }), { models: ['acme', 'zeta'] });
after(() => {
  server.close();
  several.close();
});
mkdirSync(join(folder, 'empty'));

type Changes = Partial<LiveBenchRuntime> & { dir?: string; ref?: string };

function worldOf({ dir, ref, ...changes }: Changes): LiveBenchRuntime {
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
    tensorParallel: null,
    model: { folder: null, args: {} },
    start: null,
    python: machinePython,
    gpus: [],
    ...changes,
  };
}

const CASES: [
  what: string,
  runtime: Changes,
  id: string,
  status: Check['status'],
  message: RegExp,
  hint: RegExp,
][] = [
  ['LiveBench is not fetched yet', {}, 'livebench', 'warn', /not here yet/, /prefetch|livebench-dir/],
  [
    'livebench-dir is none',
    { dir: 'empty' },
    'livebench',
    'fail',
    /not a checkout of LiveBench/,
    /git clone/,
  ],
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
    /has no .*fastapi.*LiveBench's benchmarks will be skipped/,
    /pip install/,
  ],
  [
    'vLLM is asked for and not in a Python that is named',
    { server: 'vllm' },
    'server',
    'warn',
    /has no vllm/,
    /python: managed/,
  ],
  ['there is no Python yet', { python: null }, 'server', 'warn', /not built yet/, /python/],
  [
    'workers are put elsewhere by a launcher',
    { launcher: ['srun', '--gpus=1'] },
    'server',
    'warn',
    /no server can be started through a launcher \(srun\).*benchmarks will be skipped/,
    /address as server/,
  ],
  [
    'the server has several models',
    { server: several.url },
    'server',
    'warn',
    /serves 2 models: acme, zeta.*benchmarks will be skipped/,
    /server-model/,
  ],
  [
    'nobody listens at the address',
    { server: 'http://127.0.0.1:9/v1' },
    'server',
    'warn',
    /127\.0\.0\.1:9.*benchmarks will be skipped/s,
    /./,
  ],
];
for (const [what, runtime, id, status, message, hint] of CASES) {
  test(`${what}: ${status}`, async () => {
    const checks = await checkLiveBench(worldOf(runtime));
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
  const runtime = worldOf({ server: several.url, serverModel: 'zeta', launcher: ['srun'] });
  const check = (await checkLiveBench(runtime)).find(({ id }) => id === 'server');
  assert.equal(check?.status, 'ok', JSON.stringify(check));
  assert.match(check.message, /zeta/);
});

const SERVING = { transformers: '5', torch: '2', fastapi: '1', uvicorn: '1', openai: '1' };
const withTemplate = join(folder, 'model');
mkdirSync(withTemplate);
writeFileSync(join(withTemplate, 'chat_template.jinja'), '{{ messages }}');
const TRIES: [what: string, mode: string, model: string | null, status: Check['status'], message: RegExp][] =
  [
    [
      'answers',
      'good',
      withTemplate,
      'ok',
      /^transformers serve 5 was started and answered a question after \d+ s$/,
    ],
    [
      'ends while it loads',
      'ends',
      withTemplate,
      'warn',
      /no such architecture: LiveBench's benchmarks will be skipped/,
    ],
    [
      'fails at its first question',
      'refuses',
      withTemplate,
      'warn',
      /first request: status 500: no kernel image/,
    ],
    ['has no model to serve', 'good', null, 'warn', /not started: there is no model folder/],
    ['has a model without a chat template', 'good', join(folder, 'empty'), 'warn', /no chat template/],
  ];
for (const [what, mode, model, status, message] of TRIES) {
  test(`asked to start the server: one that ${what} is ${status}, and nothing of it is left`, async () => {
    const notes: string[] = [];
    const start = { signal: new AbortController().signal, note: (text: string) => void notes.push(text) };
    const python = makeFakePython(folder, SERVING, mode);
    const checks = await checkLiveBench(worldOf({ python, model: { folder: model, args: {} }, start }));
    const check = checks.find(({ id }) => id === 'server');
    assert.deepEqual(
      [check?.status, message.test(check?.message ?? '')],
      [status, true],
      JSON.stringify(check),
    );
    if (model === withTemplate) assert.match(notes.join(), /Starting transformers serve/);
    assert.deepEqual(processesWith(folder), []);
  });
}
