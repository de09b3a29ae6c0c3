import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { folderFiles } from '../../src/history/backends/folder-files.ts';
import { admit, type RunContext } from '../../src/history/store/admit.ts';
import type { EntryFacts } from '../../src/history/store/make-entry.ts';
import { recordBaseline } from '../../src/history/store/record-baseline.ts';
import { createStore } from '../../src/history/store/store.ts';
import { readRecord } from '../../src/record/read.ts';
import { writeRecord } from '../../src/record/write.ts';
import { compare } from '../../src/verdict/compare.ts';
import { DEFAULT_POLICY } from '../../src/verdict/policy.ts';
import { entryOf, shaOf } from '../support/entries.ts';
import { temporaryFolder } from '../support/folder.ts';
import { makeRecord, rightThenWrong } from '../support/records.ts';

const PUSH: RunContext = {
  repository: 'octo/demo',
  headRepository: 'octo/demo',
  defaultBranch: 'main',
  branch: 'main',
  event: 'push',
  headSha: shaOf(1),
};

interface Case {
  what: string;
  context?: Partial<RunContext>;
  entry?: Parameters<typeof entryOf>[1];
  commit?: string | null;
  /** Why it is refused; null where it is admitted. */
  reason: RegExp | null;
}

const CASES: Case[] = [
  { what: 'a push to the default branch', reason: null },
  {
    what: 'a scheduled run on it',
    context: { event: 'schedule' },
    entry: { event: 'schedule' },
    reason: null,
  },
  ...[
    'pull_request',
    'pull_request_target',
    'workflow_run',
    'workflow_dispatch',
    'issue_comment',
    'merge_group',
  ].map((event) => ({
    what: `a run by ${event}`,
    context: { event },
    entry: { event },
    reason: /started by/,
  })),
  {
    what: 'an entry that claims a push',
    context: { event: 'pull_request' },
    reason: /started by 'pull_request'/,
  },
  {
    what: 'an entry that claims another event',
    entry: { event: 'schedule' },
    reason: /says event 'schedule'/,
  },
  {
    what: 'a push to another branch',
    context: { branch: 'release' },
    entry: { branch: 'release' },
    reason: /was on 'release', not on 'main'/,
  },
  {
    what: 'a branch called main of a fork',
    context: { headRepository: 'evil/demo' },
    reason: /from evil\/demo/,
  },
  { what: 'a deleted fork', context: { headRepository: null }, reason: /deleted repository/ },
  { what: 'an entry of another branch', entry: { branch: 'other' }, reason: /says branch 'other'/ },
  { what: 'an entry of another repository', entry: { repository: 'evil/demo' }, reason: /says repository/ },
  { what: 'an entry of another commit', entry: { sha: shaOf(2) }, reason: /the entry is of/ },
  { what: 'a record of another commit', commit: shaOf(2), reason: /the record is of/ },
  { what: 'a record of no commit', commit: null, reason: /no known commit/ },
  { what: 'a record that is incomplete', entry: { complete: false }, reason: /incomplete/ },
];

for (const { what, context, entry, commit = shaOf(1), reason } of CASES) {
  test(`${what} is ${reason === null ? 'admitted' : 'refused, with the reason'}`, () => {
    const admission = admit(entryOf(1, entry), commit, { ...PUSH, ...context });
    assert.equal(admission.admitted, reason === null, admission.reason ?? '');
    if (reason !== null) assert.match(admission.reason ?? '', reason);
  });
}

test('a record becomes the baseline of its commit, with factor scores, standard errors and verdict', async () => {
  const folder = temporaryFolder();
  const edit = (record: object) => Object.assign(record, { commit: shaOf(1) });
  const made = makeRecord({ model: 'm', benchmarks: { gpqa: { scores: rightThenWrong(60, 40) } }, edit });
  await writeRecord(join(folder, 'record'), made.record, made.items);
  const loaded = await readRecord(join(folder, 'record'));
  const store = createStore(folderFiles(join(folder, 'store')));
  const facts: EntryFacts = {
    sha: shaOf(1),
    parents: [shaOf(0)],
    repository: 'octo/demo',
    branch: 'main',
    event: 'push',
    run: { id: 7, attempt: 2 },
    created: new Date('2026-11-01T00:00:00Z'),
    verdict: compare(loaded, loaded, { policy: DEFAULT_POLICY }),
  };
  const refused = await recordBaseline(store, join(folder, 'record'), facts, {
    ...PUSH,
    event: 'pull_request',
  });
  assert.deepEqual([refused.admission.admitted, refused.stored], [false, null]);
  assert.equal(await store.get(shaOf(1)), null);
  const { stored } = await recordBaseline(store, join(folder, 'record'), facts, PUSH);
  assert.equal(stored?.outcome, 'stored');
  const entry = (await store.get(shaOf(1)))?.entry;
  assert.ok(entry);
  const wk = entry.factors.find(({ id }) => id === 'wk');
  assert.equal(wk?.score, 0.6);
  assert.ok(Math.abs((wk?.se ?? 0) - Math.sqrt((0.6 * 0.4) / 99)) < 1e-12);
  assert.ok(wk?.ci && wk.ci[0] < 0.6 && 0.6 < wk.ci[1]);
  assert.deepEqual(entry.factors.find(({ id }) => id === 'safety')?.score, null);
  assert.deepEqual(entry.verdict, { verdict: 'equivalent', passed: true, baseline: shaOf(1) });
  assert.deepEqual((await store.load(entry, join(folder, 'loaded'))).items, loaded.items);
});

test('outside GitHub a record becomes a baseline when it is whole and of the commit', async () => {
  const folder = temporaryFolder();
  const store = createStore(folderFiles(join(folder, 'store')));
  const facts: EntryFacts = {
    ...{
      sha: shaOf(1),
      parents: null,
      repository: null,
      branch: null,
      event: null,
      run: null,
      verdict: null,
    },
    created: new Date('2026-11-01T00:00:00Z'),
  };
  for (const [name, edit, reason] of [
    ['good', { commit: shaOf(1) }, null],
    ['other', { commit: shaOf(2) }, /the record is of/],
    ['partial', { commit: shaOf(1), complete: false }, /incomplete/],
  ] as const) {
    const { record, items } = makeRecord({
      model: name,
      benchmarks: { gpqa: { scores: [1, 0] } },
      edit: (made) => Object.assign(made, edit),
    });
    await writeRecord(join(folder, name), record, items);
    const { admission } = await recordBaseline(store, join(folder, name), facts, null);
    assert.equal(admission.admitted, reason === null);
    if (reason !== null) assert.match(admission.reason ?? '', reason);
  }
});
