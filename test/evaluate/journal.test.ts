import assert from 'node:assert/strict';
import {
  appendFileSync,
  existsSync,
  readFileSync,
  statSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import type { JournalEntry, JournalIdentity } from '../../src/evaluate/journal/entry.ts';
import { Journal } from '../../src/evaluate/journal/journal.ts';
import type { ModelLoaded } from '../../src/harness/lm-eval/messages.ts';
import { temporaryFolder } from '../support/folder.ts';
import { rejectsWith } from '../support/reject.ts';

const folder = temporaryFolder();
let journals = 0;
const newPath = () => join(folder, `journal-${journals++}.ndjson`);

const IDENTITY: JournalIdentity = {
  planHash: 'aaaa',
  modelDigest: 'sha256:1',
  protocol: { backend: 'hf', 'task sosb_xstest': 'version 1.0' },
};

function open(path: string, { identity = IDENTITY, fresh = false, hour = 10 } = {}) {
  return Journal.open(path, identity, { fresh, now: () => new Date(Date.UTC(2026, 0, 1, hour)) });
}

const HELLO: ModelLoaded = {
  type: 'hello',
  versions: { torch: '2.9' },
  device: { type: 'cpu', name: 'CPU', count: 1, memory: null, threads: 2 },
  dtype: 'float32',
  quantisation: null,
  parameters: 10,
  maxLength: 100,
  chatTemplateApplied: false,
  chatTemplateSha256: null,
  tokenizerSha256: null,
};

const SANDBOX = { kind: 'namespaces', allowUnsafeCode: false } as const;

function chunk(id: string): JournalEntry {
  const item = {
    docId: 0,
    docHash: '0123456789abcdef',
    promptHash: '0123456789abcdef',
    scores: { acc: 1 },
    target: '0',
    tokens: 5,
    prediction: '0',
    margin: 0.25,
  };
  return { type: 'chunk', chunk: id, seconds: 2, batchSize: '8', items: [item] };
}

async function write(path: string, ...entries: JournalEntry[]): Promise<void> {
  const { journal } = await open(path);
  for (const entry of entries) await journal.append(entry);
  await journal.close();
}

async function reopen(path: string, options = {}) {
  const opened = await open(path, options);
  await opened.journal.close();
  return opened;
}

test('a new journal has nothing done, and remembers when it started', async () => {
  const { state, resumed } = await reopen(newPath());
  assert.equal(resumed, false);
  assert.deepEqual([state.results.size, state.modelLoaded, state.faults], [0, null, []]);
  assert.equal(state.started, '2026-01-01T10:00:00.000Z');
});

test('a reopened journal gives back what was appended, word for word', async () => {
  const path = newPath();
  const fault = { chunk: 'b', kind: 'oom', message: 'm', batchSize: '8', device: 'GPU 0, NVIDIA A100' };
  await write(
    path,
    { type: 'hello', hello: HELLO, seconds: 4 },
    chunk('a'),
    { type: 'fault', seconds: 1, ...fault },
    { type: 'sandbox', sandbox: SANDBOX, seconds: 0 },
  );
  const { state, resumed } = await reopen(path, { hour: 12 });
  assert.equal(resumed, true);
  assert.equal(state.started, '2026-01-01T10:00:00.000Z');
  assert.deepEqual(state.modelLoaded, HELLO);
  assert.deepEqual([...state.results], [['a', (chunk('a') as { items: unknown }).items]]);
  assert.deepEqual(state.faults, [fault]);
  assert.deepEqual(state.sandboxes, [SANDBOX]);
  assert.equal(state.deviceSeconds, 7);
});

test('the last hello counts: it is of the process that goes on', async () => {
  const path = newPath();
  const later = { ...HELLO, dtype: 'bfloat16' };
  await write(path, { type: 'hello', hello: HELLO, seconds: 1 }, { type: 'hello', hello: later, seconds: 1 });
  assert.equal((await reopen(path)).state.modelLoaded?.dtype, 'bfloat16');
});

test('of workers that read in different ways both are known, and why the first went the way of the harness', async () => {
  const path = newPath();
  const hello = (engine: 'shared' | 'harness', engineReason: string | null): JournalEntry => ({
    type: 'hello',
    hello: { ...HELLO, engine, engineReason },
    seconds: 1,
  });
  await write(path, hello('harness', 'its cache cannot branch'), hello('harness', 'as before'));
  assert.equal((await reopen(path)).state.engineReason, 'its cache cannot branch');
  await write(path, hello('shared', null));
  const { state } = await reopen(path);
  assert.deepEqual(
    [[...state.engines], state.engineReason],
    [['harness', 'shared'], 'its cache cannot branch'],
  );
  assert.equal((await reopen(newPath())).state.engineReason, null);
});

test('an entry is on the disk when append returns', async () => {
  const path = newPath();
  const { journal } = await open(path);
  await journal.append(chunk('a'));
  assert.match(readFileSync(path, 'utf8'), /"chunk":"a".*\n$/);
  await journal.close();
});

const TEARS: [string, number][] = [
  ['a byte', 1],
  ['its line end and some more', 20],
  ['all but its first byte', Number.POSITIVE_INFINITY],
];
for (const [what, lost] of TEARS) {
  test(`a last line that lacks ${what} is cut off, and the next entry stands on a line of its own`, async () => {
    const path = newPath();
    await write(path, chunk('a'));
    const kept = statSync(path).size;
    await write(path, chunk('b'));
    truncateSync(path, Math.max(kept + 1, statSync(path).size - lost));
    const { journal, state } = await open(path);
    assert.deepEqual([...state.results.keys()], ['a']);
    assert.equal(statSync(path).size, kept);
    await journal.append(chunk('c'));
    await journal.close();
    assert.deepEqual([...(await reopen(path)).state.results.keys()], ['a', 'c']);
  });
}

test('a journal torn in its first line is begun again', async () => {
  const path = newPath();
  writeFileSync(path, '{"type":"header","schemaVer');
  const { resumed } = await reopen(path);
  assert.equal(resumed, false);
  assert.equal((await reopen(path)).resumed, true);
});

test('an empty journal is begun again', async () => {
  const path = newPath();
  writeFileSync(path, '');
  assert.equal((await reopen(path)).resumed, false);
});

const CORRUPTIONS: [string, (lines: string[]) => void, number][] = [
  ['garbage', (lines) => lines.splice(2, 1, 'garbage'), 3],
  ['a line cut short in the middle', (lines) => lines.splice(1, 1, lines[1]!.slice(0, 40)), 2],
  ['zeros, as a crashed disk leaves them', (lines) => lines.splice(2, 1, '\0\0\0\0'), 3],
  ['an empty line', (lines) => lines.splice(1, 0, ''), 2],
  ['an entry of another version', (lines) => lines.splice(1, 1, '{"type":"chunk2"}'), 2],
  [
    'a score that is not a number',
    (lines) => lines.splice(1, 1, lines[1]!.replace('"acc":1', '"acc":null')),
    2,
  ],
  ['no header', (lines) => lines.splice(0, 1), 1],
  [
    'a header of another version',
    (lines) => lines.splice(0, 1, lines[0]!.replace('Version":1', 'Version":9')),
    1,
  ],
];
for (const [what, corrupt, line] of CORRUPTIONS) {
  test(`${what} is refused, naming line ${line}; --fresh starts over`, async () => {
    const path = newPath();
    await write(path, chunk('a'), chunk('b'), chunk('c'));
    const lines = readFileSync(path, 'utf8').split('\n');
    corrupt(lines);
    writeFileSync(path, lines.join('\n'));
    await rejectsWith(() => open(path), 'journal-invalid', `${path} line ${line} `, '--fresh');
    assert.equal((await reopen(path, { fresh: true })).state.results.size, 0);
    assert.equal((await reopen(path)).resumed, true);
  });
}

const OTHERS: [string, JournalIdentity, string[]][] = [
  ['another model', { ...IDENTITY, modelDigest: 'sha256:2' }, ['the model (its digest)']],
  ['another plan', { ...IDENTITY, planHash: 'bbbb' }, ['the plan (its questions)']],
  [
    'another backend',
    { ...IDENTITY, protocol: { ...IDENTITY.protocol, backend: 'vllm' } },
    ['backend (hf, now vllm)'],
  ],
  [
    'another task version',
    { ...IDENTITY, protocol: { ...IDENTITY.protocol, 'task sosb_xstest': 'version 2.0' } },
    ['task sosb_xstest (version 1.0, now version 2.0)'],
  ],
  [
    'a setting that was not there',
    { ...IDENTITY, protocol: { ...IDENTITY.protocol, device: 'cpu' } },
    ['device (absent, now cpu)'],
  ],
  [
    'a setting that is gone',
    { ...IDENTITY, protocol: { backend: 'hf' } },
    ['task sosb_xstest (version 1.0, now absent)'],
  ],
];
for (const [what, identity, texts] of OTHERS) {
  test(`the journal of ${what} is not continued, and not touched; what differs is named`, async () => {
    const path = newPath();
    await write(path, chunk('a'));
    const before = readFileSync(path);
    await rejectsWith(() => open(path, { identity }), 'journal-mismatch', path, '--fresh', ...texts);
    assert.deepEqual(readFileSync(path), before);
  });
}

test('of many differences the first are named and the others counted', async () => {
  const path = newPath();
  const tasks = (version: string) =>
    Object.fromEntries(Array.from({ length: 30 }, (_, task) => [`task t${task}`, version]));
  const { journal } = await open(path, { identity: { ...IDENTITY, protocol: tasks('1') } });
  await journal.close();
  const identity = { ...IDENTITY, planHash: 'bbbb', protocol: tasks('2') };
  await rejectsWith(() => open(path, { identity }), 'journal-mismatch', 'the plan', 'task t3', 'and 26 more');
});

test('--fresh replaces the journal of another run', async () => {
  const path = newPath();
  await write(path, chunk('a'));
  const identity = { ...IDENTITY, modelDigest: 'sha256:2' };
  const { state } = await reopen(path, { identity, fresh: true });
  assert.equal(state.results.size, 0);
  assert.equal((await reopen(path, { identity })).resumed, true);
});

test('a folder in place of the journal is named', async () => {
  await rejectsWith(() => open(folder), 'permission-denied', folder);
});

test('a journal where no folder is says so', async () => {
  await rejectsWith(() => open(join(folder, 'none', 'journal.ndjson')), 'permission-denied', 'none');
});

test('a chunk tried twice counts once, with its last result', async () => {
  const path = newPath();
  await write(path, chunk('a'));
  appendFileSync(path, `${JSON.stringify({ ...chunk('a'), items: [] })}\n`);
  const { state } = await reopen(path);
  assert.deepEqual(state.results.get('a'), []);
});

test('entries that several workers append at once stand on lines of their own, large ones too', async () => {
  const path = newPath();
  const { journal } = await open(path);
  const [large] = (chunk('x') as { items: { prediction: string }[] }).items;
  const items = [{ ...large!, prediction: 'p'.repeat(2_000_000) }];
  const ids = Array.from({ length: 6 }, (_, index) => `c${index}`);
  await Promise.all(ids.map((id) => journal.append({ ...chunk(id), items } as JournalEntry)));
  await journal.close();
  assert.deepEqual([...(await reopen(path)).state.results.keys()], ids);
});

for (const [what, content] of [
  ['a text without a line feed', 'ghp_Secret'],
  ['a line of something else, and a half one', 'one\ntwo'],
  ['bytes that are no text', Buffer.from([0, 0, 0, 0, 0, 0, 0, 0, 0, 0])],
  ['the beginning of another JSON', '{"type":"chunk","chunk":"a'],
] as const) {
  test(`${what} is not a journal: refused, and not cut`, async () => {
    const path = newPath();
    writeFileSync(path, content);
    await rejectsWith(() => open(path), 'journal-invalid', path);
    assert.deepEqual(readFileSync(path), Buffer.from(content));
  });
}

test('of a run that was killed as it wrote the first line the next one begins again', async () => {
  const path = newPath();
  await write(path);
  writeFileSync(path, readFileSync(path).subarray(0, 20));
  assert.equal((await reopen(path)).resumed, false);
  assert.equal((await reopen(path)).resumed, true);
});

for (const fresh of [false, true]) {
  test(`a link in its place is refused${fresh ? ', afresh too' : ''}: what it names is neither cut nor made`, async () => {
    const [there, none] = [newPath(), newPath()];
    await write(there, chunk('a'));
    appendFileSync(there, '{"type":"ch');
    const before = readFileSync(there);
    for (const target of [there, none]) {
      const path = newPath();
      symlinkSync(target, path);
      await rejectsWith(() => open(path, { fresh }), 'journal-invalid', path, 'a link');
    }
    assert.deepEqual(readFileSync(there), before);
    assert.ok(!existsSync(none));
  });
}
