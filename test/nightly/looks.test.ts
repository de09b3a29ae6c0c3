/** Looks with the demonstration's real small model: against its damaged copy, and against a copy with noise too small to matter. */
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { before, describe, test } from 'node:test';
import { execa } from 'execa';
import { prepareDemoModels } from '../../src/demo/models.ts';
import { readRecord } from '../../src/record/read.ts';
import { cacheRoot } from '../../src/system/paths.ts';
import type { Verdict } from '../../src/verdict/schema.ts';
import { runCli, testCache } from '../support/cli.ts';
import { bbqQuestions, writeQuestions } from '../support/datasets.ts';
import { temporaryFolder } from '../support/folder.ts';
import { testPython } from '../support/python.ts';

const NOISE = `
import sys, torch
from transformers import AutoModelForCausalLM, AutoTokenizer
source, target = sys.argv[1:]
model = AutoModelForCausalLM.from_pretrained(source, dtype=torch.float32)
torch.manual_seed(1)
with torch.no_grad():
    for weight in model.parameters():
        weight.add_(1e-4 * weight.std() * torch.randn_like(weight)) if weight.dim() > 1 else None
model.save_pretrained(target), AutoTokenizer.from_pretrained(source).save_pretrained(target)
`;

describe('looks at a real model', () => {
  const folder = temporaryFolder();
  const environment = testCache(folder);
  const [data, plan, noisy] = ['data', 'plan.json', 'noisy'].map((name) => join(folder, name));
  const record = (name: string) => join(folder, 'records', name);
  const cli = async (...args: string[]) => await runCli(args, { environment });
  const run = async (model: string, output: string, ...more: string[]) => {
    const evaluation = ['--model-args', 'dtype=float32', '--devices', 'cpu:1', '--datasets-dir', data!];
    const ran = await cli('run', '--model', model, ...evaluation, '--output', record(output), ...more);
    assert.equal(ran.exitCode, 0, ran.stderr);
    return ran.stderr;
  };
  const judge = async (candidate: string) => {
    const pair = ['compare', '--baseline', record('main'), '--candidate', record(candidate), '--json'];
    return JSON.parse((await cli(...pair)).stdout) as Verdict;
  };
  let models: { main: string; damaged: string };

  before(async () => {
    const python = await testPython();
    const { signal } = new AbortController();
    const cache = cacheRoot(process.env);
    models = await prepareDemoModels({ python, cache, environment: process.env, note: () => {}, signal });
    await execa(python, ['-c', NOISE, models.main, noisy!]);
    // Questions that main is right about, but for every tenth: so small a model guesses at the real answers.
    const questions = bbqQuestions(240) as { answer: number }[];
    writeQuestions(data!, 'bbq/age', questions);
    await run(models.main, 'probe', '--benchmarks', 'bbq');
    const { items } = await readRecord(record('probe'));
    const said = new Map(items.map(({ docId, prediction }) => [docId, Number(prediction)]));
    const answer = (index: number) => (said.get(index)! + Number(index % 10 === 0)) % 3;
    writeQuestions(
      data!,
      'bbq/age',
      questions.map((question, index) => ({ ...question, answer: answer(index) })),
    );
    const wanted = ['--benchmarks', 'bbq', '--detect', '0.1', '--output', plan!];
    const planned = await cli('plan', '--datasets-dir', data!, ...wanted);
    assert.equal(planned.exitCode, 0, planned.stderr);
    await run(models.main, 'main', '--plan', plan!);
  });

  test('its damaged copy is decided at the first look', async () => {
    const said = await run(models.damaged, 'damaged', '--plan', plan!, '--baseline', record('main'));
    assert.match(said, /Look 1 of 5: safety has regressed/);
    const { verdict, looks } = await judge('damaged');
    assert.deepEqual([verdict, looks!.done, looks!.count], ['regressed', 1, 5]);
    assert.ok(looks!.share < 0.4, String(looks!.share));
  });

  test('a copy with noise too small to matter is held, before all is asked', async () => {
    await run(noisy!, 'noisy', '--plan', plan!, '--baseline', record('main'));
    const { verdict, passed, looks } = await judge('noisy');
    assert.deepEqual([verdict, passed], ['held', true]);
    assert.ok(looks!.done < 5, String(looks!.done));
  });
});
