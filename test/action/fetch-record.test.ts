/** Which of the artifacts of a run that ended is judged: the newest that its last attempt left. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { artifactsOfRun, type RunArtifacts } from '../../src/action/artifacts/run-artifacts.ts';
import { fetchRecord } from '../../src/action/report/fetch-record.ts';
import type { WorkflowRunContext } from '../../src/github/event.ts';
import { HALF } from '../support/comparisons.ts';
import { type FakeArtifacts, startFakeArtifacts } from '../support/fake-artifacts.ts';
import { temporaryFolder } from '../support/folder.ts';
import { startGitHub, type TestGitHub } from '../support/github.ts';
import { keepRecord } from '../support/keep-baseline.ts';
import { rejectsWith } from '../support/reject.ts';
import { makeZip } from '../support/zip.ts';

const NAME = 'sos-bench-record';
const FIRST = Date.UTC(2026, 10, 27, 2, 0);
const SECOND = Date.UTC(2026, 10, 27, 3, 0);
const MINUTE = 60_000;

const folder = temporaryFolder();
const source = (attempt: number, began: number | null) =>
  ({ runId: 70, attempt, began, conclusion: 'failure' }) as WorkflowRunContext['source'];

/** The archive of a record whose model has such a name. */
async function archiveOf(model: string): Promise<Buffer> {
  const path = await keepRecord(folder, { model, scores: HALF, commit: 'c'.repeat(40) });
  return makeZip(
    ['record.json', 'items.parquet'].map((name) => ({ name, content: readFileSync(join(path, name)) })),
  );
}

/** A listing as GitHub may give it: by no order, several of one name where a run was run again. */
async function listing(
  ...made: { id: number; name?: string; created: number | null }[]
): Promise<RunArtifacts> {
  const archives = new Map(
    await Promise.all(made.map(async ({ id }) => [id, await archiveOf(`model ${id}`)] as const)),
  );
  return {
    list: async () =>
      made.map((one) => ({ name: NAME, size: archives.get(one.id)!.length, digest: null, ...one })),
    download: async ({ id }) => archives.get(id)!,
  };
}

const judged = async (artifacts: RunArtifacts, attempt: number, began: number | null) =>
  (await fetchRecord(artifacts, source(attempt, began), NAME, join(folder, 'fetched'))).record.model.name;

const BOTH = [
  { id: 2, created: SECOND + MINUTE },
  { id: 1, created: FIRST + MINUTE },
];

test('of several of one name the newest', async () => {
  assert.equal(await judged(await listing(...BOTH), 2, SECOND), 'model 2');
  assert.equal(await judged(await listing(...BOTH.toReversed()), 2, SECOND), 'model 2');
});

test('another name is another thing, however new', async () => {
  const other = { id: 3, name: `${NAME}-2`, created: SECOND + MINUTE };
  assert.equal(await judged(await listing(...BOTH, other), 2, SECOND), 'model 2');
});

test('one that an earlier attempt left is not judged in place of one that the last attempt did not make', async () => {
  const left = await listing({ id: 1, created: FIRST + MINUTE });
  await rejectsWith(
    () => fetchRecord(left, source(2, SECOND), NAME, folder),
    'record-missing',
    'attempt 2 of run 70 (failure) left no artifact sos-bench-record; what an earlier attempt left is not judged',
  );
});

test('none at all: no earlier attempt is spoken of', async () => {
  const none = await listing();
  await assert.rejects(fetchRecord(none, source(1, FIRST), NAME, folder), {
    message: 'attempt 1 of run 70 (failure) left no artifact sos-bench-record',
  });
});

test('where the times are not told, the newest is taken', async () => {
  assert.equal(await judged(await listing({ id: 1, created: null }), 2, SECOND), 'model 1');
  assert.equal(await judged(await listing(...BOTH), 2, null), 'model 2');
});

describe('as GitHub lists them', () => {
  let github: TestGitHub;
  let service: FakeArtifacts;

  before(async () => {
    github = await startGitHub();
    service = await startFakeArtifacts(github.proxy.url);
    service.archives.set(70, new Map([[NAME, await archiveOf('listed')]]));
    service.details.set(`70/${NAME}`, { created: new Date(FIRST + MINUTE) });
  });
  after(async () => {
    service.close();
    await github.close();
  });

  test('each with the time it was made', async () => {
    const artifacts = artifactsOfRun(await github.client({ apiUrl: service.url }), 70);
    assert.equal(await judged(artifacts, 1, FIRST), 'listed');
    await rejectsWith(() => judged(artifacts, 2, SECOND), 'record-missing', 'attempt 2 of run 70');
  });
});
