/** One comment of several jobs of a run: each has a section, and none takes another's. */
import assert from 'node:assert/strict';
import { after, before, beforeEach, describe, test } from 'node:test';
import type { Client } from '../../src/github/client.ts';
import { type CommentPosted, postComment } from '../../src/github/comment/comment.ts';
import { composeSections, fitShare, readSections, shareOf } from '../../src/github/comment/comment-legs.ts';
import { readMarker } from '../../src/github/comment/marker.ts';
import { startGitHub, type TestGitHub } from '../support/github.ts';

let github: TestGitHub;
let client: Client;
let pull: number;

before(async () => {
  github = await startGitHub();
  client = await github.client();
});
beforeEach(async () => {
  pull = await github.emulator.openIssue();
});
after(() => github.close());

const stamp = (run = 77, attempt = 1) => ({ report: 'sos-bench', sha: 'a'.repeat(40), run, attempt });

interface Post {
  run?: number;
  attempt?: number;
  of?: number;
  by?: Client;
}

function say(leg: string | null, text: string, { run, attempt, of = 2, by = client }: Post = {}) {
  return postComment(by, {
    ...{ pull, stamp: stamp(run, attempt), render: () => text },
    leg: leg === null ? null : { name: leg, of },
  });
}

const outcome = (posted: CommentPosted) => (posted.posted ? posted.how : posted.code);

/** The only comment's sections as `LEG: TEXT`. */
async function shown(): Promise<string[]> {
  const [comment, second] = await github.comments(pull);
  assert.equal(second, undefined, 'one comment');
  return readSections(comment!.body).map(({ leg, text }) => `${leg}: ${text}`);
}
const body = async () => (await github.comments(pull))[0]!.body;

const SCRIPTS: [string, () => Promise<unknown>, string[]][] = [
  [
    'two jobs: both are shown',
    async () => {
      await say('small', 'The model got worse');
      await say('large', 'No loss');
    },
    ['large: No loss', 'small: The model got worse'],
  ],
  [
    'a later attempt of one: the other stays',
    async () => {
      await say('small', 'The model got worse');
      await say('large', 'No loss');
      await say('small', 'No loss', { attempt: 2 });
    },
    ['large: No loss', 'small: No loss'],
  ],
  [
    'an earlier attempt that comes late changes nothing of its own',
    async () => {
      await say('small', 'second', { attempt: 2 });
      await say('large', 'first');
      assert.equal(outcome(await say('small', 'first')), 'superseded');
    },
    ['large: first', 'small: second'],
  ],
  [
    'a later run begins again',
    async () => {
      await say('small', 'The model got worse');
      await say('large', 'No loss');
      await say('large', 'No loss, again', { run: 78 });
    },
    ['large: No loss, again'],
  ],
  [
    'a report that names comments and ends sections in its text',
    async () => {
      await say('--> <b>', 'one', { of: 1 });
    },
    ['--> <b>: one'],
  ],
];
for (const [title, script, expected] of SCRIPTS) {
  test(title, async () => {
    await script();
    assert.deepEqual(await shown(), expected);
  });
}

test('an older run changes nothing', async () => {
  const fetch: typeof globalThis.fetch = async (input, init) =>
    /actions\/runs\/(\d+)/.test(String(input))
      ? Response.json({ id: Number(/runs\/(\d+)/.exec(String(input))![1]), run_attempt: 1, workflow_id: 1 })
      : globalThis.fetch(input, init);
  const knowing = await github.client({ fetch });
  await say('small', 'new', { run: 78 });
  assert.equal(outcome(await say('large', 'old', { by: knowing })), 'superseded');
  assert.deepEqual(await shown(), ['small: new']);
});

test('says how many have reported until all have', async () => {
  await say('small', 'No loss');
  assert.match(await body(), /^_1 of 2 jobs of this report have reported\._$/m);
  await say('large', 'No loss');
  assert.doesNotMatch(await body(), /have reported/);
});

test('its marker names the newest attempt', async () => {
  await say('small', 'x', { attempt: 3 });
  await say('large', 'y');
  assert.equal(readMarker(await body())?.attempt, 3);
});

test('the same again sends nothing but the listing', async () => {
  await say('small', 'No loss');
  await say('large', 'No loss');
  github.proxy.requests.length = 0;
  assert.equal(outcome(await say('small', 'No loss')), 'unchanged');
  assert.ok(github.proxy.requests.every(({ asked }) => asked.startsWith('GET')));
});

test('eight at once: none is lost', async () => {
  const names = Array.from({ length: 8 }, (_, index) => `model ${index}`);
  const clients = await Promise.all(names.map(() => github.client({ second: 200 })));
  await Promise.all(names.map((name, index) => say(name, 'No loss', { of: 8, by: clients[index]! })));
  assert.deepEqual(
    await shown(),
    names.map((name) => `${name}: No loss`),
  );
});

test('two jobs that nothing tells apart: the later one learns that it replaced another text', async () => {
  const first = await say(null, 'The model got worse');
  const second = await say(null, 'No loss');
  assert.ok(first.posted && second.posted);
  assert.deepEqual([first.replaced, second.replaced], [undefined, true]);
});

test('another run that replaces a text does not', async () => {
  await say(null, 'The model got worse');
  const next = await say(null, 'No loss', { run: 78 });
  assert.ok(next.posted && next.replaced === undefined);
});

describe('the room of a section', () => {
  for (const count of [1, 2, 20]) {
    test(`${count} of them fit into a comment`, () => {
      const share = shareOf(60_000, { name: '', of: count });
      const sections = Array.from({ length: count }, (_, index) => ({
        ...{ leg: `${index} ${'x'.repeat(90)}`, attempt: 1, text: 'y'.repeat(share) },
      }));
      assert.ok(Buffer.byteLength(composeSections(stamp(), count, sections)) <= 60_000);
    });
  }

  test('a text without room keeps its verdict and its hidden line', () => {
    const text = `> **Worse.**\n\n${'long '.repeat(100)}\n\n<!-- sos-bench:losses [] -->`;
    assert.equal(fitShare(text, 1000), text);
    assert.equal(
      fitShare(text, 100),
      '> **Worse.**\n\nThe rest is left out for length; the job summary has it.\n\n<!-- sos-bench:losses [] -->',
    );
  });
});
