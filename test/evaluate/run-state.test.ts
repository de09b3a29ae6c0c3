import assert from 'node:assert/strict';
import {
  appendFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { execa } from 'execa';
import type { JournalEntry, JournalIdentity } from '../../src/evaluate/journal/entry.ts';
import { Journal, readJournal } from '../../src/evaluate/journal/journal.ts';
import { type Leftover, openRunState } from '../../src/evaluate/journal/run-state.ts';
import { pruneStates } from '../../src/evaluate/journal/state-folder.ts';
import type { Shard } from '../../src/suite/plan/shards.ts';
import { temporaryFolder } from '../support/folder.ts';
import { answersOf, smallPlan } from '../support/results.ts';

const folder = temporaryFolder();
const plan = smallPlan();
const answers = answersOf(plan);
const IDENTITY: JournalIdentity = {
  planHash: plan.planHash,
  modelDigest: 'sha256:m',
  protocol: { backend: 'hf' },
};
const now = () => new Date(Date.UTC(2026, 0, 1, 10));
let places = 0;
const newPlace = () => join(folder, `place-${places++}`);

interface Asked {
  root?: string | null;
  number?: number;
  since?: number;
  run?: string;
  identity?: Partial<JournalIdentity>;
  shard?: Shard | null;
  fresh?: boolean;
  /** Chunks to do in this attempt. */
  chunks?: number;
  ends?: boolean;
  left?: Leftover | null | Error;
}

/** One attempt on a machine of its own, as an evaluation goes about it. */
async function attempt(asked: Asked) {
  const { root = null, number = 1, since = 1, run = 'octo/models-7', shard = null, left } = asked;
  const identity = { ...IDENTITY, ...asked.identity };
  const journalPath = join(newPlace(), 'journal.ndjson');
  mkdirSync(join(journalPath, '..'), { recursive: true });
  const notes: string[] = [];
  const note = (text: string) => void notes.push(text);
  const state = openRunState({
    attempt: { run, number, since },
    root,
    now,
    ...(left === undefined
      ? {}
      : {
          fetch: async () => {
            if (left instanceof Error) throw left;
            return left;
          },
        }),
  });
  const fresh = asked.fresh ?? false;
  const copy = await state.begin({ journal: journalPath, identity, shard, plan, fresh, note });
  const { journal, state: known } = await Journal.open(journalPath, identity, { fresh, now, copy });
  const open = plan.chunks.filter(({ id }) => !known.results.has(id)).slice(0, asked.chunks ?? 1);
  for (const { id } of open) {
    const entry: JournalEntry = {
      type: 'chunk',
      chunk: id,
      seconds: 1,
      batchSize: '8',
      items: [...answers.get(id)!],
    };
    await journal.append(entry);
  }
  await journal.close();
  if (asked.ends) await state.end();
  return { notes, journal: journalPath, copy: copy?.path ?? null, resumed: known.results.size };
}

const total = plan.chunks.length;
const countOf = (chunks: typeof plan.chunks) => chunks.reduce((sum, { docIds }) => sum + docIds.length, 0);
const resumedFrom = (number: number, chunks: number) =>
  `Resumed from attempt ${number}: ${countOf(plan.chunks.slice(0, chunks))} of ${countOf(plan.chunks)} questions (${chunks} of ${total} chunks)`;

test('a later attempt on another machine goes on from the one before, and says from how much', async () => {
  const root = newPlace();
  await attempt({ root, chunks: 3 });
  const second = await attempt({ root, number: 2, chunks: 2 });
  assert.deepEqual(second.notes, [resumedFrom(1, 3)]);
  const third = await attempt({ root, number: 3, chunks: 0 });
  assert.deepEqual(third.notes, [resumedFrom(2, 5)]);
  assert.equal(readFileSync(third.copy!, 'utf8'), readFileSync(third.journal, 'utf8'));
});

test("what is kept is its owner's alone, and in the folder of its run", async () => {
  const root = newPlace();
  const { copy } = await attempt({ root });
  const path = copy!.slice(root.length + 1).split('/');
  assert.equal(path[0], 'sos-bench-run-octo-models-7');
  assert.equal(path[2], 'attempt-1.ndjson');
  assert.equal(statSync(copy!).mode & 0o077, 0);
  for (let depth = 0; depth <= 2; depth++)
    assert.equal(statSync(join(root, ...path.slice(0, depth))).mode & 0o077, 0, path[depth - 1]);
});

test('a journal tells where it was resumed from, and of an artifact for ever', async () => {
  const root = newPlace();
  const sourceOf = async ({ journal }: { journal: string }) => (await readJournal(journal))!.source;
  const first = await attempt({ root: null, chunks: 1 });
  assert.equal(await sourceOf(first), null);
  const left = {
    attempt: 1,
    path: 'artifact of attempt 1',
    journal: readFileSync(first.journal),
    isSigned: false,
  };
  const second = await attempt({ root, number: 2, left, chunks: 1 });
  assert.equal(await sourceOf(second), 'artifact');
  const third = await attempt({ root, number: 3, chunks: 1 });
  assert.deepEqual([third.notes, await sourceOf(third)], [[resumedFrom(2, 2)], 'artifact']);
  const signed = await attempt({ root: null, number: 2, left: { ...left, isSigned: true }, chunks: 1 });
  assert.equal(await sourceOf(signed), 'signed-artifact');
  const own = newPlace();
  await attempt({ root: own, chunks: 1 });
  assert.equal(await sourceOf(await attempt({ root: own, number: 2, chunks: 1 })), 'state-dir');
});

test('a last line torn by a crash is passed over', async () => {
  const root = newPlace();
  const { copy } = await attempt({ root, chunks: 2 });
  appendFileSync(copy!, '{"type":"chunk","chunk":"half');
  const second = await attempt({ root, number: 2, chunks: 0 });
  assert.deepEqual(second.notes, [resumedFrom(1, 2)]);
});

test('one that ended well leaves nothing: whoever runs it again wants it done again', async () => {
  const root = newPlace();
  await attempt({ root, chunks: total, ends: true });
  assert.deepEqual(readdirSync(root), []);
  const { notes, resumed } = await attempt({ root, number: 2 });
  assert.deepEqual(notes, ['No earlier attempt left anything to resume from', 'Attempt 2 starts fresh']);
  assert.equal(resumed, 0);
});

test('one that ends well leaves other evaluations of its run alone', async () => {
  const root = newPlace();
  await attempt({ root, shard: { index: 1, of: 2 } });
  await attempt({ root, shard: { index: 2, of: 2 }, ends: true });
  const { resumed } = await attempt({ root, number: 2, shard: { index: 1, of: 2 } });
  assert.equal(resumed, 1);
});

test('where the plan was made again all jobs were started again: it starts fresh', async () => {
  const root = newPlace();
  await attempt({ root, chunks: 3 });
  const { notes, resumed } = await attempt({ root, number: 2, since: 2 });
  assert.deepEqual(notes, ['All jobs of this run were started again', 'Attempt 2 starts fresh']);
  assert.equal(resumed, 0);
  const third = await attempt({ root, number: 3, since: 2, chunks: 0 });
  assert.deepEqual(third.notes, [resumedFrom(2, 1)]);
});

const OTHERS: { what: string; identity: Partial<JournalIdentity>; told: RegExp }[] = [
  {
    what: 'another model',
    identity: { modelDigest: 'sha256:n' },
    told: /different: the model \(its digest\)$/,
  },
  { what: 'another plan', identity: { planHash: 'ffff' }, told: /different: the plan \(its questions\)$/ },
  {
    what: 'another protocol',
    identity: { protocol: { backend: 'vllm' } },
    told: /different: backend \(hf, now vllm\)$/,
  },
];
for (const { what, identity, told } of OTHERS) {
  test(`${what} in the next attempt: a fresh start with a word, no error; the old stays for its own`, async () => {
    const root = newPlace();
    await attempt({ root, chunks: 3 });
    const { notes, resumed } = await attempt({ root, number: 2, identity });
    assert.match(notes[0]!, told);
    assert.equal(notes[1], 'Attempt 2 starts fresh');
    assert.equal(resumed, 0);
    assert.equal((await attempt({ root, number: 3, chunks: 0 })).resumed, 3);
  });

  test(`${what} in an artifact: the same`, async () => {
    const { journal } = await attempt({ chunks: 3 });
    const left = { attempt: 1, path: 'record-1', journal: readFileSync(journal), isSigned: false };
    const { notes, resumed } = await attempt({ number: 2, identity, left });
    assert.match(notes[0]!, told);
    assert.equal(resumed, 0);
  });
}

test('another run, or another shard, is none of ours', async () => {
  const root = newPlace();
  await attempt({ root, shard: { index: 1, of: 2 } });
  for (const other of [{ run: 'octo/models-8' }, { shard: { index: 2, of: 2 } }, { shard: null }]) {
    const { resumed } = await attempt({ root, number: 2, shard: { index: 1, of: 2 }, ...other });
    assert.equal(resumed, 0, JSON.stringify(other));
  }
});

test('a journal spoilt in the middle is told and not used; that of the attempt before is', async () => {
  const root = newPlace();
  await attempt({ root, chunks: 2 });
  const { copy } = await attempt({ root, number: 2, chunks: 2 });
  writeFileSync(copy!, readFileSync(copy!, 'utf8').replace('"type":"chunk"', '"type":"junk"'));
  const { notes, resumed } = await attempt({ root, number: 3, chunks: 0 });
  assert.match(notes[0]!, /^What attempt 2 left is not used: .* line 2 cannot be read/);
  assert.equal(notes[1], resumedFrom(1, 2));
  assert.equal(resumed, 2);
});

test('without a folder, from the artifact of the attempt before', async () => {
  const { journal } = await attempt({ chunks: 3 });
  const left = { attempt: 1, path: 'record-1', journal: readFileSync(journal), isSigned: false };
  const { notes, copy } = await attempt({ number: 2, left });
  assert.deepEqual(notes, [resumedFrom(1, 3)]);
  assert.equal(copy, null);
});

test('an artifact of an attempt that ended well: it starts fresh, and says why', async () => {
  const left = { attempt: 1, path: 'record-1', journal: null, isSigned: false };
  const { notes } = await attempt({ number: 2, left });
  assert.deepEqual(notes, [
    'Attempt 1 ended well (record-1), so this was started again on purpose',
    'Attempt 2 starts fresh',
  ]);
});

test('a first attempt looks for nothing, and says nothing', async () => {
  const { notes } = await attempt({ left: new Error('not to be asked') });
  assert.deepEqual(notes, []);
});

test('that artifacts cannot be had, or are garbage, is not a reason not to evaluate', async () => {
  const none = await attempt({ number: 2, left: new Error('no such service') });
  assert.match(none.notes[0]!, /cannot be had: no such service$/);
  const garbage = { attempt: 1, path: 'record-1', journal: Buffer.from('garbage\n'), isSigned: false };
  const { notes, resumed } = await attempt({ number: 2, left: garbage });
  assert.match(notes[0]!, /^What attempt 1 left is not used: record-1 line 1 cannot be read/);
  assert.equal(resumed, 0);
});

test('--fresh resumes nothing, and is resumed', async () => {
  const root = newPlace();
  await attempt({ root, chunks: 3 });
  const { resumed, notes } = await attempt({ root, fresh: true, chunks: 1 });
  assert.deepEqual([resumed, notes], [0, []]);
  assert.equal((await attempt({ root, number: 2, chunks: 0 })).resumed, 1);
});

test('a folder that cannot be written to costs a word, not the run', async () => {
  const root = newPlace();
  writeFileSync(root, 'a file where a folder should be');
  const { notes, journal } = await attempt({ root, chunks: 2 });
  assert.match(notes.join('\n'), /The run continues, but keeps nothing more for a later attempt in .*: /);
  assert.equal(readFileSync(journal, 'utf8').match(/"type":"chunk"/g)?.length, 2);
});

const small = newPlace();
mkdirSync(small);
const mount = await execa('mount', ['-t', 'tmpfs', '-o', 'size=64k', 'tmpfs', small], { reject: false });
test('a disk that fills up in mid-run costs a word once; what it holds is resumed', {
  skip: mount.exitCode !== 0 && 'a small disk cannot be mounted here',
}, async () => {
  try {
    const { notes, journal } = await attempt({ root: small, chunks: total });
    assert.equal(notes.length, 1);
    assert.match(notes[0]!, /The run continues, but keeps nothing more for a later attempt in .*: ENOSPC/);
    assert.equal(readFileSync(journal, 'utf8').match(/"type":"chunk"/g)?.length, total);
    const { resumed } = await attempt({ number: 2, root: small, chunks: 0 });
    assert.ok(resumed > 0 && resumed < total, `${resumed} of ${total}`);
  } finally {
    await execa('umount', ['-l', small]);
  }
});

test('runs nobody can resume are removed: after 30 days, and beyond the newest hundred; nothing else is', async () => {
  const root = newPlace();
  const day = 24 * 3600;
  const at = now().getTime() / 1000;
  const leave = (name: string, age: number) => {
    const path = join(root, name, 'k', 'attempt-1.ndjson');
    mkdirSync(join(path, '..'), { recursive: true });
    writeFileSync(path, '');
    for (const each of [path, join(root, name)]) utimesSync(each, at - age, at - age);
  };
  for (let run = 0; run < 101; run++) leave(`sos-bench-run-${run}`, run * 60);
  leave('sos-bench-run-old', 31 * day);
  leave('somebody-elses', 400 * day);
  assert.deepEqual((await pruneStates(root, at * 1000)).map((path) => path.slice(root.length + 1)).sort(), [
    'sos-bench-run-100',
    'sos-bench-run-old',
  ]);
  assert.ok(existsSync(join(root, 'somebody-elses', 'k', 'attempt-1.ndjson')));
  assert.equal(readdirSync(root).length, 101);
});

test('a run whose journal grows is not old, however long ago it began', async () => {
  const root = newPlace();
  const { copy } = await attempt({ root });
  const run = join(root, 'sos-bench-run-octo-models-7');
  utimesSync(run, 1000, 1000);
  utimesSync(copy!, now(), now());
  assert.deepEqual(await pruneStates(root, now().getTime()), []);
});
