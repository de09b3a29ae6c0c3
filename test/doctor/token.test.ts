import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { after, before, describe, test } from 'node:test';
import type { Check } from '../../src/doctor/check.ts';
import { checkRunnerGroup } from '../../src/doctor/github/check-runner-group.ts';
import { checkToken } from '../../src/doctor/github/check-token.ts';
import { type EmulatedGitHub, startEmulator } from '../support/emulator.ts';

const statusOf = (checks: readonly Check[]) =>
  Object.fromEntries(checks.map(({ id, status }) => [id, status]));
const hintOf = (checks: readonly Check[], id: string) => checks.find((check) => check.id === id)?.hint ?? '';

describe('what a job’s token may do, asked of the emulator', () => {
  let github: EmulatedGitHub;
  before(async () => {
    github = await startEmulator();
  });
  after(() => github.close());

  async function look(permissions: Record<string, 'read' | 'write'>, store: string | null = null) {
    const token = await github.appToken({ metadata: 'read', ...permissions });
    const environment = {
      GITHUB_TOKEN: token,
      GITHUB_REPOSITORY: github.repository,
      GITHUB_API_URL: github.url,
    };
    const checks = await checkToken({ environment, store });
    assert.ok(!JSON.stringify(checks).includes(token), 'the token is in no message');
    return checks;
  }
  const REPORTING = { 'token pull-requests: write': 'ok', 'token checks: write': 'ok' } as const;

  const CASES: [string, Record<string, 'read' | 'write'>, string | null, Record<string, Check['status']>][] =
    [
      [
        'all that reports, history and bot need',
        { pull_requests: 'write', checks: 'write', contents: 'write', actions: 'write' },
        'branch',
        {
          ...{ token: 'ok', 'token contents: read': 'ok', 'token actions: read': 'ok' },
          ...{ 'token contents: write': 'ok', 'token actions: write': 'ok' },
          ...REPORTING,
        },
      ],
      ['no comments', { checks: 'write', contents: 'read' }, null, { 'token pull-requests: write': 'warn' }],
      [
        'no check runs',
        { pull_requests: 'write', contents: 'read' },
        null,
        { 'token checks: write': 'warn' },
      ],
      [
        'no history, where nobody keeps one on a branch',
        { pull_requests: 'write', checks: 'write' },
        null,
        { 'token contents: write': 'ok', ...REPORTING },
      ],
      ['no history, where one is kept on a branch', {}, 'branch', { 'token contents: write': 'warn' }],
      ['no bot, where nobody said that there is one', {}, null, { 'token actions: write': 'ok' }],
    ];
  for (const [what, permissions, store, expected] of CASES) {
    test(`${what}: ${Object.entries(expected)
      .map((pair) => pair.join(' '))
      .join(', ')}`, async () => {
      const found = statusOf(await look(permissions, store));
      for (const [id, status] of Object.entries(expected)) assert.equal(found[id], status, id);
    });
  }

  test('each missing permission comes with the YAML that gives it', async () => {
    const checks = await look({}, 'branch');
    for (const [scope, level] of [
      ['pull-requests', 'write'],
      ['checks', 'write'],
      ['contents', 'write'],
    ])
      assert.match(
        hintOf(checks, `token ${scope}: ${level}`),
        new RegExp(`permissions: \\{ ${scope}: ${level} \\}$`),
      );
  });

  test('nothing is made by asking', async () => {
    const before = await counts();
    await look({ pull_requests: 'write', checks: 'write', contents: 'write', actions: 'write' }, 'branch');
    assert.deepEqual(await counts(), before);
  });

  async function counts(): Promise<number[]> {
    const paths = ['issues?state=all', 'branches', 'actions/runs', 'pulls?state=all'];
    const answers = await Promise.all(
      paths.map((path) => github.api<object>('GET', `/repos/${github.repository}/${path}`)),
    );
    return answers.map((answer) => JSON.stringify(answer).length);
  }

  test('a repository that is not there, or not for this token', async () => {
    const environment = {
      GITHUB_TOKEN: github.people.owner,
      GITHUB_REPOSITORY: 'octo/other',
      GITHUB_API_URL: github.url,
    };
    const [check, ...others] = await checkToken({ environment, store: null });
    assert.deepEqual([check!.status, others], ['fail', []]);
    assert.match(check!.message, /shows no repository octo\/other/);
  });
});

test('without a token nothing is said; in a job, that evaluating needs none', async () => {
  assert.deepEqual(await checkToken({ environment: {}, store: null }), []);
  const [check] = await checkToken({ environment: { GITHUB_ACTIONS: 'true' }, store: null });
  assert.match(check!.message, /evaluating needs none/);
});

describe('what the emulator lacks, from a fake server', () => {
  let status = 200;
  let groups: object[] | null = null;
  let scopes: string | null = null;
  const server = createServer((request, response) => {
    const path = request.url ?? '';
    const answer = (code: number, body: object) => {
      response.writeHead(code, {
        'content-type': 'application/json',
        ...(scopes === null ? {} : { 'x-oauth-scopes': scopes }),
      });
      response.end(JSON.stringify(body));
    };
    if (status !== 200) return answer(status, { message: status === 401 ? 'Bad credentials' : 'Not Found' });
    if (path.includes('runner-groups')) {
      return groups === null
        ? answer(403, { message: 'Resource not accessible by integration' })
        : answer(200, { total_count: groups.length, runner_groups: groups });
    }
    return request.method === 'POST' ? answer(403, { message: 'Forbidden' }) : answer(200, {});
  });
  before(async () => {
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
  });
  after(() => server.close());
  const environment = (more: Record<string, string> = {}) => ({
    GITHUB_TOKEN: 'ghp_secret',
    GITHUB_REPOSITORY: 'octo/models',
    GITHUB_API_URL: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    ...more,
  });

  test('a token that is not accepted fails', async () => {
    status = 401;
    const checks = await checkToken({ environment: environment(), store: null });
    status = 200;
    assert.deepEqual(statusOf(checks), { token: 'fail' });
    assert.match(checks[0]!.message, /does not accept/);
  });

  test('a classic token is told by its scopes, and what to do is about them', async () => {
    scopes = 'read:org, gist';
    const checks = await checkToken({ environment: environment(), store: null });
    scopes = null;
    assert.match(checks[0]!.message, /scopes read:org, gist/);
    assert.match(hintOf(checks, 'token pull-requests: write'), /scope repo/);
    assert.match(hintOf(checks, 'token checks: write'), /personal tokens cannot/);
  });

  const SELF_HOSTED = { GITHUB_ACTIONS: 'true', RUNNER_ENVIRONMENT: 'self-hosted' };
  const group = (more: object) => [{ id: 2, name: 'gpu', restricted_to_workflows: false, ...more }];
  const RUNNERS: [string, object[] | null, Record<string, string>, Check['status'] | null, RegExp][] = [
    ['a group that takes any workflow', group({}), {}, 'warn', /any workflow may use the runner group gpu/],
    [
      'a group limited to a workflow at a ref',
      group({
        restricted_to_workflows: true,
        selected_workflows: ['octo/ci/.github/workflows/gpu.yml@refs/heads/main'],
      }),
      {},
      'ok',
      /gpu is limited to octo\/ci/,
    ],
    [
      'a group limited to a workflow at any ref',
      group({ restricted_to_workflows: true, selected_workflows: ['octo/ci/.github/workflows/gpu.yml'] }),
      {},
      'warn',
      /at any ref/,
    ],
    [
      'a job on a self-hosted runner that cannot see it',
      null,
      SELF_HOSTED,
      'warn',
      /cannot see which workflows/,
    ],
    ['a hosted runner', null, { GITHUB_ACTIONS: 'true' }, null, /./],
  ];
  for (const [what, seen, more, expected, message] of RUNNERS) {
    test(`${what}: ${expected ?? 'nothing is said'}`, async () => {
      groups = seen;
      const [check] = await checkRunnerGroup(environment(more));
      assert.equal(check?.status ?? null, expected);
      if (check === undefined) return;
      assert.match(check.message, message);
      if (expected === 'warn') assert.match(check.hint ?? '', /selected workflows at a ref/);
    });
  }
});
