import assert from 'node:assert/strict';
import { join } from 'node:path';
import { branchFiles, DEFAULT_BRANCH } from '../../src/history/backends/branch-files.ts';
import { recordBaseline } from '../../src/history/store/record-baseline.ts';
import { createStore } from '../../src/history/store/store.ts';
import { writeRecord } from '../../src/record/write.ts';
import type { TestGitHub } from './github.ts';
import { makeRecord, type Row } from './records.ts';

/** Writes the record of a model that answered GPQA (or these benchmarks) so; gives its folder. */
export async function keepRecord(
  folder: string,
  {
    model,
    scores,
    commit,
    name = model,
    suite = 'full',
    rows = ['gpqa'],
    asked = null,
  }: {
    model: string;
    /** Of each benchmark; or the benchmark itself. */
    scores: number[] | Row;
    commit: string | null;
    name?: string;
    suite?: string;
    rows?: string[];
    /** The commit by whose settings it says that it was evaluated. */
    asked?: string | null;
  },
): Promise<string> {
  const { record, items } = makeRecord({
    model: name,
    benchmarks: Object.fromEntries(rows.map((id) => [id, Array.isArray(scores) ? { scores } : scores])),
    edit: (made) =>
      Object.assign(made, {
        ...{ commit, branch: 'main', suite, seed: 1234 },
        ...(asked === null ? {} : { asked: { commit: asked, settings: {} } }),
      }),
  });
  const path = join(folder, model);
  await writeRecord(path, record, items);
  return path;
}

/** Keeps such a record in the store's branch, as a push to main does. */
export async function keepBaseline(
  github: TestGitHub,
  folder: string,
  sha: string,
  scores: number[] | Row,
  suite = 'full',
): Promise<void> {
  const client = await github.client();
  const store = createStore(branchFiles(client, { branch: DEFAULT_BRANCH }));
  const run = { repository: 'octo/models', branch: 'main', event: 'push' };
  const facts = { ...run, sha, parents: null, run: null, created: new Date(), verdict: null };
  const record = await keepRecord(folder, { model: 'main', scores, commit: sha, suite });
  const context = { ...run, headRepository: 'octo/models', defaultBranch: 'main', headSha: sha };
  const { admission } = await recordBaseline(store, record, facts, context);
  assert.ok(admission.admitted, admission.reason ?? '');
}
