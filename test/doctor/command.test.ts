import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { temporaryFolder } from '../support/folder.ts';
import { runMain } from '../support/runtime.ts';

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
  assert.match(stdout, /^warn +python +the Python environment is not built yet\n +hint: /m);
});

test('a pointer of git-lfs and a missing shard are named, with the remedy', async () => {
  const index = {
    weight_map: { a: 'model-00001-of-00002.safetensors', b: 'model-00002-of-00002.safetensors' },
  };
  mkdirSync(join(cwd, 'cloned'));
  writeFileSync(join(cwd, 'cloned', 'config.json'), '{}');
  writeFileSync(join(cwd, 'cloned', 'model.safetensors.index.json'), JSON.stringify(index));
  const shard = join(cwd, 'cloned', 'model-00001-of-00002.safetensors');
  writeFileSync(shard, 'version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 5\n');
  const missing = await doctor('--model', 'cloned');
  assert.match(
    missing.stdout,
    /^fail +model .*names model-00002-of-00002\.safetensors, .*1 of 2 shards missing\n +hint: .*Copy what is missing/m,
  );
  writeFileSync(shard.replace('00001-of', '00002-of'), '');
  const pointer = await doctor('--model', 'cloned');
  assert.match(
    pointer.stdout,
    /^fail +model .*model-00001-of-00002\.safetensors is a pointer of git-lfs.*\n +hint: .*git lfs pull/m,
  );
});

test('the model of the configuration file is looked at', async () => {
  writeFileSync(join(cwd, 'c.yml'), 'model: model\n');
  const { stdout } = await doctor('--config', 'c.yml');
  assert.match(stdout, /^fail +model /m);
});

test('benchmarks of include-path are no reason to fail: the known ones are looked at, the others named', async () => {
  mkdirSync(join(cwd, 'tasks', 'deep'), { recursive: true });
  writeFileSync(join(cwd, 'tasks', 'deep', 'mine.yaml'), 'task: mytask\ndoc_to_text: !function utils.text\n');
  writeFileSync(join(cwd, 'custom.yml'), 'include-path: [tasks]\nbenchmarks: [mytask, mytusk, xstest]\n');
  const { exitCode, stdout } = await doctor('--config', 'custom.yml', '--json');
  assert.equal(exitCode, 0, stdout);
  const custom = JSON.parse(stdout).checks.filter(({ id }: { id: string }) => id === 'include-path');
  assert.deepEqual(
    custom.map(({ status, message }: Record<string, string>) => [status, message!.split(' ')[0]]),
    [
      ['ok', 'mytask:'],
      ['warn', 'no'],
    ],
  );
  const alone = await doctor('--include-path', 'tasks', '--benchmarks', 'mytask');
  assert.equal(alone.exitCode, 0, alone.stdout);
  const gone = await doctor('--include-path', 'nowhere', '--benchmarks', 'mytask');
  assert.equal(gone.exitCode, 2);
  assert.match(gone.stdout, /^fail +include-path +there is no folder/m);
  const unknown = await doctor('--benchmarks', 'mytask');
  assert.match(unknown.stderr, /benchmark-unknown/);
});
