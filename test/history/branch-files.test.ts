/** The branch store under faults: the GitHub emulator behind a proxy named fake. */
import assert from 'node:assert/strict';

import { isDeepStrictEqual } from 'node:util';
import { createClient } from '../../src/github/client.ts';
import { branchFiles } from '../../src/history/backends/branch-files.ts';
import { createStore, type Store } from '../../src/history/store/store.ts';
import { addWaiver } from '../../src/history/store/waivers.ts';
import type { Waiver } from '../../src/verdict/schema.ts';
import { entryOf, filesOf, shaOf } from '../support/entries.ts';
import { type Fault, startFakeFaultsProxy } from '../support/fake-faults-proxy.ts';
import { newFakeTimeout } from '../support/fake-timeouts.ts';
import { connect, READER, startGitHub } from '../support/github-emulator.ts';
import { within } from '../support/process.ts';
import { rejectsWith } from '../support/reject.ts';
import { inNightly, inParts } from '../support/tier.ts';

const github = await startGitHub();
const proxy = await startFakeFaultsProxy(github.url);
// Each has a rate limit of its own, and the faults take more requests than one allows.
const tokens = await Promise.all(Array.from({ length: 8 }, () => github.token()));
let turns = 0;
const nextToken = () => tokens[turns++ % tokens.length]!;
/** Past the proxy, with the next token for each request. */
const direct = connect(github.url, 'none', (input, init) => {
  const headers = { ...(init?.headers as Record<string, string>), authorization: `token ${nextToken()}` };
  return fetch(input, { ...init, headers });
});
const sleeps: number[] = [];
const sleep = async (ms: number) => {
  sleeps.push(ms);
  await new Promise((done) => setTimeout(done, ms / 50));
};

/** A store on a branch of its own, through the proxy, and what is truly there. */
function fresh(branch: string, now?: () => Date) {
  const options = { branch, sleep, ...(now && { now }) };
  return {
    store: createStore(branchFiles(connect(proxy.url, nextToken()), options)),
    truth: createStore(branchFiles(direct, { branch })),
    tip: async () => (await get(`git/ref/heads/${branch}`)).object.sha as string,
  };
}

async function get(path: string) {
  // biome-ignore lint/suspicious/noExplicitAny: answers of the API as they are.
  return (await direct.request(`GET /repos/octo/demo/${path}`)).data as any;
}

async function shas(store: ReturnType<typeof createStore>): Promise<string[]> {
  return (await (await store.openIndex()).all()).map(({ sha }) => sha);
}

const WAIVER: Waiver = {
  id: 'comment-1',
  target: { kind: 'factor', id: 'wk' },
  reason: 'agreed on',
  by: 'writer',
  created: '2026-11-01T00:00:00Z',
  expires: '2026-12-01T00:00:00Z',
  commit: shaOf(1),
};

interface Write {
  name: string;
  /** Numbers of the entries that are there before. */
  entries: number[];
  act: (store: Store) => Promise<unknown>;
  /** What tells whether it was done. */
  seen: (store: Store) => Promise<unknown>;
  undone: unknown;
  done: unknown;
  /** Where more follows when it is done (old states are removed), which can fail by itself. */
  hasMore?: true;
  /** Names of the faults that it is tried with; all where left out, which takes its time. */
  faults?: readonly string[];
}

/** One that is final, one that passes, and whether it was done or not without an answer. */
const FEW = ['401', '500', 'a connection cut before', 'a connection cut after it was done'];

const WRITES: Write[] = [
  {
    name: 'a put',
    entries: [1],
    act: (store) => store.put(entryOf(2), filesOf(2)),
    seen: shas,
    undone: [shaOf(1)],
    done: [shaOf(1), shaOf(2)],
  },
  {
    name: 'a waiver',
    entries: [1],
    act: (store) => addWaiver(store, WAIVER),
    seen: async (store) => (await store.waivers()).map(({ id }) => id),
    undone: [],
    done: [WAIVER.id],
    faults: FEW,
  },
  {
    name: 'a pruning',
    entries: [1, 2],
    act: (store) => store.prune(1),
    seen: shas,
    undone: [shaOf(1), shaOf(2)],
    done: [shaOf(2)],
    hasMore: true,
    faults: FEW,
  },
];

inParts('the first entry makes an orphan branch; main is as it was', async () => {
  const main = (await get('git/ref/heads/main')).object.sha;
  const { store, tip } = fresh('orphan');
  await store.put(entryOf(1), filesOf(1));
  const root = await get(`git/commits/${await tip()}`);
  assert.deepEqual(root.parents, []);
  const { tree } = await get(`git/trees/${root.tree.sha}`);
  assert.deepEqual(tree.map(({ path }: { path: string }) => path).sort(), [
    'README.md',
    'badge.json',
    'index',
    'runs',
  ]);
  await store.put(entryOf(2), filesOf(2));
  assert.deepEqual((await get(`git/commits/${await tip()}`)).parents.length, 1);
  assert.equal((await get('git/ref/heads/main')).object.sha, main);
});

const LIMIT = { message: 'You have exceeded a secondary rate limit', headers: { 'retry-after': '1' } };
const FAULTS: [string, Fault][] = [
  ['401', { status: 401, message: 'Bad credentials' }],
  ['404', { status: 404, message: 'Not Found' }],
  ['429', { status: 429, ...LIMIT }],
  ['500', { status: 500 }],
  ['502', { status: 502 }],
  ['a secondary rate limit', { status: 403, ...LIMIT }],
  ['a connection cut before', { cut: 'before' }],
  ['a connection cut after it was done', { cut: 'after' }],
  ['an answer whose end stays away', { endless: true }],
];
const FAILURES = ['github-unreachable', 'permission-missing', 'token-refused', 'rate-limited'];

/** Of a client that gives an answer up as soon as its end stays away. */
const patience = newFakeTimeout();
proxy.onEndless = patience.expire;
const impatient = () =>
  createClient({
    token: nextToken(),
    repository: 'octo/demo',
    apiUrl: proxy.url,
    timeout: patience.milliseconds,
    second: 2,
  });

/** Does a write with a fault at one of its requests, and looks at what is there then, and once it is done again; whether it has as many. */
async function strike(
  write: Write,
  [what, fault]: (typeof FAULTS)[number],
  request: number,
): Promise<boolean> {
  const branch = `${write.name} ${what} ${request}`.replaceAll(' ', '-');
  const { store, truth } = fresh(branch);
  for (const number of write.entries) await store.put(entryOf(number), filesOf(number));
  const client = 'endless' in fault ? impatient() : connect(proxy.url, nextToken());
  const faulty = createStore(branchFiles(client, { branch, sleep }));
  proxy.setRules({ path: /./, skip: request, times: 1, fault });
  proxy.requests.length = 0;
  const outcome = await write.act(faulty).catch((error) => error.code);
  const struck = proxy.requests.length > request;
  const where = `${what} at ${request}: ${proxy.requests[request]}`;
  proxy.setRules();
  const seen = await write.seen(truth);
  if (typeof outcome === 'string') {
    // A pruning whose own move of the branch got no answer takes it for somebody else's, and changes nothing.
    const isKnown = FAILURES.includes(outcome) || (write.hasMore && outcome === 'store-conflict');
    assert.ok(isKnown, `${where}: ${outcome}`);
    const isDone = write.hasMore && isDeepStrictEqual(seen, write.done);
    assert.deepEqual(seen, isDone ? write.done : write.undone, where);
  } else assert.deepEqual(seen, write.done, where);
  // A pruning that could not take its mark away again keeps others out for ten minutes.
  const later = () => new Date(Date.now() + 11 * 60_000);
  await write.act(fresh(branch, later).store);
  assert.deepEqual(await write.seen(truth), write.done, where);
  const { added, dropped } = await truth.rebuild();
  assert.deepEqual({ added, dropped }, { added: [], dropped: [] }, where);
  return struck;
}

const ENDS = 'all or nothing, and tried again it is done';

for (const write of WRITES) {
  const faults = FAULTS.filter(([name]) => write.faults?.includes(name) ?? true);
  inParts(`a fault of each kind in turn at the requests of ${write.name}: ${ENDS}`, async () => {
    for (let request = 0; await strike(write, faults[request % faults.length]!, request); request++);
  });
  for (const fault of faults)
    inNightly(`${fault[0]} at any request of ${write.name}: ${ENDS}`, async () => {
      for (let request = 0; await strike(write, fault, request); request++);
    });
}

inParts('an answer lost after the branch was moved does not store the entry twice', async () => {
  const { store, tip } = fresh('lost');
  await store.put(entryOf(1), filesOf(1));
  proxy.setRules({ method: 'PATCH', path: /refs/, times: 1, fault: { cut: 'after' } });
  await store.put(entryOf(2), filesOf(2));
  const commits = await get(`commits?sha=${await tip()}`);
  assert.equal(commits.length, 2);
});

for (const status of [409, 422]) {
  inParts(`${status} at the ref: the branch has moved, so it starts again from the new tip`, async () => {
    const { store, truth } = fresh(`moved-${status}`);
    await store.put(entryOf(1), filesOf(1));
    const message = status === 422 ? 'Update is not a fast forward' : 'Conflict';
    proxy.setRules({ method: 'PATCH', path: /refs/, times: 3, fault: { status, message } });
    sleeps.length = 0;
    await store.put(entryOf(2), filesOf(2));
    assert.equal(sleeps.length, 3);
    assert.deepEqual(await shas(truth), [shaOf(1), shaOf(2)]);
  });
}

inParts('422 for another reason is told at once', async () => {
  const { store } = fresh('refused');
  await store.put(entryOf(1), filesOf(1));
  proxy.setRules({
    method: 'PATCH',
    path: /refs/,
    fault: { status: 422, message: 'Changes must be made through a pull request' },
  });
  sleeps.length = 0;
  await rejectsWith(
    () => store.put(entryOf(2), filesOf(2)),
    'github-refused',
    'through a pull request',
    'leave the branch out',
  );
  assert.equal(sleeps.length, 0);
  proxy.setRules();
});

inParts('a branch that moves for ever: store-conflict, and nothing was changed', async () => {
  const { store, truth } = fresh('forever');
  await store.put(entryOf(1), filesOf(1));
  proxy.setRules({
    method: 'PATCH',
    path: /refs/,
    fault: { status: 422, message: 'Update is not a fast forward' },
  });
  const quick = createStore(
    branchFiles(connect(proxy.url, nextToken()), {
      branch: 'forever',
      sleep: async () => undefined,
    }),
  );
  await rejectsWith(
    () => quick.put(entryOf(2), filesOf(2)),
    'store-conflict',
    'times in a row',
    'concurrency',
  );
  proxy.setRules();
  assert.deepEqual(await shas(truth), [shaOf(1)]);
});

const CODES = [
  [401, 'token-refused'],
  [403, 'permission-missing'],
  [500, 'github-unreachable'],
  [503, 'github-unreachable'],
] as const;
inParts('a store that cannot be read is never begun again', async () => {
  const { store, truth, tip } = fresh('unread');
  await store.put(entryOf(1), filesOf(1));
  const before = await tip();
  for (const [status, code] of CODES) {
    proxy.setRules({ method: 'GET', path: /git\/ref/, fault: { status } });
    const other = fresh('unread').store;
    await rejectsWith(() => other.put(entryOf(2), filesOf(2)), code, `${status}`);
  }
  // A token that may not see the repository gets 404 for everything.
  proxy.setRules({ path: /repos\/octo\/demo/, fault: { status: 404, message: 'Not Found' } });
  await rejectsWith(
    () => fresh('unread').store.put(entryOf(2), filesOf(2)),
    'permission-missing',
    'the repository octo/demo is not there, or a permission is missing',
  );
  await rejectsWith(() => fresh('unread').store.openIndex(), 'permission-missing');
  proxy.setRules();
  assert.equal(await tip(), before);
  assert.deepEqual(await shas(truth), [shaOf(1)]);
});

inParts('a token that may only read: contents: write is named, with the YAML', async () => {
  const reader = connect(github.url, await github.token(READER));
  const store = createStore(branchFiles(reader, { branch: 'orphan' }));
  assert.equal((await shas(store)).length, 2, 'reading works');
  await rejectsWith(
    () => store.put(entryOf(3), filesOf(3)),
    'permission-missing',
    'could not write branch',
    'permissions:\n  contents: write\n',
  );
});

inParts('pruning leaves a root commit; the old tip is kept as a ref', async () => {
  const { store, tip } = fresh('prune');
  for (const number of [1, 2]) await store.put(entryOf(number), filesOf(number));
  const { kept } = await store.prune(1);
  const root = await get(`git/commits/${await tip()}`);
  assert.deepEqual(root.parents, []);
  const old = await get(`git/${kept.replace('refs/', 'ref/')}`);
  assert.equal(kept.endsWith(old.object.sha.slice(0, 12)), true);
  const before = await get(`git/trees/${(await get(`git/commits/${old.object.sha}`)).tree.sha}?recursive=1`);
  const paths = before.tree
    .map(({ path }: { path: string }) => path)
    .filter((path: string) => path.endsWith('entry.json'));
  assert.equal(paths.length, 2);
});

inParts('a writer that comes during a pruning waits, and loses nothing', async () => {
  const { store, truth } = fresh('meanwhile');
  for (const number of [1, 2]) await store.put(entryOf(number), filesOf(number));
  const writer = createStore(branchFiles(direct, { branch: 'meanwhile', sleep }));
  let written: Promise<unknown> | null = null;
  proxy.onRequest = async (request) => {
    if (!request.startsWith('POST') || !request.endsWith('/git/refs') || written !== null) return;
    sleeps.length = 0;
    written = writer.put(entryOf(3), filesOf(3));
    assert.ok(await within(60, () => sleeps.length > 0), 'it does not wait');
  };
  await store.prune(1);
  proxy.onRequest = null;
  assert.ok(written, 'a writer came');
  await written;
  assert.deepEqual(await shas(truth), [shaOf(2), shaOf(3)]);
  assert.deepEqual(await truth.rebuild(), { entries: 2, added: [], dropped: [] });
});

inParts('a branch that is moved by other means during a pruning is left alone', async () => {
  const { store, tip } = fresh('foreign');
  for (const number of [1, 2]) await store.put(entryOf(number), filesOf(number));
  const foreign = (await get('git/ref/heads/main')).object.sha;
  proxy.onRequest = async (request) => {
    if (request.startsWith('POST') && request.endsWith('/git/refs'))
      await direct.request('PATCH /repos/octo/demo/git/refs/heads/foreign', { sha: foreign, force: true });
  };
  await rejectsWith(() => store.prune(1), 'store-conflict', 'changed while it was pruned');
  proxy.onRequest = null;
  assert.equal(await tip(), foreign);
});

inParts('a pruning that fails half-way lets writers in again, with every entry there', async () => {
  const { store, truth } = fresh('halfway');
  for (const number of [1, 2]) await store.put(entryOf(number), filesOf(number));
  for (const rule of [
    { method: 'POST', path: /git\/refs/ },
    { method: 'GET', path: /recursive/ },
    { method: 'POST', path: /git\/commits/, skip: 1 },
    { method: 'PATCH', path: /refs/, skip: 1 },
  ]) {
    proxy.setRules({ ...rule, times: 1, fault: { status: 500 } });
    await rejectsWith(() => store.prune(1), 'github-unreachable');
    proxy.setRules();
    assert.deepEqual(await shas(truth), [shaOf(1), shaOf(2)]);
    assert.deepEqual(await truth.rebuild(), { entries: 2, added: [], dropped: [] });
  }
});

inParts('the mark of a pruning that was killed keeps writers out for 10 minutes, not for ever', async () => {
  let now = new Date('2026-11-21T12:00:00Z');
  const { store, truth } = fresh('killed', () => now);
  await store.put(entryOf(1), filesOf(1));
  proxy.setRules(
    { method: 'GET', path: /recursive/, fault: { cut: 'before' } },
    { method: 'PATCH', path: /refs/, skip: 1, fault: { cut: 'before' } },
  );
  await rejectsWith(() => store.prune(null), 'github-unreachable');
  proxy.setRules();
  const quick = createStore(
    branchFiles(direct, { branch: 'killed', sleep: async () => undefined, now: () => now }),
  );
  await rejectsWith(() => quick.put(entryOf(2), filesOf(2)), 'store-conflict');
  // One that waits as long as time passes gets through.
  const patient = createStore(
    branchFiles(direct, {
      branch: 'killed',
      now: () => now,
      sleep: async (ms) => {
        now = new Date(now.getTime() + ms);
      },
    }),
  );
  await patient.put(entryOf(2), filesOf(2));
  assert.ok(
    now >= new Date('2026-11-21T12:10:00Z') && now < new Date('2026-11-21T12:11:00Z'),
    now.toISOString(),
  );
  assert.deepEqual(await shas(truth), [shaOf(1), shaOf(2)]);
});

inParts('pruning what is not there: store-missing', async () => {
  await rejectsWith(() => fresh('absent').store.prune(1), 'store-missing', "branch 'absent' of octo/demo");
});
