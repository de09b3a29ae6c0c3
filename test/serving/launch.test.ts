import assert from 'node:assert/strict';
import { existsSync, readFileSync, statSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { HttpFault, sendRequest } from '../../src/serving/http.ts';
import { type Launch, launchServer } from '../../src/serving/launch.ts';
import type { ModelServer } from '../../src/serving/model-server.ts';
import { temporaryFolder } from '../support/folder.ts';
import { endAfterTests, marked, type RunningProcess, startProcess, within } from '../support/process.ts';
import { rejectsWith } from '../support/reject.ts';

const folder = temporaryFolder();
const program = join(import.meta.dirname, '../support/fake-server-program.ts');
let launches = 0;

/** Below those that the system hands out, so that no other test is given it meanwhile. */
async function freePort(): Promise<number> {
  for (;;) {
    const port = 12_000 + Math.floor(Math.random() * 18_000);
    const server = createServer();
    const isFree = await new Promise<boolean>((resolve) => {
      server.once('error', () => resolve(false));
      server.listen(port, '127.0.0.1', () => resolve(true));
    });
    if (!isFree) continue;
    await new Promise((resolve) => server.close(resolve));
    return port;
  }
}

async function launchOf(mode: string, more: Partial<Launch> = {}) {
  const port = await freePort();
  // A mark by which what is left running is found.
  const mark = `sos-bench-launch-${process.pid}-${launches++}`;
  const log = join(folder, `${mark}.log`);
  const launch: Launch = {
    kind: 'transformers',
    command: [process.execPath, program, mode, String(port)],
    python: 'python3',
    environment: { PATH: process.env.PATH ?? '', SOS_BENCH_SERVER_KEY: 'secret', RUNNER_TRACKING_ID: mark },
    port,
    key: 'secret',
    model: 'model',
    versions: {},
    log,
    readyTimeout: 120_000,
    signal: new AbortController().signal,
    note: () => undefined,
    ...more,
  };
  return { launch, log, left: () => marked(mark) };
}

const chat = ({ url, key, model }: ModelServer, content: string) =>
  sendRequest(`${url}/chat/completions`, {
    method: 'POST',
    key,
    body: { model, messages: [{ role: 'user', content }] },
    timeout: 60_000,
    signal: new AbortController().signal,
  });

describe('a server that does not get ready is told with its last words, and leaves nothing running', {
  concurrency: 3,
}, () => {
  const cases: [title: string, mode: string, more: Partial<Launch>, texts: (string | RegExp)[]][] = [
    ['it listens and is never healthy', 'unhealthy', { readyTimeout: 1500 }, ['not ready after 2 s']],
    ['it ends', 'ends', {}, ['the server ended with code 1: ValueError: no such architecture']],
    [
      'its engine is killed',
      'engine-killed',
      {},
      ['ended with code 1: a process of its engine ended, and its log tells no reason'],
    ],
    ['it is killed', 'killed', {}, [/^the server was killed by SIGKILL/]],
    [
      'it answers what is not a completion',
      'garbage',
      {},
      ['did not answer its first request: its answer is not a chat completion'],
    ],
    ['it fails at its first request', 'refuses', {}, ['its first request: status 500: no kernel image']],
    [
      'it dies over its first request',
      'dies-over-it',
      {},
      ['ended with code 1: torch.OutOfMemoryError: CUDA out of'],
    ],
    [
      'there is no such program',
      'good',
      { command: ['/no/such/program'] },
      [/ended with code 127: ENOENT: .*No such file/],
    ],
    ['there is no such Python', 'good', { python: '/no/such/python' }, [/could not be started: .*ENOENT/]],
  ];
  for (const [title, mode, more, texts] of cases) {
    test(title, async () => {
      const { launch, log, left } = await launchOf(mode, more);
      await rejectsWith(() => launchServer(launch), 'server-failed', ...texts, log);
      assert.ok(await within(60, () => left().length === 0));
    });
  }

  test('the log cannot be written', async () => {
    const { launch } = await launchOf('good', { log: join(folder, 'no', 'such', 'folder.log') });
    await rejectsWith(() => launchServer(launch), 'permission-denied', 'folder.log');
  });
});

describe('a server whose time is up', () => {
  const cases = [
    ['before it listens', 'never-ready', 'Loading', /not ready after 120 s; its last words: Loading checkp/],
    ['while it answers its first request', 'silent', 'asked for', /first request: no answer within 1 s/],
  ] as const;
  for (const [title, mode, word, message] of cases) {
    test(`${title}: that is told, and nothing of it is left`, async (context) => {
      const { launch, log, left } = await launchOf(mode);
      // Its time is up once its log has the word, however long it takes to begin.
      const now = performance.now.bind(performance);
      const isSaid = () => existsSync(log) && readFileSync(log, 'utf8').includes(word);
      context.mock.method(performance, 'now', () => now() + (isSaid() ? 120_000 : 0));
      await rejectsWith(() => launchServer(launch), 'server-failed', message, log);
      assert.ok(await within(60, () => left().length === 0));
    });
  }
});

describe('a server that is ready', () => {
  test('answers behind its key, keeps a private log, and is gone after stop', async () => {
    const { launch, log, left } = await launchOf('good');
    const server = await launchServer(launch);
    assert.equal((await chat(server, 'hello')).status, 200);
    assert.equal((await chat({ ...server, key: 'wrong' }, 'hello')).status, 401);
    assert.ok(!left().some(({ command }) => command.includes('secret')), 'the key is in no command line');
    assert.equal(statSync(log).mode & 0o777, 0o600);
    assert.match(readFileSync(log, 'utf8'), /Loading checkpoint shards/);
    await server.stop();
    assert.ok(await within(60, () => left().length === 0));
    await assert.rejects(
      chat(server, 'hello'),
      (error) => error instanceof HttpFault && error.kind === 'unreachable',
    );
  });

  test('that is stopped has not "ended"; stopping twice is harmless', async () => {
    const { launch } = await launchOf('good');
    const server = await launchServer(launch);
    await server.stop();
    await server.stop();
    assert.equal(await Promise.race([server.ended, sleep(200, 'nothing')]), 'nothing');
  });

  for (const [content, message] of [
    ['die', /^the server ended with code 3: Loading checkpoint shards$/],
    ['be killed', /^the server was killed by SIGKILL/],
  ] as const) {
    test(`and ends later ("${content}") says so, takes its children along, and can be started again`, async () => {
      const { launch, left } = await launchOf('good');
      const server = await launchServer(launch);
      await assert.rejects(chat(server, content), HttpFault);
      const fault = await server.ended;
      assert.equal(fault.kind, 'died');
      assert.match(fault.message, message);
      assert.ok(await within(60, () => left().length === 0));
      const again = await launchServer(launch);
      assert.equal((await chat(again, 'hello')).status, 200);
      await again.stop();
    });
  }

  test('ends at an abort, as does one that is starting', async () => {
    const controller = new AbortController();
    const ready = await launchOf('good', { signal: controller.signal });
    await launchServer(ready.launch);
    const starting = await launchOf('never-ready', { signal: controller.signal });
    const started = launchServer(starting.launch);
    assert.ok(await within(60, () => starting.left().length >= 3));
    controller.abort();
    await rejectsWith(() => started, 'interrupted', 'while the model server was starting');
    assert.ok(await within(60, () => ready.left().length + starting.left().length === 0));
  });

  test('tells from time to time what it is waiting for', { timeout: 120_000 }, async () => {
    const notes: string[] = [];
    const heard = new AbortController();
    const { launch } = await launchOf('never-ready', {
      noteEvery: 1000,
      signal: heard.signal,
      note: (text) => {
        notes.push(text);
        if (/: Loading checkpoint shards$/.test(text)) heard.abort();
      },
    });
    await rejectsWith(() => launchServer(launch), 'interrupted');
    assert.match(notes[0]!, /^The model server is starting \(\d+ s\)/);
  });
});

const runs: RunningProcess[] = [];
endAfterTests(runs);

test('when our own process is killed outright the server and its children end too', async () => {
  const { launch } = await launchOf('good');
  const script = join(import.meta.dirname, '../support/start-server-and-wait.ts');
  const run = startProcess([process.execPath, script, 'launch', JSON.stringify(launch)], {
    environment: process.env,
  });
  runs.push(run);
  await run.said('ready');
  assert.ok(run.descendants().length >= 3, 'guard, server and child');
  run.kill('SIGKILL');
  await run.result;
  assert.ok(await within(60, () => run.descendants().length === 0), JSON.stringify(run.descendants()));
});
