/**
 * A history of 5,000 commits: base lookup (to be < 2 s and < 30 requests), what each commit adds to the repository, and the
 * size of a clone of the tip with items kept for the last 20 (to be < 60 MB). The lookup is asked of a GitHub in memory, named
 * fake, that waits before each answer; the sizes are real git's.
 *
 *   node bench/history.ts [--commits 5000] [--latency 100]
 */
import { spawn } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { execa } from 'execa';
import { branchFiles } from '../src/history/backends/branch-files.ts';
import { findBaseline } from '../src/history/lookup/find-baseline.ts';
import { gitHubHistory } from '../src/history/lookup/github-history.ts';
import { type Entry, encodeIndex, type IndexLine, indexLine } from '../src/history/store/entry.ts';
import { entryPaths, indexPath, monthOf } from '../src/history/store/layout.ts';
import { createStore, DEFAULT_KEEP_ITEMS } from '../src/history/store/store.ts';
import { encodeItems } from '../src/record/items.ts';
import type { Item } from '../src/record/schema.ts';
import { CATALOGUE } from '../src/suite/catalogue.ts';
import { VERSION } from '../src/version.ts';
import { type FakeCommit, fakeGitHubHistory } from '../test/support/fake-github-history.ts';

const { values } = parseArgs({
  options: { commits: { type: 'string', default: '5000' }, latency: { type: 'string', default: '100' } },
});
const commits = Number(values.commits);
const latency = Number(values.latency);
const COMMITS_A_DAY = 10;
const GROWTH_STEPS = 4;
const now = new Date('2026-11-20T00:00:00Z');
const shas = Array.from({ length: commits }, () => randomBytes(20).toString('hex'));

const folder = mkdtempSync(join(tmpdir(), 'sos-bench-history-'));
try {
  await measureLookup(1, 'every commit has an entry');
  await measureLookup(20, 'every 20th commit has one');
  await measureLookup(1000, 'every 1,000th has one');
  await measureSizes();
} finally {
  rmSync(folder, { recursive: true, force: true });
}

async function measureLookup(step: number, what: string): Promise<void> {
  // Newest first; every tenth commit merges a branch of one commit.
  const list: FakeCommit[] = shas.flatMap((sha, place) => {
    const parents = shas.slice(place + 1, place + 2);
    const date = dateOf(place);
    const side = randomBytes(20).toString('hex');
    if (place % 10 !== 0) return [{ sha, parents, date }];
    return [
      { sha, parents: [...parents, side], date },
      { sha: side, parents: shas.slice(place + 2, place + 3), date },
    ];
  });
  const entries = shas.flatMap((sha, place) =>
    (place + 1) % step === 0 ? [makeEntry(sha, dateOf(place), false)] : [],
  );
  const files = new Map(entries.map((entry) => [entryPaths(entry.sha).entry, encode(entry)]));
  for (const [month, lines] of byMonth(entries.map(indexLine)))
    files.set(indexPath(month), encodeIndex(lines));
  const fake = fakeGitHubHistory(list, 'sos-bench', files, { latency });
  const store = createStore(branchFiles(fake.client));
  const started = performance.now();
  const lookup = await findBaseline({
    ...{ history: gitHubHistory(fake.client), store, now, head: shas[0]!, baseRef: shas[0]! },
    ...{ mode: { kind: 'merge-base' }, isComparable: () => true },
  });
  const seconds = (performance.now() - started) / 1000;
  say(
    `lookup, ${what}: ${seconds.toFixed(2)} s, ${fake.requests.length} requests of ${latency} ms, ` +
      `distance ${lookup.found?.distance ?? 'none'} (to be < 2 s, < 30 requests)`,
  );
}

/** Commits as the store writes them, oldest first, into a bare repository through `git fast-import`. */
async function measureSizes(): Promise<void> {
  const bare = join(folder, 'store.git');
  await execa('git', ['init', '--quiet', '--bare', bare]);
  const lines: IndexLine[] = [];
  const imported = spawn('git', ['fast-import', '--quiet', '--depth=50'], {
    cwd: bare,
    stdio: ['pipe', 'inherit', 'inherit'],
  });
  const write = async (data: string | Uint8Array) => {
    if (!imported.stdin.write(data)) await once(imported.stdin, 'drain');
  };
  for (let number = 0; number < commits; number++) await writeCommit(number, lines, write);
  imported.stdin.end();
  await once(imported, 'close');
  // As a server packs it: what fast-import put together in a hurry is packed again.
  await execa('git', ['repack', '-a', '-d', '-f', '--quiet', '--threads=1'], { cwd: bare });
  for (let step = 0; step < GROWTH_STEPS; step++) {
    // The last commits, which have items, are no part of it.
    const back = (at: number) =>
      DEFAULT_KEEP_ITEMS + Math.floor(((commits - DEFAULT_KEEP_ITEMS - 1) * at) / GROWTH_STEPS);
    const [older, newer] = [back(GROWTH_STEPS - step), back(GROWTH_STEPS - step - 1)];
    const range = `sos-bench~${older}..sos-bench~${newer}`;
    const { stdout } = await execa('git', ['rev-list', '--objects', '--disk-usage', range], { cwd: bare });
    const each = Number(stdout) / (older - newer) / 1e3;
    say(`commits ${commits - older + 1} to ${commits - newer}: ${each.toFixed(2)} kB each, without items`);
  }
  const clone = join(folder, 'clone');
  await execa('git', [
    'clone',
    '--quiet',
    '--depth=1',
    '--bare',
    '--branch=sos-bench',
    `file://${bare}`,
    clone,
  ]);
  const megabytes = sizeOf(join(clone, 'objects')) / 1e6;
  say(
    `clone of the tip (depth 1), items kept for ${DEFAULT_KEEP_ITEMS} of ${commits}: ${megabytes.toFixed(1)} MB (to be < 60 MB)`,
  );
}

async function writeCommit(
  number: number,
  lines: IndexLine[],
  write: (data: string | Uint8Array) => Promise<void>,
): Promise<void> {
  const place = commits - 1 - number;
  const sha = shas[place]!;
  // Items of those that lose them again are left out: until a pruning, each adds its own size once.
  const keeps = place < DEFAULT_KEEP_ITEMS;
  const entry = makeEntry(sha, dateOf(place), keeps);
  lines.push(indexLine(entry));
  const month = monthOf(entry.created);
  const paths = entryPaths(sha);
  const own = lines.filter(({ created }) => monthOf(created) === month);
  const contents: [string, Uint8Array][] = [
    [paths.entry, Buffer.from(encode(entry))],
    [paths.record, Buffer.from(encode(makeRecord(sha)))],
    [indexPath(month), Buffer.from(encodeIndex(own))],
    ...(keeps ? [[paths.items, makeItems()] as [string, Uint8Array]] : []),
  ];
  const time = Math.floor(dateOf(place).getTime() / 1000);
  await write(
    `commit refs/heads/sos-bench\ncommitter bench <bench@example.com> ${time} +0000\ndata 6\nRecord\n`,
  );
  for (const [path, content] of contents) {
    await write(`M 100644 inline ${path}\ndata ${content.length}\n`);
    await write(content);
    await write('\n');
  }
}

function dateOf(place: number): Date {
  return new Date(now.getTime() - (place * 86_400_000) / COMMITS_A_DAY);
}

function byMonth(lines: readonly IndexLine[]): Map<string, IndexLine[]> {
  const months = new Map<string, IndexLine[]>();
  for (const line of lines) {
    const month = monthOf(line.created);
    months.set(month, [...(months.get(month) ?? []), line]);
  }
  return months;
}

function makeEntry(sha: string, created: Date, itemsKept: boolean): Entry {
  return {
    ...{ schemaVersion: 1, sha, parents: null, repository: 'octo/demo', branch: 'main', event: 'push' },
    run: { id: Math.floor(Math.random() * 1e10), attempt: 1 },
    created: created.toISOString(),
    ...{ version: VERSION, suite: 'full', planHash: 'f'.repeat(64), complete: true },
    model: { name: 'model', digest: `sha256:${randomBytes(32).toString('hex')}` },
    harness: { name: 'lm-eval', version: '0.4.13' },
    preset: 'paper',
    factors: (['wk', 'if', 'safety'] as const).map((id) => {
      const score = Math.random();
      return { id, score, ci: [score * 0.99, score], se: score / 100, n: 50_000 };
    }),
    verdict: { verdict: 'equivalent', passed: true, baseline: randomBytes(20).toString('hex') },
    items: 152_380,
    itemsKept,
    record: entryPaths(sha).record,
  };
}

/** A record of the full suite: what differs between models is random, the rest is the same each time. */
function makeRecord(sha: string) {
  const hex = (bytes: number) => randomBytes(bytes).toString('hex');
  const mean = () => Math.random();
  return {
    schemaVersion: 1,
    complete: true,
    model: { name: 'model', source: './model', digest: `sha256:${hex(32)}` },
    ...{ commit: sha, branch: 'main', event: 'push', imported: null },
    ...{
      started: new Date(Math.random() * 1e12).toISOString(),
      finished: new Date(Math.random() * 1e12).toISOString(),
    },
    ...{ suite: 'full', seed: 1234, planHash: 'f'.repeat(64) },
    environment: {
      platform: 'linux-x64',
      device: { type: 'cuda', name: 'NVIDIA H100', count: 1 },
      batchSize: '64',
    },
    protocol: {
      harness: { name: 'lm-eval', version: '0.4.13' },
      tasks: Object.fromEntries(
        CATALOGUE.flatMap(({ tasks }) =>
          tasks.map(({ name }) => [
            name,
            // Equal prompts have equal hashes, run after run.
            {
              version: '1.0',
              fewshot: 5,
              outputType: 'multiple_choice',
              metric: 'acc',
              generation: null,
              data: `hub:data/${name}@${'a'.repeat(40)}`,
              prompts: 'b'.repeat(64),
            },
          ]),
        ),
      ),
    },
    benchmarks: CATALOGUE.map(({ id, size, tasks }) => ({
      ...{ id, status: 'done', reason: null, n: size, planned: size, mean: mean(), stderr: mean() / 100 },
      ...{ stderrOrigin: 'items', chance: 0.25, constantScore: 0.3, instructions: null },
      answers: Object.fromEntries(
        Array.from({ length: tasks.some(({ chance }) => chance !== null) ? 5 : 30 }, (_, option) => [
          tasks.some(({ chance }) => chance !== null) ? String(option) : hex(8),
          Math.floor((mean() * size) / 5),
        ]),
      ),
      tasks: tasks.map(({ name, items }) => ({
        task: name,
        status: 'done',
        reason: null,
        n: items,
        dropped: {},
        mean: null,
        stderr: null,
        chance: null,
      })),
    })),
    totals: { items: 152_380, tokens: Math.floor(mean() * 1e8), deviceMinutes: mean() * 100, retries: {} },
  };
}

/** Items of the full suite: hashes, answers and margins are random, the rest is as it would be. */
function makeItems(): Uint8Array {
  const items = CATALOGUE.flatMap(({ id, tasks }) =>
    tasks.flatMap(({ name, items }) =>
      Array.from({ length: items }, (_, docId): Item => {
        const bytes = randomBytes(12);
        const isChoice = bytes[8]! < 192;
        return {
          ...{
            benchmark: id,
            task: name,
            docId,
            docHash: hashOf(name, docId),
            cluster: null,
            stratum: name,
            metric: 'acc',
          },
          score: bytes[9]! & 1,
          margin: isChoice ? Math.fround(bytes.readInt16LE(10) / 1000) : null,
          prediction: isChoice ? String(bytes[8]! & 3) : bytes.toString('hex', 0, 8),
          inclusionP: 1,
        };
      }),
    ),
  );
  return encodeItems(items, 'bench');
}

/** The same questions have the same hashes each time. */
function hashOf(task: string, docId: number): bigint {
  return createHash('sha256').update(`${task} ${docId}`).digest().readBigInt64LE();
}

function encode(document: unknown): string {
  return `${JSON.stringify(document, null, 2)}\n`;
}

function sizeOf(path: string): number {
  const stats = statSync(path);
  if (!stats.isDirectory()) return stats.size;
  return readdirSync(path).reduce((total, name) => total + sizeOf(join(path, name)), 0);
}

function say(text: string): void {
  process.stdout.write(`${text}\n`);
}
