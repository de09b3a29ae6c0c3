/** AlpacaEval's annotations, tables of preferences, and boards that publish a judge's scores, as records of judge benchmarks. */
import assert from 'node:assert/strict';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { compare } from '../../src/verdict/compare.ts';
import type { JudgeComparison, Verdict } from '../../src/verdict/schema.ts';
import { assertClose } from '../support/assert-close.ts';
import { temporaryFolder } from '../support/folder.ts';
import { assertGolden } from '../support/golden.ts';
import { importAll, importOne, LM_EVAL } from '../support/imports.ts';
import { runMain } from '../support/runtime.ts';

const folder = temporaryFolder();
let files = 0;
const file = (name: string, content: string) => {
  const path = join(folder, String(++files), name);
  mkdirSync(join(path, '..'), { recursive: true });
  writeFileSync(path, content);
  return path;
};

interface Given {
  model?: string;
  preference?: unknown;
  answer?: string;
  [field: string]: unknown;
}

/** As AlpacaEval writes one. */
const annotation = (index: number, { model = 'a-model', preference = 1.5, answer, ...more }: Given = {}) => ({
  instruction: `Explain the number ${index}.`,
  output_1: 'It is a **number**.',
  generator_1: 'gpt4_1106_preview',
  dataset: 'helpful_base',
  output_2: answer ?? `It is ${index}.`,
  generator_2: model,
  annotator: 'weighted_alpaca_eval_gpt4_turbo',
  preference,
  raw_completion: { text: 'M', logprobs: { content: [] } },
  ...more,
});
const COUNT = 40;
const preferences = Array.from({ length: COUNT }, (_, i) => 1 + ((7 * i) % COUNT) / COUNT);
const annotations = (rows: readonly unknown[], name = 'annotations.json') =>
  file(name, JSON.stringify(rows, null, 2));
const plain = () => preferences.map((preference, i) => annotation(i, { preference }));

const judgeOf = (verdict: Verdict): JudgeComparison => verdict.judge![0]!;

describe("AlpacaEval's annotations", () => {
  test('are a judge benchmark with the mean preference for the model as its score', async () => {
    const { record, games } = await importOne(annotations(plain()));
    const [result] = record.judge!;
    assertClose(result!.score!, preferences.reduce((sum, one) => sum + one - 1, 0) / COUNT);
    const { benchmark, judge, reference, questions, unread } = result!;
    assert.deepEqual(
      [benchmark, judge, reference, questions, result!.games, unread],
      ['alpaca-eval', 'weighted_alpaca_eval_gpt4_turbo', 'gpt4_1106_preview', COUNT, COUNT, 0],
    );
    assert.deepEqual([result!.position, result!.contradicted], [null, { questions: 0, of: 0 }]);
    assert.deepEqual(record.benchmarks, []);
    assert.equal(record.imported!.from, 'alpaca-eval');
    const [game] = games![0]!.games;
    assert.deepEqual([game!.first, game!.verdict, game!.preference], [null, null, 0]);
    assert.deepEqual(game!.styles!.reference, { chars: 19, headers: 0, listItems: 0, bold: 1 });
    assert.ok(!JSON.stringify(games).includes('It is'));
  });

  test('their standard error is that of the mean over questions', async () => {
    const { record } = await importOne(annotations(plain()));
    const shares = preferences.map((one) => one - 1);
    const mean = shares.reduce((sum, one) => sum + one, 0) / COUNT;
    const variance = shares.reduce((sum, one) => sum + (one - mean) ** 2, 0) / (COUNT - 1);
    assertClose(record.judge![0]!.stderr!, Math.sqrt(variance / COUNT), 1e-12);
  });

  const SPELLINGS: [what: string, preference: unknown, share: number | undefined][] = [
    ['1 is the reference', 1, 0],
    ['2 is the model', 2, 1],
    ['1.5 is a tie', 1.5, 0.5],
    ['0 is a tie in older files', 0, 0.5],
    ['1.2 is the model, two parts of ten', 1.2, 0.2],
    ['null could not be read', null, undefined],
  ];
  for (const [what, preference, share] of SPELLINGS) {
    test(`a preference of ${what}`, async () => {
      const { games } = await importOne(annotations([...plain(), annotation(999, { preference })]));
      const last = games![0]!.games.at(-1)!;
      if (share === undefined) assert.equal(last.preference, undefined);
      else assertClose(last.preference!, share);
    });
  }

  const LOST: [what: string, row: Given, loss: RegExp][] = [
    ['a preference of 3', { preference: 3 }, /1 annotation left out: its preference is none from 1 to 2/],
    ['a preference in words', { preference: 'model' }, /its preference is none from 1 to 2/],
    ['no model', { generator_2: null }, /1 annotation left out: no annotation: generator_2/],
    ['no judge', { annotator: '' }, /no annotation: annotator/],
    ['no question', { instruction: 7 }, /no annotation: instruction/],
  ];
  for (const [what, row, loss] of LOST) {
    test(`${what} loses its own question, which is named`, async () => {
      const { report, records } = await importAll(annotations([...plain(), annotation(999, row)]));
      assert.match(report.records[0]!.losses.join(), loss);
      assert.equal([...records.values()][0]!.games![0]!.games.length, COUNT);
    });
  }

  test('a question twice counts once, by the later annotation', async () => {
    const { report, records } = await importAll(annotations([...plain(), annotation(3, { preference: 2 })]));
    assert.match(report.records[0]!.losses.join(), /1 question judged twice: the later one counts/);
    const [loaded] = [...records.values()];
    assert.equal(loaded!.games![0]!.games.length, COUNT);
    assert.equal(loaded!.games![0]!.games[3]!.preference, 1);
  });

  test('two judges of one model are two scores of one record; two models two records', async () => {
    const other = preferences.map((preference, i) => annotation(i, { preference, annotator: 'another' }));
    const second = preferences.map((preference, i) => annotation(i, { preference, model: 'b-model' }));
    const { records } = await importAll([annotations(plain()), annotations(other), annotations(second)]);
    assert.deepEqual(
      [...records].map(([name, { record }]) => [name, record.judge!.length]),
      [
        ['a-model', 2],
        ['b-model', 1],
      ],
    );
  });

  const REFUSED: [what: string, content: string, reason: RegExp][] = [
    ['a file that is cut short', JSON.stringify([annotation(0)]).slice(0, -40), /cut short|not JSON/],
    [
      'one that is mostly damaged',
      JSON.stringify([annotation(0, { preference: 9 })]),
      /its preference is none/,
    ],
    [
      "a model's answers alone",
      JSON.stringify([{ instruction: 'x', output: 'y', generator: 'm' }]),
      /it holds answers; their scores are in the annotations/,
    ],
  ];
  for (const [what, content, reason] of REFUSED) {
    test(`${what}: one line, exit code 2, nothing written`, async () => {
      const output = join(folder, `out-${++files}`);
      const { exitCode, stderr } = await runMain([
        ...['import', file('annotations.json', content), '--output', output],
      ]);
      assert.equal(exitCode, 2);
      assert.match(stderr, /^error: there is nothing to import in .*\[import-invalid\]\nhint: .*\n$/);
      assert.match(stderr, reason);
      assert.ok(!existsSync(output));
    });
  }
});

describe('two of them', () => {
  const longer = () =>
    preferences.map((preference, i) =>
      annotation(i, {
        model: 'b-model',
        preference: Math.min(2, preference + 0.08 + 0.02 * (i % 3)),
        answer: `# It is ${i}\n\n- ${'so '.repeat(60 + (i % 7))}`,
      }),
    );

  test('are paired by question, with the lengths of both', async () => {
    const { records } = await importAll([annotations(plain()), annotations(longer())]);
    const row = judgeOf(compare(records.get('a-model')!, records.get('b-model')!));
    assert.deepEqual([row.paired, row.n, row.outcome, row.id], [true, COUNT, 'improved', 'alpaca-eval']);
    const shares = longer().map(({ preference }, i) => (preference as number) - preferences[i]!);
    assertClose(row.delta.estimate!, shares.reduce((sum, one) => sum + one, 0) / COUNT);
    const { chars, headers } = row.style!.features;
    assert.ok(chars.candidate > 15 * chars.baseline && chars.rejected);
    assert.deepEqual([headers.baseline, headers.candidate], [0, 1]);
  });

  test('the table says it so that a person can read it', async () => {
    const output = join(folder, 'pair');
    await importAll([annotations(plain()), annotations(longer())], { output });
    const sides = ['--baseline', join(output, 'a-model'), '--candidate', join(output, 'b-model')];
    const { stdout } = await runMain(['compare', ...sides]);
    const table = stdout.slice(stdout.indexOf('Judged, in no factor'));
    assertGolden('table-judged-preferences.txt', table);
  });
});

describe('a table of preferences', () => {
  const HEAD = 'model,variant,question,preference,characters,headers,list_items,bold';
  const rows = (variant: string, more: number, chars: number) =>
    preferences.map(
      (preference, i) =>
        `m,${variant},${i},${Math.min(2, preference + more).toFixed(4)},${chars + i},0,${i % 2},0`,
    );
  const both = [HEAD, ...rows('concise', 0, 400), ...rows('verbose', 0.05, 1000)].join('\n');

  test('is a record a variant, and they are paired by question', async () => {
    const { records } = await importAll(file('preferences.csv', both));
    assert.deepEqual([...records.keys()], ['m_concise', 'm_verbose']);
    const row = judgeOf(compare(records.get('m_concise')!, records.get('m_verbose')!));
    assert.deepEqual([row.paired, row.n, row.judge], [true, COUNT, 'judge of preferences.csv']);
    const { chars } = row.style!.features;
    assert.deepEqual([Math.round(chars.baseline), Math.round(chars.candidate)], [420, 1020]);
  });

  const CELLS: [what: string, row: string, loss: RegExp | null][] = [
    ['no preference', 'm,concise,900,,1,0,0,0', null],
    ['a preference of 7', 'm,concise,900,7,1,0,0,0', /1 row left out: its preference is none/],
    ['no question', 'm,concise,,1.5,1,0,0,0', /1 row left out: it has no model or no question/],
    ['counts that no answer can have', 'm,concise,900,1.5,1,5,0,0', null],
    ['a length that is no number', 'm,concise,900,1.5,long,0,0,0', null],
  ];
  for (const [what, row, loss] of CELLS) {
    test(`with ${what}: the others are read`, async () => {
      const { report, records } = await importAll(file('preferences.csv', `${both}\n${row}`));
      const said = report.records[0]!.losses.join();
      if (loss === null) assert.equal(said, '');
      else assert.match(said, loss);
      const { games } = records.get('m_concise')!;
      assert.equal(games![0]!.games.length, COUNT + (loss === null ? 1 : 0));
    });
  }
});

/** Real verdicts, which are no part of the project: a model that was asked to be concise, and to be verbose. */
const REAL = process.env.SOS_BENCH_ALPACA_CSV;
test('the published concise and verbose answers: +5.35 points of preference, 431 to 1,058 characters', {
  skip: REAL === undefined && 'SOS_BENCH_ALPACA_CSV names no table',
}, async () => {
  const { records } = await importAll(REAL!);
  const [concise, verbose] = ['concise', 'verbose'].map(
    (variant) => records.get(`gpt-3.5-turbo-1106_${variant}`)!,
  );
  const { delta, style, n, paired } = judgeOf(compare(concise!, verbose!));
  assert.deepEqual([n, paired], [805, true]);
  assert.equal((100 * delta.estimate!).toFixed(2), '5.35');
  assert.equal((100 * delta.se!).toFixed(2), '0.84');
  const { chars } = style!.features;
  assert.deepEqual([Math.round(chars.baseline), Math.round(chars.candidate)], [431, 1058]);
});

describe('a board that publishes scores', () => {
  const scores = { one: 62.5, two: 50, three: 12.25 };
  const table = (head: string, row: (name: string, score: number) => unknown[]) =>
    [head, ...Object.entries(scores).map(([name, score]) => row(name, score).join(','))].join('\n');
  type Wanted = [
    benchmark: string,
    category: string | null,
    ci: [number, number] | null,
    stderr: number | null,
  ];
  const Z = 1.959963984540054;
  const BOARDS: [what: string, name: string, content: string, wanted: Wanted[]][] = [
    [
      'Arena-Hard v0.1',
      'board.csv',
      table('model,score,rating_q025,rating_q975,CI,avg_tokens', (name, score) => [
        ...[name, score, score - 2, score + 3, '"(-2, +3)"', 600],
      ]),
      [['arena-hard-v0.1', null, [0.605, 0.655], 0.025 / Z]],
    ],
    [
      'Arena-Hard v2, whose 90% become 95%',
      'board.csv',
      table('Model,Scores (%),CI (%)', (name, score) => [name, score, '(-2.0 / +3.0)']),
      [
        [
          'arena-hard-v2',
          null,
          [0.625 - (0.02 * Z) / 1.6448536269514722, 0.625 + (0.03 * Z) / 1.6448536269514722],
          0.025 / 1.6448536269514722,
        ],
      ],
    ],
    [
      'AlpacaEval, with the score at equal length',
      'weighted_leaderboard.csv',
      table(
        ',win_rate,standard_error,n_wins,n_total,mode,avg_length,length_controlled_winrate,lc_standard_error',
        (name, score) => [name, score, 1.5, 12, 805, 'community', 1900, score / 2, ''],
      ),
      [
        ['alpaca-eval', null, [0.625 - 0.015 * Z, 0.625 + 0.015 * Z], 0.015],
        ['alpaca-eval', 'length-controlled', null, null],
      ],
    ],
    [
      "BenchBench's, by the column's name",
      'x.csv',
      table('model,arena_hard', (name, score) => [name, score]),
      [['arena-hard-v0.1', null, null, null]],
    ],
    [
      "BenchBench's, by the file's name",
      'alphacaeval_v2lc_240829_holistic.csv',
      table('model,score', (name, score) => [name, score]),
      [['alpaca-eval', 'length-controlled', null, null]],
    ],
    [
      'a row a score, as fractions',
      'x.csv',
      table('model,scenario,score', (name, score) => [name, 'Arena Hard', score / 100]),
      [['arena-hard-v0.1', null, null, null]],
    ],
  ];
  for (const [what, name, content, wanted] of BOARDS) {
    test(`${what}: a score without questions`, async () => {
      const { records } = await importAll(file(name, content));
      assert.deepEqual([...records.keys()].sort(), ['one', 'three', 'two']);
      const { record, games } = records.get('one')!;
      assert.equal(games, undefined);
      assert.equal(record.imported!.from, 'board');
      assert.equal(record.judge!.length, wanted.length);
      for (const [index, [benchmark, category, ci, stderr]] of wanted.entries()) {
        const result = record.judge![index]!;
        assert.deepEqual(
          [result.benchmark, result.category, result.judge, result.questions, result.games],
          [benchmark, category, `board ${name}`, 0, 0],
        );
        assertClose(result.score!, category === null || wanted.length === 1 ? 0.625 : 0.3125);
        if (ci === null) assert.equal(result.ci, null);
        else for (const end of [0, 1] as const) assertClose(result.ci![end], ci[end], 1e-9);
        if (stderr === null) assert.equal(result.stderr, null);
        else assertClose(result.stderr!, stderr, 1e-9);
      }
    });
  }

  const board = table('model,score,rating_q025,rating_q975', (name, score) => [
    name,
    score,
    score - 2,
    score + 3,
  ]);

  test('show, list and compare say what it is, and compare nothing of it', async () => {
    const output = join(folder, 'boards');
    await importAll(file('board.csv', board), { output });
    const shown = await runMain(['show', join(output, 'one')]);
    assert.match(
      shown.stdout,
      /Arena-Hard v0\.1: one: a published score: no questions or verdicts are behind it, and the interval is the board's own/,
    );
    assert.doesNotMatch(shown.stdout, /0 of 0 verdicts/);
    const pair = ['compare', '--baseline', join(output, 'one'), '--candidate', join(output, 'two')];
    const verdict = JSON.parse((await runMain([...pair, '--json'])).stdout) as Verdict;
    const { outcome, paired, delta, n, baseline, candidate, reason } = judgeOf(verdict);
    assert.deepEqual([outcome, paired, delta.estimate, n], ['not-comparable', false, null, 0]);
    assert.deepEqual([baseline.score, candidate.score], [0.625, 0.5]);
    assert.match(reason!, /a published score has no questions behind it/);
    assert.match((await runMain(pair)).stdout, /a published score has no questions behind it/);
    const listed = JSON.parse((await runMain(['list', '--json'])).stdout) as { judge: { id: string }[] };
    assert.ok(listed.judge.some(({ id }) => id === 'alpaca-eval'));
  });

  test('says once what is to be said of several boards', async () => {
    const output = join(folder, 'several');
    await importAll([file('board.csv', board), file('other.csv', board)], { output });
    const pair = ['--baseline', join(output, 'one'), '--candidate', join(output, 'two')];
    for (const argv of [
      ['show', join(output, 'one')],
      ['compare', ...pair],
    ]) {
      const { stdout } = await runMain(argv);
      const notes = stdout.split('\n').filter((line) => line.includes('a published score'));
      assert.equal(new Set(notes).size, notes.length, stdout);
      assert.ok(notes.length > 0);
    }
  });

  test('adds to the models of results that are imported with it; the others are somebody else’s', async () => {
    const { records } = await importAll(LM_EVAL);
    const name = [...records.values()][0]!.record.model.name;
    const more = file('board.csv', `${board}\n${name},33,30,36`);
    const { records: together, report } = await importAll([LM_EVAL, more]);
    const { record } = [...together.values()].find((loaded) => loaded.record.model.name === name)!;
    assert.equal(record.judge![0]!.score, 0.33);
    assert.deepEqual(
      report.unjoined.map(({ model }) => model),
      ['one', 'two', 'three'],
    );
    assert.equal(together.size, records.size);
  });

  test('has other names for models where a names file says so, letter by letter', async () => {
    const names = file('names.csv', 'model,name\nOurs,one\nTheirs,Two\n');
    const { records } = await importAll(file('board.csv', board), { names });
    assert.deepEqual([...records.keys()].sort(), ['Ours', 'three', 'two']);
  });

  const LOST: [what: string, row: string, loss: RegExp][] = [
    ['a score above 100', 'four,120,110,130', /score left out: 120 is no share of wins, from 0 to 100/],
    ['a score in words', 'four,good,1,2', /score left out: 'good' is no number/],
    ['NaN', 'four,NaN,1,2', /score left out: 'NaN' is no number/],
    ['a model twice', 'four,40,38,42\nfour,41,38,43', /score is there twice: the later row counts/],
  ];
  for (const [what, row, loss] of LOST) {
    test(`${what} is named, and the others are read`, async () => {
      const path = file('board.csv', `${board}\nfour,30,28,31\n${row}`);
      const { report, records } = await importAll(path);
      assert.equal(records.size, 4);
      assert.match(report.records.find(({ model }) => model === 'four')!.losses.join(), loss);
    });
  }

  test('of two columns that are of one benchmark the later counts, and that is said', async () => {
    const twice = 'model,arena_hard_0416,arena_hard_0829\none,40,30\ntwo,,20\n';
    const { report, records } = await importAll(file('twice.csv', twice));
    assert.deepEqual(
      ['one', 'two'].map((name) => records.get(name)!.record.judge!.map(({ score }) => score)),
      [[0.3], [0.2]],
    );
    assert.deepEqual(
      report.records.map(({ losses }) => losses),
      [['twice.csv: two columns are of one benchmark: arena_hard_0829, the later one, counts'], []],
    );
  });

  test('a model without one score that can be used is named with the reason, and gets no record', async () => {
    const lost = `${board}\nfour,120,110,130\nfive,NaN,1,2\nsix,,,`;
    const { report, records } = await importAll(file('board.csv', lost));
    assert.deepEqual([...records.keys()].sort(), ['one', 'three', 'two']);
    assert.deepEqual(
      report.unjoined.map(({ model, reason }) => [model, reason]),
      [
        ['four', 'board.csv: score left out: 120 is no share of wins, from 0 to 100'],
        ['five', "board.csv: score left out: 'NaN' is no number"],
      ],
    );
  });

  const NONE: [what: string, name: string, content: string, reason: RegExp][] = [
    ['of no judge', 'mmlu.csv', 'model,mmlu_pro\na,0.7\n', /knows no scores in it.*agree --with/],
    ['without a score', 'arena_hard.csv', 'model,score\na,\nb,N/A\n', /it has no score that can be used/],
    ['of Elo', 'arena_hard.csv', 'model,score\na,1250\n', /1250 is no share of wins/],
  ];
  for (const [what, name, content, reason] of NONE) {
    test(`a board ${what}: one line, exit code 2, nothing written`, async () => {
      const output = join(folder, `none-${++files}`);
      const { exitCode, stderr } = await runMain(['import', file(name, content), '--output', output]);
      assert.equal(exitCode, 2);
      assert.match(stderr, /^error: [^\n]*\[import-invalid\]\nhint: .*\n$/);
      assert.match(stderr, reason);
      assert.ok(!existsSync(output));
    });
  }
});
