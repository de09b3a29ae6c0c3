/** Looks through the real harness: a small model against its damaged copy, and against one with noise too small to matter. */
import assert from 'node:assert/strict';
import { cpSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { before, describe, test as inBoth } from 'node:test';
import { execa } from 'execa';
import { recordPaths } from '../../src/record/paths.ts';
import { readRecord } from '../../src/record/read.ts';
import { taskOfChunk } from '../../src/suite/plan/assemble.ts';
import type { Plan } from '../../src/suite/plan/plan.ts';
import type { Verdict } from '../../src/verdict/schema.ts';
import { runCli, testCache } from '../support/cli.ts';
import { bbqQuestions, makeTinyModel, writeQuestions } from '../support/datasets.ts';
import { temporaryFolder } from '../support/folder.ts';
import { testPython } from '../support/python.ts';
import { inNightly, isNightly } from '../support/tier.ts';

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
  const compare = async (candidate: string, baseline = 'main') => {
    const said = await runCli(
      ['compare', '--baseline', record(baseline), '--candidate', record(candidate), '--json'],
      { environment },
    );
    return JSON.parse(said.stdout) as Verdict;
  };

  before(async () => {
    const python = await testPython();
    await makeTinyModel(python, main!);
    const copies = [[damaged!, 'damaged'] as const, ...(isNightly ? [[noisy!, '1e-7'] as const] : [])];
    for (const [target, noise] of copies) await execa(python, ['-c', CHANGE, main!, target, noise]);
    // Questions that main is right about, but for every tenth: whatever its random weights say. Two tasks, so that a look has two chunks.
    const subsets = { age: bbqQuestions(300), nationality: bbqQuestions(100) } as Record<string, object[]>;
    for (const [name, questions] of Object.entries(subsets)) writeQuestions(data, `bbq/${name}`, questions);
    const probed = await run(main!, 'probe', '--benchmarks', 'bbq');
    assert.equal(probed.exitCode, 0, probed.stderr);
    const { items } = await readRecord(record('probe'));
    for (const [name, questions] of Object.entries(subsets)) {
      const own = items.filter(({ task }) => task.endsWith(name));
      const answers = new Map(own.map(({ docId, prediction }) => [docId, Number(prediction)]));
      const answer = (index: number) => (answers.get(index)! + Number(index % 10 === 0)) % 3;
      writeQuestions(
        data,
        `bbq/${name}`,
        questions.map((question, index) => ({ ...question, answer: answer(index), category: name })),
      );
    }
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

  inBoth('a damaged copy is decided at the first look, and asked nothing more', async () => {
    const { exitCode, stderr } = await run(damaged!, 'damaged', '--plan', plan, '--baseline', record('main'));
    assert.equal(exitCode, 0, stderr);
    assert.match(stderr, /Look 1 of 5: safety has regressed/);
    const { chunks } = JSON.parse(readFileSync(plan, 'utf8')) as Plan;
    const first = chunks
      .filter(({ look }) => look === 1)
      .flatMap(({ task, docIds }) => docIds.map((docId) => `${task} ${docId}`));
    const left = await readRecord(record('damaged'));
    assert.deepEqual(keysOf(left.items).sort(), first.sort());
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

  inNightly(
    'where training runs differ by more than that, it is not: run and compare by one file',
    async () => {
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
    },
  );

  inNightly('a copy with noise too small to matter is held', async () => {
    const { exitCode, stderr } = await run(noisy!, 'noisy', '--plan', plan, '--baseline', record('main'));
    assert.equal(exitCode, 0, stderr);
    const verdict = await compare('noisy');
    assert.equal(verdict.verdict, 'held', JSON.stringify(verdict.factors));
    assert.equal(verdict.passed, true);
    assert.ok(verdict.looks!.done < 5);
  });

  inNightly(
    'a run that is interrupted within a look and resumed leaves the same record, byte for byte',
    async () => {
      const whole = recordPaths(record('damaged'));
      const part = recordPaths(record('interrupted'));
      cpSync(record('damaged'), record('interrupted'), { recursive: true });
      // As a kill leaves it: no record, and what was done by then in the journal, the last line cut off.
      for (const path of [part.record, part.items]) rmSync(path);
      const lines = readFileSync(whole.journal, 'utf8').trimEnd().split('\n');
      const chunks = lines.filter((line) => JSON.parse(line).type === 'chunk');
      assert.ok(chunks.length > 1);
      const cut = lines.indexOf(chunks[1]!);
      writeFileSync(part.journal, [...lines.slice(0, cut), chunks[1]!.slice(0, 40)].join('\n'));
      const given = ['--plan', plan, '--baseline', record('main')];
      const { exitCode, stderr } = await run(damaged!, 'interrupted', ...given);
      assert.equal(exitCode, 0, stderr);
      assert.match(stderr, /Look 1 of 5: safety has regressed/);
      assert.ok(readFileSync(part.items).equals(readFileSync(whole.items)));
      const [resumed, straight] = [
        await readRecord(record('interrupted')),
        await readRecord(record('damaged')),
      ];
      assert.deepEqual(resumed.record.looks, straight.record.looks);
      assert.ok(resumed.record.resumed!.questions > 0);
      assert.ok(resumed.record.resumed!.questions < straight.items.length);
    },
  );

  inNightly(
    'one that ended early and is then asked the full suite is asked only the rest; its verdict by the plan stays, and the full record is another comparison',
    async () => {
      const full = ['--suite', 'full', '--benchmarks', 'bbq'];
      const before = await readRecord(record('damaged'));
      const byPlan = await compare('damaged');
      for (const [model, own] of [
        [main!, 'main'],
        [damaged!, 'damaged'],
      ] as const) {
        const { items } = await readRecord(record(own));
        const { exitCode, stderr } = await run(model, `${own}-full`, ...full, '--baseline', record(own));
        assert.equal(exitCode, 0, stderr);
        const left = await readRecord(record(`${own}-full`));
        assert.equal(left.items.length, 400);
        assert.equal(left.record.looks, undefined);
        assert.equal(
          left.record.reused?.reduce((sum, { items: known }) => sum + known, 0),
          items.length,
        );
        // What the worker was asked, as the journal has it: no question twice, and none that was answered before.
        const asked = askedOf(record(`${own}-full`));
        const known = new Set(keysOf(items));
        assert.equal(new Set(asked).size, asked.length);
        assert.deepEqual(
          asked.sort(),
          keysOf(left.items)
            .filter((key) => !known.has(key))
            .sort(),
        );
      }
      const again = await readRecord(record('damaged'));
      assert.deepEqual([again.record, again.items], [before.record, before.items]);
      assert.deepEqual(await compare('damaged'), byPlan);
      assert.deepEqual([byPlan.verdict, byPlan.looks!.done], ['regressed', 1]);
      const whole = await compare('damaged-full', 'main-full');
      assert.equal(whole.verdict, 'regressed');
      assert.equal(whole.looks, undefined);
      assert.equal(whole.benchmarks.find(({ id }) => id === 'bbq')!.n, 400);
      const mixed = await compare('damaged-full');
      assert.equal(mixed.looks, undefined);
      assert.match(
        mixed.warnings.join('\n'),
        /Another comparison than that by the looks of the baseline's plan/,
      );
    },
  );

  inNightly('a run that ended early is completed without the baseline: only the rest is asked', async () => {
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

const keysOf = (items: readonly { task: string; docId: number }[]) =>
  items.map(({ task, docId }) => `${task} ${docId}`);

/** Questions that were asked for a record, by its journal: without those whose answers were taken over. */
function askedOf(folder: string): string[] {
  const lines = readFileSync(recordPaths(folder).journal, 'utf8').trimEnd().split('\n');
  const known = new Set<string>();
  return lines.flatMap((line) => {
    const entry = JSON.parse(line) as {
      type: string;
      chunk: string;
      reused?: unknown[];
      items: { docId: number }[];
    };
    if (entry.type !== 'known' && entry.type !== 'chunk') return [];
    const task = taskOfChunk(entry.chunk, () => false);
    const keys = keysOf(entry.items.map(({ docId }) => ({ task, docId })));
    if (entry.type === 'known') for (const key of keys) known.add(key);
    // A chunk that is known in part has a line of that before it; one that is known whole has none, and was not asked.
    const isPart = keys.some((key) => known.has(key));
    return entry.type === 'known' || (entry.reused && !isPart) ? [] : keys.filter((key) => !known.has(key));
  });
}
