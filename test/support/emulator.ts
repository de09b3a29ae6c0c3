import { createSign, randomUUID } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createEmulator } from 'emulate';

export interface EmulatedGitHub {
  url: string;
  /** `octo/models`. */
  repository: string;
  /** Tokens of people: `owner`, `writer` (may push), `reader` (may not). */
  people: Record<'owner' | 'writer' | 'reader', string>;
  /** A token as GITHUB_TOKEN is one: of an app, so that its permissions are enforced. */
  appToken(permissions?: Record<string, 'read' | 'write'>): Promise<string>;
  /** As the repository's owner. */
  api<Answer = unknown>(method: string, path: string, body?: unknown): Promise<Answer>;
  /** Opens a pull request from a new branch; gives its number and head sha. */
  openPull(branch?: string): Promise<{ number: number; headSha: string }>;
  /** Opens an issue; gives its number. */
  openIssue(): Promise<number>;
  /** Commit that a branch points to. */
  tip(branch?: string): Promise<string>;
  /** Makes a commit on top of main; gives its sha. */
  commit(): Promise<string>;
  close(): Promise<void>;
}

interface Commit {
  sha: string;
  commit: { tree: { sha: string } };
}

/** Permissions of `GITHUB_TOKEN` in a job that reports and dispatches. */
const REPORTING = {
  actions: 'write',
  checks: 'write',
  contents: 'write',
  issues: 'write',
  pull_requests: 'write',
  metadata: 'read',
} as const;

const PEOPLE = { owner: 'token-of-octo', writer: 'token-of-writer', reader: 'token-of-reader' };

/** Vercel's emulator of GitHub's API, with one repository. Issues, pull requests and the like are made by its API. */
export async function startEmulator(): Promise<EmulatedGitHub> {
  const port = await freePort();
  const emulator = await createEmulator({
    service: 'github',
    port,
    seed: {
      tokens: {
        [PEOPLE.owner]: { login: 'octo', scopes: ['repo'] },
        [PEOPLE.writer]: { login: 'writer', scopes: ['repo'] },
        [PEOPLE.reader]: { login: 'reader', scopes: ['repo'] },
      },
      github: {
        users: [{ login: 'octo' }, { login: 'writer' }, { login: 'reader' }],
        repos: [{ owner: 'octo', name: 'models', auto_init: true }],
        apps: [
          {
            app_id: 15368,
            slug: 'github-actions',
            name: 'GitHub Actions',
            permissions: REPORTING,
            installations: [{ installation_id: 1, account: 'octo' }],
          },
        ],
      },
    },
  });
  const url = `http://127.0.0.1:${port}`;
  const api = async <Answer>(method: string, path: string, body?: unknown): Promise<Answer> =>
    (await send(url, PEOPLE.owner, method, path, body)) as Answer;
  const repository = '/repos/octo/models';
  await api('PUT', `${repository}/collaborators/writer`, { permission: 'push' });
  let branches = 0;
  let start: Commit | undefined;
  const tip = async (branch = 'main') => {
    const path = `${repository}/git/ref/heads/${branch}`;
    return (await api<{ object: { sha: string } }>('GET', path)).object.sha;
  };
  return {
    url,
    repository: 'octo/models',
    people: PEOPLE,
    api,
    async appToken(permissions) {
      const jwt = signJwt(15368, emulator.generatedSecrets[0]!.value);
      const answer = await send(url, jwt, 'POST', '/app/installations/1/access_tokens', { permissions });
      return (answer as { token: string }).token;
    },
    async openPull(branch = `change-${++branches}`) {
      await api('POST', `${repository}/git/refs`, { ref: `refs/heads/${branch}`, sha: await tip() });
      await api('PUT', `${repository}/contents/${branch}.txt`, {
        message: branch,
        content: Buffer.from(branch).toString('base64'),
        branch,
      });
      const pull = await api<{ number: number; head: { sha: string } }>('POST', `${repository}/pulls`, {
        title: branch,
        head: branch,
        base: 'main',
      });
      return { number: pull.number, headSha: pull.head.sha };
    },
    async openIssue() {
      return (await api<{ number: number }>('POST', `${repository}/issues`, { title: 'A' })).number;
    },
    tip,
    async commit() {
      start ??= await api<Commit>('GET', `${repository}/commits/main`);
      const { sha } = await api<{ sha: string }>('POST', `${repository}/git/commits`, {
        message: randomUUID(),
        tree: start.commit.tree.sha,
        parents: [start.sha],
      });
      return sha;
    },
    close: () => emulator.close(),
  };
}

async function send(url: string, token: string, method: string, path: string, body?: unknown) {
  const response = await fetch(`${url}${path}`, {
    method,
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${text}`);
  return text === '' ? null : (JSON.parse(text) as unknown);
}

function signJwt(appId: number, key: string): string {
  const encode = (part: object) => Buffer.from(JSON.stringify(part)).toString('base64url');
  const now = Math.floor(Date.now() / 1000);
  const text = `${encode({ alg: 'RS256', typ: 'JWT' })}.${encode({ iat: now - 60, exp: now + 500, iss: appId })}`;
  return `${text}.${createSign('RSA-SHA256').update(text).sign(key, 'base64url')}`;
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}
