/** A benchmark of which tasks or questions are missing, as `compare` and `show` tell it. */
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { writeRecord } from '../../src/record/write.ts';
import { findBenchmark } from '../../src/suite/catalogue.ts';
import type { BenchmarkComparison } from '../../src/verdict/schema.ts';
import { temporaryFolder } from '../support/folder.ts';
import { makeRecord, type Row } from '../support/records.ts';
import { runMain } from '../support/runtime.ts';

const folder = temporaryFolder();
const run = (...argv: string[]) => runMain(argv, { cwd: folder });

/** A benchmark of so many questions of each task, every second one right. */
function rowOf(sizes: Record<string, number>): Row {
  const items = Object.entries(sizes).flatMap(([task, n]) =>
    Array.from({ length: n }, (_, docId) => ({ task, docId })),
  );
  return {
    scores: items.map(({ docId }) => docId % 2),
    task: (place) => items[place]!.task,
    docId: (place) => items[place]!.docId,
  };
}

/** A record of a run whose data had these questions. */
async function keep(model: string, id: string, sizes: Record<string, number>): Promise<void> {
  const { record, items } = makeRecord({
    model,
    benchmarks: { [id]: rowOf(sizes) },
    edit: (made) => {
      made.suite = 'full';
      made.planHash = `plan-of-${model}`;
      for (const task of made.benchmarks[0]!.tasks) task.documents = task.n;
    },
  });
  await writeRecord(join(folder, model), record, items);
}

const bbh = findBenchmark('bbh')!.tasks.map(({ name }) => name);
const each = (names: readonly string[], n: number) => Object.fromEntries(names.map((name) => [name, n]));

const cases = [
  {
    title: 'one of three tasks',
    id: 'gpqa',
    before: { sosb_gpqa_diamond: 4, sosb_gpqa_extended: 12, sosb_gpqa_main: 8 },
    after: { sosb_gpqa_diamond: 4 },
    compared: [/20 of 24 questions of GPQA/, /sosb_gpqa_extended \(all 12\)/, /sosb_gpqa_main \(all 8\)/],
    missing: { sosb_gpqa_extended: 12, sosb_gpqa_main: 8 },
    shown: /GPQA: 1 of 3 tasks: without sosb_gpqa_extended, sosb_gpqa_main/,
  },
  {
    title: 'a data file that was cut',
    id: 'gpqa',
    before: { sosb_gpqa_diamond: 4, sosb_gpqa_extended: 12, sosb_gpqa_main: 8 },
    after: { sosb_gpqa_diamond: 4, sosb_gpqa_extended: 2, sosb_gpqa_main: 8 },
    compared: [
      /10 of 24 questions of GPQA/,
      /sosb_gpqa_extended \(10 of 12; 2 documents here, 12 in the baseline\)/,
    ],
    missing: { sosb_gpqa_extended: 10 },
    shown: /sosb_gpqa_extended has 2 of 546 questions/,
  },
  {
    title: 'two of 24 tasks',
    id: 'bbh',
    before: each(bbh, 10),
    after: each(bbh.slice(0, 2), 10),
    compared: [/220 of 240 questions of BBH/, /and 18 more tasks/],
    missing: each(bbh.slice(2), 10),
    shown: /BBH: 2 of 24 tasks: without .* and 18 more tasks/,
  },
  {
    title: 'one task, where the baseline has two',
    id: 'bbh',
    before: each(bbh.slice(0, 2), 10),
    after: each(bbh.slice(0, 1), 10),
    compared: [/10 of 20 questions of BBH/],
    missing: each(bbh.slice(1, 2), 10),
    shown: /BBH: 1 of 24 tasks: without .* and 19 more tasks/,
  },
];

for (const { title, id, before, after, compared, missing, shown } of cases) {
  describe(`${title} of ${id}`, () => {
    const [main, pr] = [`main-${title}`, `pr-${title}`];
    const argv = ['compare', '--baseline', main, '--candidate', pr];

    test('is incomplete, with tasks and counts in the table', async () => {
      await keep(main, id, before);
      await keep(pr, id, after);
      const { exitCode, stdout } = await run(...argv);
      assert.equal(exitCode, 1);
      for (const text of compared) assert.match(stdout, text);
    });

    test('... in the comment', async () => {
      const { stdout } = await run(...argv, '--format', 'markdown');
      assert.match(stdout, compared[0]!);
      for (const [task, n] of Object.entries(missing)) {
        const name = task.replaceAll('_', '&#95;');
        assert.match(stdout, new RegExp(`\\| <code>${name}</code> \\| ${n} of `));
      }
    });

    test('... and in JSON', async () => {
      const verdict = JSON.parse((await run(...argv, '--json')).stdout);
      assert.deepEqual([verdict.verdict, verdict.passed], ['incomplete', false]);
      const row: BenchmarkComparison = verdict.benchmarks.find((one: { id: string }) => one.id === id);
      assert.ok(row.incomplete);
      assert.deepEqual(Object.fromEntries(row.missing.map((one) => [one.task, one.missing])), missing);
    });

    test('... and in show', async () => {
      assert.match((await run('show', pr)).stdout, shown);
      assert.match(
        (await run('show', pr, '--format', 'markdown')).stdout
          .replaceAll('&#95;', '_')
          .replaceAll('\\_', '_'),
        shown,
      );
      const { records } = JSON.parse((await run('show', pr, '--json')).stdout);
      assert.ok(
        shown.test(`${records[0].benchmarks[0].id.toUpperCase()}: ${records[0].benchmarks[0].reason}`),
      );
    });
  });
}

test('one subset of a benchmark on both sides, by choice: compared on it without an alarm, and the part is named', async () => {
  await keep('part', 'gpqa', { sosb_gpqa_diamond: 40 });
  await keep('same-part', 'gpqa', { sosb_gpqa_diamond: 40 });
  const { exitCode, stdout } = await run('compare', '--baseline', 'part', '--candidate', 'same-part');
  assert.equal(exitCode, 0);
  assert.doesNotMatch(stdout, /incomplete/i);
  assert.match(stdout, /GPQA on sosb_gpqa_diamond \(1 of 3\)/);
});
