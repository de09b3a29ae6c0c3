import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { after, test } from 'node:test';
import { Journal } from '../../src/evaluate/journal/journal.ts';
import { openRunState } from '../../src/evaluate/journal/run-state.ts';
import { leaseFolder } from '../../src/system/files/lease.ts';
import { killGroup } from '../../src/system/process/process-group.ts';
import { ownIdentity } from '../../src/system/process/process-identity.ts';
import { findManagedPython } from '../../src/system/python/managed.ts';
import { temporaryFolder } from '../support/folder.ts';
import { within } from '../support/process.ts';
import { runMain } from '../support/runtime.ts';

// The runtime's clock stands at the beginning of 2026.
const NOW = new Date('2026-01-01T00:00:00Z');
const OLD = new Date('2025-06-01T00:00:00Z');
const folder = temporaryFolder();
const children: ReturnType<typeof spawn>[] = [];
after(() => {
  for (const { pid } of children) killGroup(pid);
});

function start(program: string, words: string[], cwd = folder) {
  return spawn(program, words, { cwd, stdio: 'ignore', detached: true });
}

let caches = 0;

/** A cache with files of 100 kB, all of them used last in June 2025 unless said otherwise. */
function cache(files: readonly string[], used = OLD): string {
  const root = join(folder, `cache-${caches++}`);
  mkdirSync(root);
  for (const file of files) {
    const path = join(root, file);
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
    writeFileSync(path, 'x'.repeat(100_000));
  }
  age(root, used);
  return root;
}

/** Sets the times of everything in a folder. */
function age(path: string, date: Date): void {
  for (const child of readdirSync(path, { withFileTypes: true }))
    if (child.isDirectory()) age(join(path, child.name), date);
    else if (child.isFile()) utimesSync(join(path, child.name), date, date);
  utimesSync(path, date, date);
}

const environment = (root: string) => ({ PATH: process.env.PATH ?? '', HOME: folder, SOS_BENCH_CACHE: root });

async function clean(root: string, ...flags: string[]) {
  const { exitCode, stdout, stderr } = await runMain(['clean', '--json', ...flags], {
    environment: environment(root),
  });
  assert.equal(exitCode, 0, stderr);
  const report = JSON.parse(stdout);
  const actions = new Map<string, string>(
    report.entries.map(({ path, action, reason }: Record<string, string>) => [
      path!.slice(root.length + 1),
      `${action}: ${reason}`,
    ]),
  );
  return { report, actions };
}

/** What a run leaves in a `state-dir` of the cache. */
async function leaveState(root: string): Promise<Journal> {
  const identity = { planHash: 'p', modelDigest: 'm', protocol: {} };
  const now = () => OLD;
  const attempt = { run: 'octo/models-7', number: 1, since: 1 };
  const state = openRunState({ attempt, root: join(root, 'state'), now });
  const journal = join(folder, `run-${caches}`, 'journal.ndjson');
  mkdirSync(dirname(journal), { recursive: true });
  const note = (text: string) => assert.fail(text);
  const begun = { journal, identity, shard: null, plan: { chunks: [] }, fresh: false, note };
  const copy = await state.begin(begun);
  return (await Journal.open(journal, identity, { fresh: false, now, copy })).journal;
}

const [A, B, C] = ['a', 'b', 'c'].map((letter) => letter.repeat(16)) as [string, string, string];
const ENVIRONMENT = (key: string) => [
  `python/${key}/complete.json`,
  `python/${key}/lib/a.py`,
  `python/${key}.log`,
];
const DATASET = 'datasets/cais___wmdp/wmdp-bio/0.0.0/abc/dataset_info.json';

test('each kind of old entry is removed, with what stands beside it; bytes freed are told', async () => {
  const root = cache([
    ...ENVIRONMENT(A),
    DATASET,
    'demo-models/smollm2-135m/model.safetensors',
    `converted-models/${B}/model.safetensors`,
    'logs/plan-77.log',
    `file-digests/${'d'.repeat(32)}`,
    `answers/${'e'.repeat(64)}/${'f'.repeat(64)}.jsonl`,
    `answers/${'e'.repeat(64)}/${'f'.repeat(64)}.games/games.ndjson`,
    'huggingface/hub/datasets--cais--wmdp/blobs/1',
    `python/${B}/half-built`,
    'demo-models/smollm2-135m.partial/model.safetensors',
    'python/.removing-1234/a.py',
  ]);
  await (await leaveState(root)).close();
  age(join(root, 'state'), OLD);
  const { report } = await clean(root);
  assert.deepEqual(report.entries.map(({ kind }: { kind: string }) => kind).sort(), [
    'answers',
    'broken',
    'broken',
    'broken',
    'dataset',
    'digest',
    'hub',
    'log',
    'model',
    'model',
    'python',
    'state',
  ]);
  assert.ok(
    report.entries.every(({ action }: { action: string }) => action === 'removed'),
    JSON.stringify(report),
  );
  const left = readdirSync(root, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  assert.deepEqual(left, []);
  assert.ok(report.freedBytes >= 1_000_000 && report.freedBytes < 1_500_000, `${report.freedBytes}`);
  assert.equal(report.leftBytes, 0);
});

test('--dry-run says the same and removes nothing', async () => {
  const root = cache([...ENVIRONMENT(A), DATASET]);
  const before = readdirSync(root, { recursive: true });
  const dry = await clean(root, '--dry-run');
  assert.deepEqual(
    [...dry.actions.values()].map((text) => text.split(':')[0]),
    ['remove', 'remove'],
  );
  assert.deepEqual(readdirSync(root, { recursive: true }), before);
  const { report } = await clean(root);
  assert.equal(report.freedBytes, dry.report.freedBytes);
});

test('versions stand side by side: an environment that another version used lately stays', async () => {
  const root = cache([...ENVIRONMENT(A), ...ENVIRONMENT(B)]);
  await (await leaseFolder(join(root, 'python', B))).release();
  const lately = new Date(NOW.getTime() - 5 * 86_400_000);
  utimesSync(join(root, 'python', `${B}.users`), lately, lately);
  const { actions } = await clean(root);
  assert.deepEqual(
    [...actions],
    [
      [`python/${A}`, 'removed: not used for 214 days'],
      [`python/${B}`, 'keep: used 5 days ago'],
    ],
  );
});

test('the environment of this version stays, however old', async () => {
  const root = cache([]);
  const { python } = await findManagedPython({ cache: root, environment: environment(root) });
  const own = dirname(dirname(python));
  mkdirSync(own, { recursive: true });
  writeFileSync(join(own, 'complete.json'), '{}');
  age(root, OLD);
  const { actions } = await clean(root, '--older-than', '0d', '--max-size', '0B');
  assert.deepEqual([...actions.values()], ['keep: the next run needs it']);
});

test('what a living process uses stays: by lease, build lock, folder, command line, open file', async () => {
  const keys = ['1', '2', '3', '4', '5'].map((digit) => digit.repeat(16));
  const root = cache(keys.flatMap(ENVIRONMENT));
  const state = await leaveState(root);
  const [attempt = ''] = readdirSync(join(root, 'state'), { recursive: true, encoding: 'utf8' }).filter(
    (path) => path.endsWith('.ndjson'),
  );
  await state.close();
  age(join(root, 'state'), OLD);
  const place = (position: number) => join(root, 'python', keys[position]!);
  const lease = await leaseFolder(place(0));
  const other = JSON.stringify({ pid: 1, host: 'another-host', started: null });
  mkdirSync(`${place(1)}.users`);
  writeFileSync(join(`${place(1)}.users`, 'another-host-1'), other);
  writeFileSync(`${place(2)}.lock`, other);
  const begun = children.length;
  children.push(start('sh', ['-c', 'exec 3>>"$0"; exec sleep 600', join(root, 'state', attempt)]));
  children.push(start('sleep', ['600'], join(place(3), 'lib')));
  children.push(start('sh', ['-c', 'sleep 600; :', join(place(4), 'bin', 'python')]));
  assert.ok(
    await within(60, () =>
      children.slice(begun).every(({ pid }) => /sleep/.test(readFileSync(`/proc/${pid}/cmdline`, 'utf8'))),
    ),
  );
  const { report, actions } = await clean(root, '--older-than', '0d', '--max-size', '0B');
  assert.deepEqual(
    [...actions.values()],
    Array.from({ length: 6 }, () => 'keep: a running process uses it'),
  );
  assert.equal(report.freedBytes, 0);
  await lease.release();
  writeFileSync(
    join(`${place(1)}.users`, 'another-host-1'),
    JSON.stringify({ ...ownIdentity(), pid: 999_999_999 }),
  );
  const later = await clean(root, '--older-than', '0d');
  assert.deepEqual(
    [...later.actions.values()].slice(0, 2).map((text) => text.split(':')[0]),
    ['removed', 'removed'],
    'a lease that was given back, and one of a dead process',
  );
});

test('nothing outside of the cache is touched, whatever links are in it', async () => {
  const outside = join(folder, 'outside');
  for (const name of ['environment', 'data', 'inner', 'smollm2-mine'])
    mkdirSync(join(outside, name, 'deep'), { recursive: true });
  writeFileSync(join(outside, 'inner', 'precious'), 'p');
  writeFileSync(join(outside, 'environment', 'complete.json'), '{}');
  age(outside, OLD);
  const root = cache([...ENVIRONMENT(A)]);
  // An entry that is a link, a link in an entry, a home of entries that is a link, and a stray one.
  symlinkSync(join(outside, 'environment'), join(root, 'python', C));
  symlinkSync(join(outside, 'inner'), join(root, 'python', A, 'lib', 'link'));
  symlinkSync(join(outside, 'data'), join(root, 'datasets'));
  symlinkSync(outside, join(root, 'demo-models'));
  const { actions } = await clean(root, '--older-than', '0d', '--max-size', '0B');
  assert.equal(actions.get(`python/${A}`)?.split(':')[0], 'removed');
  for (const kept of [`python/${C}`, 'datasets', 'demo-models'])
    assert.equal(actions.get(kept), 'keep: not known to this version');
  assert.deepEqual(readdirSync(outside, { recursive: true }).sort(), [
    'data',
    'data/deep',
    'environment',
    'environment/complete.json',
    'environment/deep',
    'inner',
    'inner/deep',
    'inner/precious',
    'smollm2-mine',
    'smollm2-mine/deep',
  ]);
});

test('a cache that is a link to a folder is that folder', async () => {
  const real = cache(ENVIRONMENT(A));
  const link = join(folder, 'link-to-cache');
  symlinkSync(real, link);
  assert.equal((await clean(link)).report.root, real);
  assert.ok(!existsSync(join(real, 'python', A)));
});

test("a user's own folders of the same names are not ours", async () => {
  const root = cache([
    'datasets/holiday/photo.jpg',
    'state/of/the-art.txt',
    'state/sos-bench-run-of-luck/notes/attempt.txt',
    'python/scripts/a.py',
    'hub/readme.md',
  ]);
  const { actions } = await clean(root, '--older-than', '0d', '--max-size', '0B');
  assert.deepEqual(new Set(actions.values()), new Set(['keep: not known to this version']));
});

const REFUSED: [string, Record<string, string>, string[], RegExp][] = [
  ['the home folder as a cache', { SOS_BENCH_CACHE: folder }, [], /holds more than a cache.*\[usage\]/],
  ['the root as a cache', { SOS_BENCH_CACHE: '/' }, [], /holds more than a cache/],
  ['an age that is none', {}, ['--older-than', 'a month'], /--older-than a month: not an age such as 30d/],
  ['a size that is none', {}, ['--max-size', '20'], /--max-size 20: not a size such as 20GB/],
];
for (const [what, variables, flags, message] of REFUSED) {
  test(`${what} is refused with exit code 2`, async () => {
    const { exitCode, stderr } = await runMain(['clean', ...flags], {
      environment: { ...environment(join(folder, 'none')), ...variables },
    });
    assert.equal(exitCode, 2);
    assert.match(stderr, message);
  });
}

test('without a cache there is nothing to do', async () => {
  const { report } = await clean(join(folder, 'none'));
  assert.deepEqual([report.entries, report.freedBytes], [[], 0]);
});

test('people get a line for each entry and the sum', async () => {
  const root = cache(ENVIRONMENT(A));
  const { stdout } = await runMain(['clean'], { environment: environment(root) });
  assert.match(
    stdout,
    new RegExp(
      `^removed +0\\.2 MB  python/${A}: not used for 214 days\n.*: 0\\.2 MB freed, 0\\.0 MB left\n$`,
      's',
    ),
  );
});
