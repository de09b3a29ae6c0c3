/** Whose answers may stand for a model's. */
import assert from 'node:assert/strict';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { holdIdentity } from '../../src/evaluate/hold-identity.ts';
import { folderFiles } from '../../src/history/backends/folder-files.ts';
import { findKnown } from '../../src/history/lookup/find-known.ts';
import type { Entry } from '../../src/history/store/entry.ts';
import type { EntryFacts } from '../../src/history/store/make-entry.ts';
import { recordBaseline } from '../../src/history/store/record-baseline.ts';
import { createStore } from '../../src/history/store/store.ts';
import type { RunRecord } from '../../src/record/schema.ts';
import { createProgress } from '../../src/system/progress.ts';
import { compare } from '../../src/verdict/compare.ts';
import { DEFAULT_POLICY } from '../../src/verdict/policy.ts';
import { identityOf, leaveAnswered, MODEL } from '../support/answered-records.ts';
import { shaOf } from '../support/entries.ts';
import { temporaryFolder } from '../support/folder.ts';
import { addFiles, safetensors } from '../support/model-folders.ts';
import { makeRecord } from '../support/records.ts';
import { smallPlan } from '../support/results.ts';

const folder = temporaryFolder();

test('what an earlier job wrote into the cache of digests does not make a model another one, where nothing else is looked at', async () => {
  const cache = join(folder, 'cache');
  const signal = new AbortController().signal;
  const progress = createProgress({ write: () => undefined });
  const make = (name: string, byte: number) => {
    const path = join(folder, name);
    addFiles(path, {
      'config.json': { model_type: 'llama' },
      'tokenizer.json': {},
      'model.safetensors': safetensors(String.fromCharCode(byte).repeat(5 << 20)),
    });
    const options = {
      args: {},
      allowPickle: false,
      trustRemoteCode: false,
      backend: 'hf',
      templateApplied: false,
    };
    return { name, source: path, digest: 'sha256:x', args: {}, loaded: { folder: path, options } };
  };
  const [main, pull] = [make('main', 1), make('pull', 2)];
  // Files that were written just now are not remembered.
  const { setTimeout: sleep } = await import('node:timers/promises');
  await sleep(2500);
  const identify = async (model: typeof main, forget: boolean) =>
    (await holdIdentity(model, { progress, signal }, cache, { forget })).identity!.digest;
  const [ofMain, ofPull] = [await identify(main, false), await identify(pull, false)];
  assert.notEqual(ofMain, ofPull);
  const entries = readdirSync(join(cache, 'file-digests')).map((name) => join(cache, 'file-digests', name));
  assert.equal(entries.length, 2);
  const digests = entries.map((path) => readFileSync(path, 'utf8').trim().split(' '));
  for (const [index, path] of entries.entries())
    writeFileSync(path, `${digests[index]![0]} ${digests[1 - index]![1]}\n`);
  // That such an entry is believed elsewhere shows that this attack is one.
  assert.equal(await identify(pull, false), ofMain);
  assert.equal(await identify(pull, true), ofPull);
});

describe("no answers are taken from an entry of the store that is not main's", () => {
  const plan = smallPlan();
  const cases: [string, Partial<EntryFacts>, RegExp | null][] = [
    ['of a pull request', { event: 'pull_request' }, /recorded by 'pull_request'/],
    ['of a run that somebody dispatched', { event: 'workflow_dispatch' }, /recorded by 'workflow_dispatch'/],
    ['of another branch', { branch: 'feature' }, /of the branch feature/],
    ['of another repository', { repository: 'fork/models' }, /of the repository fork\/models/],
    ['of none that is known', { repository: null }, /of the repository null/],
    ['unless a push to main left it', {}, null],
    ['unless a schedule on main left it', { event: 'schedule' }, null],
  ];
  for (const [index, [what, facts, reason]] of cases.entries())
    test(what, async () => {
      const sha = shaOf(index + 1);
      const store = createStore(folderFiles(join(folder, `store-${index}`)));
      const record = await leaveAnswered(join(folder, `record-${index}`), { plan, commit: sha });
      const own = { sha, parents: null, repository: 'octo/models', branch: 'main', event: 'push', run: null };
      // By other means than ours: whoever may write a folder can.
      await recordBaseline(
        store,
        record.path,
        { ...own, created: new Date(), verdict: null, ...facts },
        null,
      );
      const main = { repository: 'octo/models', branch: 'main' };
      const load = (entry: Entry) => store.load(entry, join(folder, `loaded-${index}`));
      const { records, notes } = await findKnown(store, MODEL, main, load);
      assert.equal(records.length, reason === null ? 1 : 0);
      if (reason !== null) assert.match(notes.join(), reason);
    });

  test('whatever its line in the index says of its model', async () => {
    const sha = shaOf(50);
    const at = join(folder, 'store-50');
    const store = createStore(folderFiles(at));
    const record = await leaveAnswered(join(folder, 'record-50'), {
      plan,
      commit: sha,
      model: 'b'.repeat(64),
    });
    const own = { sha, parents: null, repository: 'octo/models', branch: 'main', event: 'push', run: null };
    await recordBaseline(
      store,
      record.path,
      { ...own, created: new Date('2026-11-05'), verdict: null },
      null,
    );
    const index = join(at, 'index', '2026-11.json');
    writeFileSync(index, readFileSync(index, 'utf8').replace('b'.repeat(64), MODEL));
    const main = { repository: 'octo/models', branch: 'main' };
    const { records, notes } = await findKnown(store, MODEL, main, (entry) =>
      store.load(entry, join(folder, 'l-50')),
    );
    assert.deepEqual(records, []);
    assert.match(notes.join(), /its entry is of another model/);
  });
});

describe('a record that took over answers', () => {
  const make = (change: Partial<RunRecord>, digest: string | null = MODEL) =>
    makeRecord({
      model: 'm',
      benchmarks: { xstest: { scores: Array.from({ length: 200 }, (_, index) => index % 2) } },
      edit: (record) =>
        Object.assign(record, change, { model: { ...record.model, identity: identityOf(digest) } }),
    });
  const [main, other] = ['1'.repeat(40), '2'.repeat(40)];
  const baseline = make({ commit: main });
  const cases: [string, RunRecord['reused'], string | null, boolean, string, boolean | undefined][] = [
    [
      "all of the baseline's, and the job took the identity itself",
      [{ commit: main, items: 200 }],
      MODEL,
      true,
      'equivalent',
      true,
    ],
    [
      "all of the baseline's, by its own word",
      [{ commit: main, items: 200 }],
      MODEL,
      false,
      'not-comparable',
      false,
    ],
    [
      "one of the baseline's, by its own word",
      [{ commit: main, items: 1 }],
      MODEL,
      false,
      'not-comparable',
      false,
    ],
    [
      "of an earlier commit, of the baseline's model, by its own word",
      [{ commit: other, items: 200 }],
      MODEL,
      false,
      'not-comparable',
      false,
    ],
    [
      'of the baseline, though it is of another model, by its own word',
      [{ commit: main, items: 200 }],
      'b'.repeat(64),
      false,
      'not-comparable',
      false,
    ],
    [
      'of the baseline, and says nothing of its model',
      [{ commit: main, items: 200 }],
      null,
      false,
      'not-comparable',
      false,
    ],
    ['none: it was evaluated', undefined, MODEL, true, 'equivalent', undefined],
  ];
  for (const [what, reused, digest, isModelKnown, verdict, confirmed] of cases)
    test(what, () => {
      const candidate = make({ commit: 'c'.repeat(40), ...(reused && { reused }) }, digest);
      const found = compare(baseline, candidate, { isModelKnown });
      if (confirmed !== undefined || isModelKnown === false) assert.equal(found.verdict, verdict);
      else assert.notEqual(found.verdict, 'not-comparable');
      assert.deepEqual(found.unevaluated, confirmed === undefined ? undefined : { confirmed });
      // A gate takes no such word; a pull request is not failed by it.
      assert.equal(found.passed, true);
    });

  test('and shows a drop all the same: regressed, not a neutral word of its own', () => {
    const candidate = makeRecord({
      model: 'm',
      benchmarks: { xstest: { scores: Array.from({ length: 200 }, (_, index) => Number(index % 8 === 1)) } },
      edit: (record) =>
        Object.assign(record, {
          ...{ commit: 'c'.repeat(40), reused: [{ commit: main, items: 200 }] },
          model: { ...record.model, identity: identityOf(MODEL) },
        }),
    });
    const { verdict, passed } = compare(baseline, candidate, { isModelKnown: false });
    assert.deepEqual([verdict, passed], ['regressed', false]);
  });

  test('and leaves open what the policy fails on: a claim does not take that away', () => {
    const few = (commit: string, more: Partial<RunRecord> = {}) =>
      makeRecord({
        model: 'm',
        benchmarks: { xstest: { scores: Array.from({ length: 40 }, (_, index) => Number(index % 7 < 5)) } },
        edit: (record) =>
          Object.assign(record, { commit, ...more, model: { ...record.model, identity: identityOf(MODEL) } }),
      });
    const candidate = few('c'.repeat(40), { reused: [{ commit: main, items: 1 }] });
    for (const [index, item] of candidate.items.entries()) item.score = Number(index % 7 > 1);
    const policy = { ...DEFAULT_POLICY, failOn: ['inconclusive' as const] };
    const { verdict, passed } = compare(few(main), candidate, { isModelKnown: false, policy });
    assert.deepEqual([verdict, passed], ['not-comparable', false]);
    assert.equal(compare(few(main), candidate, { isModelKnown: false }).passed, true);
  });

  test('lacks what the baseline has: incomplete, whatever model it is of', () => {
    const candidate = makeRecord({
      model: 'm',
      benchmarks: { gpqa: { scores: [1, 0, 1] } },
      edit: (record) =>
        Object.assign(record, {
          ...{ commit: 'c'.repeat(40), reused: [{ commit: main, items: 3 }] },
          model: { ...record.model, identity: identityOf(MODEL) },
        }),
    });
    for (const isModelKnown of [true, false]) {
      const { verdict, passed } = compare(baseline, candidate, { isModelKnown });
      assert.deepEqual([verdict, passed], ['incomplete', false]);
    }
  });
});
