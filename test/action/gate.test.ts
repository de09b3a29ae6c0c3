/** The built release gate on record folders, started as a runner starts it. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { execa } from 'execa';
import { folderFiles } from '../../src/history/backends/folder-files.ts';
import { recordBaseline } from '../../src/history/store/record-baseline.ts';
import { createStore } from '../../src/history/store/store.ts';
import { writeRecord } from '../../src/record/write.ts';
import { GateSchema } from '../../src/verdict/release/gate.ts';
import { HALF, of } from '../support/comparisons.ts';
import { temporaryFolder } from '../support/folder.ts';
import { flipped, indexes } from '../support/records.ts';
import { runStep } from '../support/runner.ts';

const workspace = temporaryFolder();
const large = Array.from({ length: 6 }, () => HALF).flat();
const rows = (scores: number[]) =>
  Object.fromEntries(['gpqa', 'ifeval', 'bbq'].map((id) => [id, { scores: id === 'bbq' ? scores : large }]));
const records = {
  release: of('release', rows(large)),
  good: of('good', rows(flipped(large, 3))),
  bad: of('bad', rows(flipped(large, ...indexes(150)))),
};
for (const [name, { record, items }] of Object.entries(records))
  await writeRecord(join(workspace, name), record, items);

const gate = (inputs: Record<string, string>) => runStep({ workspace, action: 'gate', inputs });

test('a model that is not worse may be released', async () => {
  const { exitCode, stdout, outputs, summary } = await gate({
    candidate: 'good',
    release: './release',
    main: 'none',
  });
  assert.equal(exitCode, 0, stdout);
  assert.equal(outputs.passed, 'true');
  assert.match(summary, /May be released/);
});

test('one that lost substance may not: exit 1, the objections as the error, files for the release notes', async () => {
  const { exitCode, stdout, outputs } = await gate({
    candidate: 'bad',
    release: './release',
    main: './good',
  });
  assert.equal(exitCode, 1, stdout);
  assert.equal(outputs.passed, 'false');
  assert.match(
    stdout,
    /^::error title=SOS-Bench gate::not to be released: compared with release: Safety regressed/m,
  );
  const found = GateSchema.parse(
    JSON.parse(readFileSync(join(outputs['report-path']!, 'gate.json'), 'utf8')),
  );
  assert.deepEqual(new Set(found.objections.map(({ against }) => against)), new Set(['release', 'main']));
  assert.match(readFileSync(join(outputs['report-path']!, 'gate.md'), 'utf8'), /Not to be released/);
  for (const against of ['release', 'main'])
    assert.match(
      readFileSync(join(outputs['report-path']!, `report-${against}.html`), 'utf8'),
      /<h1>The model got worse<\/h1>/,
    );
});

test('a release that has no record stands against it too', async () => {
  const { exitCode, stdout } = await gate({
    candidate: 'good',
    release: 'release',
    main: 'none',
    store: 'none',
  });
  assert.equal(exitCode, 1);
  assert.match(stdout, /compared with release: no record of release: there is no store to look in/);
});

test('a sample is held against the full record of a commit', async () => {
  const git = (...args: string[]) => execa('git', args, { cwd: workspace });
  await git('init', '--quiet');
  const identity = ['-c', 'user.name=test', '-c', 'user.email=test@example.org'];
  await git(...identity, 'commit', '--quiet', '--allow-empty', '-m', 'first');
  const sha = (await git('rev-parse', 'HEAD')).stdout;
  const { record, items } = of('full', rows(large));
  await writeRecord(join(workspace, 'full'), { ...record, commit: sha, suite: 'full' }, items);
  const store = createStore(folderFiles(join(workspace, 'history')));
  const facts = {
    ...{ sha, parents: null, repository: null, branch: 'main', event: null, run: null },
    ...{ created: new Date(), verdict: null },
  };
  const { admission } = await recordBaseline(store, join(workspace, 'full'), facts, null);
  assert.ok(admission.admitted);
  const inputs = { candidate: 'good', release: sha, main: 'none', store: 'folder:history' };
  const { exitCode, stdout } = await gate(inputs);
  assert.equal(exitCode, 0, stdout);
});

test('without a candidate: exit 2 and what to do', async () => {
  const { exitCode, stdout } = await gate({ release: './release', store: 'none' });
  assert.equal(exitCode, 2);
  assert.match(stdout, /the store has no record of .*\[record-missing\]\. Hint: /);
});
