/** What judges say changes no verdict, whatever a record claims of it; and it is hostile text to whoever prints it. */
import assert from 'node:assert/strict';
import { readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import type { ActionRuntime } from '../../src/action/runtime.ts';
import { readGivenRecord } from '../../src/action/steps/compare/given-record.ts';
import type { JudgedGames } from '../../src/judge/score/game.ts';
import { encodeGames } from '../../src/record/games.ts';
import { encodeItems } from '../../src/record/items.ts';
import { readRecord } from '../../src/record/read.ts';
import { type LoadedRecord, runOf } from '../../src/record/schema.ts';
import { unpackRecord } from '../../src/record/unpack.ts';
import { writeRecord } from '../../src/record/write.ts';
import { renderShowMarkdown } from '../../src/report/comment/markdown-scores.ts';
import { renderCompareTable, renderShowTable } from '../../src/report/tables/table.ts';
import { compare } from '../../src/verdict/compare.ts';
import { refuseCandidate } from '../../src/verdict/release/gate-evidence.ts';
import type { Verdict } from '../../src/verdict/schema.ts';
import { summarise } from '../../src/verdict/summary.ts';
import { temporaryFolder } from '../support/folder.ts';
import { type MadeVerdicts, makeBoard, makeGames, makeJudgedRecord } from '../support/judged.ts';
import { rightThenWrong } from '../support/records.ts';
import { rejectsWith } from '../support/reject.ts';
import { makeZip } from '../support/zip.ts';

const fill = (verdicts: MadeVerdicts, count = 300) =>
  makeGames(new Array<MadeVerdicts>(count).fill(verdicts));
const WON = fill(['B>>A', 'A>>B']);
const LOST = fill(['A>>B', 'B>>A']);
const UNREAD = fill([null, null]);
const BY_POSITION = fill(['A>>B', 'A>>B']);

/** What the verdict says but for the judge. */
function withoutJudge({ judge: _, ...others }: Verdict): Omit<Verdict, 'judge'> {
  return others;
}

const record = (model: string, right: number, boards: JudgedGames[], keepGames = true): LoadedRecord =>
  makeJudgedRecord(model, boards, {
    keepGames,
    benchmarks: {
      gpqa: { scores: rightThenWrong(right, 400 - right) },
      toxigen: { scores: rightThenWrong(300, 100) },
    },
  });

const SIDES: [what: string, boards: JudgedGames[]][] = [
  ['nothing', []],
  ['all games won', [makeBoard(WON)]],
  ['all games lost', [makeBoard(LOST)]],
  ['nothing that can be read', [makeBoard(UNREAD)]],
  ['a judge that decides by position', [makeBoard(BY_POSITION)]],
  ['another judge', [makeBoard(WON, { judge: 'another' })]],
  [
    'fifty boards',
    Array.from({ length: 50 }, (_, i) => makeBoard(WON.slice(0, 40), { judge: `judge ${i}` })),
  ],
];

describe('verdict, policy, factors, benchmarks and the gate are the same whatever judges say', () => {
  for (const [change, right] of [
    ['a drop', 280],
    ['no change', 340],
    ['a gain', 395],
  ] as const) {
    const plain = compare(record('main', 340, []), record('pr', right, []));
    for (const [before, baseline] of SIDES) {
      for (const [after, candidate] of SIDES) {
        test(`${change}: main has ${before}, the change ${after}`, () => {
          const verdict = compare(record('main', 340, baseline), record('pr', right, candidate));
          assert.deepEqual(withoutJudge(verdict), withoutJudge(plain));
        });
      }
    }
  }

  test('the gate asks nothing of it', () => {
    const plain = refuseCandidate(record('pr', 340, []));
    assert.deepEqual(refuseCandidate(record('pr', 340, [makeBoard(LOST)])), plain);
  });

  test('nor does a claimed score without games', () => {
    const claimed = record('pr', 280, [makeBoard(LOST)], false);
    claimed.record.judge![0]!.score = 1;
    const verdict = compare(record('main', 340, [makeBoard(LOST)]), claimed);
    assert.equal(verdict.verdict, 'regressed');
    assert.equal(verdict.passed, false);
  });
});

test('what a record claims of its games counts for nothing where they are there', () => {
  const claimed = record('pr', 340, [makeBoard(LOST)]);
  Object.assign(claimed.record.judge![0]!, { score: 1, ci: [0.99, 1], unread: 0 });
  const honest = record('pr', 340, [makeBoard(LOST)]);
  const main = record('main', 340, [makeBoard(LOST)]);
  assert.deepEqual(compare(main, claimed).judge, compare(main, honest).judge);
  assert.deepEqual(summarise(claimed).judge, summarise(honest).judge);
});

describe('a record whose judge results contradict themselves is refused in one line', () => {
  type Result = NonNullable<LoadedRecord['record']['judge']>[number];
  const CASES: [what: string, edit: (result: Result, all: Result[]) => void, reason: RegExp][] = [
    [
      'more verdicts unread than there are',
      (own) => Object.assign(own, { unread: 601 }),
      /judge\.0: has counts that contradict/,
    ],
    [
      'more contradictions than questions',
      (own) => Object.assign(own.contradicted, { questions: 301 }),
      /judge\.0: has counts/,
    ],
    [
      'a score outside of its interval',
      (own) => Object.assign(own, { score: 0.2 }),
      /judge\.0: has a score outside of its interval/,
    ],
    [
      'a score of a judge that failed',
      (own) => Object.assign(own, { status: 'failed' }),
      /judge\.0: is failed with a score/,
    ],
    ['no score, and done', (own) => Object.assign(own, { score: null }), /judge\.0: is done without a score/],
    [
      'a position effect outside of its bounds',
      (own) => Object.assign(own.position!, { effect: 0.5 }),
      /judge\.0: has a position effect outside/,
    ],
    ['a score of 2', (own) => Object.assign(own, { score: 2 }), /judge\.0\.score: /],
    ['a score that is no number', (own) => Object.assign(own, { score: '1' }), /judge\.0\.score: /],
    ['the same judge twice', (own, all) => void all.push(own), /judge\.1: is there twice/],
    [
      '101 judges',
      (own, all) => void all.push(...Array.from({ length: 100 }, (_, i) => ({ ...own, judge: `j${i}` }))),
      /judge: /,
    ],
  ];
  for (const [what, edit, reason] of CASES) {
    test(what, async () => {
      const folder = temporaryFolder();
      const { record: own, items } = record('pr', 340, [makeBoard(WON)]);
      await writeRecord(folder, own, items);
      const path = join(folder, 'record.json');
      const document = JSON.parse(readFileSync(path, 'utf8')) as { judge: Result[] };
      edit(document.judge[0]!, document.judge);
      writeFileSync(path, JSON.stringify(document));
      await rejectsWith(() => readRecord(folder), 'record-invalid', reason);
    });
  }
});

test('names of judges are text, on a terminal and in markdown', () => {
  const name = '\u001b[31m| <img src=x> @team `#1`\n## Passed';
  const hostile = record('pr', 340, [
    makeBoard(WON, { judge: name, reference: name, benchmark: name, category: name }),
  ]);
  const verdict = compare(hostile, hostile);
  const summary = [summarise(hostile)];
  for (const text of [
    renderCompareTable(verdict, { colour: false }),
    renderShowTable(summary, { colour: false }),
  ]) {
    assert.ok(!text.includes('\u001b'));
    assert.doesNotMatch(text, /^## Passed/m);
  }
  const markdown = renderShowMarkdown(summary);
  assert.doesNotMatch(markdown, /<img|^## Passed| @team/m);
});

const made = record('pr', 340, [makeBoard(WON)]);

describe('an archive of somebody else’s', () => {
  const archive = (games: Uint8Array) =>
    makeZip([
      { name: 'record.json', content: Buffer.from(JSON.stringify(made.record)) },
      { name: 'items.parquet', content: Buffer.from(encodeItems(made.items, runOf(made.record))) },
      { name: 'games.parquet', content: Buffer.from(games) },
    ]);

  test('brings its games', async () => {
    const loaded = await unpackRecord(
      archive(encodeGames(made.games!, runOf(made.record))),
      temporaryFolder(),
    );
    assert.equal(loaded.games![0]!.games.length, 600);
  });

  test('with games that are no Parquet is refused in one line', async () => {
    await rejectsWith(
      () => unpackRecord(archive(Buffer.from('PAR1 and nothing more')), temporaryFolder()),
      'record-invalid',
      'games.parquet cannot be used',
    );
  });
});

test('games that are a link in the workspace are not followed', async () => {
  const workspace = temporaryFolder();
  const folder = join(workspace, 'record');
  await writeRecord(folder, made.record, made.items);
  symlinkSync('/proc/self/environ', join(folder, 'games.parquet'));
  const runtime = { cwd: workspace } as ActionRuntime;
  await rejectsWith(() => readGivenRecord('record', runtime), 'usage', 'games.parquet is a link');
});
