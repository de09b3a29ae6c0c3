/** `sos-bench history` of what was accepted: shown beside the entries while it is in force, and on request after. */
import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { folderFiles } from '../../src/history/backends/folder-files.ts';
import { createStore } from '../../src/history/store/store.ts';
import { addWaiver } from '../../src/history/store/waivers.ts';
import type { Waiver } from '../../src/verdict/schema.ts';
import { entryOf, filesOf, shaOf } from '../support/entries.ts';
import { temporaryFolder } from '../support/folder.ts';
import { runMain } from '../support/runtime.ts';

const folder = temporaryFolder();
const waiver = (id: string, expires: string): Waiver => ({
  id,
  target: { kind: 'benchmark', id },
  reason: 'known \u001b[31m trade-off',
  by: 'octo',
  created: '2025-12-01T00:00:00Z',
  expires,
  commit: shaOf(1),
});
const IN_FORCE = {
  ...waiver('bbq', '2026-01-15T00:00:00Z'),
  pull: 7,
  comment: 12,
  accepted: [{ id: 'bbq', loss: 0.02, limit: 0.034 }],
};
const OVER = waiver('gpqa', '2025-12-20T00:00:00Z');
for (const [name, waivers] of Object.entries({ accepted: [IN_FORCE, OVER], none: [] })) {
  const store = createStore(folderFiles(join(folder, name)));
  await store.put(entryOf(1), filesOf(1));
  for (const one of waivers) await addWaiver(store, one);
}

const run = (name: string, ...argv: string[]) =>
  runMain(['history', ...argv, '--store', `folder:${name}`], {
    cwd: folder,
    environment: { COLUMNS: '200' },
  });
const ROW = new RegExp(
  `bbq +in force +2026-01-15 +octo +2025-12-01 +#7 +${shaOf(1).slice(0, 12)} +3.4 +known `,
);

test('list ends with the waivers in force, and has them in its JSON', async () => {
  const { exitCode, stdout } = await run('accepted', 'list');
  assert.equal(exitCode, 0);
  assert.match(stdout, ROW);
  assert.doesNotMatch(stdout, /gpqa/);
  assert.ok(!stdout.includes('\u001b'));
  const json = JSON.parse((await run('accepted', 'list', '--json')).stdout);
  assert.deepEqual(json.waivers, [IN_FORCE]);
  assert.equal(json.entries.length, 1);
});

test('waivers shows those in force; with --expired those whose time is over, too', async () => {
  const now = await run('accepted', 'waivers');
  assert.match(now.stdout, ROW);
  assert.doesNotMatch(now.stdout, /gpqa/);
  const all = await run('accepted', 'waivers', '--expired');
  assert.match(all.stdout, ROW);
  assert.match(all.stdout, /gpqa +expired +2025-12-20 +octo/);
  assert.deepEqual(JSON.parse((await run('accepted', 'waivers', '--json')).stdout), { active: [IN_FORCE] });
  assert.deepEqual(JSON.parse((await run('accepted', 'waivers', '--expired', '--json')).stdout), {
    active: [IN_FORCE],
    expired: [OVER],
  });
});

test('where nothing was accepted, waivers says so and list says nothing of it', async () => {
  assert.equal((await run('none', 'waivers')).stdout, 'No waiver is in force.\n');
  assert.doesNotMatch((await run('none', 'list')).stdout, /Accepted/);
});

test('a broken list of waivers is told and hides no entries; waivers itself is an error', async () => {
  writeFileSync(join(folder, 'none', 'waivers.json'), '{"waivers": [');
  const listed = await run('none', 'list', '--json');
  assert.equal(listed.exitCode, 0);
  assert.equal(JSON.parse(listed.stdout).entries.length, 1);
  assert.match(JSON.parse(listed.stdout).notes.join(), /waivers\.json .* cannot be used/);
  const { exitCode, stderr } = await run('none', 'waivers');
  assert.equal(exitCode, 2);
  assert.match(stderr, /waivers\.json/);
});
