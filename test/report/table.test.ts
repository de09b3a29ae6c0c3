import assert from 'node:assert/strict';
import { test } from 'node:test';
import { stripVTControlCharacters } from 'node:util';
import { escapeTerminal } from '../../src/markdown/escape.ts';
import { cutToWidth, widthOf } from '../../src/report/tables/layout.ts';
import { renderCompareTable, renderShowTable } from '../../src/report/tables/table.ts';
import { compare } from '../../src/verdict/compare.ts';
import { summarise } from '../../src/verdict/summary.ts';
import { assertGolden } from '../support/golden.ts';
import * as scenarios from '../support/scenarios.ts';

// biome-ignore lint/suspicious/noControlCharactersInRegex: that is what is looked for
const CONTROL = /[\u0000-\u0009\u000b-\u001f]/;

test('the table of a comparison reads as its golden file', () => {
  const { baseline, candidate } = scenarios.regression;
  const text = renderCompareTable(compare(baseline, candidate), { colour: false });
  assertGolden('table-compare.txt', text);
  assert.doesNotMatch(text, CONTROL);
});

test('on a terminal of 80 columns it reads as its golden file, and no line of the table is longer', () => {
  const { baseline, candidate } = scenarios.regression;
  const text = renderCompareTable(compare(baseline, candidate), { colour: false, width: 80 });
  assertGolden('table-compare-80.txt', text);
  const [heading] = /^ +Detectable\n/m.exec(text)!;
  const table = text.slice(text.indexOf(heading)).split('\n\n')[0]!;
  assert.ok(Math.max(...table.split('\n').map(widthOf)) <= 80);
});

test('wide characters take two columns: what follows them stays in line', () => {
  const { baseline, candidate } = scenarios.incomplete;
  const named = [baseline, candidate].map((loaded, index) => ({
    ...loaded,
    record: {
      ...loaded.record,
      model: { ...loaded.record.model, name: ['模型', 'e\u0301te\u0301 👩‍👩‍👧'][index]! },
    },
  }));
  const text = renderShowTable(
    named.map((record) => summarise(record)),
    { colour: false },
  );
  const lines = text.split('\n\n')[0]!.split('\n');
  assert.equal(new Set(lines.map(widthOf)).size, 1, lines.join('\n'));
});

test('joined and coloured pictures come apart into what every terminal draws with as many columns', () => {
  const CASES: [what: string, shown: string][] = [
    ['👩\u200d💻 model', '👩 💻 model'],
    ['👨\u200d👩\u200d👧', '👨 👩 👧'],
    ['👍🏽', '👍'],
    ['❤\ufe0f', '❤'],
    ['模型', '模型'],
  ];
  for (const [text, shown] of CASES) assert.equal(escapeTerminal(text), shown);
});

test('what is too long for its column is cut between characters', () => {
  assert.equal(cutToWidth('模型名字', 5), '模型…');
  assert.equal(cutToWidth('模型名字', 8), '模型名字');
  assert.equal(cutToWidth('👩‍👩‍👧👩‍👩‍👧', 3), '👩‍👩‍👧…');
  assert.equal(cutToWidth('plain', 1), '…');
});

test('records that have no room beside one another stand below', () => {
  const { baseline, candidate } = scenarios.incomplete;
  const summaries = [baseline, candidate, baseline, candidate].map((record) => summarise(record));
  const text = renderShowTable(summaries, { colour: false, width: 60 });
  assert.ok(text.match(/^Factor, benchmark/gm)!.length > 1);
  for (const line of text.split('\n\nmain, GPQA')[0]!.split('\n')) assert.ok(widthOf(line) <= 60, line);
});

test('the table of records reads as its golden file', () => {
  const { baseline, candidate } = scenarios.incomplete;
  const text = renderShowTable(
    [baseline, candidate].map((record) => summarise(record)),
    { colour: false },
  );
  assertGolden('table-show.txt', text);
  assert.doesNotMatch(text, CONTROL);
});

test('colours change nothing but the colour', () => {
  const { baseline, candidate } = scenarios.regression;
  const verdict = compare(baseline, candidate);
  const coloured = renderCompareTable(verdict, { colour: true });
  assert.ok(coloured.includes('\u001b[31mworse\u001b[39m'));
  assert.equal(stripVTControlCharacters(coloured), renderCompareTable(verdict, { colour: false }));
});

test('hostile names send nothing to the terminal', () => {
  const { baseline, candidate } = scenarios.hostile;
  assert.doesNotMatch(renderCompareTable(compare(baseline, candidate), { colour: false }), CONTROL);
  assert.doesNotMatch(renderShowTable([summarise(candidate)], { colour: false }), CONTROL);
});
