import assert from 'node:assert/strict';
import { test } from 'node:test';
import Papa from 'papaparse';
import { taskScores } from '../../src/record/results/task-scores.ts';
import { renderCompareCsv, renderScoresCsv } from '../../src/report/tables/csv.ts';
import { compare } from '../../src/verdict/compare.ts';
import { after, HALF, of } from '../support/comparisons.ts';
import { rightThenWrong } from '../support/records.ts';
import { hostile } from '../support/scenarios.ts';

function parse(csv: string): Record<string, string>[] {
  const { data, errors } = Papa.parse<Record<string, string>>(csv.trimEnd(), { header: true });
  assert.deepEqual(errors, []);
  return data;
}

const scoresOf = (...records: ReturnType<typeof of>[]) =>
  parse(
    renderScoresCsv(
      records.map((record) => ({ model: record.record.model.name, tasks: taskScores(record) })),
    ),
  );

test('a row a model, a column TASK/METRIC with its standard error beside it, as the published file has them', () => {
  const rows = scoresOf(
    of('a', { gpqa: { scores: rightThenWrong(30, 70) }, wmdp: { scores: rightThenWrong(6, 4) } }),
    of('b', { gpqa: { scores: rightThenWrong(1, 0) } }),
  );
  assert.deepEqual(Object.keys(rows[0]!), [
    'Name',
    'sosb_gpqa_diamond/acc',
    'sosb_gpqa_diamond/acc_stderr',
    'wmdp_bio/acc',
    'wmdp_bio/acc_stderr',
  ]);
  assert.equal(rows[0]!['sosb_gpqa_diamond/acc'], '0.3');
  assert.ok(Math.abs(Number(rows[0]!['sosb_gpqa_diamond/acc_stderr']) - Math.sqrt(0.21 / 99)) < 1e-12);
  assert.equal(rows[0]!['wmdp_bio/acc'], '0.6', 'as the harness measures it, not inverted');
  assert.deepEqual(Object.values(rows[1]!), ['b', '1', '', '', ''], 'empty where there is no score');
});

test("LiveBench's tasks have bare names and points, as its own tables do", () => {
  const [row] = scoresOf(
    of('a', {
      'livebench-language': {
        scores: rightThenWrong(30, 10),
        task: (index) => (index < 20 ? 'connections' : 'typos'),
      },
    }),
  );
  assert.deepEqual(row, { Name: 'a', connections: '100', typos: '50' });
});

test('a row of which only means are kept comes from those', () => {
  const [row] = scoresOf(of('a', { gpqa: { scores: rightThenWrong(30, 70), items: false } }));
  assert.equal(row!['sosb_gpqa_diamond/acc'], '0.3');
});

test('a comparison has a row a factor and benchmark', () => {
  const rows = parse(
    renderCompareCsv(
      compare(of('a', { gpqa: { scores: HALF } }), of('b', { gpqa: { scores: after(20, 8) } })),
    ),
  );
  assert.equal(rows.length, 3 + 24);
  const gpqa = rows.find(({ id }) => id === 'gpqa')!;
  assert.deepEqual(
    [gpqa.kind, gpqa.factor, gpqa.method, gpqa.lost, gpqa.gained, gpqa.difference],
    ['benchmark', 'wk', 'mcnemar', '20', '8', '-0.012'],
  );
});

test('a name from outside cannot break out of its cell, and is not a formula to a spreadsheet', () => {
  const hostileRows = parse(renderCompareCsv(compare(hostile.baseline, hostile.candidate)));
  const columns = Object.keys(hostileRows[0]!);
  for (const row of hostileRows) assert.deepEqual(Object.keys(row), columns, 'no cell has spilt');
  const [row] = scoresOf(of('=HYPERLINK("http://evil.example")', { gpqa: { scores: HALF } }));
  assert.equal(row!.Name, '\'=HYPERLINK("http://evil.example")');
});
