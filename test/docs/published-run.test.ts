import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { publishedRunTables } from '../../scripts/published-run-tables.ts';
import { needsShared, SHARED } from '../support/imports.ts';

test('the tables of docs/published-run.md are those of the published files', needsShared, async () => {
  const page = readFileSync('docs/published-run.md', 'utf8');
  const tables = await publishedRunTables(join(SHARED ?? '', 'sos-bench'));
  const shown = [...page.matchAll(/<!-- (\w+)-start -->\n\n([\s\S]*?)\n\n<!-- \1-end -->/g)];
  assert.deepEqual(Object.fromEntries(shown.map(([, name, table]) => [name, table])), tables);
});
