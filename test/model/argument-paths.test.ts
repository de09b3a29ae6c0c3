import assert from 'node:assert/strict';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { absoluteArguments } from '../../src/model/argument-paths.ts';
import { temporaryFolder } from '../support/folder.ts';

const cwd = temporaryFolder();
for (const name of ['adapter', 'org/tokenizer']) mkdirSync(join(cwd, name), { recursive: true });

const CASES: [title: string, name: string, given: unknown, expected: unknown][] = [
  ['a folder that is there', 'peft', 'adapter', join(cwd, 'adapter')],
  [
    'a folder that is there and looks like a repository',
    'tokenizer',
    'org/tokenizer',
    join(cwd, 'org/tokenizer'),
  ],
  ['a path that is not there yet', 'delta', './missing', join(cwd, 'missing')],
  ['a path above', 'tokenizer', '../other', join(cwd, '..', 'other')],
  ['a repository on the Hub', 'tokenizer', 'gpt2', 'gpt2'],
  ['an absolute path', 'peft', '/models/adapter', '/models/adapter'],
  ['a folder that is written to', 'offload_folder', 'offload', join(cwd, 'offload')],
  ['a file of the model folder', 'gguf_file', 'adapter', 'adapter'],
  ['another argument of the same text', 'dtype', 'adapter', 'adapter'],
  ['what is not text', 'autogptq', true, true],
];
for (const [title, name, given, expected] of CASES) {
  test(`${name}=${String(given)}: ${title}`, () => {
    assert.deepEqual(absoluteArguments({ [name]: given }, cwd), { [name]: expected });
  });
}
