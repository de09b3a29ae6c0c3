import assert from 'node:assert/strict';
import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { preflight } from '../../src/doctor/preflight.ts';
import { temporaryFolder } from '../support/folder.ts';

const folder = temporaryFolder();
mkdirSync(join(folder, 'cache'));

async function notes(more: { output?: string; node?: string }): Promise<string[]> {
  const told: string[] = [];
  await preflight({
    cwd: folder,
    environment: { SOS_BENCH_CACHE: join(folder, 'cache') },
    output: 'record',
    note: (text) => told.push(text),
    ...more,
  });
  return told;
}

test('nothing is said where nothing would go wrong', async () => {
  assert.deepEqual(await notes({}), []);
});

test('a Node that is too old is told with the remedy', async () => {
  const [told = assert.fail()] = await notes({ node: '18.20.0' });
  assert.match(told, /^node: .*18\.20\.0.*; .*20\.19/);
});

test('an output folder that cannot be written is told by its path', async () => {
  const path = join(folder, 'file');
  writeFileSync(path, '');
  chmodSync(path, 0o400);
  const told = (await notes({ output: join(path, 'record') })).join('\n');
  assert.match(told, /^disk-output: .*file.* cannot be written; /);
});
