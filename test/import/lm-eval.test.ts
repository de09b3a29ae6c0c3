import assert from 'node:assert/strict';
import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import type { Item } from '../../src/record/schema.ts';
import { assertClose } from '../support/assert-close.ts';
import { temporaryFolder } from '../support/folder.ts';
import { benchmark, importAll, importOne, LM_EVAL, STAMP, sampleLines } from '../support/imports.ts';

const RESULTS = join(LM_EVAL, `results_${STAMP}.json`);
const whole = await importOne(LM_EVAL);

const itemsOf = (items: readonly Item[], task: string) => items.filter((item) => item.task === task);

function writeFolder(files: Record<string, string>): string {
  const folder = join(temporaryFolder(), 'acme__tiny');
  mkdirSync(folder);
  for (const [name, content] of Object.entries(files)) writeFileSync(join(folder, name), content);
  return folder;
}

interface Results {
  results: Record<string, Record<string, unknown>>;
  [key: string]: unknown;
}

/** The fixture's results (whose NaN becomes null), changed. */
function results(change: (document: Results) => unknown): string {
  const document = JSON.parse(readFileSync(RESULTS, 'utf8').replaceAll('NaN', 'null')) as Results;
  return JSON.stringify(change(document) ?? document);
}

describe('a results file with its sample logs', () => {
  test('becomes one record of its model', () => {
    assert.equal(whole.record.model.name, 'acme/tiny');
    assert.equal(whole.record.model.digest, null);
    assert.equal(whole.record.imported?.from, 'lm-eval');
    assert.equal(whole.record.imported?.files.length, 5);
    assert.equal(whole.items.length, 23);
  });

  test('says how it was made, as far as the file does', () => {
    const { protocol, started, finished, totals, subject, planHash, environment } = whole.record;
    assert.deepEqual(protocol.harness, { name: 'lm-eval', version: '0.4.9' });
    assert.equal(protocol.backend, 'hf');
    assert.equal(protocol.chatTemplateApplied, false);
    assert.equal(protocol.seed, 1234);
    assert.deepEqual([started, finished], ['2026-02-03T04:05:06.700Z', '2026-02-03T04:06:37.200Z']);
    assertClose(totals.deviceMinutes ?? 0, 90.5 / 60);
    assert.equal(subject.dtype, 'bfloat16');
    assert.deepEqual([planHash, environment, protocol.includePaths], [null, null, null]);
    const { prompts, ...wmdp } = protocol.tasks.wmdp_bio!;
    assert.match(prompts!, /^[0-9a-f]{64}$/);
    assert.deepEqual(wmdp, {
      version: '1',
      fewshot: 0,
      outputType: 'multiple_choice',
      metric: 'acc',
      filter: 'none',
      generation: null,
      data: 'hub:cais/wmdp@abc',
    });
    assert.deepEqual(protocol.tasks.gsm8k?.generation, { until: ['Q'] });
  });

  test("keeps no secret of the model's arguments", () => {
    assert.deepEqual(whole.record.subject.modelArgs, { dtype: 'bfloat16' });
  });

  test('maps known tasks to their benchmarks, others to benchmarks of their own name', () => {
    assert.deepEqual(
      whole.record.benchmarks.map(({ id, status }) => [id, status]),
      [
        ['musr', 'partial'],
        ['ifeval', 'done'],
        ['wmdp', 'partial'],
        ['gsm8k', 'done'],
        ['wikitext', 'skipped'],
        ['translate', 'skipped'],
        ['broken', 'skipped'],
      ],
    );
    assert.equal(benchmark(whole, 'musr').reason, '1 of 3 tasks');
  });

  test('leaves out what is not a score, saying why', () => {
    assert.match(benchmark(whole, 'wikitext').reason!, /word_perplexity falls as a model gets better/);
    assert.match(
      benchmark(whole, 'translate').reason!,
      /not scored: bleu is not a fraction of 1; chrf is not a fraction of 1/,
    );
    assert.match(benchmark(whole, 'broken').reason!, /acc is not a finite number/);
  });

  test('scores an IFEval prompt by the mean of its four metrics, and keeps the counts for the pooled figure', () => {
    assert.deepEqual(
      itemsOf(whole.items, 'leaderboard_ifeval').map(({ score }) => score),
      [0.5, 0.625, 1, 0.625],
    );
    assert.deepEqual(benchmark(whole, 'ifeval').instructions, { total: 6, strict: 3, loose: 6 });
  });

  test('items know what the worker would say of them: option, margin, cluster', () => {
    for (const [i, item] of itemsOf(whole.items, 'leaderboard_musr_murder_mysteries').entries()) {
      const line = sampleLines('leaderboard_musr_murder_mysteries')[i]!;
      const values = (line.filtered_resps as [string, string][]).map(([value]) => Number(value));
      // acc_norm: per character of "Bo" and "Constantine".
      const [bo, constantine] = [values[0]! / 2, values[1]! / 11];
      const gold = i % 2;
      assert.equal(item.prediction, bo > constantine ? '0' : '1');
      assertClose(item.margin!, gold === 0 ? bo - constantine : constantine - bo, 1e-6);
      assert.equal(item.score, line.acc_norm);
      assert.equal(item.docHash, BigInt.asIntN(64, BigInt(`0x${String(line.doc_hash).slice(0, 16)}`)));
    }
    const clusters = itemsOf(whole.items, 'leaderboard_musr_murder_mysteries').map(({ cluster }) => cluster);
    assert.equal(new Set(clusters).size, 3);
    assert.equal(clusters[0], clusters[1]);
    assert.equal(benchmark(whole, 'wmdp').constantScore, 1);
  });

  test('of several filters the one of the reported metric counts, and the others are named', () => {
    assert.deepEqual(
      itemsOf(whole.items, 'gsm8k').map(({ score }) => score),
      [1, 0, 0, 1, 0],
    );
    assert.ok(whole.record.imported?.notes.some((note) => /strict-match.*flexible-extract/.test(note)));
  });
});

const SAMPLES = sampleLines('wmdp_bio');
const LAYOUTS: [string, string][] = [
  ['one record a line', SAMPLES.map((line) => JSON.stringify(line)).join('\n')],
  [
    'lines that end as on Windows, with a byte order mark',
    `\uFEFF${SAMPLES.map((line) => JSON.stringify(line)).join('\r\n')}\r\n`,
  ],
  ['one array', JSON.stringify(SAMPLES)],
  ['one indented array', JSON.stringify(SAMPLES, null, 2)],
  ['an object of arrays', JSON.stringify({ wmdp_bio: SAMPLES })],
  ['an indented object of arrays', JSON.stringify({ wmdp_bio: SAMPLES }, null, 4)],
  ['records split over lines', SAMPLES.map((line) => JSON.stringify(line, null, 1)).join('\n')],
  [
    'records split over lines, a comma behind each',
    SAMPLES.map((line) => JSON.stringify(line, null, 1)).join(',\n'),
  ],
  [
    'requests as lists',
    SAMPLES.map((line) =>
      JSON.stringify({
        ...line,
        arguments: Object.values(line.arguments as object).map((pair: object) => Object.values(pair)),
      }),
    ).join('\n'),
  ],
  [
    'log-probabilities as numbers',
    SAMPLES.map((line) =>
      JSON.stringify({
        ...line,
        filtered_resps: (line.filtered_resps as string[][]).map(([value]) => [Number(value), false]),
      }),
    ).join('\n'),
  ],
  [
    'scores as truth values',
    SAMPLES.map((line) => JSON.stringify({ ...line, acc: line.acc === 1 })).join('\n'),
  ],
  ['no hashes, but documents', SAMPLES.map(({ doc_hash: _, ...line }) => JSON.stringify(line)).join('\n')],
  ['no ids', SAMPLES.map(({ doc_id: _, ...line }) => JSON.stringify(line)).join('\n')],
  [
    'some ids only',
    SAMPLES.map(({ doc_id: id, ...line }) => JSON.stringify(id === 3 ? line : { ...line, doc_id: id })).join(
      '\n',
    ),
  ],
  [
    'only what a score needs',
    SAMPLES.map(({ filtered_resps, doc_hash, arguments: args, target, acc }) =>
      JSON.stringify({ filtered_resps, doc_hash, arguments: args, target, acc }),
    ).join('\n'),
  ],
  ['a record there twice', [...SAMPLES, SAMPLES[2]].map((line) => JSON.stringify(line)).join('\n')],
  [
    'bare NaN in what is not needed',
    SAMPLES.map((line) =>
      JSON.stringify({ perplexity: 0, ...line }).replace('"perplexity":0', '"perplexity":NaN'),
    ).join('\n'),
  ],
];
describe('every layout of a sample log gives the same items', () => {
  const expected = itemsOf(whole.items, 'wmdp_bio');
  for (const [what, content] of LAYOUTS) {
    test(what, async () => {
      const folder = writeFolder({ [`samples_wmdp_bio_${STAMP}.jsonl`]: content });
      copyFileSync(RESULTS, join(folder, `results_${STAMP}.json`));
      const loaded = await importOne(folder);
      assert.deepEqual(loaded.items, expected);
    });
  }

  test('within the results, as the Python function returns them', async () => {
    const file = results((document) => ({ ...document, samples: { wmdp_bio: SAMPLES } }));
    assert.deepEqual((await importOne(writeFolder({ 'run.json': file }))).items, expected);
  });

  test('without results, which makes a record too', async () => {
    const loaded = await importOne(writeFolder({ [`samples_wmdp_bio_${STAMP}.jsonl`]: LAYOUTS[0]![1] }));
    assert.deepEqual(loaded.items, expected);
    assert.equal(loaded.record.model.name, 'acme__tiny');
    assert.deepEqual(
      [loaded.record.protocol.backend, loaded.record.protocol.tasks.wmdp_bio?.version],
      [null, null],
    );
  });
});

const RESULT_LAYOUTS: [string, (document: Results) => unknown][] = [
  [
    '0.4.0: metrics without filters, no counts',
    (document) => {
      document.results = Object.fromEntries(
        Object.entries(document.results).map(([task, values]) => [
          task,
          Object.fromEntries(
            Object.entries(values)
              .filter(([key]) => !['name', 'sample_len'].includes(key))
              .map(([key, value]) => [key.replace(/,none$/, ''), value]),
          ),
        ]),
      );
      delete document['n-samples'];
      delete document.lm_eval_version;
    },
  ],
  [
    'groups nested',
    (document) => {
      const { wmdp, wmdp_bio: bio, ...others } = document.results;
      document.results = { ...others, wmdp: { wmdp, wmdp_bio: bio } as Record<string, unknown> };
      const counts = document['n-samples'] as Record<string, unknown>;
      delete document['n-samples'];
      delete document.groups;
      delete document.group_subtasks;
      document.n_samples = { ...counts, wmdp: { wmdp_bio: counts.wmdp_bio } };
    },
  ],
  [
    "numbers as numpy's texts",
    (document) => {
      const { wmdp_bio: bio } = document.results;
      bio!['acc,none'] = `np.float64(${String(bio!['acc,none'])})`;
      bio!['acc_stderr,none'] = String(bio!['acc_stderr,none']);
    },
  ],
];
describe('every layout of a results file gives the same means', () => {
  for (const [what, change] of RESULT_LAYOUTS) {
    test(what, async () => {
      const loaded = await importOne(writeFolder({ 'results.json': results(change) }));
      assert.deepEqual(loaded.items, []);
      const wmdp = benchmark(loaded, 'wmdp');
      assert.equal(wmdp.n, 8);
      assertClose(wmdp.mean!, 0.375);
      assertClose(wmdp.stderr!, benchmark(whole, 'wmdp').stderr!);
      assert.equal(wmdp.stderrOrigin, 'reported');
      assert.deepEqual(
        wmdp.tasks.map(({ task }) => task),
        ['wmdp_bio'],
      );
    });
  }
});

describe('standard errors of means', () => {
  const import1 = async (change: (document: Results) => unknown) =>
    importOne(writeFolder({ 'results.json': results(change) }));

  test('are derived where the file says N/A, and marked', async () => {
    const loaded = await import1(
      ({ results }) => Object.assign(results.wmdp_bio!, { 'acc_stderr,none': 'N/A' }) && undefined,
    );
    const wmdp = benchmark(loaded, 'wmdp');
    assertClose(wmdp.stderr!, Math.sqrt((0.375 * 0.625) / 8));
    assert.equal(wmdp.stderrOrigin, 'derived');
  });

  test('of tasks with one item each come from their common mean', async () => {
    const loaded = await import1((document) => {
      const tasks = ['wmdp_bio', 'wmdp_chem', 'wmdp_cyber'];
      document.results = Object.fromEntries(
        tasks.map((task, i) => [task, { 'acc,none': i === 0 ? 1 : 0, 'acc_stderr,none': 'N/A' }]),
      );
      document['n-samples'] = Object.fromEntries(tasks.map((task) => [task, { original: 9, effective: 1 }]));
      delete document.configs;
    });
    const wmdp = benchmark(loaded, 'wmdp');
    assert.equal(wmdp.status, 'done');
    assertClose(wmdp.stderr!, Math.sqrt(((1 / 3) * (2 / 3)) / 3));
  });

  test('of one item are unknown', async () => {
    const loaded = await import1((document) => {
      document.results = { own: { 'acc,none': 1, 'acc_stderr,none': 'N/A' } };
      document['n-samples'] = { own: { original: 9, effective: 1 } };
    });
    assert.deepEqual([benchmark(loaded, 'own').stderr, benchmark(loaded, 'own').stderrOrigin], [null, null]);
  });

  test('of IFEval are those of its prompt metrics', async () => {
    const ifeval = benchmark(await import1(() => undefined), 'ifeval');
    assertClose(ifeval.mean!, (0.25 + 0.5 + 1 + 1) / 4);
    assertClose(ifeval.stderr!, 0.25 / 2);
    assert.equal(ifeval.stderrOrigin, 'derived');
  });
});

describe('a log that does not fit its results is not used', () => {
  const misfits: [string, Record<string, unknown>[], RegExp][] = [
    ['fewer documents', SAMPLES.slice(0, 5), /the log has 5 documents, the results 8/],
    [
      'another mean',
      SAMPLES.map((line) => ({ ...line, acc: 1 })),
      /the mean over the log is 1, the results say 0.375/,
    ],
  ];
  for (const [what, lines, note] of misfits) {
    test(what, async () => {
      const folder = writeFolder({
        [`samples_wmdp_bio_${STAMP}.jsonl`]: lines.map((line) => JSON.stringify(line)).join('\n'),
      });
      copyFileSync(RESULTS, join(folder, `results_${STAMP}.json`));
      const loaded = await importOne(folder);
      assert.deepEqual(loaded.items, []);
      assertClose(benchmark(loaded, 'wmdp').mean!, 0.375);
      assert.match(loaded.record.imported!.notes.join('\n'), note);
    });
  }
});

test("a task of the catalogue without the catalogue's metric is not counted as its benchmark", async () => {
  const lines = SAMPLES.map(({ acc, ...line }) => JSON.stringify({ ...line, exact_match: acc }));
  const loaded = await importOne(writeFolder({ 'samples_wmdp_bio.jsonl': lines.join('\n') }));
  assert.deepEqual(
    loaded.record.benchmarks.map(({ id }) => id),
    ['wmdp_bio'],
  );
  assert.match(loaded.record.imported!.notes.join('\n'), /has no acc, so it is not counted as WMDP/);
});

test("a foreign task with a benchmark's id gets an id of its own", async () => {
  const lines = SAMPLES.map((line) => JSON.stringify(line));
  const loaded = await importOne(writeFolder({ 'samples_bbq.jsonl': lines.join('\n') }));
  assert.deepEqual(
    loaded.record.benchmarks.map(({ id }) => id),
    ['task:bbq'],
  );
});

describe('several results files of one model', () => {
  const other = (change: (document: Results) => unknown) =>
    results((document) => {
      const { wmdp: _, wmdp_bio: bio } = document.results;
      document.results = { own: bio! };
      document['n-samples'] = { own: { original: 8, effective: 8 } };
      document.date = 1770099999;
      return change(document);
    });

  test('of different tasks merge', async () => {
    const folder = writeFolder({ 'results_2026-02-04T00-00-00.json': other(() => undefined) });
    const loaded = await importOne([LM_EVAL, folder]);
    assert.ok(loaded.record.benchmarks.some(({ id }) => id === 'own'));
    assert.equal(loaded.items.length, 23);
  });

  test('made in another way stay apart', async () => {
    const folder = writeFolder({
      'results_2026-02-04T00-00-00.json': other((document) => ({ ...document, lm_eval_version: '0.4.8' })),
    });
    const { records } = await importAll([LM_EVAL, folder]);
    assert.deepEqual(
      [...records.keys()].sort(),
      [`acme__tiny-${STAMP}`, 'acme__tiny-2026-02-04T00-00-00'].sort(),
    );
  });

  test('of the same task stay apart, each under its time', async () => {
    const folder = writeFolder({ 'results_2026-02-04T00-00-00.json': results(() => undefined) });
    const { records } = await importAll([LM_EVAL, folder]);
    assert.equal(records.size, 2);
  });

  test('and a copy of the same file count once', async () => {
    const folder = writeFolder({});
    copyFileSync(RESULTS, join(folder, `results_${STAMP}.json`));
    const loaded = await importOne([LM_EVAL, folder]);
    assert.equal(benchmark(loaded, 'gsm8k').n, 5);
  });
});

describe('a limit, as the harness reads it', () => {
  /** Of sosb_gpqa_diamond (198 documents), nothing but whose mean is known; `ours` is nobody's. */
  const cases: [limit: number, n: number | null, ofOthers: number | null, note: RegExp][] = [
    [0.1, 20, null, /limit: 10% of the documents of each task/],
    [0.005, 1, null, /0\.5% of the documents/],
    [0.999, 198, null, /99\.9%/],
    [1, 1, 1, /limit: 1 document a task/],
    [1.9, 1, 1, /limit: 1 document a task/],
    [50, 50, 50, /limit: 50 documents a task/],
    [1000, 198, 1000, /limit: 1000 documents a task/],
  ];
  for (const [limit, n, ofOthers, note] of cases)
    test(`${limit}: ${n} of 198 documents`, async () => {
      const scores = { 'acc,none': 0.5, 'acc_stderr,none': 'N/A' };
      const folder = writeFolder({
        [`results_${STAMP}.json`]: JSON.stringify({
          results: {
            sosb_gpqa_diamond: { alias: 'g', 'acc_norm,none': 0.5, ...scores },
            ours: { alias: 'o', ...scores },
          },
          configs: { sosb_gpqa_diamond: { task: 'sosb_gpqa_diamond' }, ours: { task: 'ours' } },
          config: { model: 'hf', model_args: 'pretrained=acme/tiny', limit },
        }),
      });
      const loaded = await importOne(folder);
      const { record } = loaded;
      assert.equal(benchmark(loaded, 'gpqa').tasks[0]?.n, n);
      const others = record.benchmarks.find(({ id }) => id === 'ours');
      assert.equal(others?.status === 'skipped' ? null : others?.n, ofOthers);
      assert.match(record.imported!.notes.join('; '), note);
    });
});
