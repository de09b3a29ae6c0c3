import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { modelName, parseModelSource } from '../../src/model/source.ts';
import { temporaryFolder } from '../support/folder.ts';
import { rejectsWith } from '../support/reject.ts';

const cwd = temporaryFolder();
mkdirSync(join(cwd, 'out', 'checkpoint-500'), { recursive: true });
mkdirSync(join(cwd, 'org', 'name'), { recursive: true });
writeFileSync(join(cwd, 'model.gguf'), '');

const HUB: [string, string, string | null][] = [
  ['hf:ORG/NAME@main', 'ORG/NAME', 'main'],
  ['hf:ORG/NAME', 'ORG/NAME', null],
  ['ORG/NAME', 'ORG/NAME', null],
  ['ORG/NAME@v1.0', 'ORG/NAME', 'v1.0'],
  [
    'hf:a.b/c-d_e.1@12fd25f77366fa6b3b4b768ec3050bf629380bac',
    'a.b/c-d_e.1',
    '12fd25f77366fa6b3b4b768ec3050bf629380bac',
  ],
  ['hf:org/name', 'org/name', null],
];
for (const [model, repository, revision] of HUB) {
  test(`${model} is ${repository} at ${revision ?? 'its newest'} on the Hub`, () => {
    assert.deepEqual(parseModelSource(model, cwd), { kind: 'hub', repository, revision });
  });
}

const PATHS: [string, string, string][] = [
  ['out/checkpoint-500', 'out/checkpoint-500', 'checkpoint-500'],
  ['./out/checkpoint-500/', 'out/checkpoint-500', 'checkpoint-500'],
  ['model.gguf', 'model.gguf', 'model.gguf'],
];
for (const [model, path, name] of PATHS) {
  test(`${model} is a path, called ${name}`, () => {
    const source = parseModelSource(model, cwd);
    assert.deepEqual(source, { kind: 'path', path: join(cwd, path) });
    assert.equal(modelName(source), name);
  });
}

test('a folder that looks like a repository is the folder; hf: means the Hub', () => {
  assert.equal(parseModelSource('org/name', cwd).kind, 'path');
  assert.equal(parseModelSource('hf:org/name', cwd).kind, 'hub');
});

test('a repository is called by its whole name', () => {
  assert.equal(modelName(parseModelSource('hf:ORG/NAME@main', cwd)), 'ORG/NAME');
});

for (const model of [
  'no-such-folder',
  './out/none',
  '/nowhere/at/all',
  'hf:name',
  'hf:',
  'a/b/c',
  '../no-such-neighbour',
  'team/',
]) {
  test(`'${model}' is not a model`, async () => {
    await rejectsWith(
      () => parseModelSource(model, cwd),
      'model-missing',
      `no model at ${model}`,
      'hf:ORG/NAME',
    );
  });
}

test('artifact:NAME and command:COMMAND are taken as they are', () => {
  assert.deepEqual(parseModelSource('artifact:model-7b', cwd), { kind: 'artifact', name: 'model-7b' });
  assert.deepEqual(parseModelSource('command: aws s3 cp "s3://b/x:y" . && echo x:y', cwd), {
    kind: 'command',
    command: 'aws s3 cp "s3://b/x:y" . && echo x:y',
  });
});
