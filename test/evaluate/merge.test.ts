import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { Journal } from '../../src/evaluate/journal/journal.ts';
import { mergeFolders } from '../../src/evaluate/merge.ts';
import { recordDigest } from '../../src/record/digest.ts';
import { recordPaths } from '../../src/record/paths.ts';
import { readRecord } from '../../src/record/read.ts';
import type { RunRecord } from '../../src/record/schema.ts';
import { hashPlan, type Plan } from '../../src/suite/plan/plan.ts';
import { takeLock } from '../../src/system/files/lock.ts';
import { compareProtocols } from '../../src/verdict/protocol/protocol.ts';
import { temporaryFolder } from '../support/folder.ts';
import { rejectsWith } from '../support/reject.ts';
import { smallPlan } from '../support/results.ts';
import { IDENTITY, type Left, leaveShard, plan } from '../support/shard-folders.ts';

const folder = temporaryFolder();
let folders = 0;
const leave = (index: number | null, left?: Left) =>
  leaveShard(join(folder, `shard-${folders++}`), index, left);

const bytes = (path: string) => readFileSync(recordPaths(path).items);
const out = () => join(folder, `merged-${folders++}`);

test('three shards merged are the whole run: items.parquet byte for byte, the record but for its times', async () => {
  const whole = await leave(null);
  const output = out();
  // In any order.
  const { record: merged } = await mergeFolders([await leave(2), await leave(3), await leave(1)], output);
  assert.ok(bytes(output).equals(bytes(whole)));
  const { record } = await readRecord(whole);
  assert.deepEqual({ ...merged, files: null }, { ...record, files: null });
  assert.deepEqual((await readRecord(output)).record, merged);
  assert.match(await recordDigest(output), /^[0-9a-f]{64}$/);
});

test('answers keep how they are written, through journal, shards and record; of those of an older journal nothing is known', async () => {
  const shards = [await leave(1), await leave(2), await leave(3)];
  const stylesOf = async (path: string) =>
    (await readRecord(path)).items
      .filter(({ task }) => task === 'sosb_xstest')
      .map(({ docId, style }) => [docId, style?.chars]);
  const output = out();
  await mergeFolders(shards, output);
  const expected = Array.from({ length: 20 }, (_, docId) => [docId, docId % 4 > 0 ? 100 + docId : undefined]);
  assert.deepEqual(await stylesOf(output), expected);
  for (const path of shards) {
    const { journal } = recordPaths(path);
    writeFileSync(journal, readFileSync(journal, 'utf8').replaceAll(/,"style":\{[^}]*\}/g, ''));
  }
  const older = out();
  await mergeFolders(shards, older);
  assert.deepEqual(
    await stylesOf(older),
    expected.map(([docId]) => [docId, undefined]),
  );
});

test('times, minutes and retries are those of all shards', async () => {
  const at = (hour: string) => `2026-01-01T${hour}:00:00.000Z`;
  const change = (index: number): Partial<RunRecord> => ({
    started: at(`0${4 - index}`),
    finished: at(`0${4 + index}`),
    totals: { items: 0, tokens: null, deviceMinutes: index, retries: { oom: 1 } },
  });
  const shards = await Promise.all([1, 2, 3].map((index) => leave(index, { change: change(index) })));
  const {
    record: { started, finished, totals, shard },
  } = await mergeFolders(shards, out());
  assert.deepEqual([started, finished, shard], [at('01'), at('07'), null]);
  assert.deepEqual([totals.deviceMinutes, totals.retries, totals.items], [6, { oom: 3 }, 920]);
});

test('resumed questions are those of all shards, of the source that most can write to', async () => {
  const shards = await Promise.all([
    leave(1, { change: { resumed: { questions: 3, from: 'state-dir' } } }),
    leave(2),
    leave(3, { change: { resumed: { questions: 4, from: 'artifact' } } }),
  ]);
  const {
    record: { resumed },
  } = await mergeFolders(shards, out());
  assert.deepEqual(resumed, { questions: 7, from: 'artifact' });
});

test('sandboxes are all that were used in any shard, each once', async () => {
  const environment = (await readRecord(await leave(1))).record.environment!;
  const use = (kind: 'bubblewrap' | 'none') => ({ kind, allowUnsafeCode: true });
  const used = [[use('bubblewrap')], [], [use('none'), use('bubblewrap')]];
  const shards = used.map((sandboxes, index) =>
    leave(index + 1, { change: { environment: { ...environment, sandboxes } } }),
  );
  const { record: merged } = await mergeFolders(await Promise.all(shards), out());
  assert.deepEqual(merged.environment!.sandboxes, [use('bubblewrap'), use('none')]);
});

test('the merged folder has a journal that the same run goes on from', async () => {
  const output = out();
  await mergeFolders([await leave(1), await leave(2), await leave(3)], output);
  const options = { fresh: false, now: () => new Date() };
  const { journal, state, resumed } = await Journal.open(recordPaths(output).journal, IDENTITY, options);
  await journal.close();
  assert.equal(resumed, true);
  assert.equal(state.results.size, plan.chunks.length);
});

test('of several attempts at a shard the newest counts; an interrupted one does not', async () => {
  const finished = (hour: number) => ({ finished: `2026-01-01T${hour}:00:00.000Z` });
  const output = out();
  const failures = new Map([['bbq', 'sosb_bbq_age: died after 3 tries']]);
  const { record: merged } = await mergeFolders(
    [
      await leave(1),
      await leave(2, { failures, lost: 1, change: finished(11) }),
      await leave(2, { change: finished(12) }),
      await leave(2, { lost: 1, change: finished(13) }),
      await leave(3),
    ],
    output,
  );
  assert.equal(merged.complete, true);
});

test('a benchmark that failed in one shard has failed, with its reason; the others are done', async () => {
  const failures = new Map([['bbq', 'sosb_bbq_age: died after 3 tries']]);
  const {
    record: { complete, benchmarks },
  } = await mergeFolders([await leave(1), await leave(2, { failures, lost: 1 }), await leave(3)], out());
  assert.equal(complete, false);
  assert.deepEqual(
    benchmarks.map(({ id, status, reason }) => [id, status, reason]),
    [
      ['bbq', 'failed', 'sosb_bbq_age: died after 3 tries'],
      ['xstest', 'done', null],
    ],
  );
});

test('whether too much has no score is judged over all shards: as one run would have', async () => {
  // Of the task's 600 items 3 are 0.5%; that they are many of one shard is not a reason.
  const cases = [
    { docIds: [0, 1, 2], status: 'done' },
    { docIds: [0, 200, 300, 599], status: 'failed' },
  ];
  for (const { docIds, status } of cases) {
    const left = { unscored: { task: 'sosb_bbq_age', docIds } };
    const { record: whole } = await readRecord(await leave(null, left));
    const shards = [await leave(1, left), await leave(2, left), await leave(3, left)];
    const { record: merged } = await mergeFolders(shards, out());
    assert.deepEqual({ ...merged, files: null }, { ...whole, files: null });
    assert.equal(merged.files!['items.parquet'], whole.files!['items.parquet']);
    const { status: found, reason } = merged.benchmarks[0]!;
    assert.equal(found, status, String(reason));
    if (status === 'failed')
      assert.match(reason!, /^4 of 900 questions have no score; the first: sosb_bbq_age question 0: status/);
    for (const shard of shards)
      assert.ok((await readRecord(shard)).record.benchmarks.every((row) => row.status === 'done'));
  }
});

const REFUSED: [string, () => Promise<string[]>, (string | RegExp)[]][] = [
  ['a missing shard, by name', async () => [await leave(1), await leave(3)], ['missing: 2/3']],
  ['all that are missing', async () => [await leave(2)], ['missing: 1/3, 3/3']],
  [
    'an interrupted shard',
    async () => [await leave(1), await leave(2, { lost: 1 }), await leave(3)],
    [/missing: 2\/3 \(interrupted: .*shard-/],
  ],
  [
    'shards of different divisions',
    async () => [await leave(1), await leave(2), await leave(3), await leave(2, { of: 2 })],
    ['overlap', '(2/2)'],
  ],
  ['a whole run', async () => [await leave(1), await leave(null)], ['no shard of a plan']],
  [
    'another model',
    async () => [await leave(1), await leave(2, { identity: { modelDigest: 'sha256:n' } }), await leave(3)],
    ['not of one run', 'the model (its digest)'],
  ],
  [
    'another plan',
    async () => [await leave(1), await leave(2, { plan: smallPlan(2) })],
    ['the plan (its questions)'],
  ],
  [
    'another dtype, named',
    async () => {
      const subject = (await readRecord(await leave(null))).record.subject;
      const change = (dtype: string) => ({ change: { subject: { ...subject, dtype } } });
      return [await leave(1, change('float32')), await leave(2, change('bfloat16')), await leave(3)];
    },
    ['different dtypes', '(float32)', '(bfloat16)', 'dtype=bfloat16'],
  ],
  [
    'another protocol, named',
    async () => [await leave(1), await leave(2, { identity: { protocol: { backend: 'vllm' } } })],
    ['backend (hf, now vllm)'],
  ],
];
for (const [what, make, texts] of REFUSED) {
  test(`refused, with nothing written: ${what}`, async () => {
    const shards = await make();
    const output = out();
    await rejectsWith(() => mergeFolders(shards, output), 'merge-refused', ...texts);
    await rejectsWith(() => readRecord(output), 'record-missing');
  });
}

for (const name of ['journal', 'plan'] as const) {
  test(`refused: a shard whose ${name} was not kept`, async () => {
    const shards = [await leave(1), await leave(2), await leave(3)];
    rmSync(recordPaths(shards[1]!)[name]);
    await rejectsWith(() => mergeFolders(shards, out()), 'merge-refused', `${shards[1]} has no ${name}`);
  });
}

test('a journal that lacks what its record claims is refused', async () => {
  const shards = [await leave(1), await leave(2), await leave(3)];
  const path = recordPaths(shards[1]!).journal;
  const lines = readFileSync(path, 'utf8').split('\n');
  writeFileSync(path, [lines[0], ...lines.slice(2)].join('\n'));
  await rejectsWith(() => mergeFolders(shards, out()), 'merge-refused', 'has no results of sosb_');
});

test('a broken plan.json is plan-invalid', async () => {
  const shards = [await leave(1), await leave(2), await leave(3)];
  writeFileSync(recordPaths(shards[0]!).plan, '{"schemaVersion": 9}');
  await rejectsWith(() => mergeFolders(shards, out()), 'plan-invalid', shards[0]!);
  writeFileSync(recordPaths(shards[0]!).plan, '{');
  await rejectsWith(() => mergeFolders(shards, out()), 'plan-invalid', shards[0]!);
});

const device = (name: string, memory: number | null = 80): Partial<RunRecord> => ({
  environment: {
    platform: 'linux-x64',
    device: { type: 'cuda', name, count: 1, memory, threads: 2 },
    versions: { torch: name === 'NVIDIA H100' ? '2.9' : '2.8', node: '24' },
    batchSize: '8',
    sandboxes: [],
  },
});

test('shards of different devices: the record names each, with their versions, so that a comparison can warn', async () => {
  const shards = [
    await leave(1, { change: device('NVIDIA H100') }),
    await leave(2, { change: device('NVIDIA A100', 40) }),
    await leave(3, { change: device('NVIDIA H100') }),
  ];
  const output = out();
  const {
    record: { environment },
  } = await mergeFolders(shards, output);
  assert.deepEqual(environment?.device, {
    type: 'cuda',
    name: 'NVIDIA A100 + NVIDIA H100',
    count: 1,
    memory: null,
    threads: 2,
  });
  assert.deepEqual(environment?.versions, { torch: '2.8 + 2.9', node: '24' });
  const whole = await leave(null, { change: device('NVIDIA H100') });
  const { warnings } = compareProtocols(await readRecord(whole), await readRecord(output));
  assert.match(
    warnings.join('\n'),
    /different devices: NVIDIA H100 \(cuda\) and NVIDIA A100 \+ NVIDIA H100 \(cuda\)/,
  );
});

const read = (engine?: string, engineReason?: string): Partial<RunRecord> => ({
  environment: {
    ...device('NVIDIA H100').environment!,
    ...(engine && { engine }),
    ...(engineReason && { engineReason }),
  },
});

test('shards that were read in different ways: the record names each, and why', async () => {
  const shards = [
    await leave(1, { change: read('shared') }),
    await leave(2, { change: read('harness + shared', 'self-check: it failed') }),
    await leave(3, { change: read() }),
  ];
  const {
    record: { environment },
  } = await mergeFolders(shards, out());
  assert.deepEqual(
    [environment?.engine, environment?.engineReason],
    ['harness + shared', 'self-check: it failed'],
  );
  const old = await Promise.all([1, 2, 3].map((index) => leave(index, { change: read() })));
  assert.equal((await mergeFolders(old, out())).record.environment?.engine, undefined);
});

/** Changes somebody may make to what a shard left. */
const FORGED: [string, 'merge-refused' | 'plan-invalid', (path: string) => void, string[]][] = [
  [
    'an inclusion probability',
    'plan-invalid',
    (path) => edit(path, 'plan', (text) => text.replace('"inclusionP":[1,', '"inclusionP":[0.5,')),
    ['inclusion probabilities'],
  ],
  [
    'an inclusion probability, hashed again everywhere',
    'plan-invalid',
    (path) => {
      const forged: Plan = JSON.parse(readFileSync(recordPaths(path).plan, 'utf8'));
      forged.benchmarks[0]!.tasks[0]!.inclusionP[0] = 0.5;
      const rehash = (text: string) => text.replaceAll(plan.planHash, hashPlan(forged));
      writeFileSync(recordPaths(path).plan, rehash(JSON.stringify(forged)));
      edit(path, 'journal', rehash);
      edit(path, 'record', rehash);
    },
    ['inclusion probabilities'],
  ],
  [
    'the seed under the old hash',
    'plan-invalid',
    (path) => edit(path, 'plan', (text) => text.replace('"seed":1', '"seed":2')),
    ['its hash is not that of its items'],
  ],
  [
    "the record's plan",
    'merge-refused',
    (path) => edit(path, 'record', (text) => text.replace(plan.planHash, 'f'.repeat(16))),
    ['record.json of another plan'],
  ],
  [
    "the record's model",
    'merge-refused',
    (path) => edit(path, 'record', (text) => text.replace('sha256:m', 'sha256:n')),
    ['journal.ndjson of another model'],
  ],
  [
    'the document of an answer',
    'merge-refused',
    (path) => edit(path, 'journal', (text) => text.replace(/"docHash":"..../, '"docHash":"ffff')),
    ['not planned'],
  ],
];
for (const [what, code, change, texts] of FORGED) {
  test(`a shard in which somebody changed ${what} is refused`, async () => {
    const shards = [await leave(1), await leave(2), await leave(3)];
    for (const shard of what.includes('everywhere') ? shards : [shards[1]!]) change(shard);
    const output = out();
    await rejectsWith(() => mergeFolders(shards, output), code, ...texts);
    await rejectsWith(() => readRecord(output), 'record-missing');
  });
}

function edit(path: string, name: 'plan' | 'journal' | 'record', change: (text: string) => string): void {
  const file = recordPaths(path)[name];
  const text = readFileSync(file, 'utf8');
  const changed = change(text);
  assert.notEqual(changed, text);
  writeFileSync(file, changed);
}

test('the folder of a run that is going on is left alone', async () => {
  const shards = [await leave(1), await leave(2), await leave(3)];
  const output = out();
  const lock = await takeLock(recordPaths(output).lock, 'x');
  await rejectsWith(() => mergeFolders(shards, output), 'run-locked', output);
  assert.deepEqual(readdirSync(output), ['.lock']);
  await lock.release();
  await mergeFolders(shards, output);
  assert.ok(!existsSync(recordPaths(output).lock));
});

test('a folder with the journal of another model is left alone, as by a run', async () => {
  const shards = [await leave(1), await leave(2), await leave(3)];
  const output = await leave(1, { identity: { modelDigest: 'sha256:n' } });
  rmSync(recordPaths(output).record);
  const before = readFileSync(recordPaths(output).journal);
  const texts = ['the model (its digest)', 'another --output'];
  await rejectsWith(() => mergeFolders(shards, output), 'journal-mismatch', ...texts);
  assert.deepEqual(readFileSync(recordPaths(output).journal), before);
});

test('an earlier merge is replaced, another record is not', async () => {
  const shards = [await leave(1), await leave(2), await leave(3)];
  const output = out();
  await mergeFolders(shards, output);
  await mergeFolders(shards, output);
  await rejectsWith(() => mergeFolders(shards, shards[0]!), 'record-exists', shards[0]!);
});
