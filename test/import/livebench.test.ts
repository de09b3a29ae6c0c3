import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { parquetWriteBuffer } from 'hyparquet-writer';
import { assertClose } from '../support/assert-close.ts';
import { temporaryFolder } from '../support/folder.ts';
import { benchmark, FIXTURES, importAll, importOne } from '../support/imports.ts';
import { rejectsWith } from '../support/reject.ts';

const { records } = await importAll(`${FIXTURES}/livebench`);
const one = records.get('one')!;
const two = records.get('two')!;

test('a tree of judgments becomes a record a model', () => {
  assert.deepEqual([...records.keys()].sort(), ['one', 'two']);
  assert.equal(one.record.imported?.from, 'livebench');
  assert.equal(one.record.protocol.harness.name, 'livebench');
  assert.deepEqual(
    one.items
      .filter(({ task }) => task === 'web_of_lies_v2')
      .map(({ score }) => score)
      .sort(),
    [0, 0.5, 1, 1],
  );
});

test('a question is known by its id, whoever answered it', () => {
  const hashes = (items: typeof one.items) =>
    items.filter(({ task }) => task === 'web_of_lies_v2').map(({ docHash }) => docHash);
  assert.deepEqual(hashes(one.items), hashes(two.items));
});

test('a category that lacks tasks is partial', () => {
  const reasoning = benchmark(one, 'livebench-reasoning');
  assert.deepEqual([reasoning.status, reasoning.reason, reasoning.n], ['partial', '1 of 3 tasks', 4]);
});

test('questions on which the grader failed are left out and counted', () => {
  const math = benchmark(two, 'livebench-math');
  assert.equal(math.n, 2);
  assert.deepEqual(math.tasks[0]?.dropped, { 'the grader failed': 1 });
});

describe('one bad line of a judgment file leaves out one question, and says so', () => {
  const judgment = {
    question_id: 'q',
    task: 'typos',
    model: 'm',
    score: 1,
    category: 'language',
    tstamp: 10,
  };
  const good = Array.from({ length: 4 }, (_, i) => ({ ...judgment, question_id: `good ${i}` }));
  const json = (...records: object[]) => records.map((record) => JSON.stringify(record)).join('\n');
  const scored = (score: string) => json({ ...judgment, score: 0 }).replace('"score":0', `"score":${score}`);
  const cases: [what: string, bad: string, n: number, mean: number, note: RegExp][] = [
    ['a score of 1.2', scored('1.2'), 4, 1, /typos: 1 question left out: its score is not a fraction of 1/],
    ['a score of -1', scored('-1'), 4, 1, /typos: 1 question left out: its score is not a fraction of 1/],
    ['a score of NaN', scored('NaN'), 4, 1, /typos: 1 question left out: its score is not a fraction of 1/],
    ['a score of null', scored('null'), 4, 1, /typos: 1 question left out: its score is not a fraction of 1/],
    ['a score that is text', scored('"good"'), 4, 1, /typos: 1 question left out/],
    [
      'a line that is cut in a text',
      json(judgment).slice(0, 20),
      4,
      1,
      /1 line left out: (cut short|not JSON)/,
    ],
    [
      'a line that is cut before a value',
      json(judgment).slice(0, -3),
      4,
      1,
      /1 line left out: (cut short|not JSON)/,
    ],
    ['a line that is null', 'null', 4, 1, /1 line left out: not JSON/],
    [
      'a line without a model',
      json({ ...judgment, model: undefined }),
      4,
      1,
      /1 line left out: no judgment: model/,
    ],
    ['a line that is there twice', json(good[0]!), 4, 1, /^$/],
    [
      'a question judged twice: the later counts',
      json({ ...good[0]!, score: 0, tstamp: 20 }),
      4,
      0.75,
      /typos: 1 question judged twice: the later judgment counts/,
    ],
    [
      'a question judged twice, the later first',
      json({ ...good[0]!, score: 0, tstamp: 5 }),
      4,
      1,
      /typos: 1 question judged twice: the later judgment counts/,
    ],
  ];
  for (const [what, bad, n, mean, note] of cases) {
    for (const [where, text] of [
      ['last', `${json(...good)}\n${bad}\n`],
      ['in the middle', `${json(...good.slice(0, 2))}\n${bad}\n${json(...good.slice(2))}`],
      ['first', `${bad}\n${json(...good)}`],
    ]) {
      if (what.includes('judged twice') && where !== 'last') continue;
      test(`${what}, ${where}`, async () => {
        const path = join(temporaryFolder(), 'ground_truth_judgment.jsonl');
        const other = { ...judgment, model: 'other' };
        writeFileSync(path, `${text}\n${json(other)}\n`);
        const { records } = await importAll(path);
        const row = benchmark(records.get('m')!, 'livebench-language');
        assert.deepEqual([row.n, row.mean], [n, mean]);
        assert.match(records.get('m')!.record.imported!.notes.join('\n'), note);
        assert.equal(
          benchmark(records.get('other')!, 'livebench-language').n,
          1,
          'another model loses nothing',
        );
      });
    }
  }

  test('a file most of whose lines cannot be read is refused, with the first reason', async () => {
    const path = join(temporaryFolder(), 'ground_truth_judgment.jsonl');
    writeFileSync(path, `${json(judgment)}\nnull\n{"question_id"\n`);
    await rejectsWith(() => importAll(path), 'import-invalid', /it is not JSON.*and 1 more of 3 records/);
  });

  test('the published judgments as Parquet give what the same lines do', async () => {
    const folder = temporaryFolder();
    const rows = [...good, { ...judgment, score: 0.5 }, { ...judgment, model: 'other', task: 'spatial' }];
    writeFileSync(join(folder, 'ground_truth_judgment.jsonl'), json(...rows));
    const column = (name: keyof typeof judgment, type: 'STRING' | 'DOUBLE' | 'INT32') => ({
      name,
      data: rows.map((row) => row[name]),
      type,
    });
    const columnData = [
      ...[column('question_id', 'STRING'), column('task', 'STRING'), column('model', 'STRING')],
      ...[column('score', 'DOUBLE'), column('tstamp', 'DOUBLE'), column('category', 'STRING')],
    ];
    writeFileSync(join(folder, 'judgments.parquet'), Buffer.from(parquetWriteBuffer({ columnData })));
    const [text, parquet] = await Promise.all(
      ['ground_truth_judgment.jsonl', 'judgments.parquet'].map((name) => importAll(join(folder, name))),
    );
    for (const model of ['m', 'other'])
      assert.deepEqual(parquet!.records.get(model)!.items, text!.records.get(model)!.items);
  });

  test('another Parquet file is not a judgments, and is named', async () => {
    const path = join(temporaryFolder(), 'items.parquet');
    const columnData = [{ name: 'text', data: ['a'], type: 'STRING' as const }];
    writeFileSync(path, Buffer.from(parquetWriteBuffer({ columnData })));
    await rejectsWith(
      () => importAll(path),
      'import-invalid',
      /Parquet file with keys 'text': not LiveBench's judgments/,
    );
  });
});

describe('tables of means', () => {
  test('of tasks: a category is the mean of its tasks, its standard error derived', async () => {
    const { records } = await importAll(`${FIXTURES}/published/tasks.csv`);
    assert.deepEqual([...records.keys()].sort(), ['base-8b', 'gpt-9', 'tuned-8b-v2']);
    const coding = benchmark(records.get('base-8b')!, 'livebench-coding');
    assert.equal(coding.n, 88);
    assertClose(coding.mean!, (0.2 + 0.10526) / 2);
    assertClose(coding.stderr!, Math.sqrt((0.2 * 0.8) / 50 + (0.10526 * 0.89474) / 38) / 2);
    assert.equal(coding.stderrOrigin, 'derived');
    assertClose(coding.tasks[1]!.mean!, 0.10526);
  });

  test('of categories: averages are no scores', async () => {
    const { records } = await importAll(`${FIXTURES}/published/groups.csv`);
    const base = records.get('base-8b')!;
    assert.deepEqual(
      base.record.benchmarks.map(({ id, mean, status }) => [id, mean, status]),
      [
        ['livebench-coding', 0.153, 'done'],
        ['livebench-data-analysis', 0.2, 'done'],
        ['livebench-reasoning', 0.45, 'done'],
      ],
    );
  });

  test('a missing or impossible score leaves its task out, with the reason', async () => {
    const path = join(temporaryFolder(), 'all_tasks.csv');
    writeFileSync(path, 'model;cta;tablejoin;tablereformat;typos\nm;10;;120;x\n');
    const loaded = await importOne(path);
    const analysis = benchmark(loaded, 'livebench-data-analysis');
    assert.equal(analysis.status, 'partial');
    assert.match(
      analysis.reason!,
      /1 of 3 tasks; tablejoin: the table has no score of it; tablereformat: 120 is not from 0 to 100/,
    );
    assert.match(benchmark(loaded, 'livebench-language').reason!, /'x' is not a number/);
  });
});
