/** Which of the artifacts of a run that ended is judged: the one that its job's outputs name, in whichever attempt that was made. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { fetchRecord } from '../../src/action/report/fetch-record.ts';
import type { ErrorCode } from '../../src/error.ts';
import type { RunJob } from '../../src/github/artifacts/artifact-api.ts';
import { artifactsOfRun, type RunArtifacts } from '../../src/github/artifacts/run-artifacts.ts';
import type { WorkflowRunContext } from '../../src/github/event.ts';
import { recordDigest } from '../../src/record/digest.ts';
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

/** A job at work from then on. */
const at = (name: string, started: number, completed: number | null = started + 2 * MINUTE): RunJob => ({
  ...{ name, started, completed },
});
const JOB = at('sos-bench / evaluate', FIRST);
const ranAgain = (artifacts: RunArtifacts, ...jobs: RunJob[]): RunArtifacts => ({
  ...artifacts,
  jobs: async () => jobs,
});

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
  const left = ranAgain(await listing({ id: 1, created: FIRST + MINUTE }), JOB, at(JOB.name, SECOND));
  await rejectsWith(
    () => fetchRecord(left, source(2, SECOND), NAME, folder),
    'record-missing',
    'attempt 2 of run 70 (failure) left no artifact sos-bench-record; what an earlier attempt left is not judged',
  );
});

describe('by name, of an attempt before the last one', () => {
  const LINT = at('lint', FIRST);
  const CASES: [string, RunJob[], boolean][] = [
    ['its job was not run again', [JOB], true],
    ['another job was', [at('build', FIRST - 60 * MINUTE), JOB, at('build', SECOND)], true],
    ['as a server lists the jobs it carries over', [JOB, JOB], true],
    ['its job was run again', [JOB, at(JOB.name, SECOND)], false],
    [
      'its job was run again at once',
      [at(JOB.name, FIRST, FIRST + MINUTE), at(JOB.name, FIRST + MINUTE + 5000)],
      false,
    ],
    ['its job was begun again and is at work', [JOB, at(JOB.name, SECOND, null)], false],
    ['its job was skipped, since one before it failed', [JOB, at(JOB.name, SECOND, SECOND)], false],
    ['one beside it was, and it could be that one', [JOB, LINT, at('lint', SECOND)], false],
    ['no job was at work then', [at('other', SECOND)], false],
  ];
  for (const [title, jobs, isJudged] of CASES) {
    test(`${title}: ${isJudged ? 'judged' : 'not judged'}`, async () => {
      const left = ranAgain(await listing({ id: 1, created: FIRST + MINUTE }), ...jobs);
      if (isJudged) assert.equal(await judged(left, 2, SECOND), 'model 1');
      else await rejectsWith(() => judged(left, 2, SECOND), 'record-missing', 'is not judged');
    });
  }
});

describe('by what the job after the evaluation hands over', () => {
  const digests = new Map<number, string>();
  const whole = async (attempt: number, id: number, digest = digests.get(id)!) => ({
    ...{ attempt, content: JSON.stringify({ 'record-artifact': String(id), 'record-digest': digest }) },
  });
  const text = (attempt: number, content: string) => async () => ({ attempt, content });
  /** Two records of one name, as an attempt that is run again leaves them, and these hand-overs. */
  async function left(...handovers: (() => Promise<{ attempt: number; content: string }>)[]) {
    const records = await listing(...BOTH);
    for (const { id } of BOTH) {
      const path = await keepRecord(folder, { model: `model ${id}`, scores: HALF, commit: 'c'.repeat(40) });
      digests.set(id, await recordDigest(path));
    }
    const made = await Promise.all(handovers.map((make) => make()));
    const entries = made.map(({ attempt, content }, index) => ({
      ...{ id: 100 + index, name: `${NAME}-handover-${attempt}`, size: 1, digest: null, created: null },
      archive: makeZip([{ name: 'handover.json', content: Buffer.from(content) }]),
    }));
    const artifacts: RunArtifacts = {
      list: async () => [...(await records.list()), ...entries],
      download: async (one) => entries.find(({ id }) => id === one.id)?.archive ?? records.download(one),
    };
    return artifacts;
  }

  const NAMED: [string, number, (() => Promise<{ attempt: number; content: string }>)[], string][] = [
    ['the record it names', 1, [() => whole(1, 1)], 'model 1'],
    ['in a later attempt that did not evaluate again', 2, [() => whole(1, 1)], 'model 1'],
    ['the newest hand-over counts', 2, [() => whole(1, 1), () => whole(2, 2)], 'model 2'],
    ['whatever the record is called', 2, [() => whole(2, 1), () => whole(1, 2)], 'model 1'],
    ['attempts are numbers', 10, [() => whole(10, 1), () => whole(9, 2)], 'model 1'],
    ['one of an attempt that is yet to come is none', 1, [() => whole(1, 1), () => whole(2, 2)], 'model 1'],
  ];
  for (const [title, attempt, handovers, model] of NAMED) {
    test(title, async () => {
      assert.equal(await judged(await left(...handovers), attempt, SECOND), model);
    });
  }

  const REFUSED: [string, () => Promise<{ attempt: number; content: string }>, ErrorCode, string][] = [
    ['the job was run again and left none', text(2, '{}'), 'record-missing', 'is not judged'],
    [
      'its outputs are empty',
      text(2, '{"record-artifact":"","record-digest":""}'),
      'record-missing',
      'is not judged',
    ],
    [
      'what it left is not a complete record',
      text(2, '{"record-artifact":"2"}'),
      'record-missing',
      'is not judged',
    ],
    ['its artifact is gone', () => whole(2, 7, 'a'.repeat(64)), 'record-missing', 'attempt 2'],
    ['its artifact is another', () => whole(2, 2, digests.get(1)), 'digest-mismatch', 'handover-2'],
    ['it is not JSON', text(2, '{'), 'record-invalid', 'handover-2 cannot be used'],
    ['it names something else', text(2, '{"record-artifact":"../x"}'), 'record-invalid', 'names no record'],
  ];
  for (const [title, handover, code, told] of REFUSED) {
    test(`${title}: ${code}, though an earlier attempt left a record`, async () => {
      const artifacts = await left(() => whole(1, 1), handover);
      await rejectsWith(() => judged(artifacts, 2, SECOND), code, told);
    });
  }
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

  test('each with the time it was made, and the jobs of all attempts', async () => {
    const artifacts = artifactsOfRun(await github.client({ apiUrl: service.url }), 70);
    assert.equal(await judged(artifacts, 1, FIRST), 'listed');
    const job = (started: number) => ({
      ...{ name: 'evaluate', started_at: new Date(started).toISOString() },
      completed_at: new Date(started + 2 * MINUTE).toISOString(),
    });
    service.jobs.set(70, [job(FIRST)]);
    assert.equal(await judged(artifacts, 2, SECOND), 'listed', 'its job was not run again');
    service.jobs.set(70, [job(SECOND), job(FIRST)]);
    await rejectsWith(() => judged(artifacts, 2, SECOND), 'record-missing', 'attempt 2 of run 70');
  });
});
