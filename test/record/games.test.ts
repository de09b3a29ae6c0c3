import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { parquetWriteBuffer } from 'hyparquet-writer';
import { type JudgedGames, MAX_GAMES } from '../../src/judge/score/game.ts';
import { recordDigest } from '../../src/record/digest.ts';
import { decodeGames, encodeGames } from '../../src/record/games.ts';
import { readRecord } from '../../src/record/read.ts';
import { runOf } from '../../src/record/schema.ts';
import { writeRecord } from '../../src/record/write.ts';
import { temporaryFolder } from '../support/folder.ts';
import { forgeMetadata } from '../support/forged-parquet.ts';
import { makeBoard, makeGames, makeJudgedRecord, randomVerdicts } from '../support/judged.ts';
import { createRandom } from '../support/random.ts';
import { rejectsWith } from '../support/reject.ts';

const DIGEST = 'ab'.repeat(32);
const games = makeGames([...randomVerdicts(createRandom(1), 40, 0.4), [null, 'A>B']]).map((game) => ({
  ...game,
  answers: { model: DIGEST, reference: game.question === 'q3' ? null : DIGEST },
}));
const boards: JudgedGames[] = [
  makeBoard(games),
  makeBoard(games.slice(0, 10), { benchmark: 'arena-hard-v2', category: 'hard_prompt', reference: null }),
];

test('games come back as they were written, and the same games give the same bytes', async () => {
  const bytes = encodeGames(boards, 'run');
  const { boards: read, run } = await decodeGames(bytes);
  assert.deepEqual(read, boards);
  assert.equal(run, 'run');
  assert.deepEqual(encodeGames(boards, 'run'), bytes);
});

describe('how the answers are written', () => {
  const styles = {
    model: { chars: 900, headers: 3, listItems: 7, bold: 0 },
    reference: { chars: 500, headers: 0, listItems: 2, bold: 1 },
  };
  const styled = makeBoard(games.map((game, index) => (index % 5 === 4 ? game : { ...game, styles })));

  test('comes back, also where some games have no counts', async () => {
    assert.deepEqual((await decodeGames(encodeGames([styled], 'run'))).boards, [styled]);
  });

  test('takes no column where nobody counted, so that files without are as they were', () => {
    const text = Buffer.from(encodeGames(boards, 'run')).toString('latin1');
    assert.ok(!text.includes('model_headers'));
    assert.ok(
      Buffer.from(encodeGames([styled], 'run'))
        .toString('latin1')
        .includes('model_headers'),
    );
  });

  const REFUSED: [what: string, model: Record<string, number>][] = [
    ['a negative count', { chars: -1 }],
    ['more headers than characters', { headers: 800 }],
    ['a length beyond any', { chars: 2 ** 30 }],
  ];
  for (const [what, model] of REFUSED)
    test(`${what} is refused`, async () => {
      const forged = makeBoard([
        { ...games[0]!, styles: { ...styles, model: { ...styles.model, ...model } } },
      ]);
      await assert.rejects(decodeGames(encodeGames([forged], 'run')), /game 1: styles\.model/);
    });
});

describe('verdicts by criterion', () => {
  const asked = makeBoard(
    games.map((game, index) => {
      if (index % 7 === 6) return game;
      return {
        ...game,
        criteria: { correctness: 'A>B' as const, style: index % 3 === 0 ? null : ('B>>A' as const) },
      };
    }),
  );

  test('come back, unread ones as unread and those that were not asked as not asked', async () => {
    assert.deepEqual((await decodeGames(encodeGames([asked], 'run'))).boards, [asked]);
  });

  test('come back beside counts of style', async () => {
    const style = { chars: 9, headers: 0, listItems: 0, bold: 0 };
    const both = makeBoard(
      asked.games.map((game) => ({ ...game, styles: { model: style, reference: style } })),
    );
    assert.deepEqual((await decodeGames(encodeGames([both], 'run'))).boards, [both]);
  });

  test('take no column where nobody asked, and of those criteria alone that were asked', () => {
    const textOf = (board: JudgedGames) => Buffer.from(encodeGames([board], 'run')).toString('latin1');
    assert.ok(!textOf(boards[0]!).includes('criterion_'));
    assert.ok(textOf(asked).includes('criterion_style'));
    assert.ok(!textOf(asked).includes('criterion_safety'));
  });

  test('of another kind are refused', async () => {
    await assert.rejects(decodeGames(forge({ criterion_style: 'better' })), /game 1: criteria\.style/);
    await assert.rejects(decodeGames(forge({ criterion_tone: 'A>B' })), /does not have the columns of games/);
    await assert.rejects(
      decodeGames(forge({ criterion_style: 'A>B', criterion_correctness: 'A>B' })),
      /does not have the columns of games/,
    );
  });
});

test('500 questions in both orders take less than 100 KB', () => {
  const many = makeBoard(makeGames(randomVerdicts(createRandom(2), 500, 0.4)));
  assert.ok(encodeGames([many], 'run').length < 100_000);
});

const COLUMNS = {
  ...{ benchmark: 'b', category: null, judge: 'j', reference: null, question: 'q' },
  ...{ first: 'model', verdict: 'A>B', model_answer: null, reference_answer: null },
} as Record<string, string | null>;

/** One game whose columns are these. */
function forge(changes: Record<string, string | null>, rows = 1): Uint8Array {
  const columnData = Object.entries({ ...COLUMNS, ...changes }).map(([name, value]) => ({
    ...{ name, type: 'STRING' as const },
    data: new Array<string | null>(rows).fill(value),
    nullable: COLUMNS[name] === null || name === 'verdict' || name.startsWith('criterion_'),
  }));
  return new Uint8Array(parquetWriteBuffer({ columnData }));
}

describe('a file of games is refused', () => {
  const CASES: [what: string, content: () => Uint8Array, reason: RegExp][] = [
    ['with a verdict that is none of the five', () => forge({ verdict: 'A>>>B' }), /game 1: verdict: /],
    ['with a side that is none of the two', () => forge({ first: 'both' }), /game 1: first: /],
    [
      'with an answer that is no digest',
      () => forge({ model_answer: 'an answer as text' }),
      /game 1: answers\.model: is not a SHA-256/,
    ],
    ['with a name of 10,000 characters', () => forge({ judge: 'j'.repeat(10_000) }), /game 1: judge: /],
    ['with a question without an id', () => forge({ question: '' }), /game 1: question: /],
    [
      'with a question twice in one order',
      () => forge({}, 2),
      /game 2: its question is there twice in this order/,
    ],
    ['with another column', () => forge({ text: 'the answer' }), /does not have the columns of games/],
    [
      'with more games than there can be',
      () => forge({}, MAX_GAMES + 1),
      /claims 100001 games, more than the limit of 100000/,
    ],
    [
      'that claims more rows than it has',
      () =>
        forgeMetadata(encodeGames(boards, 'run'), (metadata) => {
          metadata.num_rows = 90_000n;
        }),
      /claims 90000/,
    ],
    ['that is cut short', () => encodeGames(boards, 'run').subarray(0, 900), /footer|short|Parquet/i],
  ];
  for (const [what, content, reason] of CASES) {
    test(what, async () => {
      await assert.rejects(decodeGames(content()), reason);
    });
  }
});

async function writeJudged(folder: string, keep = boards): Promise<void> {
  const { record, items } = makeJudgedRecord('m', boards);
  await writeRecord(folder, record, items, keep);
}

test('a record is read with its games, whose digest it lists', async () => {
  const folder = temporaryFolder();
  await writeJudged(folder);
  const loaded = await readRecord(folder);
  assert.deepEqual(loaded.games, boards);
  assert.match(loaded.record.files?.['games.parquet'] ?? '', /^[0-9a-f]{64}$/);
  await recordDigest(folder);
  writeFileSync(join(folder, 'games.parquet'), encodeGames(boards.slice(1), runOf(loaded.record)));
  await rejectsWith(
    () => recordDigest(folder),
    'record-invalid',
    'games.parquet is not the file that record.json lists',
  );
});

describe('games that do not belong to their record are refused in one line', () => {
  test('other games than record.json counts', async () => {
    const folder = temporaryFolder();
    await writeJudged(folder, [{ ...boards[0]!, games: games.slice(2) }, boards[1]!]);
    await rejectsWith(
      () => readRecord(folder),
      'record-invalid',
      'games.parquet cannot be used: it has 80 games of arena-hard-v0.1, record.json says 82',
    );
  });

  test('of a judge that record.json does not know', async () => {
    const folder = temporaryFolder();
    await writeJudged(folder, [...boards, makeBoard(games, { judge: 'another' })]);
    await rejectsWith(
      () => readRecord(folder),
      'record-invalid',
      /it has games of which record\.json does not know/,
    );
  });

  test('of another run', async () => {
    const folder = temporaryFolder();
    await writeJudged(folder);
    writeFileSync(join(folder, 'games.parquet'), encodeGames(boards, 'another run'));
    await rejectsWith(() => readRecord(folder), 'record-invalid', /it is of another run than record\.json/);
  });
});

test('without its games a record is read all the same: a store does not keep them', async () => {
  const folder = temporaryFolder();
  const { record, items } = makeJudgedRecord('m', boards);
  await writeRecord(folder, record, items);
  const loaded = await readRecord(folder);
  assert.equal(loaded.games, undefined);
  assert.equal(loaded.record.judge?.length, 2);
});

test('games beside a record that was not judged are not looked at', async () => {
  const folder = temporaryFolder();
  const { record, items } = makeJudgedRecord('m', []);
  delete record.judge;
  await writeRecord(folder, record, items);
  writeFileSync(join(folder, 'games.parquet'), 'no Parquet');
  assert.equal((await readRecord(folder)).games, undefined);
});
