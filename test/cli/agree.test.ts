/** `sos-bench agree`: what it reads, and what it says of input that it cannot use. */
import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { readBoards } from '../../src/agreement/read-boards.ts';
import { NO_NAMES } from '../../src/agreement/read-model-names.ts';
import { type Agreement, AgreementSchema } from '../../src/agreement/schema.ts';
import { writeRecord } from '../../src/record/write.ts';
import { spearman } from '../../src/stats/correlation/spearman.ts';
import { assertClose } from '../support/assert-close.ts';
import { temporaryFolder } from '../support/folder.ts';
import { makeBoard, makeGames, makeJudgedRecord, randomVerdicts } from '../support/judged.ts';
import { createRandom } from '../support/random.ts';
import { flipped, indexes, makeRecord, rightThenWrong } from '../support/records.ts';
import { runMain } from '../support/runtime.ts';
import { drawScores, drawTruth, modelNames, toCsv } from '../support/score-boards.ts';

const folder = temporaryFolder();
const run = (...argv: string[]) => runMain(['agree', ...argv], { cwd: folder });
let files = 0;
/** A file of that content, in the folder that commands run in. */
function file(content: string | Buffer, name = `table-${++files}.csv`): string {
  writeFileSync(join(folder, name), content);
  return name;
}
async function agree(...argv: string[]): Promise<Agreement> {
  const { exitCode, stdout, stderr } = await run(...argv, '--json');
  assert.equal(exitCode, 0, stderr);
  return AgreementSchema.parse(JSON.parse(stdout));
}

const truth = drawTruth(12, 1);
const scores = (seed: number) =>
  drawScores(truth, 0.3, seed, (value) => Math.round(1000 * (50 + 10 * value)) / 1000);
const [one, two] = [scores(1), scores(2)];
const plain = file(toCsv({ score: one }), 'one.csv');
const rho = (agreement: Agreement) => agreement.pairs[0]!.views[0]!.spearman!.estimate;
const expected = rho(await agree('--with', plain, '--with', file(toCsv({ score: two }), 'two.csv')));

describe('tables that are read', () => {
  const csv = toCsv({ score: two });
  const interval = (model: string) => [two[model], two[model]! - 2, two[model]! + 3];
  const rows = modelNames(12);
  const table = (head: string, row: (model: string) => unknown[]) =>
    `${head}\n${rows.map((model) => row(model).join(',')).join('\n')}\n`;
  const DIALECTS: { title: string; content: string | Buffer; se?: number }[] = [
    { title: 'a column of scores', content: csv },
    { title: 'CRLF', content: csv.replaceAll('\n', '\r\n') },
    { title: 'a byte order mark', content: `\uFEFF${csv}` },
    {
      title: 'UTF-16 as spreadsheets write it',
      content: Buffer.from(`\uFEFF${csv.replaceAll(',', '\t')}`, 'utf16le'),
    },
    { title: 'semicolons', content: csv.replaceAll(',', ';') },
    { title: 'no line break at the end', content: csv.trimEnd() },
    {
      title: 'quoted names and blank lines',
      content: csv.replaceAll(/^(model-\d+)/gm, '"$1"').replace('\n', '\n\n'),
    },
    { title: 'another name of the column of models', content: csv.replace('model,', 'llm_model,') },
    {
      title: 'columns of text beside it',
      content: table('model,maker,score,licence', (m) => [m, 'Acme', two[m], 'MIT']),
    },
    { title: 'models without a score', content: `${csv}model-x,N/A\nmodel-y,\nmodel-z,-\n` },
    {
      title: 'a row that is there twice, the same each time',
      content: csv + csv.split('\n')[1],
    },
    {
      title: "Arena-Hard's board",
      content: table('model,score,rating_q025,rating_q975,CI,avg_tokens', (m) => [
        ...[m, ...interval(m)],
        '"(-2.0, +3.0)"',
        600,
      ]),
      se: 5 / 2 / 1.959963984540054,
    },
    {
      title: "Arena-Hard's board of v2, with its 90%",
      content: table('Model,Scores (%),CI (%)', (m) => [m, two[m], '(-2.0 / +3.0)']),
      se: 5 / 2 / 1.6448536269514722,
    },
    {
      title: "the harness's table",
      content: table('Name,Runtime_stderr,task/acc,task/acc_stderr', (m) => [m, 1, two[m], 0.7]),
      se: 0.7,
    },
    { title: 'a row a score', content: table('model,scenario,score', (m) => [m, 'only', two[m]]) },
  ];
  for (const { title, content, se } of DIALECTS) {
    test(title, async () => {
      const name = file(content);
      const agreement = await agree('--with', plain, '--with', name);
      assertClose(rho(agreement), expected);
      const { boards } = await readBoards(join(folder, name), NO_NAMES);
      const { score, se: read } = boards[0]!.scores.get('model-02')!;
      assert.equal(score, two['model-02']);
      if (se === undefined) assert.equal(read, null);
      else assertClose(read!, se);
      assert.equal(agreement.boards.length, 2);
      assert.equal(agreement.boards[1]!.errors, se !== undefined);
    });
  }

  test('several columns are several boards, and columns of text none', async () => {
    const name = file(
      toCsv({ a: one, b: two, maker: Object.fromEntries(rows.map((m) => [m, 'Acme'])) }),
      'wide.csv',
    );
    const { boards, pairs } = await agree('--with', name);
    assert.deepEqual(
      boards.map(({ id }) => id),
      ['wide:a', 'wide:b'],
    );
    assertClose(pairs[0]!.views[0]!.spearman!.estimate, expected);
  });

  test('the best of two scores of a model counts where that is asked for, and is said', async () => {
    const name = file(`${csv}model-03,-100\n`);
    const agreement = await agree('--with', plain, '--with', name, '--twice', 'best');
    assertClose(rho(agreement), expected);
    assert.deepEqual(agreement.notes, [
      `${name}: the best score of several counts, column score: 'model-03'`,
    ]);
  });

  test('a folder is all of its CSV files', async () => {
    mkdirSync(join(folder, 'boards'));
    for (const [name, content] of [
      ['a.csv', toCsv({ s: one })],
      ['b.CSV', toCsv({ s: two })],
      ['notes.txt', 'x'],
    ] as const)
      writeFileSync(join(folder, 'boards', name), content);
    assert.deepEqual(
      (await agree('--with', 'boards')).boards.map(({ id }) => id),
      ['a', 'b'],
    );
  });
});

describe('names', () => {
  const renamed = Object.fromEntries(
    Object.entries(two).map(([model, score]) => [`Org/${model.toUpperCase()}`, score]),
  );
  const other = file(toCsv({ score: renamed }), 'renamed.csv');

  test('count letter by letter: what has no partner is listed', async () => {
    const { exitCode, stderr } = await run('--with', plain, '--with', other);
    assert.equal(exitCode, 2);
    assert.match(
      stderr,
      /one and renamed: 0 models in common: 8 are needed \[agreement-refused\]\nhint: .*--names/,
    );
    const mixed = file(toCsv({ score: { ...two, 'model-1': 3, 'Model-01': 4 } }));
    const said = await run('--with', plain, '--with', mixed);
    assert.match(
      said.stderr,
      new RegExp(
        `not matched \\(names count letter by letter\\):\\n  ${mixed}: model-1\\n  ${mixed}: Model-01\\n`,
      ),
    );
    assert.match(said.stdout, /Without a partner: 2 names\./);
  });

  test('are mapped by a file, whose remarks are said', async () => {
    const names = file(
      `model,board_model,note\n${modelNames(12)
        .map((m, i) => `${m},Org/${m.toUpperCase()},${i === 3 ? 'a guess' : ''}`)
        .join('\n')}\n`,
    );
    const agreement = await agree('--with', plain, '--with', other, '--names', names);
    assertClose(rho(agreement), expected);
    assert.deepEqual(agreement.unmatched, []);
    assert.deepEqual(agreement.notes, [`${names}: model-04: a guess`]);
  });

  test('give families, in the names file or in a table', async () => {
    const family = (m: string) => (Number(m.slice(-2)) < 3 ? 'base' : '');
    const names = file(
      `model,family\n${modelNames(12)
        .map((m) => `${m},${family(m)}`)
        .join('\n')}\n`,
    );
    const inTable = file(
      toCsv({ score: two, family: Object.fromEntries(modelNames(12).map((m) => [m, family(m)])) }),
    );
    const [byFile, byTable] = [
      await agree('--with', plain, '--with', 'two.csv', '--names', names),
      await agree('--with', plain, '--with', inTable),
    ];
    for (const agreement of [byFile, byTable]) {
      assert.equal(agreement.pairs[0]!.views[0]!.families, 11);
      assert.equal(agreement.pairs[0]!.views[0]!.p, null);
    }
  });

  test('rows without a scenario are left out, and counted', async () => {
    const long = ['model,scenario,score', 'm1,a,1', 'm2,,2', 'm3,a,3'].join('\n');
    const { boards, notes } = await readBoards(join(folder, file(long, 'scenarios.csv')), NO_NAMES);
    assert.deepEqual([...boards[0]!.scores.keys()], ['m1', 'm3']);
    assert.deepEqual(notes, ['scenarios.csv: left out: 1 row without a scenario']);
  });

  test('a family that is a number is a family, and no score', async () => {
    const family = Object.fromEntries(modelNames(12).map((m, i) => [m, Math.floor(i / 2)]));
    const { boards } = await readBoards(
      join(folder, file(toCsv({ score: two, family }), 'numbered.csv')),
      NO_NAMES,
    );
    assert.deepEqual(
      boards.map(({ id }) => id),
      ['numbered'],
    );
  });
});

describe('input that cannot be used is one line and a hint', () => {
  const csv = toCsv({ score: two });
  const CASES: { title: string; content: string | Buffer; says: RegExp }[] = [
    { title: 'an empty file', content: '', says: /it is empty \[scores-invalid\]/ },
    { title: 'blank lines', content: '\n\n\n', says: /it is empty/ },
    { title: 'a line of names alone', content: 'model,score\n', says: /none of its columns has scores/ },
    {
      title: 'no column of models',
      content: csv.replace('model,', 'who,'),
      says: /has no column of models.*\n.*'model'/,
    },
    {
      title: 'a score that is no number',
      content: csv.replace(/(model-03,).*/, '$1high'),
      says: /score of 'model-03' is 'high', not a number/,
    },
    {
      title: 'a decimal comma',
      content: csv.replaceAll(',', ';').replaceAll('.', ','),
      says: /not a number.*\nhint: write decimals with a point|none of its columns has scores/,
    },
    {
      title: 'NaN',
      content: csv.replace(/(model-03,).*/, '$1NaN'),
      says: /'NaN', not a number.*\nhint: leave a cell empty/,
    },
    { title: 'infinity', content: csv.replace(/(model-03,).*/, '$1-inf'), says: /'-inf', not a number/ },
    {
      title: 'a number beyond all numbers',
      content: csv.replace(/(model-03,).*/, '$11e999'),
      says: /'1e999', not a number/,
    },
    {
      title: 'a number of another base',
      content: csv.replace(/(model-03,).*/, '$10x10'),
      says: /'0x10', not a number/,
    },
    {
      title: 'a percentage',
      content: csv.replace(/(model-03,).*/, '$145%'),
      says: /'45%', not a number.*\nhint: write percentages without the sign/,
    },
    {
      title: 'a model that is there twice',
      content: `${csv}model-03,1\n`,
      says: /'model-03' is there twice.*\nhint: .*--twice best/,
    },
    {
      title: 'Latin-1',
      content: Buffer.from(csv.replace('model-03', 'modèle-03'), 'latin1'),
      says: /it is not UTF-8.*\nhint: save it as CSV in UTF-8/,
    },
    { title: 'UTF-16 without a mark', content: Buffer.from(csv, 'utf16le'), says: /it is no text|not UTF-8/ },
    {
      title: 'a spreadsheet',
      content: Buffer.from('PK\u0003\u0004\u0000\u0000'),
      says: /it is no text|not UTF-8/,
    },
    {
      title: 'two columns of one name',
      content: csv.replace('model,score', 'model,model'),
      says: /two columns are called 'model'/,
    },
    {
      title: 'rows longer than the first line',
      content: csv.replaceAll(/^(model-\d+.*)$/gm, '$1,7'),
      says: /row 2 has 3 fields, the header 2/,
    },
    {
      title: 'more models than can be put in order',
      content: `model,score\n${Array.from({ length: 20_001 }, (_, i) => `m${i},${i}`).join('\n')}\n`,
      says: /'table-\d+' has 20,001 models, and 20,000 at most can be put in order \[usage\]\nhint: leave out/,
    },
    {
      title: 'two families of one model',
      content: 'model,score,family\nmodel-01,1,a\nmodel-01,,b\n',
      says: /'model-01' is of two families.*\nhint: keep one of the two/,
    },
    {
      title: 'seven models',
      content: csv.split('\n').slice(0, 8).join('\n'),
      says: /7 models in common: 8 are needed \[agreement-refused\]\nhint: .*--names FILE/,
    },
    {
      title: 'no spread',
      content: csv.replaceAll(/^(model-\d+),.*$/gm, '$1,5'),
      says: /gives all of 12 models one score.*\nhint: equal scores have no order/,
    },
  ];
  for (const { title, content, says } of CASES) {
    test(title, async () => {
      const { exitCode, stdout, stderr } = await run('--with', plain, '--with', file(content));
      assert.equal(exitCode, 2, stderr);
      assert.equal(stdout, '');
      assert.match(stderr, says);
      assert.match(stderr, /^error: [^\n]+\]\nhint: [^\n]+\n$/);
    });
  }

  mkdirSync(join(folder, 'empty'));
  const ARGUMENTS: [title: string, argv: string[], says: RegExp][] = [
    ['nothing at all', [], /nothing to compare.*\[usage\]/],
    ['one table of one board', ['--with', plain], /no two boards/],
    ['the same file twice', ['--with', plain, '--with', plain], /two boards are called 'one'/],
    ['a file that is not there', ['--with', 'nowhere.csv'], /there is no such file/],
    ['a folder without tables', ['--with', 'empty'], /empty cannot be used: it has no CSV files/],
    [
      'a board that is not there',
      ['--with', plain, '--with', 'two.csv', '--reference', 'three'],
      /no board 'three'.*\nhint: there are: one, two/,
    ],
    [
      'a file with several boards',
      ['--with', plain, '--with', file(toCsv({ a: one, b: two }), 'columns.csv'), '--reference', 'columns'],
      /no board 'columns'.*\nhint: there are: columns:a, columns:b\n/,
    ],
    ['changes of tables', ['--with', plain, '--changes'], /--changes is of records alone/],
    ['a record that is not there', ['nowhere'], /no record in/],
    ['names that are no names file', ['--with', plain, '--names', plain], /has no column of other names/],
    ['a seed that is no number', ['--with', plain, '--seed', 'x'], /has to be a whole number/],
  ];
  for (const [title, argv, says] of ARGUMENTS) {
    test(title, async () => {
      const { exitCode, stderr } = await run(...argv);
      assert.equal(exitCode, 2, stderr);
      assert.match(stderr, says);
      assert.ok(!stderr.includes('    at '), stderr);
    });
  }

  const NAMES: [title: string, content: string, says: RegExp][] = [
    ['one name for two models', 'model,name\na,x\nb,x\n', /'x' stands for 'a' and 'b'/],
    ["a model's own name for another", 'model,name\na,b\nb,\n', /'b' stands for 'a' and 'b'/],
    ['a row without a model', 'model,name\n,x\n', /a row has no model/],
    ['two families of one model', 'model,name,family\na,x,f\na,y,g\n', /'a' is of two families/],
    [
      'two rows of a table that are one model',
      'model,name\nmodel-01,model-02\n',
      /'model-01' and 'model-02' are both 'model-01'/,
    ],
  ];
  for (const [title, content, says] of NAMES) {
    test(`names: ${title}`, async () => {
      const { exitCode, stderr } = await run('--with', plain, '--with', 'two.csv', '--names', file(content));
      assert.equal(exitCode, 2, stderr);
      assert.match(stderr, says);
    });
  }
});

describe('records', () => {
  const random = createRandom(8);
  const half = rightThenWrong(100, 100);
  const models = modelNames(10);
  const records = models.map((model, i) => {
    const board = makeBoard(makeGames(randomVerdicts(random, 60, 0.2 + 0.06 * i)));
    const better = { scores: flipped(half, ...indexes(5 * i, 100)) };
    return makeJudgedRecord(model, [board], { benchmarks: { gpqa: better, ifeval: better } });
  });
  const paths = models.map((model) => join(folder, 'records', model));
  const written = Promise.all(
    records.map(({ record, items, games }, i) => writeRecord(paths[i]!, record, items, games ?? [])),
  );

  test('a judge is held against the factors, with the noise of both', async () => {
    await written;
    const { pairs, preset, boards } = await agree(...paths);
    assert.equal(preset, 'paper');
    assert.deepEqual(
      boards.map(({ id, models: count, errors }) => [id, count, errors]),
      [
        ['wk', 10, true],
        ['if', 10, true],
        ['Arena-Hard v0.1 by a-judge', 10, true],
      ],
    );
    assert.deepEqual(
      pairs.map(({ reference }) => reference),
      ['wk', 'if'],
    );
    assert.ok(pairs[0]!.views[0]!.spearman!.estimate > 0.8);
    assert.ok(pairs[0]!.views[0]!.noise!.ceiling > 0.8);
  });

  test('a table stands beside them, by the names of the records', async () => {
    await written;
    const table = file(
      toCsv({ score: Object.fromEntries(models.map((model, i) => [model, i])) }),
      'board.csv',
    );
    const { pairs } = await agree(...paths, '--with', table, '--board', 'board');
    assert.deepEqual(
      pairs.map(({ tested, reference }) => [tested, reference]),
      [
        ['board', 'wk'],
        ['board', 'if'],
      ],
    );
    assertClose(pairs[0]!.views[0]!.spearman!.estimate, 1);
  });

  test('two records of one model are refused, with the way for a history', async () => {
    await written;
    const { exitCode, stderr } = await run(...paths, paths[0]!);
    assert.equal(exitCode, 2);
    assert.match(stderr, /are both records of 'model-01' \[usage\]\nhint: .*--changes/);
  });

  test('of one history: changes in the order of time, whatever the order of the folders', async () => {
    const commits = Array.from({ length: 22 }, (_, i) => i);
    // Up and down, so that another order has other changes.
    const right = [commits.map((i) => 40 + ((i * 9) % 31)), commits.map((i) => 40 + ((i * 5) % 23))] as const;
    const folders = await Promise.all(
      commits.map(async (i) => {
        const { record, items } = makeRecord({
          model: 'ours',
          benchmarks: {
            gpqa: { scores: rightThenWrong(right[0][i]!, 100) },
            ifeval: { scores: rightThenWrong(right[1][i]!, 100) },
          },
          edit: (edited) => {
            edited.started = new Date(Date.UTC(2026, 0, 1 + i)).toISOString();
            edited.commit = String(i).padStart(40, '0');
          },
        });
        const path = join(folder, 'history', String((i * 7) % 22));
        await writeRecord(path, record, items);
        return path;
      }),
    );
    const { changes, pairs } = await agree(...folders.sort(), '--changes');
    assert.equal(pairs.length, 0);
    assert.equal(changes[0]!.n, 21);
    const steps = right.map((counts) => {
      const shares = counts.map((count) => count / (count + 100));
      return shares.slice(1).map((share, i) => share - shares[i]!);
    });
    assertClose(changes[0]!.spearman!.estimate, spearman(steps[0]!, steps[1]!)!);
    const said = await run(...folders, '--changes');
    assert.match(said.stdout, /Changes: of each record from the one before\./);
    const few = await run(...folders.slice(0, 19), '--changes');
    assert.match(few.stderr, /19 records with both: 20 are needed \[agreement-refused\]/);
  });
});

test('help names what it takes', async () => {
  const { stdout, exitCode } = await run('--help');
  assert.equal(exitCode, 0);
  for (const flag of [
    '--with',
    '--names',
    '--reference',
    '--board',
    '--changes',
    '--seed',
    '--preset',
    '--json',
  ])
    assert.match(stdout, new RegExp(`${flag}\\b`));
});
