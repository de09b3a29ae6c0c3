import assert from 'node:assert/strict';
import { afterEach, describe, test } from 'node:test';
import { type GivenServerOptions, givenServer } from '../../src/serving/given-server.ts';
import { type FakeChatServer, startFakeChatServer } from '../support/fake-chat-server.ts';
import { rejectsWith } from '../support/reject.ts';

const servers: FakeChatServer[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) server.close();
});
async function fake(...args: Parameters<typeof startFakeChatServer>): Promise<FakeChatServer> {
  const server = await startFakeChatServer(...args);
  servers.push(server);
  return server;
}
const notes: string[] = [];
const given = (url: string, more: Partial<GivenServerOptions> = {}) =>
  givenServer({
    url,
    key: null,
    name: null,
    readyTimeout: 60_000,
    signal: new AbortController().signal,
    note: (text) => void notes.push(text),
    ...more,
  });
const good = () => ({ says: 'hello' });

describe('a server that is given', () => {
  test('is asked for its only model, with the key, and left alone by stop', async () => {
    const fakeServer = await fake(good, { models: ['the-model'], key: 'k' });
    const server = await given(fakeServer.url, { key: 'k' });
    assert.deepEqual([server.model, server.kind, server.url], ['the-model', 'given', fakeServer.url]);
    await server.stop();
    assert.equal(fakeServer.asked[0]!.body.model, 'the-model');
    assert.equal((await given(fakeServer.url, { key: 'k' })).model, 'the-model');
  });

  for (const [title, change] of [
    ['without /v1', (url: string) => url.replace(/\/v1$/, '')],
    ['with a slash at its end', (url: string) => `${url}/`],
  ] as const) {
    test(`is found by its address ${title}`, async () => {
      const { url } = await fake(good);
      assert.equal((await given(change(url))).url, url);
    });
  }

  test('with several models is asked for the one named, listed or not', async () => {
    const { url } = await fake(good, { models: ['a', 'b'] });
    assert.equal((await given(url, { name: 'b' })).model, 'b');
    assert.equal((await given(url, { name: 'alias' })).model, 'alias');
  });
});

describe('a server that cannot be used says why', () => {
  const cases: [title: string, make: () => Promise<unknown>, texts: (string | RegExp)[]][] = [
    ['nobody listens', () => given('http://127.0.0.1:9/v1'), [/9\/v1 cannot be reached: .*ECONNREFUSED/]],
    ['no such host', () => given('http://no-such-host.invalid/v1'), ['cannot be reached']],
    [
      'it wants a key and gets none',
      async () => given((await fake(good, { key: 'k' })).url),
      ['refuses requests without a key: status 401: Unauthorized', 'OPENAI_API_KEY'],
    ],
    [
      'it wants another key',
      async () => given((await fake(good, { key: 'k' })).url, { key: 'x' }),
      ['refuses the key'],
    ],
    [
      'several models, none named',
      async () => given((await fake(good, { models: ['a', 'b'] })).url),
      ['serves 2 models: a, b', 'say which one'],
    ],
    ['no model at all', async () => given((await fake(good, { models: [] })).url), ['lists no model']],
    [
      'it does not know the model',
      async () =>
        given(
          (await fake(() => ({ status: 404, body: { error: { message: 'The model does not exist' } } }))).url,
        ),
      ["to model 'fake': status 404: The model does not exist"],
    ],
    [
      'it answers what is not a completion',
      async () => given((await fake(() => ({ status: 200, body: 'hi' }))).url),
      ['its answer is not a chat completion'],
    ],
    [
      'it never answers',
      async () => given((await fake(() => 'silent')).url, { readyTimeout: 200 }),
      ['no answer within 0 s'],
    ],
    [
      'it is not such a server',
      async () => given(`${(await fake(good)).url}/elsewhere`),
      ['is not an OpenAI-compatible server', 'status 404'],
    ],
  ];
  for (const [title, make, texts] of cases) {
    test(title, async () => {
      const error = await rejectsWith(make, 'server-unusable', ...texts);
      assert.doesNotMatch(`${error.message}${error.hint}`, /Bearer/);
    });
  }

  for (const [address, text] of [
    ['ftp://host/v1', 'not ftp://'],
    ['http://', 'is not the address'],
    ['http://user:word@host/v1', 'holds a name or password'],
    ['http://host/v1?key=x', 'ends in ?key=x'],
  ] as const) {
    test(`the address ${address}`, async () => {
      const error = await rejectsWith(() => given(address), 'usage', text, 'OPENAI_API_KEY');
      assert.ok(!error.message.includes('user:word'));
    });
  }

  test('an abort', async () => {
    const stop = new AbortController();
    const { url } = await fake(() => {
      stop.abort();
      return 'silent';
    });
    await rejectsWith(() => given(url, { signal: stop.signal }), 'interrupted');
  });
});
