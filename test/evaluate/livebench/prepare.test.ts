import assert from 'node:assert/strict';
import { cpSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { prepareLiveBench } from '../../../src/evaluate/livebench/prepare.ts';
import { LIVEBENCH_RELEASE } from '../../../src/suite/livebench.ts';
import { createProgress } from '../../../src/system/progress.ts';
import { makeFakePython } from '../../support/fake-python.ts';
import { temporaryFolder } from '../../support/folder.ts';
import { fakeLiveBench, machinePython } from '../../support/livebench.ts';
import { rejectsWith } from '../../support/reject.ts';

const cwd = temporaryFolder();

function prepare(
  { ref = null, release = LIVEBENCH_RELEASE, dir = null as string | null } = {} as {
    ref?: string | null;
    release?: string;
    dir?: string | null;
  },
  {
    server = 'auto',
    name = null,
    launcher = [],
    python = machinePython,
  }: { server?: string; name?: string | null; launcher?: string[]; python?: string } = {},
  told: string[] = [],
) {
  const context = {
    cwd,
    environment: { PATH: process.env.PATH },
    progress: createProgress({ write: (text) => told.push(text) }),
    signal: new AbortController().signal,
  };
  const slot = {
    server,
    python,
    model: { path: cwd, args: {}, digest: 'fake', name },
    environment: { PATH: process.env.PATH ?? '' },
    devices: [],
    threads: null,
    tensorParallel: null,
    cache: cwd,
    log: '/dev/null',
    readyTimeout: 60_000,
    key: null,
  };
  const livebench = { dir, ref, release, allowUnsafeCode: false };
  return prepareLiveBench({ livebench }, context, { cache: cwd, serverSlot: slot, launcher });
}

test('with a launcher and no address of a server the benchmarks are skipped, with what to do', async () => {
  const ready = await prepare({}, { launcher: ['srun', '--gpus=1'] });
  assert.ok(ready.kind === 'unavailable');
  assert.match(ready.reason, /no server can be started through a launcher \(srun\).*address as server/);
});

test('server-model without an address is refused', async () => {
  await rejectsWith(
    () => prepare({ dir: fakeLiveBench().checkout.folder }, { name: 'acme' }),
    'usage',
    'server-model is for a server given by its address',
  );
});

test('a checkout that does not know the release is not a reason to ask questions that it will not score', async () => {
  const dir = join(cwd, 'old-livebench');
  cpSync(fakeLiveBench().checkout.folder, dir, { recursive: true });
  const dates = 'LIVE_BENCH_RELEASES = {"2024-08-31", "2024-07-26"}\n';
  writeFileSync(join(dir, 'livebench', 'common.py'), dates);
  const ready = await prepare({ dir, release: '2025-04-25' }, { server: 'http://127.0.0.1:9/v1' });
  assert.ok(ready.kind === 'unavailable');
  assert.match(ready.reason, /has no release 2025-04-25, only 2024-07-26, 2024-08-31$/);
});

const SERVING = { transformers: '5', torch: '2', fastapi: '1', uvicorn: '1', openai: '1' };
const LACKS: [what: string, python: string, reason: RegExp][] = [
  [
    'the model has no chat template',
    makeFakePython(cwd, SERVING),
    /the model has no chat template .*base model/,
  ],
  ['its Python is none', '/nowhere/python', /'\/nowhere\/python' is not a Python that runs/],
  ['its Python cannot serve', machinePython, /has no transformers.*which the server needs/],
];
for (const [what, python, reason] of LACKS) {
  test(`${what}: the benchmarks are skipped with the reason, the others go on`, async () => {
    const ready = await prepare({ dir: fakeLiveBench().checkout.folder }, { python });
    assert.ok(ready.kind === 'unavailable');
    assert.match(ready.reason, reason);
  });
}

test('a checkout at another commit is used, and marked', async () => {
  const told: string[] = [];
  await prepare({ dir: fakeLiveBench().checkout.folder }, { python: '/nowhere/python' }, told);
  assert.match(told.join(''), /LiveBench: the commit of .* is unknown, not known to be 555b35d/);
});
