import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { costTables } from '../../scripts/cost-tables.ts';

const page = readFileSync('docs/cost.md', 'utf8');

for (const [name, table] of Object.entries(costTables()))
  test(`docs/cost.md has the table '${name}' as scripts/cost.ts computes it`, () => {
    assert.ok(page.includes(`<!-- ${name}-start -->\n\n${table}\n\n<!-- ${name}-end -->`), table);
  });

test('shared reading saves as much as docs/cost.md says: more than half, where a model fits with room', () => {
  const row = page.split('\n').find((line) => /^\| 8 billion +\| full/.test(line));
  const pairs = [...(row ?? '').matchAll(/([\d.]+) → ([\d.]+)/g)];
  assert.equal(pairs.length, 6);
  for (const [pair, before, after] of pairs) assert.ok(Number(before) / Number(after) >= 2.2, pair);
});
