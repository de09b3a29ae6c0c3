import assert from 'node:assert/strict';
import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';

test('the bundles together are under 4 MB, which a runner fetches for every job', () => {
  const dist = join(import.meta.dirname, '..', 'dist');
  const files = readdirSync(dist, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  const bytes = files.reduce((total, entry) => total + statSync(join(entry.parentPath, entry.name)).size, 0);
  assert.ok(bytes > 500_000 && bytes < 4_000_000, `${bytes} bytes`);
});
