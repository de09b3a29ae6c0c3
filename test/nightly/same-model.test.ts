/** What is called the same model, by the built program and the real harness. */
import assert from 'node:assert/strict';
import { cpSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { before, describe, test } from 'node:test';
import { execa } from 'execa';
import { readRecord } from '../../src/record/read.ts';
import { runBuiltCli } from '../support/built-cli.ts';
import { testCache } from '../support/cli.ts';
import { makeTinyModel } from '../support/datasets.ts';
import { temporaryFolder } from '../support/folder.ts';
import { testPython } from '../support/python.ts';

const work = temporaryFolder();
const environment = testCache(work);
const [one, other] = [join(work, 't1'), join(work, 't2')];

before(async () => {
  const python = await testPython();
  await makeTinyModel(python, one, 1);
  await makeTinyModel(python, other, 2);
});

const runArgs = (model: string, output: string, args: string) => [
  ...['run', '--model', model, ...(args === '' ? [] : ['--model-args', args])],
  ...['--suite', 'mini', '--benchmarks', 'gpqa', '--stages', 'lm-eval', '--devices', 'cpu:1'],
  ...['--output', output],
];

async function run(name: string, model: string, args = ''): Promise<string> {
  const output = join(work, 'records', name);
  const { exitCode, stderr } = await runBuiltCli(runArgs(model, output, args), { environment });
  assert.equal(exitCode, 0, stderr);
  return output;
}

async function compare(baseline: string, candidate: string) {
  const args = ['compare', '--baseline', baseline, '--candidate', candidate];
  const [text, json] = await Promise.all([runBuiltCli(args), runBuiltCli([...args, '--json'])]);
  const verdict = JSON.parse(json.stdout) as { sameModel: boolean; otherSettings: string[] | null };
  return { text: text.stdout + text.stderr, verdict };
}

const NOISE = /[Ss]ame model|one and the same|any difference is noise|noise of the evaluation itself/;

describe('weights in one folder', () => {
  test('chosen by subfolder are two models', async () => {
    const root = join(work, 'm');
    for (const [folder, model] of [
      ['', one],
      ['a', one],
      ['b', other],
    ] as const)
      cpSync(model, join(root, folder), { recursive: true });
    const a = await run('sub-a', root, 'subfolder=a');
    const b = await run('sub-b', root, 'subfolder=b');
    const { text, verdict } = await compare(a, b);
    assert.deepEqual([verdict.sameModel, verdict.otherSettings], [false, null]);
    assert.doesNotMatch(text, NOISE);
  });

  test('chosen by gguf_file are two models', async () => {
    const root = join(work, 'g');
    mkdirSync(root);
    const script = join(import.meta.dirname, '..', 'support', 'tiny_gguf.py');
    for (const [model, name] of [
      [one, 'Q8_0'],
      [other, 'Q2_K'],
    ] as const)
      await execa(await testPython(), [script, model, join(root, `model.${name}.gguf`)]);
    const args = (name: string) => `gguf_file=model.${name}.gguf,tokenizer=${one}`;
    const a = await run('gguf-a', root, args('Q8_0'));
    const b = await run('gguf-b', root, args('Q2_K'));
    const { text, verdict } = await compare(a, b);
    assert.deepEqual([verdict.sameModel, verdict.otherSettings], [false, null]);
    assert.doesNotMatch(text, NOISE);
  });
});

describe('the same weights', () => {
  let plain: string;
  before(async () => {
    plain = await run('plain', one);
  });

  test('from a copy of the folder are one model', async () => {
    const copy = join(work, 'copy');
    cpSync(one, copy, { recursive: true });
    const { text, verdict } = await compare(plain, await run('copied', copy));
    assert.equal(verdict.sameModel, true);
    assert.match(text, /Same model/);
  });

  for (const [setting, args] of [
    ['add_bos_token', 'add_bos_token=True'],
    ['max_length', 'max_length=64'],
    ['dtype', 'dtype=bfloat16'],
  ] as const) {
    test(`with ${setting} set differ by that, and not by noise`, async () => {
      const { text, verdict } = await compare(plain, await run(setting, one, args));
      assert.deepEqual([verdict.sameModel, verdict.otherSettings], [false, [setting]]);
      assert.match(
        text.replace(/\s+/g, ' '),
        new RegExp(`Same weights, other settings: ${setting}\\. Differences are systematic, not noise`),
      );
      assert.doesNotMatch(text, NOISE);
    });
  }

  test('in a record that does not say so are not known to be the same', async () => {
    const older = join(work, 'records', 'older');
    cpSync(plain, older, { recursive: true });
    const path = join(older, 'record.json');
    const document = JSON.parse(readFileSync(path, 'utf8')) as { model: { identity?: unknown } };
    assert.ok(document.model.identity);
    delete document.model.identity;
    writeFileSync(path, JSON.stringify(document));
    const { text, verdict } = await compare(plain, older);
    assert.deepEqual([verdict.sameModel, verdict.otherSettings], [false, null]);
    assert.doesNotMatch(text, NOISE);
  });

  test('are recorded by part', async () => {
    const { record } = await readRecord(plain);
    const { identity } = record.model;
    assert.match(identity!.digest!, /^[0-9a-f]{64}$/);
    assert.match(identity!.parts.weights!, /^[0-9a-f]{64}$/);
    assert.deepEqual(
      [identity!.parts.adapter, identity!.parts.dtype, identity!.parts.arguments, identity!.unknown],
      ['none', 'auto', {}, []],
    );
  });
});
