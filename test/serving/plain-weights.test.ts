import assert from 'node:assert/strict';
import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { plainWeights } from '../../src/serving/plain-weights.ts';
import { BUILDING } from '../../src/system/kept/keep-folder.ts';
import { temporaryFolder } from '../support/folder.ts';
import { marked, within } from '../support/process.ts';
import { rejectsWith } from '../support/reject.ts';

const folder = temporaryFolder();
const mark = `sos-bench-plain-weights-${process.pid}`;

/** A fake Python whose conversion is `script`, with the output folder in $OUT. */
function fakePython(name: string, script: string): string {
  const path = join(folder, name);
  writeFileSync(
    path,
    `#!/bin/sh\n[ "$4" = sosbench_worker.convert_gguf ] || exec python3 "$@"\nOUT=$6\necho "$*" >> '${path}.calls'\n${script}\n`,
  );
  chmodSync(path, 0o755);
  return path;
}

const good = fakePython('good', 'mkdir "$OUT" && sleep 0.3 && echo weights > "$OUT/model.safetensors"');
const convert = (cache: string, python = good, more: { digest?: string; signal?: AbortSignal } = {}) =>
  plainWeights({
    python,
    path: '/models/m',
    file: 'm.gguf',
    digest: 'sha256:1',
    cache: join(folder, cache),
    environment: { PATH: process.env.PATH ?? '', RUNNER_TRACKING_ID: mark },
    signal: new AbortController().signal,
    note: () => undefined,
    ...more,
  });
function kept(cache: string): string[] {
  const home = join(folder, cache, 'converted-models');
  return existsSync(home) ? readdirSync(home) : [];
}

test('a model is converted once: two at a time share one conversion, a later one takes what is there', async () => {
  const [a, b] = await Promise.all([convert('once'), convert('once')]);
  assert.equal(a, b);
  assert.equal(await convert('once'), a);
  assert.equal(readFileSync(join(a, 'model.safetensors'), 'utf8'), 'weights\n');
  const calls = readFileSync(`${good}.calls`, 'utf8').trim().split('\n');
  assert.equal(calls.length, 1);
  assert.match(calls[0]!, /launch\.py sosbench_worker\.convert_gguf \/models\/m\/m\.gguf /);
  assert.notEqual(await convert('once', good, { digest: 'sha256:2' }), a, 'another model stands elsewhere');
});

test('a conversion that fails says why and leaves nothing', async () => {
  const python = fakePython(
    'bad',
    'mkdir "$OUT"; echo "ValueError: GGUF model with architecture x" >&2; exit 1',
  );
  await rejectsWith(
    () => convert('bad-cache', python),
    'model-unservable',
    'm.gguf could not be saved',
    'architecture x',
  );
  assert.deepEqual(kept('bad-cache'), []);
});

test('a conversion that is interrupted ends at once and leaves nothing; what a killed one left is cleared away', async () => {
  const python = fakePython('slow', 'mkdir "$OUT"; sleep 600');
  const controller = new AbortController();
  const converting = convert('slow-cache', python, { signal: controller.signal });
  const building = () =>
    kept('slow-cache').find((name) => name.startsWith(BUILDING) && !name.endsWith('.users'));
  assert.ok(await within(60, () => building() !== undefined));
  const left = building()!;
  controller.abort();
  await rejectsWith(() => converting, 'interrupted');
  assert.deepEqual(kept('slow-cache'), []);
  assert.ok(await within(60, () => marked(mark).length === 0));

  // A folder, and one of which only the list of its users was made.
  for (const one of [left, `${left.slice(0, -1)}.users`])
    mkdirSync(join(folder, 'slow-cache', 'converted-models', one));
  const model = await convert('slow-cache');
  assert.ok(existsSync(model));
  assert.deepEqual(
    kept('slow-cache').filter((name) => name.startsWith(BUILDING)),
    [],
  );
});
