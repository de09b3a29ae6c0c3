import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { execa } from 'execa';
import { encodeItems } from '../../src/record/items.ts';
import type { Item } from '../../src/record/schema.ts';
import { temporaryFolder } from '../support/folder.ts';
import { testPython } from '../support/python.ts';

const path = join(temporaryFolder(), 'items.parquet');
const ITEMS: Item[] = [
  {
    benchmark: 'bbq',
    task: 'sosb_bbq_age',
    docId: 3,
    docHash: 2n ** 63n - 1n,
    cluster: -(2n ** 63n),
    stratum: 'sosb_bbq_age',
    metric: 'acc',
    score: 0.1 + 0.2,
    margin: -0.5,
    prediction: '2',
    inclusionP: 0.125,
  },
  {
    benchmark: 'ifeval',
    task: 'leaderboard_ifeval',
    docId: 0,
    docHash: 2n ** 53n + 1n,
    cluster: null,
    stratum: 'leaderboard_ifeval',
    metric: 'ifeval',
    score: 0,
    margin: null,
    prediction: 'ä 中',
    inclusionP: 1,
    style: { chars: 812, headers: 3, listItems: 7, bold: 0 },
  },
];
writeFileSync(path, encodeItems(ITEMS, 'plan digest'));
const python = await testPython();

/** Readers give whole numbers as text, or with a point where a column has empty cells. */
function countsOf(style: Item['style']) {
  return {
    answer_chars: style?.chars ?? null,
    headers: style?.headers ?? null,
    list_items: style?.listItems ?? null,
    bold: style?.bold ?? null,
  };
}

const EXPECTED_ROWS = ITEMS.map((item) => ({
  benchmark: item.benchmark,
  task: item.task,
  doc_id: String(item.docId),
  doc_hash: String(item.docHash),
  cluster: String(item.cluster ?? item.docHash),
  stratum: item.stratum,
  metric: item.metric,
  score: item.score,
  margin: item.margin,
  prediction: item.prediction,
  inclusion_p: item.inclusionP,
  ...countsOf(item.style),
}));

const READERS: [string, Record<string, RegExp>][] = [
  [
    'pandas',
    {
      benchmark: /^(str|object|string)/,
      task: /^(str|object|string)/,
      doc_id: /^int32$/,
      doc_hash: /^int64$/,
      cluster: /^int64$/,
      stratum: /^(str|object|string)/,
      metric: /^(str|object|string)/,
      score: /^float64$/,
      margin: /^float32$/,
      prediction: /^(str|object|string)/,
      inclusion_p: /^float64$/,
      // Some have no value, so pandas makes numbers with a point of them.
      answer_chars: /^float64$/,
      headers: /^float64$/,
      list_items: /^float64$/,
      bold: /^float64$/,
    },
  ],
  [
    'duckdb',
    {
      benchmark: /^VARCHAR$/,
      task: /^VARCHAR$/,
      doc_id: /^INTEGER$/,
      doc_hash: /^BIGINT$/,
      cluster: /^BIGINT$/,
      stratum: /^VARCHAR$/,
      metric: /^VARCHAR$/,
      score: /^DOUBLE$/,
      margin: /^FLOAT$/,
      prediction: /^VARCHAR$/,
      inclusion_p: /^DOUBLE$/,
      answer_chars: /^INTEGER$/,
      headers: /^INTEGER$/,
      list_items: /^INTEGER$/,
      bold: /^INTEGER$/,
    },
  ],
];
for (const [library, types] of READERS) {
  test(`${library} reads items.parquet with the right types and values`, async (t) => {
    const script = join(import.meta.dirname, '..', 'support', 'read_items.py');
    const { stdout, exitCode, stderr } = await execa(python, [script, library, path], { reject: false });
    if (exitCode === 3) {
      t.skip(`${library} is not in the Python environment`);
      return;
    }
    assert.equal(exitCode, 0, stderr);
    const read = JSON.parse(stdout) as { types: Record<string, string>; rows: unknown[] };
    assert.deepEqual(Object.keys(read.types), Object.keys(types));
    for (const [column, type] of Object.entries(types)) assert.match(read.types[column]!, type, column);
    const styled = Object.keys(countsOf(undefined));
    const rows = (read.rows as Record<string, unknown>[]).map((row) => ({
      ...row,
      ...Object.fromEntries(styled.map((name) => [name, row[name] === null ? null : Number(row[name])])),
    }));
    assert.deepEqual(rows, EXPECTED_ROWS);
  });
}
