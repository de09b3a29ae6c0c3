/** What `doctor --repository` says of a repository on GitHub, by what its API answers (as its reference shows the answers). */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { after, before, describe, test } from 'node:test';
import { parse } from 'yaml';
import type { Check } from '../../src/doctor/check.ts';
import { checkPermissions } from '../../src/doctor/repository/check-permissions.ts';
import { checkRepository } from '../../src/doctor/repository/check-repository.ts';
import { findNeeds } from '../../src/doctor/repository/find-needs.ts';
import { checklistOf } from '../../src/init/checklist.ts';
import { filesFor, WORKFLOWS } from '../../src/init/files.ts';
import { allChoices, PLAIN_CHOICES } from '../support/init-choices.ts';

const CHOICES = {
  ...PLAIN_CHOICES,
  forks: true,
  nightly: true,
  bot: true,
  secrets: ['BUCKET_KEY'],
  modelFrom: 'command',
} as const;
const workflowsOf = (choices: Parameters<typeof filesFor>[0]) =>
  filesFor(choices)
    .filter(({ path }) => path.startsWith(WORKFLOWS))
    .map(({ path, content }) => ({ path, text: content, document: parse(content) as unknown }));
const workflows = workflowsOf(CHOICES);
const base64 = (text: string) => Buffer.from(text).toString('base64');

type Answers = Record<string, unknown>;
const REPO = '/repos/octo/models';
const CLOSED = ['creation', 'update', 'deletion'].map((type) => ({ type }));
const runner = (status: string) => ({
  runners: [{ status, labels: [{ name: 'self-hosted' }, { name: 'GPU' }] }],
});

/** A repository where everything is set as `sos-bench init` asks. */
const SET: Answers = {
  [REPO]: { default_branch: 'main' },
  [`${REPO}/actions/workflows`]: { workflows: workflows.map(({ path }) => ({ path, state: 'active' })) },
  [`${REPO}/branches/sos-bench`]: { name: 'sos-bench' },
  [`${REPO}/branches/sos-bench-nightly`]: { name: 'sos-bench-nightly' },
  [`${REPO}/branches/main`]: { name: 'main' },
  [`${REPO}/rules/branches/main`]: [
    {
      type: 'required_status_checks',
      parameters: { required_status_checks: [{ context: 'SOS-Bench', integration_id: 15368 }] },
    },
    { type: 'pull_request', parameters: { require_code_owner_review: true } },
  ],
  [`${REPO}/rules/branches/sos-bench`]: CLOSED,
  [`${REPO}/rules/branches/sos-bench-nightly`]: CLOSED,
  [`${REPO}/contents/.github/CODEOWNERS`]: { content: base64('* @octo/all\n/.github/ @octo/owners\n') },
  [`${REPO}/actions/permissions/workflow`]: {
    default_workflow_permissions: 'read',
    can_approve_pull_request_reviews: false,
  },
  [`${REPO}/actions/permissions/fork-pr-contributor-approval`]: {
    approval_policy: 'all_external_contributors',
  },
  [`${REPO}/actions/secrets`]: { total_count: 0, secrets: [] },
  [`${REPO}/actions/organization-secrets`]: { total_count: 1, secrets: [{ name: 'BUCKET_KEY' }] },
  [`${REPO}/actions/runners`]: { runners: [] },
  '/orgs/octo/actions/runners': runner('online'),
  '/orgs/octo/actions/runner-groups': {
    runner_groups: [
      {
        id: 1,
        name: 'forks',
        restricted_to_workflows: true,
        selected_workflows: [`octo/models/${WORKFLOWS}/sos-bench-fork-reusable.yml@refs/heads/main`],
      },
    ],
  },
};

describe('doctor --repository', () => {
  let server: Server;
  let answers: Answers;
  let written: string[];
  before(async () => {
    server = createServer((request, response) => {
      const { pathname } = new URL(request.url ?? '', 'http://localhost');
      if (request.method !== 'GET') written.push(`${request.method} ${pathname}`);
      const answer = answers[pathname];
      const status = answer === 403 ? 403 : answer === undefined ? 404 : 200;
      response.writeHead(status, { 'content-type': 'application/json' });
      response.end(JSON.stringify(status === 200 ? answer : { message: 'no' }));
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
  });
  after(() => server.close());

  async function look(changes: Answers = {}, of = workflows): Promise<Map<string, Check>> {
    answers = { ...SET, ...changes };
    written = [];
    const { port } = server.address() as AddressInfo;
    const environment = { GITHUB_TOKEN: 'gho_secret', GITHUB_API_URL: `http://127.0.0.1:${port}` };
    const checks = await checkRepository({ repository: 'octo/models', environment, workflows: of });
    assert.deepEqual(written, [], 'nothing is written');
    assert.ok(!JSON.stringify(checks).includes('gho_secret'));
    for (const { status, hint, id } of checks) assert.equal(status === 'ok', hint === null, id);
    return new Map(checks.map((check) => [check.id, check]));
  }

  test('all is well where all is set', async () => {
    const checks = await look();
    for (const { id, status, message } of checks.values()) assert.equal(status, 'ok', `${id}: ${message}`);
  });

  test('looks at everything that init leaves to set and that can be looked at', async () => {
    const checks = await look();
    const asked = checklistOf(CHOICES, []).flatMap(({ check }) => (check === null ? [] : [check]));
    assert.ok(asked.length >= 8);
    for (const id of asked) assert.ok(checks.has(id), id);
  });

  const rules = (...more: object[]) => ({ [`${REPO}/rules/branches/main`]: more });
  const reviewed = { type: 'pull_request', parameters: { require_code_owner_review: true } };
  const owners = (text: string) => ({ [`${REPO}/contents/.github/CODEOWNERS`]: { content: base64(text) } });
  const CASES: [what: string, changes: Answers, id: string, status: Check['status'], hint?: RegExp][] = [
    ['no rule requires the check', rules(reviewed), 'branch-rules', 'fail', /add SOS-Bench/],
    [
      'a rule requires another check',
      rules({
        type: 'required_status_checks',
        parameters: { required_status_checks: [{ context: 'SOS-Bench main' }] },
      }),
      'branch-rules',
      'fail',
    ],
    [
      'a classic protection requires it',
      {
        ...rules(),
        [`${REPO}/branches/main`]: { protection: { required_status_checks: { contexts: ['SOS-Bench'] } } },
      },
      'branch-rules',
      'ok',
    ],
    ['rules cannot be seen', { [`${REPO}/rules/branches/main`]: 403 }, 'branch-rules', 'warn'],
    ['nobody owns .github', owners('/src/ @octo/all\n'), 'workflow-guard', 'warn', /\/\.github\/ @OWNERS/],
    [
      'a later line takes the owner away',
      owners('* @octo/all\n/.github/workflows/\n'),
      'workflow-guard',
      'warn',
    ],
    ['everything has an owner', owners('# all\n* @octo/all\n/src/ @x\n'), 'workflow-guard', 'ok'],
    ['owners need not review', rules(), 'workflow-guard', 'warn', /Require review from Code Owners/],
    ['a workflow is required', { ...rules({ type: 'workflows' }), ...owners('') }, 'workflow-guard', 'ok'],
    [
      'the records are open',
      { [`${REPO}/rules/branches/sos-bench`]: CLOSED.slice(1) },
      'store-rules sos-bench',
      'warn',
      /Restrict creations/,
    ],
    [
      "the nights' are",
      { [`${REPO}/rules/branches/sos-bench-nightly`]: [] },
      'store-rules sos-bench-nightly',
      'warn',
    ],
    [
      'tokens write by default',
      { [`${REPO}/actions/permissions/workflow`]: { default_workflow_permissions: 'write' } },
      'workflow-permissions',
      'warn',
      /Read repository contents/,
    ],
    [
      'that cannot be seen',
      { [`${REPO}/actions/permissions/workflow`]: 403 },
      'workflow-permissions',
      'warn',
      /Administration: read/,
    ],
    [
      'strangers who contributed before do not wait',
      {
        [`${REPO}/actions/permissions/fork-pr-contributor-approval`]: {
          approval_policy: 'first_time_contributors',
        },
      },
      'fork-approval',
      'warn',
      /Require approval for all/,
    ],
    [
      'a secret is missing',
      { [`${REPO}/actions/organization-secrets`]: { secrets: [] } },
      'secret BUCKET_KEY',
      'fail',
      /gh secret set BUCKET_KEY/,
    ],
    [
      'secrets cannot be seen',
      { [`${REPO}/actions/secrets`]: 403, [`${REPO}/actions/organization-secrets`]: 403 },
      'secret BUCKET_KEY',
      'warn',
    ],
    [
      'no runner is online',
      { '/orgs/octo/actions/runners': runner('offline') },
      'runners self-hosted,gpu',
      'warn',
      /start one/,
    ],
    [
      'no runner is known',
      { '/orgs/octo/actions/runners': { runners: [] } },
      'runners self-hosted,gpu',
      'warn',
    ],
    [
      'a group takes any workflow',
      { '/orgs/octo/actions/runner-groups': { runner_groups: [{ id: 1, name: 'forks' }] } },
      'runner-group forks',
      'warn',
    ],
    [
      'there is no such group',
      { '/orgs/octo/actions/runner-groups': { runner_groups: [{ id: 1, name: 'Default' }] } },
      'runner-group forks',
      'fail',
    ],
    ['groups cannot be seen', { '/orgs/octo/actions/runner-groups': 403 }, 'runner-group forks', 'warn'],
    [
      'the files are not merged',
      { [`${REPO}/actions/workflows`]: { workflows: [] } },
      'workflow sos-bench.yml',
      'fail',
      /merge it into main/,
    ],
    [
      'a workflow is switched off',
      {
        [`${REPO}/actions/workflows`]: {
          workflows: [{ path: `${WORKFLOWS}/sos-bench.yml`, state: 'disabled_inactivity' }],
        },
      },
      'workflow sos-bench.yml',
      'fail',
      /gh workflow enable sos-bench\.yml/,
    ],
    [
      'main left no record yet',
      { [`${REPO}/branches/sos-bench`]: undefined },
      'records sos-bench',
      'warn',
      /a push to main/,
    ],
    ['the repository is not to be seen', { [REPO]: undefined }, 'repository', 'fail', /gh auth token/],
  ];
  for (const [what, changes, id, status, hint] of CASES)
    test(`${what}: ${id} ${status}`, async () => {
      const check = (await look(changes)).get(id);
      assert.equal(check?.status, status, check?.message);
      if (hint !== undefined) assert.match(check.hint ?? '', hint);
    });

  test('strangers can bring workflows also where nothing evaluates forks; in a private repository there are none', async () => {
    const open = { [`${REPO}/actions/permissions/fork-pr-contributor-approval`]: { approval_policy: 'x' } };
    const of = workflowsOf(PLAIN_CHOICES);
    assert.equal((await look(open, of)).get('fork-approval')?.status, 'warn');
    const hidden = { ...open, [REPO]: { default_branch: 'main', private: true } };
    assert.equal((await look(hidden, of)).has('fork-approval'), false);
    assert.ok(checklistOf(PLAIN_CHOICES, []).some(({ check }) => check === 'fork-approval'));
  });

  test('a server that is not github.com: no token goes to another', async () => {
    const environment = { GITHUB_TOKEN: 'gho_secret' };
    const apiUrl = 'https://ghe.example.org/api/v3';
    const checks = await checkRepository({ repository: 'octo/models', environment, workflows, apiUrl });
    assert.equal(checks.length, 1);
    assert.match(checks[0]!.message, /on ghe\.example\.org: nothing was asked of api\.github\.com/);
    assert.match(checks[0]!.hint!, /^set GITHUB_API_URL=https:\/\/ghe\.example\.org\/api\/v3;/);
  });

  test('a checkout without our workflows', async () => {
    const text = 'on: push\njobs: { a: { runs-on: [self-hosted], steps: [{ uses: "a/b/run-it@v1" }] } }\n';
    const found = await look({}, [{ path: `${WORKFLOWS}/ci.yml`, text, document: parse(text) as unknown }]);
    assert.equal(found.get('repository')?.status, 'fail');
    assert.deepEqual(
      [...found.keys()].filter((id) => /^(runners|secret|workflow ci)/.test(id)),
      [],
    );
  });
});

/** Read once for the tests that look at all of them. */
const everyChoice = [...allChoices()].map(([name, choices]) => ({
  ...{ name, choices },
  written: workflowsOf(choices),
}));

test('what the workflows of every combination need is found in them', () => {
  for (const { name, choices, written } of everyChoice) {
    const needs = findNeeds(written);
    const { forks, nightly, secrets, modelFrom, runner: wanted } = choices;
    assert.deepEqual(needs.checks, ['SOS-Bench'], name);
    assert.deepEqual(needs.storeBranches, nightly ? ['sos-bench', 'sos-bench-nightly'] : ['sos-bench'], name);
    assert.deepEqual(needs.secrets, modelFrom === 'hub' ? ['HF_TOKEN'] : secrets, name);
    assert.equal(needs.groups.includes('forks'), forks, name);
    assert.equal(wanted.group === null || needs.groups.includes(wanted.group), true, name);
    assert.deepEqual(needs.labels, [['self-hosted', 'gpu']], name);
  }
});

describe('what the jobs of a checkout give their tokens', () => {
  const look = (text: string) =>
    checkPermissions([{ path: `${WORKFLOWS}/x.yml`, document: parse(text) as unknown }]);
  const workflow = (on: string, action: string, permissions: string, more = '') =>
    `on: ${on}\njobs:\n  it:\n    permissions: ${permissions}\n    steps: [{ uses: "octo/sos/${action}@x"${more} }]\n`;

  test('all that init writes may do what it has to', () => {
    for (const { name, written } of everyChoice)
      assert.deepEqual(
        checkPermissions(written).map(({ id, status }) => [id, status]),
        [['permissions', 'ok']],
        name,
      );
  });

  const CASES: [what: string, text: string, missing: string | null][] = [
    [
      'a bot that may not start workflows',
      workflow('issue_comment', 'bot', '{ contents: write, pull-requests: write }'),
      'actions: write',
    ],
    [
      'a bot that may not keep waivers',
      workflow('issue_comment', 'bot', '{ actions: write, contents: read, pull-requests: write }'),
      'contents: write',
    ],
    [
      'a report that may not comment',
      workflow('pull_request', 'report', '{ contents: read, checks: write }'),
      'pull-requests: write',
    ],
    [
      'a report on pushes that may not keep records',
      workflow('[push]', 'report', '{ contents: read }'),
      'contents: write',
    ],
    [
      'one that keeps them elsewhere',
      workflow('push', 'report', '{ contents: read }', ', with: { store: artifacts }'),
      null,
    ],
    ['a check that may not be opened', workflow('pull_request', 'open-check', '{}'), 'checks: write'],
    ['all there is', workflow('pull_request', 'report', 'write-all'), null],
    ['reading alone', workflow('pull_request', 'open-check', 'read-all'), 'checks: write'],
  ];
  for (const [what, text, missing] of CASES)
    test(what, () => {
      const [check] = look(text);
      assert.equal(check?.status, missing === null ? 'ok' : 'warn');
      if (missing !== null)
        assert.match(check?.hint ?? '', new RegExp(`^add to its permissions: \\{ ${missing} \\}`));
    });

  test('a job that says nothing has what the repository gives, which is another check', () => {
    assert.deepEqual(look('on: push\njobs:\n  it:\n    steps: [{ uses: "octo/sos/report@x" }]\n'), []);
  });
});
