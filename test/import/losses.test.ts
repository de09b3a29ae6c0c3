/** One bad record of a sample log or table loses one question, is counted and named, and spoils nothing else. */
import assert from 'node:assert/strict';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { temporaryFolder } from '../support/folder.ts';
import { benchmark, importAll, importOne, LM_EVAL, STAMP, sampleLines } from '../support/imports.ts';
import { runMain } from '../support/runtime.ts';

const samples = sampleLines('wmdp_bio');
const N = samples.length;
const json = (records: readonly object[]) => records.map((record) => JSON.stringify(record));
const [first] = samples as [Record<string, unknown>];
const flipped = { ...first, acc: 1 - Number(first.acc) };

const BAD: [what: string, line: string, loss: RegExp][] = [
  [
    'a score of NaN',
    JSON.stringify({ ...first, doc_id: 99 }).replace(/"acc":[\d.]+/, '"acc":NaN'),
    /1 question left out: acc is "NaN", not a number/,
  ],
  [
    'a score of null',
    JSON.stringify({ ...first, doc_id: 99, acc: null }),
    /1 question left out: acc is null, not a number/,
  ],
  [
    'a score of 2',
    JSON.stringify({ ...first, doc_id: 99, acc: 2 }),
    /1 question left out: acc is 2, not a fraction of 1/,
  ],
  [
    'a line that is cut in its document',
    JSON.stringify(first).slice(0, 60),
    /1 question left out: (cut short|not JSON)/,
  ],
  [
    'a line that is cut at its end',
    JSON.stringify(first).slice(0, -5),
    /1 question left out: (cut short|not JSON)/,
  ],
  [
    'a log-probability of NaN',
    JSON.stringify({
      ...first,
      doc_id: 99,
      filtered_resps: [
        ['nan', 'False'],
        ['-1.5', 'False'],
      ],
    }),
    /1 question left out: a log-probability is not finite/,
  ],
  [
    'a log-probability that is a bare NaN',
    JSON.stringify({
      ...first,
      doc_id: 99,
      filtered_resps: [
        ['?', false],
        [-1.5, false],
      ],
    }).replace('"?"', 'NaN'),
    /1 question left out: a log-probability is not finite/,
  ],
  ['a line of NUL bytes, as a power cut leaves it', '\0'.repeat(64), /1 question left out: not JSON/],
  ['a line that is null', 'null', /1 question left out: not JSON/],
  ['a line of another kind', '{"a": 1}', /1 question left out: it has none of doc_id/],
];

describe('a sample log beside its results', () => {
  for (const [what, line, loss] of BAD) {
    for (const at of [0, 3, N - 1]) {
      test(`${what}, in place of record ${at + 1}: the other items are kept`, async () => {
        const folder = join(temporaryFolder(), 'acme__tiny');
        mkdirSync(folder);
        const lines = json(samples);
        lines[at] = line;
        writeFileSync(
          join(folder, `results_${STAMP}.json`),
          readFileSync(join(LM_EVAL, `results_${STAMP}.json`)),
        );
        writeFileSync(join(folder, `samples_wmdp_bio_${STAMP}.jsonl`), `${lines.join('\n')}\n`);
        const { records, report } = await importAll(folder);
        const items = [...records.values()].flatMap((loaded) => loaded.items);
        assert.equal(items.filter(({ task }) => task === 'wmdp_bio').length, N - 1);
        assert.match(report.records[0]!.losses.join('\n'), loss);
      });
    }
  }
});

test('a bad line that holds two questions loses those two, and spoils nothing else', async () => {
  const folder = join(temporaryFolder(), 'acme__tiny');
  mkdirSync(folder);
  const lines = json(samples);
  lines.splice(1, 2, lines[1]!.slice(0, 60) + lines[2]!);
  writeFileSync(join(folder, `results_${STAMP}.json`), readFileSync(join(LM_EVAL, `results_${STAMP}.json`)));
  writeFileSync(join(folder, `samples_wmdp_bio_${STAMP}.jsonl`), `${lines.join('\n')}\n`);
  const { records, report } = await importAll(folder);
  const items = [...records.values()].flatMap((loaded) => loaded.items);
  assert.equal(items.filter(({ task }) => task === 'wmdp_bio').length, N - 2);
  assert.match(report.records[0]!.losses.join('\n'), /1 question left out: in no line of the log/);
});

test('a question that is there twice with another score counts once, by the later record', async () => {
  const path = join(temporaryFolder(), 'samples_wmdp_bio.jsonl');
  writeFileSync(path, json([...samples, flipped]).join('\n'));
  const loaded = await importOne(path);
  assert.equal(loaded.items.length, N);
  assert.equal(loaded.items.find(({ docId }) => docId === first.doc_id)!.score, flipped.acc);
  assert.match(
    loaded.record.imported!.notes.join('\n'),
    /1 question twice with another score: the later counts/,
  );
});

test('two questions of one id are both left out, and counted', async () => {
  const path = join(temporaryFolder(), 'samples_wmdp_bio.jsonl');
  const hash = 'f'.repeat(64);
  writeFileSync(
    path,
    json([...samples, { ...samples[1]!, doc_id: first.doc_id, doc_hash: hash }]).join('\n'),
  );
  const loaded = await importOne(path);
  assert.equal(loaded.items.length, N - 1);
  assert.deepEqual(benchmark(loaded, 'wmdp').tasks[0]!.dropped, { 'two questions have one id': 1 });
});

test('the command says on stderr what was lost', async () => {
  const folder = temporaryFolder();
  const path = join(folder, 'samples_wmdp_bio.jsonl');
  writeFileSync(path, [...json(samples), 'null'].join('\n'));
  const { exitCode, stderr } = await runMain(['import', path, '--output', join(folder, 'out')]);
  assert.equal(exitCode, 0, stderr);
  assert.match(stderr, /lost:\n {2}.*: wmdp_bio: 1 question left out: not JSON\n/);
});

test('a row of a table that does not fit its header is left out, and the others are taken', async () => {
  const path = join(temporaryFolder(), 'scores.csv');
  writeFileSync(
    path,
    'Name,toxigen/acc,toxigen/acc_stderr\na,0.5,0.01\nb,0.6\n,0.7,0.01\nc,0.8,0.01\nd,0.4,0.01\n',
  );
  const { records, report } = await importAll(path);
  assert.deepEqual([...records.keys()], ['a', 'c', 'd']);
  assert.match(
    report.records[0]!.losses.join('\n'),
    /1 row that has 2 fields, the header 3\n.*1 row without a Name/,
  );
});

describe('an old log whose results state all documents of the task, whatever --samples chose', () => {
  const stamp = '2026-05-06T07-08-09.000000';
  const write = (score: (i: number) => number, { mean, stderr }: { mean?: number; stderr?: number } = {}) => {
    const folder = join(temporaryFolder(), 'org__m');
    mkdirSync(folder);
    const records = Array.from({ length: 20 }, (_, i) => ({
      ...first,
      doc_id: i * 7,
      doc_hash: `${i}`.padStart(64, 'a'),
      acc: score(i),
    }));
    const share = records.reduce((sum, { acc }) => sum + acc, 0) / 20;
    const results = {
      results: {
        wmdp_bio: {
          'acc,none': mean ?? share,
          'acc_stderr,none': stderr ?? Math.sqrt((share * (1 - share)) / 19),
        },
      },
      'n-samples': { wmdp_bio: { original: 198, effective: 198 } },
      lm_eval_version: '0.4.9.1',
    };
    writeFileSync(join(folder, `results_${stamp}.json`), JSON.stringify(results));
    writeFileSync(join(folder, `samples_wmdp_bio_${stamp}.jsonl`), json(records).join('\n'));
    return importOne(folder);
  };
  test('n is that of the log, with its items, where mean and standard error are those of the log', async () => {
    const loaded = await write((i) => (i % 3 === 0 ? 1 : 0));
    assert.deepEqual([benchmark(loaded, 'wmdp').n, loaded.items.length], [20, 20]);
  });
  test('all right: there is no standard error to tell by, and the mean fits', async () => {
    const loaded = await write(() => 1);
    assert.deepEqual([benchmark(loaded, 'wmdp').n, loaded.items.length], [20, 20]);
  });
  test('a log of another run, by its mean, is not used', async () => {
    const loaded = await write((i) => i % 2, { mean: 0.6 });
    assert.equal(loaded.items.length, 0);
  });
  test('a log of a part of the run, by the standard error, is not used', async () => {
    const loaded = await write((i) => i % 2, { stderr: Math.sqrt(0.25 / 197) });
    assert.deepEqual([benchmark(loaded, 'wmdp').n, loaded.items.length], [198, 0]);
  });
});

for (const task of ['ulqa_', 'ulqa', 'a__b', '_x_']) {
  test(`the log of task '${task}' belongs to its results`, async () => {
    const stamp = '2026-05-06T07-08-09.000000';
    const folder = join(temporaryFolder(), 'org__m');
    mkdirSync(folder);
    const acc = samples.reduce((sum, sample) => sum + Number(sample.acc), 0) / N;
    const results = {
      results: { [task]: { 'acc,none': acc } },
      'n-samples': { [task]: { original: N, effective: N } },
    };
    writeFileSync(join(folder, `results_${stamp}.json`), JSON.stringify(results));
    writeFileSync(join(folder, `samples_${task}_${stamp}.jsonl`), json(samples).join('\n'));
    const { record, items } = await importOne(folder);
    assert.deepEqual(
      record.benchmarks.map(({ id, n }) => [id, n]),
      [[task, N]],
    );
    assert.equal(items.length, N);
  });
}

describe('one bad row of a table loses that row', () => {
  const HEADER = 'Name,toxigen/acc,toxigen/acc_stderr,wmdp_bio/acc';
  const GOOD = ['b,0.5,0.01,0.6', 'c,0.5,0.01,0.6', 'd,0.5,0.01,0.6'];
  const ROWS: [what: string, row: string, loss: RegExp][] = [
    ['a quote that does not close', '"a,0.5,0.01,0.6', /1 row that has quotes that do not close/],
    ['NUL bytes', '\0'.repeat(20), /1 row that has 1 field, the header 4/],
    ['a row that is there already', GOOD[0]!, /1 row that is there already/],
  ];
  for (const [what, row, loss] of ROWS) {
    for (const at of [0, 2, 3]) {
      test(`${what}, in place ${at}`, async () => {
        const path = join(temporaryFolder(), 'scores.csv');
        writeFileSync(path, [HEADER, ...GOOD.toSpliced(at, 0, row), ''].join('\n'));
        const { records, report } = await importAll(path);
        assert.deepEqual([...records.keys()], ['b', 'c', 'd']);
        assert.match(report.records[0]!.losses.join('\n'), loss);
      });
    }
  }

  for (const [cell, loss] of [
    ['50.2', /scores.csv: toxigen left out: acc is 50.2, not a fraction of 1/],
    ['-0.1', /toxigen left out: acc is -0.1, not a fraction of 1/],
    ['inf', /toxigen left out: toxigen\/acc is 'inf', not a number/],
  ] as const) {
    test(`a score of ${cell} loses its task, which is named`, async () => {
      const path = join(temporaryFolder(), 'scores.csv');
      writeFileSync(path, [HEADER, ...GOOD, `e,${cell},0.01,0.6`].join('\n'));
      const { records, report } = await importAll(path);
      assert.deepEqual([...records.keys()], ['b', 'c', 'd', 'e']);
      assert.equal(benchmark(records.get('e')!, 'wmdp').mean, 0.6);
      assert.match(report.records.find(({ model }) => model === 'e')!.losses.join('\n'), loss);
      assert.deepEqual(report.records[0]!.losses, []);
    });
  }

  test("a score of LiveBench's beyond 100 loses its task, which is named", async () => {
    const path = join(temporaryFolder(), 'all_tasks.csv');
    writeFileSync(path, 'model,AMPS_Hard,zebra_puzzle\na,10,20\nb,101,20\n');
    const { report } = await importAll(path);
    const { losses } = report.records.find(({ model }) => model === 'b')!;
    assert.match(losses.join('\n'), /all_tasks.csv: AMPS_Hard left out: 101 is not from 0 to 100/);
  });
});
