/** Looks through the real harness: a small model against its damaged copy, and against one with noise too small to matter. */
import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { before, describe, test } from 'node:test';
import { execa } from 'execa';
import { readRecord } from '../../src/record/read.ts';
import type { Plan } from '../../src/suite/plan/plan.ts';
import type { Verdict } from '../../src/verdict/schema.ts';
import { runCli, testCache } from '../support/cli.ts';
import { bbqQuestions, makeTinyModel, writeQuestions } from '../support/datasets.ts';
import { temporaryFolder } from '../support/folder.ts';
import { testPython } from '../support/python.ts';

const CHANGE = `
import sys, torch
from transformers import AutoModelForCausalLM, AutoTokenizer
source, target, noise = sys.argv[1:]
model, tokenizer = AutoModelForCausalLM.from_pretrained(source), AutoTokenizer.from_pretrained(source)
torch.manual_seed(1)
with torch.no_grad():
    weight = model.model.norm.weight
    weight.copy_(-weight if noise == "damaged" else weight + float(noise) * torch.randn_like(weight))
model.save_pretrained(target), tokenizer.save_pretrained(target)
`;

describe('looks', () => {
  const folder = temporaryFolder();
  const environment = testCache(folder);
  const [main, damaged, noisy] = ['main', 'damaged', 'noisy'].map((name) => join(folder, name));
  const data = join(folder, 'data');
  const plan = join(folder, 'plan.json');
  const record = (name: string) => join(folder, 'records', name);
  const run = (model: string, output: string, ...more: string[]) =>
    runCli(
      ['run', '--model', model, '--model-args', 'dtype=float32', '--devices', 'cpu:1', '--datasets-dir', data]
        .concat(['--output', record(output)])
        .concat(more),
      { environment },
    );
  const compare = async (candidate: string) => {
    const said = await runCli(
      ['compare', '--baseline', record('main'), '--candidate', record(candidate), '--json'],
      { environment },
    );
    return JSON.parse(said.stdout) as Verdict;
  };

  before(async () => {
    const python = await testPython();
    await makeTinyModel(python, main!);
    for (const [target, noise] of [
      [damaged!, 'damaged'],
      [noisy!, '1e-7'],
    ] as const)
      await execa(python, ['-c', CHANGE, main!, target, noise]);
    // Questions that main is right about, but for every tenth: whatever its random weights say.
    const questions = bbqQuestions(400) as { answer: number }[];
    writeQuestions(data, 'bbq/age', questions);
    const probed = await run(main!, 'probe', '--benchmarks', 'bbq');
    assert.equal(probed.exitCode, 0, probed.stderr);
    const answers = new Map(
      (await readRecord(record('probe'))).items.map(({ docId, prediction }) => [docId, Number(prediction)]),
    );
    writeQuestions(
      data,
      'bbq/age',
      questions.map((question, index) => ({
        ...question,
        answer: (answers.get(index)! + Number(index % 10 === 0)) % 3,
      })),
    );
    const planned = await runCli(
      [
        'plan',
        '--datasets-dir',
        data,
        '--benchmarks',
        'bbq',
        '--detect',
        '0.08',
        '--looks',
        '5',
        '--output',
        plan,
      ],
      { environment },
    );
    assert.equal(planned.exitCode, 0, planned.stderr);
    assert.match(planned.stdout, /5 looks: a factor is decided as soon as/);
    const base = await run(main!, 'main', '--plan', plan);
    assert.equal(base.exitCode, 0, base.stderr);
  });

  test('a damaged copy is decided at the first look, and asked nothing more', async () => {
    const { exitCode, stderr } = await run(damaged!, 'damaged', '--plan', plan, '--baseline', record('main'));
    assert.equal(exitCode, 0, stderr);
    assert.match(stderr, /Look 1 of 5: safety has regressed/);
    const { chunks } = JSON.parse(readFileSync(plan, 'utf8')) as Plan;
    const first = chunks.filter(({ look }) => look === 1).flatMap(({ docIds }) => docIds);
    const left = await readRecord(record('damaged'));
    assert.deepEqual(
      left.items.map(({ docId }) => docId),
      first.toSorted((a, b) => a - b),
    );
    assert.equal(left.record.complete, true);
    assert.deepEqual(left.record.looks, { count: 5, decided: { safety: 1 } });
    const verdict = await compare('damaged');
    assert.equal(verdict.verdict, 'regressed');
    assert.deepEqual([verdict.looks!.done, verdict.looks!.count], [1, 5]);
    const shown = await runCli(
      ['compare', '--baseline', record('main'), '--candidate', record('damaged'), '--format', 'markdown'],
      { environment },
    );
    assert.match(shown.stdout, /Decided after 1 of 5 looks, \d+(\.\d)?% of the plan, \d+\.\d CPU minutes\./);
  });

  test('where training runs differ by more than that, it is not: run and compare by one file', async () => {
    const spread = join(folder, 'spread.json');
    const wide = { sd: 1, ci: [0.5, 2], variance: 1, noise: 0, df: 2, mean: 0.5 };
    const told = { schemaVersion: 1, preset: 'paper', models: ['a', 'b', 'c'], benchmarks: [] };
    writeFileSync(spread, JSON.stringify({ ...told, factors: [{ id: 'safety', ...wide }] }));
    const byIt = ['--baseline', record('main'), '--run-spread', spread];
    const { exitCode, stderr } = await run(damaged!, 'spread', '--plan', plan, ...byIt);
    assert.equal(exitCode, 0, stderr);
    assert.doesNotMatch(stderr, /safety has regressed/);
    const judge = async (candidate: string) => {
      const given = ['compare', ...byIt, '--candidate', record(candidate), '--json'];
      return JSON.parse((await runCli(given, { environment })).stdout) as Verdict;
    };
    assert.notEqual((await judge('spread')).verdict, 'incomplete');
    // A run that was not told of it ends before that comparison is sure.
    assert.equal((await judge('damaged')).verdict, 'incomplete');
  });

  test('a copy with noise too small to matter is held', async () => {
    const { exitCode, stderr } = await run(noisy!, 'noisy', '--plan', plan, '--baseline', record('main'));
    assert.equal(exitCode, 0, stderr);
    const verdict = await compare('noisy');
    assert.equal(verdict.verdict, 'held', JSON.stringify(verdict.factors));
    assert.equal(verdict.passed, true);
    assert.ok(verdict.looks!.done < 5);
  });

  test('a run that ended early is completed without the baseline: only the rest is asked', async () => {
    const before = (await readRecord(record('damaged'))).items.length;
    const { exitCode, stderr } = await run(damaged!, 'damaged', '--plan', plan);
    assert.equal(exitCode, 0, stderr);
    const left = await readRecord(record('damaged'));
    assert.equal(left.record.looks, undefined);
    assert.equal(left.record.resumed?.questions, before);
    assert.ok(left.items.length > 2 * before);
    const verdict = await compare('damaged');
    assert.deepEqual([verdict.verdict, verdict.looks!.done], ['regressed', 1]);
  });
});
