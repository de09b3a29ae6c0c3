import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { temporaryFolder } from '../support/folder.ts';
import { runMain } from '../support/world.ts';

const cwd = temporaryFolder();
const environment = { PATH: process.env.PATH ?? '', HOME: cwd, SOS_BENCH_CACHE: join(cwd, 'cache') };
mkdirSync(join(cwd, 'model'));
const doctor = (...argv: string[]) => runMain(['doctor', '--suite', 'mini', ...argv], { cwd, environment });

test('doctor --json prints checks with id, status, message and hint; a failing one is exit code 2', async () => {
  const { exitCode, stdout } = await doctor('--model', 'model', '--json');
  const { checks } = JSON.parse(stdout);
  assert.equal(exitCode, 2);
  for (const check of checks) assert.deepEqual(Object.keys(check), ['id', 'status', 'message', 'hint']);
  const model = checks.find(({ id }: { id: string }) => id === 'model');
  assert.deepEqual([model.status, /config.json/.test(model.message)], ['fail', true]);
});

test('without a failing check the exit code is 0, warnings or not', async () => {
  const { exitCode, stdout } = await doctor();
  assert.equal(exitCode, 0, stdout);
  assert.match(stdout, /^ok +node +Node/m);
  assert.match(stdout, /^warn +python +the managed environment is not built yet\n +hint: /m);
});

test('the model of the configuration file is looked at', async () => {
  writeFileSync(join(cwd, 'c.yml'), 'model: model\n');
  const { stdout } = await doctor('--config', 'c.yml');
  assert.match(stdout, /^fail +model /m);
});
