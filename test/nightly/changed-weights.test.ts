/** Weights that change during an evaluation or between two, by the built program and the real harness. */
import assert from 'node:assert/strict';
import { cpSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { before, describe, test } from 'node:test';
import { runBuiltCli, startBuiltCli } from '../support/built-cli.ts';
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

const runArgs = (model: string, output: string) => [
  ...['run', '--model', model, '--suite', 'mini', '--benchmarks', 'gpqa', '--stages', 'lm-eval'],
  ...['--devices', 'cpu:1', '--output', output],
];

describe('weights that change', () => {
  const model = join(work, 'changing');
  const output = join(work, 'records', 'changing');

  test('while they are evaluated leave no record', async () => {
    cpSync(one, model, { recursive: true });
    const process = startBuiltCli(runArgs(model, output), { environment });
    await process.said('Model loaded on');
    cpSync(join(other, 'model.safetensors'), join(model, 'model.safetensors'));
    const { exitCode, stderr } = await process.result;
    assert.equal(exitCode, 2, stderr);
    assert.match(stderr, /changed while the model was being evaluated \[model-changed\]/);
    assert.ok(!existsSync(join(output, 'record.json')));
  });

  test('where a sample of them says nothing: a journal of other weights with the same digest is not resumed', async () => {
    const journal = join(output, 'journal.ndjson');
    const [header, ...rest] = readFileSync(journal, 'utf8').split('\n');
    const identity = (JSON.parse(header!) as { identity: Record<string, unknown> }).identity;
    assert.match(String(identity.modelIdentity), /^[0-9a-f]{64}$/);
    // As a run left it whose weights differ in a byte that is not sampled.
    const forged = {
      ...(JSON.parse(header!) as object),
      identity: { ...identity, modelIdentity: '0'.repeat(64) },
    };
    writeFileSync(journal, [JSON.stringify(forged), ...rest].join('\n'));
    cpSync(join(one, 'model.safetensors'), join(model, 'model.safetensors'));
    const { exitCode, stderr } = await runBuiltCli(runArgs(model, output), { environment });
    assert.equal(exitCode, 2, stderr);
    assert.match(stderr, /different: the model \(what is loaded of it\)/);
  });
});
