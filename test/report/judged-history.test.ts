/** What judges said, commit by commit: in lists and exports of a history, and as a trend. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import Papa from 'papaparse';
import { EntrySchema, indexLine } from '../../src/history/store/entry.ts';
import { makeEntry } from '../../src/history/store/make-entry.ts';
import { renderTrend, type TrendPoint } from '../../src/report/comment/trend.ts';
import { renderHistoryCsv, renderHistoryEntry, renderHistoryTable } from '../../src/report/tables/history.ts';
import { type JudgeScore, judgeScores } from '../../src/verdict/judge-summary.ts';
import { entryOf, shaOf } from '../support/entries.ts';
import { makeBoard, makeGames, makeJudgedRecord, randomVerdicts } from '../support/judged.ts';
import { createRandom } from '../support/random.ts';

const judged = (score: number, change: Partial<JudgeScore> = {}): JudgeScore => ({
  ...{ benchmark: 'arena-hard-v0.1', category: null, judge: 'a-judge', reference: 'gpt-4-0314' },
  ...{ score, ci: [score - 0.05, score + 0.05], questions: 500 },
  ...change,
});
const entries = [
  entryOf(1),
  entryOf(2, { judge: [judged(0.4)] }),
  entryOf(3, { judge: [judged(0.45), judged(0.5, { benchmark: 'alpaca-eval', questions: 0, ci: null })] }),
];
const lines = entries.map(indexLine);

describe('a history', () => {
  test("keeps a record's judge scores in its entry, in no factor, and reads entries without", () => {
    const loaded = makeJudgedRecord('ours', [
      makeBoard(makeGames(randomVerdicts(createRandom(2), 40, 0.5))),
      makeBoard(makeGames([[null, null]]), { judge: 'unread' }),
    ]);
    const facts = { parents: null, repository: null, branch: null, event: null, run: null, verdict: null };
    const entry = makeEntry(loaded, { sha: shaOf(1), created: new Date(0), ...facts });
    assert.deepEqual(
      entry.judge!.map(({ judge, questions }) => [judge, questions]),
      [['a-judge', 40]],
    );
    assert.equal(entry.judge![0]!.score, loaded.record.judge![0]!.score);
    assert.ok(entry.factors.every(({ score }) => score === null));
    assert.equal(EntrySchema.parse(entryOf(1)).judge, undefined);
    assert.deepEqual(indexLine(entry).judge, entry.judge);
  });

  test('lists them in a table of their own, newest first', () => {
    const [, table = ''] = renderHistoryTable(lines).split('Judged, in no factor');
    assert.match(
      table,
      new RegExp(`${shaOf(3).slice(0, 12)}  Arena-Hard v0\\.1 +a-judge +gpt-4-0314 +45\\.0`),
    );
    assert.match(table, /AlpacaEval .* 50\.0 +published/);
    assert.ok(table.indexOf(shaOf(3).slice(0, 12)) < table.indexOf(shaOf(2).slice(0, 12)));
    assert.doesNotMatch(renderHistoryTable(lines.slice(0, 1)), /Judged/);
  });

  test('shows them for one entry', () => {
    assert.match(
      renderHistoryEntry(entries[1]!),
      /Judged: Arena-Hard v0\.1 by a-judge against gpt-4-0314 +40\.0 \[35\.0, 45\.0\]/,
    );
  });

  test('exports three columns for each, and two lines of one judge that was asked in two ways', () => {
    const asked = [...lines, indexLine(entryOf(4, { judge: [judged(0.6, { protocol: 'a'.repeat(64) })] }))];
    const { data } = Papa.parse<Record<string, string>>(renderHistoryCsv(asked), {
      ...{ header: true, skipEmptyLines: true },
    });
    const name = 'judge: Arena-Hard v0.1 by a-judge against gpt-4-0314';
    assert.deepEqual(
      data.map((row) => row[name]),
      ['', '0.4', '0.45', ''],
    );
    assert.equal(data[1]![`${name}_low`], '0.35000000000000003');
    assert.equal(data[3]![`${name} (asked in another way, 2)`], '0.6');
    assert.equal(data[2]!['judge: AlpacaEval by a-judge against gpt-4-0314_high'], '');
  });
});

describe('the trend of a judge benchmark', () => {
  const point = (label: string, judge?: JudgeScore[], wk: number | null = null): TrendPoint => ({
    ...{ label, scores: { wk, if: null, safety: null } },
    ...(judge && { judge }),
  });

  test('is folded apart from the factors, the candidate last', () => {
    const history = [
      point('a1', [judged(0.4)], 0.5),
      point('b2', undefined, 0.5),
      point('c3', [judged(0.5)], 0.5),
    ];
    const [factors = '', judges = ''] = renderTrend(history, point('PR', [judged(0.55)], 0.5))!.split(
      '</details>',
    );
    assert.match(factors, /Trend: the last 3 records/);
    assert.doesNotMatch(factors, /a-judge/);
    assert.match(judges, /Trend of judge benchmarks, in no factor: 50 is as good as the reference/);
    assert.match(judges, /title "Arena-Hard v0\.1 by a-judge against gpt-4-0314, points \(now 55\.0\)"/);
    assert.match(judges, /x-axis \["a1", "c3", "PR"\]/);
    assert.match(judges, /line \[40\.0, 50\.0, 55\.0\]/);
  });

  const OTHER: [what: string, change: Partial<JudgeScore>][] = [
    ['another judge', { judge: 'another' }],
    ['another reference', { reference: null }],
    ['another category', { category: 'hard_prompt' }],
    ['a judge that was asked in another way', { protocol: 'b'.repeat(64) }],
  ];
  for (const [what, change] of OTHER)
    test(`is not that of ${what}`, () =>
      assert.equal(renderTrend([point('a', [judged(0.4, change)])], point('PR', [judged(0.5)])), null));

  test('a hostile name of a judge cannot leave the chart', () => {
    const judge = 'x"]\n```\n<img src=a> @team `b`';
    const chart = renderTrend([point('a', [judged(0.4, { judge })])], point('PR', [judged(0.5, { judge })]))!;
    assert.equal(chart.split('```').length, 3);
    assert.doesNotMatch(chart, /<img/);
    assert.match(chart, /title "Arena-Hard v0\.1 by ximg srca @team b against gpt-4-0314, points/);
  });
});

test('scores of judges are those of the games, where they are kept', () => {
  const loaded = makeJudgedRecord('ours', [makeBoard(makeGames(randomVerdicts(createRandom(2), 40, 0.5)))]);
  loaded.record.judge![0]!.score = 0.99;
  assert.ok(judgeScores(loaded)[0]!.score < 0.8);
});
