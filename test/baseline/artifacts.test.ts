/** Baselines as artifacts, with an API and an artifact client in memory, named fake: the emulator keeps no artifacts. */
import assert from 'node:assert/strict';
import { cpSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { test } from 'node:test';
import {
  type ArtifactClient,
  artifactSource,
  loadArtifactClient,
  uploadBaseline,
} from '../../src/baseline/artifacts.ts';
import type { CommitHistory } from '../../src/baseline/commit-history.ts';
import { findBaseline } from '../../src/baseline/find-baseline.ts';
import { writeRecord } from '../../src/record/write.ts';
import { entryOf, shaOf } from '../support/entries.ts';
import { temporaryFolder } from '../support/folder.ts';
import { makeRecord } from '../support/records.ts';
import { rejectsWith } from '../support/reject.ts';

const folder = temporaryFolder();
const { record, items } = makeRecord({
  model: 'main',
  benchmarks: { gpqa: { scores: [1, 0, 1] } },
  edit: (made) => Object.assign(made, { commit: shaOf(1) }),
});
await writeRecord(join(folder, 'record'), record, items);

interface Kept {
  name: string;
  retentionDays: number | undefined;
  path: string;
}

let count = 0;

/** Keeps artifacts as folders. */
function fakeArtifacts() {
  const kept: Kept[] = [];
  const client: ArtifactClient = {
    async uploadArtifact(name, files, root, { retentionDays }) {
      const path = join(folder, `kept-${++count}`);
      mkdirSync(path);
      for (const file of files) cpSync(file, join(path, relative(root, file)));
      kept.push({ name, retentionDays, path });
      return { id: kept.length - 1 };
    },
    async downloadArtifact(id, { path, expectedHash }) {
      cpSync(kept[id]!.path, path, { recursive: true });
      return { digestMismatch: expectedHash === 'sha256:other' };
    },
  };
  return { kept, client };
}

const upload = (client: ArtifactClient, stage: string) =>
  uploadBaseline(client, {
    entry: entryOf(1),
    folder: join(folder, 'record'),
    stage: join(folder, stage),
    retentionDays: 30,
    trendRetentionDays: 90,
  });

test('a baseline is uploaded as the record, and as the entry alone for longer', async () => {
  const { kept, client } = fakeArtifacts();
  await upload(client, 'stage-upload');
  assert.deepEqual(
    kept.map(({ name, retentionDays, path }) => [name, retentionDays, readdirSync(path).sort()]),
    [
      [`sos-bench-baseline-${shaOf(1)}-1`, 30, ['entry.json', 'items.parquet', 'record.json']],
      [`sos-bench-trend-${shaOf(1)}-1`, 90, ['entry.json']],
    ],
  );
});

interface Case {
  what: string;
  artifact?: object;
  run?: object;
  workflowRun?: object;
  /** Null where it is found. */
  refused: RegExp | null;
}
const CASES: Case[] = [
  { what: 'of a push to the default branch', refused: null },
  {
    what: "of a fork's branch of the same name",
    workflowRun: { head_repository_id: 666 },
    refused: /none of the/,
  },
  { what: 'of another branch', workflowRun: { head_branch: 'patch' }, refused: /none of the/ },
  { what: 'that has expired', artifact: { expired: true }, refused: /none of the/ },
  { what: 'that is far too large', artifact: { size_in_bytes: 10_000_000_000 }, refused: /none of the/ },
  {
    what: 'named after another commit',
    artifact: { name: `sos-bench-baseline-${shaOf(2)}-1` },
    refused: /none of the/,
  },
  { what: 'of a pull request', run: { event: 'pull_request' }, refused: /started by 'pull_request'/ },
  {
    what: 'of a dispatched run',
    run: { event: 'workflow_dispatch' },
    refused: /started by 'workflow_dispatch'/,
  },
  {
    what: 'whose run is of a fork',
    run: { head_repository: { full_name: 'evil/demo' } },
    refused: /another commit or repository/,
  },
  { what: 'that was damaged', artifact: { digest: 'sha256:other' }, refused: /damaged/ },
];

const history: CommitHistory = {
  mergeBase: async () => ({ sha: shaOf(1), problem: null }),
  resolve: async () => ({ sha: shaOf(1), problem: null }),
  latestRelease: async () => ({ sha: null, problem: 'none', tag: null }),
  async *firstParents() {
    yield [{ sha: shaOf(1), date: new Date('2026-11-01T00:00:00Z') }];
  },
  limits: async () => null,
};

for (const [number, { what, artifact, run, workflowRun, refused }] of CASES.entries()) {
  test(`an artifact ${what} is ${refused === null ? 'a baseline' : 'none'}`, async () => {
    const { client: artifacts } = fakeArtifacts();
    await upload(artifacts, `stage-${number}`);
    const listed = {
      ...{ id: 0, name: `sos-bench-baseline-${shaOf(1)}-1`, size_in_bytes: 1000, expired: false },
      created_at: '2026-11-01T01:00:00Z',
      workflow_run: {
        ...{ id: 7, head_sha: shaOf(1), head_branch: 'main', repository_id: 1, head_repository_id: 1 },
        ...workflowRun,
      },
      ...artifact,
    };
    const client = {
      request: async (route: string) => ({
        data: route.endsWith('/runs/7')
          ? { event: 'push', head_sha: shaOf(1), head_repository: { full_name: 'octo/demo' }, ...run }
          : { artifacts: [listed] },
      }),
    };
    const options = { defaultBranch: 'main', token: 'x', folder: join(folder, `down-${number}`) };
    const store = artifactSource({ client, artifacts }, { owner: 'octo', repo: 'demo' }, options);
    const lookup = await findBaseline({
      ...{ history, store, now: new Date('2026-11-02T00:00:00Z'), head: 'x', baseRef: 'main' },
      ...{ mode: { kind: 'merge-base' }, isComparable: ({ suite }) => suite === 'pr' },
    });
    assert.equal(lookup.found !== null, refused === null, lookup.reason ?? '');
    if (refused !== null) assert.match(lookup.reason ?? '', refused);
    else {
      const loaded = await store.load(lookup.found!.entry, join(folder, 'loaded'));
      assert.deepEqual(loaded.items, items);
    }
  });
}

test('the API fails: that is an error that names the permission', async () => {
  const client = {
    request: async () => {
      throw Object.assign(new Error('Resource not accessible by integration'), { status: 403 });
    },
  };
  const { client: artifacts } = fakeArtifacts();
  const options = { defaultBranch: 'main', token: 'x', folder };
  const store = artifactSource({ client, artifacts }, { owner: 'octo', repo: 'demo' }, options);
  await rejectsWith(
    async () => (await store.openIndex()).reach(new Date(0)),
    'permission-denied',
    'permissions:\n  actions: read\n',
  );
});

test('on GitHub Enterprise Server the way out is named', async () => {
  const before = process.env.GITHUB_SERVER_URL;
  process.env.GITHUB_SERVER_URL = 'https://github.example.com';
  try {
    writeFileSync(join(folder, 'unused'), '');
    const client = await loadArtifactClient();
    await rejectsWith(() => upload(client, 'stage-ghes'), 'github-failed', 'folder:DIR');
  } finally {
    if (before === undefined) delete process.env.GITHUB_SERVER_URL;
    else process.env.GITHUB_SERVER_URL = before;
  }
});
