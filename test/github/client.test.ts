import assert from 'node:assert/strict';
import { after, before, beforeEach, describe, test } from 'node:test';
import { inspect } from 'node:util';
import { type ClientOptions, createClient, GITHUB_API } from '../../src/github/client.ts';
import { ask } from '../../src/github/post.ts';
import { startGitHub, type TestGitHub } from '../support/github.ts';
import { rejectsWith } from '../support/reject.ts';

let github: TestGitHub;
before(async () => {
  github = await startGitHub();
});
beforeEach(() => {
  github.proxy.faults.length = 0;
  github.proxy.requests.length = 0;
});
after(() => github.close());

const need = { doing: 'read the repository', permission: { contents: 'read' } } as const;

async function repositoryBy(options: Partial<ClientOptions> = {}) {
  const client = await github.client(options);
  return { client, answer: ask(need, () => client.rest.repos.get({ ...client.repository })) };
}

for (const fault of ['500', '502', '409', 'cut connection', 'cut in the middle of the answer'] as const) {
  test(`reading goes on after ${fault}, and each try counts as a request`, async () => {
    github.proxy.faults.push({ fault, on: /^GET/, times: 2 });
    const { client, answer } = await repositoryBy();
    assert.equal((await answer).data.full_name, 'octo/models');
    assert.equal(client.requests(), 3);
  });
}

test('tries are bounded', async () => {
  github.proxy.faults.push({ fault: '502', on: /^GET/ });
  const { client, answer } = await repositoryBy();
  await rejectsWith(() => answer, 'github-unreachable', 'read the repository', '502', 'githubstatus');
  assert.equal(client.requests(), 4);
});

for (const fault of ['401', '403 without permission', '404', '422 too long'] as const) {
  test(`${fault} is not tried again`, async () => {
    github.proxy.faults.push({ fault, on: /^GET/ });
    const { client, answer } = await repositoryBy();
    await assert.rejects(answer);
    assert.equal(client.requests(), 1);
  });
}

for (const fault of ['secondary rate limit with retry-after', '429'] as const) {
  test(`${fault}: waited for as long as asked, twice, then given up`, async () => {
    const lines: string[] = [];
    github.proxy.faults.push({ fault, on: /^GET/ });
    const started = performance.now();
    const { client, answer } = await repositoryBy({ log: (line) => lines.push(line) });
    await rejectsWith(() => answer, 'rate-limited', 'wait of 2 s');
    assert.equal(client.requests(), 3);
    assert.ok(performance.now() - started >= 2 * 2 * 10);
    assert.match(lines.join('\n'), /wait of 2 s: waiting\n.*waiting\n.*giving up/);
  });

  test(`${fault}, with a bound below what is asked: given up at once`, async () => {
    github.proxy.faults.push({ fault, on: /^GET/ });
    const { client, answer } = await repositoryBy({ longestWait: 1 });
    await rejectsWith(() => answer, 'rate-limited');
    assert.equal(client.requests(), 1);
  });
}

test('a limit that an emulator states is waited for in whole seconds', async () => {
  github.proxy.faults.push({ fault: 'secondary rate limit with retry-after', on: /^GET/, times: 1 });
  const token = await github.emulator.appToken();
  const client = createClient({ token, repository: github.emulator.repository, apiUrl: github.proxy.url });
  const started = performance.now();
  await client.rest.repos.get({ ...client.repository });
  assert.ok(performance.now() - started >= 2000);
});

test('a rate limit that is used up for 40 minutes is not waited for', async () => {
  github.proxy.faults.push({ fault: 'rate limit exhausted', on: /^GET/ });
  const { client, answer } = await repositoryBy();
  await rejectsWith(() => answer, 'rate-limited', /used up until \d{4}-\d\d-\d\dT/);
  assert.equal(client.requests(), 1);
});

describe('writes', () => {
  /** Comments on a pull request; gives when each was sent, in milliseconds since the first. */
  async function write(apiUrl: string, times: number): Promise<number[]> {
    const sent: number[] = [];
    const fetch = async () => {
      sent.push(performance.now());
      return Response.json({}, { status: 201 });
    };
    const client = createClient({ token: 'ghs_x', repository: 'octo/models', apiUrl, fetch });
    const comment = { ...client.repository, issue_number: 1, body: '' };
    await Promise.all(Array.from({ length: times }, () => client.rest.issues.createComment(comment)));
    return sent.map((time) => time - sent[0]!);
  }

  for (const apiUrl of [GITHUB_API, 'https://localhost.example.org/api/v3'])
    test(`keep the pace that GitHub asks for at ${apiUrl}: comments 3 s apart`, async () => {
      const [, second] = await write(apiUrl, 2);
      assert.ok(second! >= 2900, `${second} ms`);
    });

  for (const apiUrl of ['http://127.0.0.1:59999', 'http://localhost:59999', 'http://[::1]:59999/api/v3'])
    test(`are sent at once to an emulator on this machine, ${apiUrl}`, async () => {
      // At the pace of GitHub the last would come after 5 minutes.
      assert.ok((await write(apiUrl, 100)).at(-1)! < 100_000);
    });
});

test('an answer that does not end is given up', async () => {
  github.proxy.faults.push({ fault: 'slow body', on: /^GET/ });
  const { answer } = await repositoryBy({ timeout: 100 });
  await rejectsWith(() => answer, 'github-unreachable', 'no answer within 0.1 s');
});

test('a server that is not there', async () => {
  const { answer } = await repositoryBy({ apiUrl: 'http://127.0.0.1:59999' });
  await rejectsWith(() => answer, 'github-unreachable', 'ECONNREFUSED');
});

test('the token is in no error, however it is printed', async () => {
  const token = 'ghs_secretSECRETsecret';
  for (const fault of ['401', '403 without permission', '500', 'cut connection'] as const) {
    github.proxy.faults.push({ fault, on: /^GET/ });
    const { answer } = await repositoryBy({ token });
    const error = await rejectsWith(
      () => answer,
      fault === '401'
        ? 'token-refused'
        : fault.startsWith('403')
          ? 'permission-missing'
          : 'github-unreachable',
    );
    assert.doesNotMatch(inspect(error, { depth: 20, showHidden: true }), /secretSECRET/);
    github.proxy.faults.length = 0;
  }
});

for (const [title, options, says] of [
  ['no token', { token: ' ' }, 'there is no GitHub token'],
  ['a token with a line break within', { token: 'ghs_secret\nSECRET' }, 'line breaks within'],
  ['a repository that is none', { repository: 'models' }, 'OWNER/NAME'],
  ['a repository with a path', { repository: 'a/b/c' }, 'OWNER/NAME'],
  ['an address that is none', { apiUrl: 'api.github.com' }, 'https://api.github.com'],
] as const) {
  test(`${title} is refused before anything is sent`, async () => {
    const given = { token: 'ghs_x', repository: 'a/b', apiUrl: 'https://api.github.com', ...options };
    const error = await rejectsWith(() => createClient(given), 'usage', says);
    assert.doesNotMatch(inspect(error), /SECRET/);
  });
}

test('a token with white space around it is used without', async () => {
  const { answer } = await repositoryBy({ token: `${await github.emulator.appToken()}\n` });
  assert.equal((await answer).status, 200);
});

for (const [title, token, login] of [
  ["the workflow's own token", 'ghs_x', 'github-actions[bot]'],
  ['a token of a person', 'token-of-writer', 'writer'],
] as const) {
  test(`${title} writes as ${login}`, async () => {
    const client = await github.client({ token });
    assert.deepEqual([await client.authorLogin(), await client.authorLogin()], [login, login]);
    assert.equal(github.proxy.requests.length, token.startsWith('ghs_') ? 0 : 1);
  });
}

test('a token that may not ask who it is writes as the bot', async () => {
  github.proxy.faults.push({ fault: '403 without permission', on: /^GET \/user/ });
  const client = await github.client({ token: 'token-of-an-old-server' });
  assert.equal(await client.authorLogin(), 'github-actions[bot]');
});

test('who could not be asked once is asked again', async () => {
  github.proxy.faults.push({ fault: '401', on: /^GET \/user/, times: 1 });
  const client = await github.client({ token: 'token-of-writer' });
  await assert.rejects(client.authorLogin());
  assert.equal(await client.authorLogin(), 'writer');
});
