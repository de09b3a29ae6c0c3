import { type Client, type ClientOptions, createClient } from '../../src/github/client.ts';
import { type EmulatedGitHub, startEmulator } from './emulator.ts';
import { type FakeGitHub, startFakeGitHub } from './fake-github-proxy.ts';

export interface TestGitHub {
  emulator: EmulatedGitHub;
  proxy: FakeGitHub;
  /** A client of the proxy with a token as GITHUB_TOKEN is; its seconds last 10 ms. */
  client(
    options?: Partial<ClientOptions> & { permissions?: Record<string, 'read' | 'write'> },
  ): Promise<Client>;
  /** What is on the server, past the proxy. */
  comments(pull: number): Promise<{ id: number; body: string; user: { login: string } }[]>;
  checks(sha: string): Promise<CheckSeen[]>;
  close(): Promise<void>;
}

export interface CheckSeen {
  id: number;
  name: string;
  status: string;
  conclusion: string | null;
  external_id: string;
  output: { title: string; summary: string };
}

/** The emulator with the proxy in front of it. */
export async function startGitHub(): Promise<TestGitHub> {
  const emulator = await startEmulator();
  const proxy = await startFakeGitHub(emulator.url);
  const base = `/repos/${emulator.repository}`;
  return {
    emulator,
    proxy,
    async client({ permissions, ...options } = {}) {
      const token = options.token ?? (await emulator.appToken(permissions));
      return createClient({
        repository: emulator.repository,
        apiUrl: proxy.url,
        second: 10,
        timeout: 60_000,
        ...options,
        token,
      });
    },
    async comments(pull) {
      const all: Awaited<ReturnType<TestGitHub['comments']>> = [];
      for (let page = 1; ; page++) {
        const path = `${base}/issues/${pull}/comments?per_page=100&page=${page}`;
        const found = await emulator.api<typeof all>('GET', path);
        all.push(...found);
        if (found.length < 100) return all;
      }
    },
    async checks(sha) {
      const path = `${base}/commits/${sha}/check-runs?filter=all&per_page=100`;
      const { check_runs: runs } = await emulator.api<{ check_runs: CheckSeen[] }>('GET', path);
      return runs.sort((a, b) => a.id - b.id);
    },
    async close() {
      proxy.close();
      await emulator.close();
    },
  };
}
