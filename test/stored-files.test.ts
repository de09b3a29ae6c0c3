/** What earlier versions stored, in users' stores, artifacts and comments, is read as it was meant. */
import assert from 'node:assert/strict';
import { cpSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { parseArtifactName } from '../src/action/artifacts/names.ts';
import { flipsArtifact } from '../src/action/steps/publish/upload-flips.ts';
import { readJournal } from '../src/evaluate/journal/journal.ts';
import { readPlan } from '../src/evaluate/planning/read-plan.ts';
import {
  readExternalId,
  readMarker,
  type Stamp,
  writeExternalId,
  writeMarker,
} from '../src/github/comment/marker.ts';
import { folderFiles } from '../src/history/backends/folder-files.ts';
import { readPins } from '../src/history/store/pins.ts';
import { createStore } from '../src/history/store/store.ts';
import { readRecord } from '../src/record/read.ts';
import { readCalibration } from '../src/settings/calibration-file.ts';
import { runCli } from './support/cli.ts';
import { temporaryFolder } from './support/folder.ts';

const stored = join(import.meta.dirname, 'fixtures', 'stored-files');
const COMMIT = '8aaa3d25cd19de9d8fe8ae18fce25762b9cdd629';

describe('what version 0.1.0 stored', () => {
  test('a record: the same scores, items and settings', async () => {
    const { record, items } = await readRecord(join(stored, 'record'));
    assert.equal(items.length, 88);
    const done = record.benchmarks.filter(({ status }) => status === 'done').map(({ id, n }) => [id, n]);
    assert.deepEqual(done, [
      ['ifeval', 64],
      ['xstest', 24],
    ]);
    assert.equal(record.planHash, '9d97b007deb187bd');
    assert.equal(record.commit, COMMIT);
    const { exitCode, stdout } = await runCli(['show', join(stored, 'record')]);
    assert.equal(exitCode, 0);
    assert.match(stdout, /XSTest +50\.0 \[/);
  });

  test('a record, compared with itself: nothing is lost, and nothing is said that it does not say', async () => {
    const path = join(stored, 'record');
    const { exitCode, stdout, stderr } = await runCli([
      ...['compare', '--candidate', path],
      ...['--baseline', path, '--json'],
    ]);
    assert.equal(exitCode, 0, stderr);
    const { sameModel, passed, notComparable, warnings } = JSON.parse(stdout) as Record<string, unknown>;
    // It does not say all that decides an answer: unknown, never equal.
    assert.deepEqual([sameModel, passed, notComparable, warnings], [false, true, [], []]);
  });

  test('a plan: the same hash', async () => {
    const { planHash } = await readPlan(join(stored, 'record', 'plan.json'));
    assert.equal(planHash, '9d97b007deb187bd');
  });

  test('a journal: each finished chunk', async () => {
    const content = await readJournal(join(stored, 'record', 'journal.ndjson'));
    assert.ok(content);
    assert.equal(content.identity.planHash, '9d97b007deb187bd');
    assert.equal(content.entries.filter(({ type }) => type === 'chunk').length, 2);
  });

  test('a calibration', async () => {
    const { models, factors } = await readCalibration(join(stored, 'calibration.json'));
    assert.deepEqual(models, ['model-1', 'model-2', 'model-3']);
    assert.deepEqual(
      factors.map(({ id }) => id),
      ['if', 'safety'],
    );
  });

  test('a store: index, entry, record, pins and waivers', async () => {
    const folder = join(temporaryFolder(), 'store');
    cpSync(join(stored, 'store'), folder, { recursive: true });
    const files = folderFiles(folder);
    const store = createStore(files);
    const found = await store.get(COMMIT);
    assert.ok(found?.entry);
    const { record } = await store.load(found.entry, join(temporaryFolder(), 'loaded'));
    assert.equal(record.planHash, '9d97b007deb187bd');
    assert.deepEqual(
      (await readPins(await files.open(), 'the store')).map(({ tag }) => tag),
      ['v1.0.0', null],
    );
    assert.deepEqual(
      (await store.waivers()).map(({ id, target, by }) => [id, target, by]),
      [
        ['octo/models#7-1', { kind: 'factor', id: 'safety' }, 'writer'],
        ['octo/models#7-2', { kind: 'benchmark', id: 'ifeval' }, 'writer'],
      ],
    );
    const { exitCode, stdout } = await runCli(['history', 'list', '--store', `folder:${folder}`]);
    assert.equal(exitCode, 0);
    assert.match(stdout, /8aaa3d25cd19/);
  });

  test('the stamps of comments and checks, read and written alike', () => {
    const stamps = JSON.parse(readFileSync(join(stored, 'comment-marker.json'), 'utf8')) as {
      stamp: Stamp;
      marker: string;
      externalId: string;
    }[];
    for (const { stamp, marker, externalId } of stamps) {
      assert.deepEqual(readMarker(`${marker}\n\ntext`), stamp);
      assert.equal(writeMarker(stamp), marker);
      const { report, run, attempt } = readExternalId(externalId)!;
      assert.deepEqual({ report, run, attempt }, { report: stamp.report, run: 123456, attempt: 2 });
      assert.equal(writeExternalId(stamp), externalId);
    }
  });

  test('names of artifacts', () => {
    assert.deepEqual(parseArtifactName('sos-bench-record-2', 'sos-bench-record'), {
      attempt: 2,
      shard: null,
    });
    assert.equal(flipsArtifact({ reportId: 'sos-bench' }), 'sos-bench-flips-sos-bench');
  });
});
