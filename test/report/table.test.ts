import assert from 'node:assert/strict';
import { test } from 'node:test';
import { stripVTControlCharacters } from 'node:util';
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
  assert.ok(coloured.includes('\u001b[31mregressed\u001b[0m'));
  assert.equal(stripVTControlCharacters(coloured), renderCompareTable(verdict, { colour: false }));
});

test('hostile names send nothing to the terminal', () => {
  const { baseline, candidate } = scenarios.hostile;
  assert.doesNotMatch(renderCompareTable(compare(baseline, candidate), { colour: false }), CONTROL);
  assert.doesNotMatch(renderShowTable([summarise(candidate)], { colour: false }), CONTROL);
});
