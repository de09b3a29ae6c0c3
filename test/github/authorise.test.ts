import assert from 'node:assert/strict';
import { after, before, beforeEach, describe, test } from 'node:test';
import type { Client } from '../../src/github/client.ts';
import { authorise } from '../../src/github/commands/authorise.ts';
import type { Command } from '../../src/github/commands/commands.ts';
import type { CommentContext, Pull } from '../../src/github/event.ts';
import { fetchPull } from '../../src/github/pull.ts';
import { startGitHub, type TestGitHub } from '../support/github.ts';
import { rejectsWith } from '../support/reject.ts';

let github: TestGitHub;
let client: Client;
let pull: Pull;

before(async () => {
  github = await startGitHub();
  client = await github.client();
  const { number } = await github.emulator.openPull();
  pull = await fetchPull(client, number);
});
beforeEach(() => {
  github.proxy.faults.length = 0;
  github.proxy.activity = [push()];
});
after(() => github.close());

/** The log of a push to the pull request's branch. */
const push = (changes: Partial<{ ref: string; after: string; timestamp: string }> = {}) => ({
  ref: `refs/heads/${pull.headRef}`,
  after: pull.headSha,
  timestamp: '2026-03-01T12:00:00Z',
  ...changes,
});

const COMMANDS: Record<string, Command> = {
  run: { name: 'run', sha: null, suite: 'pr', benchmarks: [] },
  rebaseline: { name: 'rebaseline' },
  accept: { name: 'accept', subject: 'bbq', reason: 'known' },
  explain: { name: 'explain', benchmark: 'bbq' },
  help: { name: 'help' },
};

interface Case {
  command?: keyof typeof COMMANDS;
  /** What the command names: the head's whole sha, its first ten digits, another one, or none. */
  sha?: 'whole' | 'short' | 'other';
  author?: string | null;
  pull?: Partial<Pull>;
  /** When the comment was written. */
  at?: string;
}

async function ask({ command = 'run', sha, author = 'writer', at = '2026-03-01T12:00:01Z', ...more }: Case) {
  const shas = { whole: pull.headSha, short: pull.headSha.slice(0, 10), other: 'd'.repeat(40) };
  const given = COMMANDS[command]!;
  const comment = { id: 1, body: '', author, isBot: false, createdAt: at };
  return authorise(client, {
    command: given.name === 'run' && sha !== undefined ? { ...given, sha: shas[sha] } : given,
    context: { comment } as CommentContext,
    pull: { ...pull, author: 'writer', ...more.pull },
  });
}

for (const [title, given] of [
  ['the author of a pull request here may run its head', {}],
  ['... naming it', { sha: 'whole' }],
  ['... or its first digits', { sha: 'short' }],
  ['... in other letters', { pull: { author: 'Writer' } }],
  ["someone else's pull request, by its whole sha", { sha: 'whole', pull: { author: 'reader' } }],
  ["a fork's, by its whole sha", { sha: 'whole', pull: { isFork: true, author: 'reader' } }],
  ["one's own fork's, by its whole sha", { sha: 'whole', pull: { isFork: true } }],
  ['the owner', { author: 'octo', sha: 'whole' }],
  [
    'the whole sha, even of a head pushed after the comment: the author named it',
    { sha: 'whole', at: '2026-03-01T11:00:00Z' },
  ],
  ['accept, by who may write', { command: 'accept' }],
  ['rebaseline, by who may write', { command: 'rebaseline' }],
  ['help, by anybody', { command: 'help', author: 'reader' }],
  ['explain, by anybody', { command: 'explain', author: null }],
] as [string, Case][]) {
  test(`allowed: ${title}`, async () => {
    assert.deepEqual(await ask(given), { allowed: true, sha: pull.headSha });
  });
}

for (const [title, given, says] of [
  ['who may only read', { author: 'reader', sha: 'whole', pull: { author: 'reader' } }, /write permission/],
  ['who does not exist', { author: 'nobody-at-all', sha: 'whole' }, /write permission/],
  ['a deleted user', { author: null, sha: 'whole' }, /write permission/],
  ['accept, by who may only read', { command: 'accept', author: 'reader' }, /write permission/],
  ['rebaseline, by who may only read', { command: 'rebaseline', author: 'reader' }, /write permission/],
  ["a fork's without a sha", { pull: { isFork: true } }, /a fork's pull request, name the full sha/],
  [
    "someone else's without a sha",
    { pull: { author: 'octo' } },
    /someone else's pull request, name the full sha/,
  ],
  ["Dependabot's without a sha", { pull: { author: 'dependabot[bot]' } }, /name the full sha/],
  ["a fork's with a short sha", { sha: 'short', pull: { isFork: true } }, /all 40 digits/],
  ["someone else's with a short sha", { sha: 'short', pull: { author: 'octo' } }, /all 40 digits/],
  ['a sha that is no longer the head', { sha: 'other' }, /not the head .* any more/],
  ["a fork's sha that is no longer the head", { sha: 'other', pull: { isFork: true } }, /not the head/],
  ['a head pushed after the comment', { at: '2026-03-01T11:59:59Z' }, /pushed after your comment/],
  ['... in the same second', { at: '2026-03-01T12:00:00Z' }, /pushed after your comment/],
  [
    'a head pushed after the comment, by its first digits',
    { sha: 'short', at: '2026-03-01T11:59:59Z' },
    /pushed after your comment/,
  ],
  ['a closed pull request', { sha: 'whole', pull: { state: 'closed' } }, /closed/],
] as [string, Case, RegExp][]) {
  test(`refused: ${title}`, async () => {
    const answer = await ask(given);
    assert.equal(answer.allowed, false);
    assert.match(answer.allowed ? '' : answer.reason, says);
  });
}

describe('where GitHub does not tell when the head was pushed, the full sha is asked for', () => {
  for (const [title, log] of [
    ['the log is empty', () => []],
    ['the log lags behind: its newest push is another', () => [push({ after: 'e'.repeat(40) }), push()]],
    ['that commit was pushed to another branch alone', () => [push({ ref: 'refs/heads/other' })]],
    ['the time is none', () => [push({ timestamp: 'yesterday' })]],
    ['the server keeps no log', () => null],
  ] as [string, () => typeof github.proxy.activity][]) {
    test(title, async () => {
      github.proxy.activity = log();
      const answer = await ask({});
      assert.match(answer.allowed ? '' : answer.reason, /does not say when .* was pushed.*full sha/s);
      assert.equal((await ask({ sha: 'short' })).allowed, false);
      assert.equal((await ask({ sha: 'whole' })).allowed, true);
    });
  }

  test('the token may not ask', async () => {
    github.proxy.faults.push({ fault: '403 without permission', on: /\/activity/ });
    const answer = await ask({});
    assert.match(answer.allowed ? '' : answer.reason, /does not say when/);
  });

  test('a commit that claims to be older than the comment, but was pushed after it: refused', async () => {
    // The head's own date is of now at the latest; the log alone is asked.
    github.proxy.activity = [push({ timestamp: '2999-01-01T00:00:00Z' })];
    const answer = await ask({ at: '2998-01-01T00:00:00Z' });
    assert.match(answer.allowed ? '' : answer.reason, /pushed after your comment/);
  });
});

for (const [permission, allowed] of [
  ['admin', true],
  ['maintain', true],
  ['push', true],
  ['triage', false],
  ['pull', false],
] as const) {
  test(`a collaborator with the role ${permission} ${allowed ? 'may' : 'may not'}`, async () => {
    const path = `/repos/${github.emulator.repository}/collaborators/reader`;
    await github.emulator.api('PUT', path, { permission });
    assert.equal((await ask({ author: 'reader', sha: 'whole' })).allowed, allowed);
    await github.emulator.api('DELETE', path);
  });
}

for (const [fault, code] of [
  ['401', 'token-refused'],
  ['403 without permission', 'permission-missing'],
  ['rate limit exhausted', 'rate-limited'],
  ['502', 'github-unreachable'],
] as const) {
  test(`permission that cannot be asked for (${fault}) is an error, never a yes`, async () => {
    github.proxy.faults.push({ fault, on: /\/permission/ });
    await rejectsWith(() => ask({ sha: 'whole' }), code, 'permission of @writer');
  });
}
