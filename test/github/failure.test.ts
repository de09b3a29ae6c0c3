/** What is said of a request that GitHub did not carry out. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { z } from 'zod';
import type { ErrorCode } from '../../src/error.ts';
import type { Need } from '../../src/github/commands/permission.ts';
import { explainFailure } from '../../src/github/failure.ts';
import { rejectsWith } from '../support/reject.ts';

const NEED: Need = { doing: 'read the store', permission: { contents: 'read' }, target: 'the store' };
const YAML = 'permissions:\n  contents: read\n';
const RESET = Date.parse('2026-11-27T12:00:00Z') / 1000;

/** An error as octokit throws it. */
function refusal(status: number, message: string, headers: Record<string, string> = {}): Error {
  return Object.assign(new Error(message), { status, response: { headers } });
}

interface Case {
  what: string;
  error: Error;
  need?: Partial<Need>;
  code: ErrorCode;
  says: (string | RegExp)[];
}

const CASES: Case[] = [
  {
    what: 'no answer',
    error: Object.assign(new Error('connect ECONNREFUSED'), { status: 500 }),
    code: 'github-unreachable',
    says: ['could not read the store: connect ECONNREFUSED', 'githubstatus.com'],
  },
  {
    what: 'an outage',
    error: refusal(503, 'Unavailable\nfor a while'),
    code: 'github-unreachable',
    says: ['GitHub answered 503 Unavailable for a while', 'running the job again is safe'],
  },
  {
    what: 'an answer that is none',
    error: z.object({ sha: z.string() }).safeParse('<html>').error!,
    code: 'github-unreachable',
    says: ["GitHub's answer is not what it should be"],
  },
  {
    what: 'a token that has ended',
    error: refusal(401, 'Bad credentials'),
    code: 'token-refused',
    says: ['401 Bad credentials', 'ends with its job, and after 24 hours'],
  },
  {
    what: 'a missing permission',
    error: refusal(403, 'Resource not accessible by integration'),
    code: 'permission-missing',
    says: ['403 Resource not accessible', YAML],
  },
  {
    what: 'a missing permission in the pull request of a fork',
    error: refusal(403, 'Resource not accessible by integration'),
    need: { origin: { isFork: true, isDependabot: false } },
    code: 'permission-missing',
    says: ['comes from a fork', 'workflow_run'],
  },
  {
    what: 'nothing there',
    error: refusal(404, 'Not Found'),
    code: 'permission-missing',
    says: ['404 Not Found', 'the store is not there, or a permission is missing', YAML],
  },
  {
    what: 'nothing there, for which there is another reason',
    error: refusal(404, 'Not Found'),
    need: { absentHint: 'the server may keep none' },
    code: 'permission-missing',
    says: ['the server may keep none; else give the job this permission', YAML],
  },
  {
    what: 'something that was deleted',
    error: refusal(410, 'Gone'),
    code: 'github-refused',
    says: ['the store was deleted'],
  },
  {
    what: 'a rate limit that is used up',
    error: refusal(403, 'API rate limit exceeded', { 'x-ratelimit-reset': String(RESET) }),
    code: 'rate-limited',
    says: ['until 2026-11-27T12:00:00.000Z', 'a token that has a limit of its own'],
  },
  {
    what: 'too many requests',
    error: refusal(429, 'You have exceeded a secondary rate limit', { 'retry-after': '60' }),
    code: 'rate-limited',
    says: ['a wait of 60 s'],
  },
  {
    what: 'another writer',
    error: refusal(409, 'Conflict'),
    need: { refusedHint: 'ask for less' },
    code: 'github-refused',
    says: ['someone else was writing'],
  },
  {
    what: 'what GitHub will not do',
    error: refusal(422, 'Changes must be made through a pull request'),
    code: 'github-refused',
    says: ['422 Changes must be made', 'please report it'],
  },
  {
    what: 'what GitHub will not do, which could be expected',
    error: refusal(422, 'Changes must be made through a pull request'),
    need: { refusedHint: 'leave the branch out' },
    code: 'github-refused',
    says: ['422 Changes must be made', 'leave the branch out'],
  },
];

for (const { what, error, need, code, says } of CASES) {
  test(`${what}: ${code}, what was being done, and what to do`, async () => {
    const explained = await rejectsWith(
      () => {
        throw explainFailure(error, { ...NEED, ...need });
      },
      code,
      'could not read the store: ',
      ...says,
    );
    assert.equal(explained.cause, error);
    assert.doesNotMatch(explained.message, /\n/);
  });
}

test('what did not come from GitHub passes unchanged', () => {
  const mistake = new TypeError('x is not a function');
  assert.equal(explainFailure(mistake, NEED), mistake);
});
