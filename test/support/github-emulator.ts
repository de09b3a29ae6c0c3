import { createSign } from 'node:crypto';
import { createServer } from 'node:net';
import { after } from 'node:test';
import { GitHub, getOctokitOptions } from '@actions/github/lib/utils';
import { createEmulator } from 'emulate';
import type { Client, Fetch } from '../../src/github/client.ts';

export interface GitHubEmulator {
  url: string;
  /** A token like a job's GITHUB_TOKEN, of an app that has just these permissions. Each has a rate limit of its own. */
  token(permissions?: Record<string, string>): Promise<string>;
}

const APPS: Record<string, Record<string, string>> = {
  writer: { contents: 'write', metadata: 'read' },
  reader: { contents: 'read', metadata: 'read' },
};

/** The GitHub emulator with repository `octo/demo`, gone after the test file. */
export async function startGitHub(): Promise<GitHubEmulator> {
  const apps = Object.entries(APPS).map(([slug, permissions], index) => ({
    app_id: index + 1,
    slug,
    name: slug,
    permissions,
    events: [],
    installations: [{ installation_id: 100 + index, account: 'octo' }],
  }));
  const emulator = await createEmulator({
    service: 'github',
    port: await freePort(),
    seed: {
      tokens: { 'owner-token': { login: 'octo', scopes: ['repo'] } },
      github: {
        users: [{ login: 'octo' }],
        repos: [{ owner: 'octo', name: 'demo', default_branch: 'main', auto_init: true }],
        apps,
      },
    },
  });
  after(() => emulator.close());
  return {
    url: emulator.url,
    async token(permissions = APPS.writer!) {
      const index = Object.values(APPS).indexOf(permissions);
      const secret = emulator.generatedSecrets[index]!.value;
      const response = await fetch(`${emulator.url}/app/installations/${100 + index}/access_tokens`, {
        method: 'POST',
        headers: { authorization: `Bearer ${appToken(index + 1, secret)}` },
      });
      const { token } = (await response.json()) as { token: string };
      return token;
    },
  };
}

export const READER = APPS.reader!;

/** A client of `octo/demo` with no retries and no throttling. */
export function connect(url: string, token: string, fetch: Fetch = globalThis.fetch): Client {
  const octokit = new GitHub(getOctokitOptions(token, { baseUrl: url, log: silent, request: { fetch } }));
  return {
    ...{ repository: { owner: 'octo', repo: 'demo' }, rest: octokit.rest },
    ...{ paginate: octokit.paginate, request: octokit.request },
    requests: unused,
    pause: unused,
    authorLogin: unused,
    learnLogin: unused,
  };
}

function unused(): never {
  throw new Error('a store does not need this');
}

const silent = {
  debug: () => undefined,
  info: () => undefined,
  warn: () => undefined,
  error: () => undefined,
};

function appToken(app: number, key: string): string {
  const encode = (part: object) => Buffer.from(JSON.stringify(part)).toString('base64url');
  const now = Math.floor(Date.now() / 1000);
  const body = `${encode({ alg: 'RS256', typ: 'JWT' })}.${encode({ iat: now - 60, exp: now + 540, iss: String(app) })}`;
  return `${body}.${createSign('RSA-SHA256').update(body).sign(key, 'base64url')}`;
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.on('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address !== null ? address.port : 0));
    });
  });
}
