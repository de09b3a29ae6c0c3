/** Shards that jobs leave as artifacts of their run: by the real client, against a fake of the service it talks to. */
import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { findLeftover } from '../../src/action/artifacts/earlier.ts';
import { type JournalOf, journalSigner } from '../../src/action/artifacts/journal-key.ts';
import { parseArtifactName } from '../../src/action/artifacts/names.ts';
import { explainJob } from '../../src/action/report/explain-job.ts';
import { fetchShards } from '../../src/action/report/fetch-shards.ts';
import { encodeJournal, parseJournal } from '../../src/evaluate/journal/journal.ts';
import { keepSigned } from '../../src/evaluate/journal/signature.ts';
import { ownArtifacts, type RunArtifacts } from '../../src/github/artifacts/run-artifacts.ts';
import { createClient } from '../../src/github/client.ts';
import type { Shard } from '../../src/suite/plan/shards.ts';
import { type FakeArtifacts, startFakeArtifacts } from '../support/fake-artifacts.ts';
import { temporaryFolder } from '../support/folder.ts';
import { rejectsWith } from '../support/reject.ts';
import { smallPlan } from '../support/results.ts';
import { type Left, leaveShard } from '../support/shard-folders.ts';
import { makeZip, type ZipMember } from '../support/zip.ts';

const folder = temporaryFolder();
const PREFIX = 'record';
const SHARD = { index: 1, of: 3 };
const NO_EMULATOR = 'http://127.0.0.1:9';
let service: FakeArtifacts;
let run = 0;
let places = 0;

before(async () => {
  service = await startFakeArtifacts(NO_EMULATOR);
});
after(() => service.close());

const newPlace = () => join(folder, `place-${places++}`);
const members = (path: string): ZipMember[] =>
  readdirSync(path).map((name) => ({ name, content: readFileSync(join(path, name)) }));

/** A run whose jobs left these, by artifact name. */
async function runWith(artifacts: Record<string, ZipMember[] | Buffer>): Promise<RunArtifacts> {
  const archives = Object.entries(artifacts).map(([name, content]): [string, Buffer] => [
    name,
    Buffer.isBuffer(content) ? content : makeZip(content),
  ]);
  service.archives.set(++run, new Map(archives));
  Object.assign(process.env, service.stepEnvironment(run));
  return ownArtifacts(join(newPlace(), 'archives'));
}

async function shard(index: number, left?: Left): Promise<ZipMember[]> {
  return members(await leaveShard(newPlace(), index, left));
}

const without = (all: ZipMember[], ...names: string[]) => all.filter(({ name }) => !names.includes(name));
/** Archives that were fetched since `requests` was emptied. */
const fetched = () =>
  service.requests.flatMap((asked) => /^GET \/blobs\/\d+\/(.+)\.zip/.exec(asked)?.[1] ?? []);
const unknown = async (): Promise<string | null> => null;
const fetch = (artifacts: RunArtifacts, explain: (shard: Shard) => Promise<string | null> = unknown) =>
  fetchShards(artifacts, { prefix: PREFIX, of: 3, folder: newPlace(), digests: null, explain });

const NAMES: [string, ReturnType<typeof parseArtifactName>][] = [
  ['record-2of3-1', { shard: { index: 2, of: 3 }, attempt: 1 }],
  ['record-11of256-12', { shard: { index: 11, of: 256 }, attempt: 12 }],
  ['record-3', { shard: null, attempt: 3 }],
  ['record-4of3-1', null],
  ['record-0of3-1', null],
  ['record-2of3', null],
  ['record', null],
  ['record-baseline-1', null],
  ['other-record-2of3-1', null],
];
for (const [name, told] of NAMES) {
  test(`${name} is ${told === null ? 'none of ours' : JSON.stringify(told)}`, () => {
    assert.deepEqual(parseArtifactName(name, PREFIX), told);
  });
}

test('three shards are put together to what one run gives; other artifacts are passed over', async () => {
  const whole = await leaveShard(newPlace(), null);
  const artifacts = await runWith({
    'record-3of3-1': await shard(3),
    'record-1of3-1': await shard(1),
    'record-2of3-1': await shard(2),
    'record-1of2-2': await shard(1, { of: 2 }),
    model: [{ name: 'weights', content: Buffer.from('none of ours') }],
  });
  const { path, record } = await fetch(artifacts);
  assert.equal(record.shard, null);
  assert.ok(readFileSync(join(path, 'items.parquet')).equals(readFileSync(join(whole, 'items.parquet'))));
});

test('the newest attempt at a shard counts, by number: 10 after 9', async () => {
  const artifacts = await runWith({
    'record-1of3-1': await shard(1),
    'record-2of3-9': await shard(2, { lost: 1 }),
    'record-2of3-10': await shard(2),
    'record-3of3-1': await shard(3),
  });
  service.requests.length = 0;
  assert.equal((await fetch(artifacts)).record.complete, true);
  assert.deepEqual(fetched(), ['record-1of3-1', 'record-2of3-10', 'record-3of3-1']);
});

test('every shard that is missing is named, with what can be known of why', async () => {
  const interrupted = without(await shard(3), 'record.json', 'items.parquet');
  const artifacts = await runWith({ 'record-3of3-1': interrupted });
  const reasons: Record<number, string> = { 1: 'no runner took its job; labels gpu' };
  await rejectsWith(
    () => fetch(artifacts, async ({ index }) => reasons[index] ?? null),
    'merge-refused',
    'shards are missing: 1/3 (no runner took its job; labels gpu), 2/3 (no artifact record-2of3-*), 3/3 (stopped; record-3of3-1 has no record.json)',
  );
});

test('a shard that ended before its time is named, with its artifact', async () => {
  const artifacts = await runWith({
    'record-1of3-1': await shard(1),
    'record-2of3-1': await shard(2, { lost: 1 }),
    'record-3of3-1': await shard(3),
  });
  await rejectsWith(
    () => fetch(artifacts),
    'merge-refused',
    /missing: 2\/3 \(interrupted: .*record-2of3-1\)/,
  );
});

const UNLIKE: [string, Left, RegExp][] = [
  [
    'model',
    { identity: { modelDigest: 'sha256:n' } },
    /record-1of3-1 and .*record-2of3-1 .*the model \(its digest\)/,
  ],
  ['plan', { plan: smallPlan(2) }, /record-1of3-1 and .*record-2of3-1 .*the plan/],
  ['protocol', { identity: { protocol: { backend: 'vllm' } } }, /record-2of3-1 .*backend \(hf, now vllm\)/],
];
for (const [what, left, told] of UNLIKE) {
  test(`a shard of another ${what} is refused by name`, async () => {
    const artifacts = await runWith({
      'record-1of3-1': await shard(1),
      'record-2of3-1': await shard(2, left),
      'record-3of3-1': await shard(3),
    });
    await rejectsWith(() => fetch(artifacts), 'merge-refused', told);
  });
}

const file = (name: string, content: string | Buffer, more: Partial<ZipMember> = {}): ZipMember => ({
  name,
  content: Buffer.from(content),
  ...more,
});
const HOSTILE: [string, () => ZipMember[] | Buffer, RegExp][] = [
  ['is not an archive', () => Buffer.from('PK\x03\x04 and no more'), /not a complete zip archive/],
  [
    'holds a journal that is a link',
    () => [file('journal.ndjson', '/etc/passwd', { mode: 0o120777 })],
    /is a link/,
  ],
  [
    'claims a journal of a gigabyte',
    () => [file('journal.ndjson', 'x', { claimed: 1_000_000_000 })],
    /too large/,
  ],
  [
    'holds more than it claims',
    () => [file('journal.ndjson', Buffer.alloc(3_000_000), { claimed: 10 })],
    /not a complete zip archive/,
  ],
  ['holds one file twice', () => [file('plan.json', '{}'), file('plan.json', '{}')], /plan\.json twice/],
  [
    'holds a thousand files and one',
    () => Array.from({ length: 1001 }, (_, place) => file(`f${place}`, '')),
    /1001 files/,
  ],
];
for (const [what, make, told] of HOSTILE) {
  test(`an artifact that ${what} is refused, with nothing written`, async () => {
    const artifacts = await runWith({ 'record-1of3-1': make() });
    const place = newPlace();
    await rejectsWith(
      () => fetchShards(artifacts, { prefix: PREFIX, of: 3, folder: place, digests: null, explain: unknown }),
      'record-invalid',
      told,
    );
    assert.ok(!existsSync(place) || readdirSync(place).length === 0);
  });

  test(`one that ${what} is not resumed: told, and the attempt before it is`, async () => {
    const artifacts = await runWith({
      'record-1of3-1': await shard(1, { lost: 1 }),
      'record-1of3-2': make(),
    });
    const { leftover, notes } = await leftoverOf(artifacts, 3);
    assert.equal(leftover?.attempt, 1);
    assert.equal(notes.length, 1);
    assert.match(notes[0]!, told);
    assert.match(notes[0]!, /^What attempt 2 left in record-1of3-2 is not used/);
  });
}

test('files with paths of their own are passed over, wherever they lead', async () => {
  const evil = [file('../escaped', 'x'), file('/tmp/escaped', 'x'), file('sub/record.json', 'x')];
  const artifacts = await runWith({
    'record-1of3-1': [...(await shard(1)), ...evil.slice(2)],
    'record-2of3-1': await shard(2),
    'record-3of3-1': await shard(3),
  });
  const place = newPlace();
  await fetchShards(artifacts, { prefix: PREFIX, of: 3, folder: place, digests: null, explain: unknown });
  assert.deepEqual(readdirSync(join(place, 'record-1of3-1')).sort(), [
    'items.parquet',
    'journal.ndjson',
    'plan.json',
    'record.json',
  ]);
  const escaping = await runWith({ 'record-1of3-1': evil });
  await rejectsWith(() => fetch(escaping), 'record-invalid', 'not a complete zip archive');
});

test('an artifact larger than any record is not even fetched', async () => {
  const artifacts = await runWith({});
  const large = { id: 1, name: 'record-1of3-1', size: 65_000_000, digest: null, created: null };
  service.requests.length = 0;
  await rejectsWith(() => artifacts.download(large), 'record-invalid', '65000000 bytes');
  assert.deepEqual(fetched(), []);
});

async function leftoverOf(
  artifacts: RunArtifacts,
  number: number,
  since = 1,
  rule: Pick<Parameters<typeof findLeftover>[1], 'isChange' | 'signerOf'> = {
    isChange: false,
    signerOf: null,
  },
) {
  const notes: string[] = [];
  const place = newPlace();
  const leftover = await findLeftover(
    artifacts,
    { prefix: PREFIX, attempt: { run: 'r', number, since }, shard: SHARD, folder: place, ...rule },
    (text) => void notes.push(text),
  );
  assert.ok(!existsSync(place) || readdirSync(place).length === 0, 'nothing is left lying about');
  return { leftover, notes };
}

test('of what earlier attempts left, the newest journal is resumed; not later ones, nor other shards', async () => {
  const left = await shard(1, { lost: 1 });
  const artifacts = await runWith({
    'record-1of3-1': left,
    'record-1of3-2': without(left, 'record.json', 'items.parquet'),
    'record-1of3-3': await shard(1),
    'record-2of3-2': await shard(2),
    'record-2': await shard(2),
  });
  const { leftover, notes } = await leftoverOf(artifacts, 3);
  assert.deepEqual(notes, []);
  assert.deepEqual([leftover?.attempt, leftover?.path], [2, 'record-1of3-2']);
  assert.ok(leftover!.journal!.equals(left.find(({ name }) => name === 'journal.ndjson')!.content));
  assert.equal((await leftoverOf(artifacts, 3, 3)).leftover, null, 'attempts before the plan do not count');
});

test('one whose record is complete is told as ended well', async () => {
  const artifacts = await runWith({ 'record-1of3-1': await shard(1) });
  assert.deepEqual((await leftoverOf(artifacts, 2)).leftover, {
    attempt: 1,
    path: 'record-1of3-1',
    journal: null,
    isSigned: false,
  });
});

const KEY = 'k'.repeat(32);
const OF = { run: 'r', attempt: 1, prefix: PREFIX, shard: SHARD };
/** What signed a journal of attempt 1, and whether a later attempt of the run resumes it. */
const SIGNERS: [title: string, key: string, of: JournalOf, resumes: boolean][] = [
  ['this run', KEY, OF, true],
  ['another key', 'x'.repeat(32), OF, false],
  ['another run', KEY, { ...OF, run: 'another' }, false],
  ['another attempt', KEY, { ...OF, attempt: 2 }, false],
  ['another artifact', KEY, { ...OF, prefix: 'record-baseline' }, false],
  ['another shard', KEY, { ...OF, shard: { index: 2, of: 3 } }, false],
  ['no shard', KEY, { ...OF, shard: null }, false],
];
for (const isChange of [true, false])
  for (const [title, key, of, resumes] of SIGNERS)
    test(`with a key, what ${title} signed is ${resumes ? '' : 'not '}resumed ${isChange ? 'by a change' : 'on main'}`, async () => {
      const [left] = (await shard(1, { lost: 1 })).filter(({ name }) => name === 'journal.ndjson');
      const content = Buffer.from(encodeJournal(parseJournal('it', left!.content)!, journalSigner(key, of)));
      const artifacts = await runWith({ 'record-1of3-1': [{ name: 'journal.ndjson', content }] });
      const signerOf = (attempt: number) => journalSigner(KEY, { ...OF, attempt });
      const { leftover, notes } = await leftoverOf(artifacts, 3, 1, { isChange, signerOf });
      assert.equal(leftover?.isSigned ?? false, resumes);
      if (resumes) assert.ok(leftover!.journal!.equals(content));
      else assert.match(notes[0]!, /^What attempt 1 left in record-1of3-1 is not used: it is not signed/);
    });

test('without a key a change resumes nothing that jobs of the run uploaded, and the log says what would', async () => {
  const artifacts = await runWith({ 'record-1of3-1': await shard(1, { lost: 1 }) });
  service.requests.length = 0;
  const { leftover, notes } = await leftoverOf(artifacts, 2, 1, { isChange: true, signerOf: null });
  assert.equal(leftover, null);
  assert.match(
    notes[0]!,
    /^What attempt 1 left in record-1of3-1 is not used: .*Give resume-key .*or state-dir$/,
  );
  assert.deepEqual(fetched(), []);
});

test('lines that were edited, or come from another journal of the run, are left out', async () => {
  const sign = journalSigner(KEY, OF);
  const [left] = (await shard(1, { lost: 1 })).filter(({ name }) => name === 'journal.ndjson');
  const journal = parseJournal('it', left!.content)!;
  const other = { ...journal, identity: { ...journal.identity, modelDigest: 'sha256:other' } };
  const lines = encodeJournal(journal, sign).trim().split('\n');
  const edited = lines.map((line, index) => (index === 1 ? line.replace('"type"', '"more":1,"type"') : line));
  const foreign = encodeJournal(other, sign).trim().split('\n').slice(1);
  const kept = keepSigned(Buffer.from(`${[...edited, ...foreign].join('\n')}\n`), sign);
  assert.equal(kept!.toString(), `${lines.filter((_, index) => index !== 1).join('\n')}\n`);
});

test('why a shard left nothing is asked of its job: no runner, or how it ended', async () => {
  const job = (name: string, conclusion: string | null, runner: string | null) => ({
    ...{
      name,
      conclusion,
      status: conclusion === null ? 'queued' : 'completed',
      labels: ['self-hosted', 'gpu'],
    },
    runner_name: runner,
  });
  service.jobs.set(7, [
    job('sos-bench / report', null, 'ubuntu'),
    job('sos-bench / shard 11/30', 'success', 'gpu-9'),
    job('sos-bench / shard 1/3', 'cancelled', null),
    job('shard 2/3', 'failure', 'gpu-2'),
  ]);
  const client = createClient({ token: 't', repository: 'octo/models', apiUrl: service.url, second: 1 });
  const why = (index: number, id = 7) => explainJob(client, id, { index, of: 3 });
  assert.equal(await why(1), 'no runner took its job; labels self-hosted, gpu');
  assert.equal(await why(2), 'its job: failure on gpu-2');
  assert.equal(await why(3), null);
  assert.equal(await explainJob(null, 7, { index: 1, of: 3 }), null);
  assert.equal(await why(1, 8), null, 'GitHub does not say');
});
