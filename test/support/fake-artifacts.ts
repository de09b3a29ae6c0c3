import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface FakeArtifacts {
  url: string;
  /** Archives by run id, then by name. */
  archives: Map<number, Map<string, Buffer>>;
  /**
   * Commits of forks, each with one of the repository itself that stands for it: GitHub knows a fork's commits in the
   * repository it was forked from, the emulator does not.
   */
  forkCommits: Map<string, string>;
  close(): void;
}

/**
 * A fake: a proxy in front of the emulator that adds what it lacks: the artifacts of workflow runs over REST, and a
 * fork's commits in the repository it was forked from. Everything else passes.
 */
export async function startFakeArtifacts(target: string): Promise<FakeArtifacts> {
  const archives: FakeArtifacts['archives'] = new Map();
  const forkCommits: FakeArtifacts['forkCommits'] = new Map();
  const ids: { run: number; name: string }[] = [];
  const server = createServer((request, response) => {
    void answer().catch((error: unknown) => response.writeHead(599).end(String(error)));

    async function answer(): Promise<void> {
      const { pathname, searchParams } = new URL(request.url ?? '/', target);
      const run = /\/actions\/runs\/(\d+)\/artifacts$/.exec(pathname)?.[1];
      const zip = /\/actions\/artifacts\/(\d+)\/zip$/.exec(pathname)?.[1];
      if (run !== undefined) return list(Number(run), searchParams.get('name'));
      if (zip !== undefined) return download(Number(zip));
      const parts: Buffer[] = [];
      for await (const part of request) parts.push(part as Buffer);
      const body = swap(Buffer.concat(parts).toString(), 'there');
      const headers = Object.entries(request.headers).filter(
        ([name]) => !/^(host|connection|content-length)$/.test(name),
      );
      const passed = await fetch(`${target}${swap(request.url ?? '/', 'there')}`, {
        method: request.method ?? 'GET',
        headers: headers.map(([name, value]): [string, string] => [name, String(value)]),
        ...(body.length > 0 ? { body } : {}),
      });
      const text = swap(await passed.text(), 'back');
      const own = `http://${request.headers.host}`;
      const link = passed.headers.get('link')?.replaceAll(/<https?:\/\/[^/]+/g, `<${own}`);
      response.writeHead(passed.status, {
        'content-type': passed.headers.get('content-type') ?? 'application/json',
        ...(link ? { link } : {}),
      });
      response.end(passed.status === 204 ? undefined : text);
    }

    function swap(text: string, way: 'there' | 'back'): string {
      let swapped = text;
      for (const [fork, own] of forkCommits) {
        swapped = way === 'there' ? swapped.replaceAll(fork, own) : swapped.replaceAll(own, fork);
      }
      return swapped;
    }

    function list(run: number, name: string | null): void {
      const found = [...(archives.get(run) ?? [])].filter(([own]) => name === null || own === name);
      const artifacts = found.map(([own, content]) => ({
        id: ids.push({ run, name: own }),
        name: own,
        size_in_bytes: content.length,
        expired: false,
      }));
      response.writeHead(200, { 'content-type': 'application/json' });
      response.end(JSON.stringify({ total_count: artifacts.length, artifacts }));
    }

    /** As GitHub does: a redirect to where the bytes are. */
    function download(id: number): void {
      const known = ids[id - 1];
      const content = known && archives.get(known.run)?.get(known.name);
      if (content === undefined) return void response.writeHead(404).end('{"message":"Not Found"}');
      if (!request.url?.includes('signed=')) {
        return void response
          .writeHead(302, { location: `http://${request.headers.host}${request.url}?signed=1` })
          .end();
      }
      response.writeHead(200, { 'content-type': 'application/zip' }).end(content);
    }
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    archives,
    forkCommits,
    close() {
      server.closeAllConnections();
      server.close();
    },
  };
}
