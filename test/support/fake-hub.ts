import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface FakeRepository {
  kind: 'models' | 'datasets';
  id: string;
  /** 40 hex digits. */
  commit: string;
  files?: Record<string, string | Uint8Array>;
  /** Refused with what the Hub says to those without access. */
  gated?: boolean;
}

export interface FakeHub {
  url: string;
  /** What was asked: method and path, and the token it came with. */
  requests: { asked: string; token: string | null }[];
  close(): void;
}

/** A fake Hub on loopback that speaks as much of its API as a snapshot download needs. */
export async function startFakeHub(repositories: readonly FakeRepository[]): Promise<FakeHub> {
  const requests: FakeHub['requests'] = [];
  const server = createServer((request, response) => {
    const token = request.headers.authorization?.replace('Bearer ', '') ?? null;
    requests.push({ asked: `${request.method} ${request.url}`, token });
    answer(request, response, repositories);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests,
    close() {
      server.closeAllConnections();
      server.close();
    },
  };
}

const API = /^\/api\/(models|datasets)\/([^/]+\/[^/]+)\/(revision|tree)\/([^/]+)/;
const FILE = /^\/(datasets\/)?([^/]+\/[^/]+)\/resolve\/([^/]+)\/(.+)$/;

function answer(request: IncomingMessage, response: ServerResponse, repositories: readonly FakeRepository[]) {
  const path = decodeURIComponent(new URL(request.url ?? '', 'http://hub').pathname);
  const api = API.exec(path);
  const file = FILE.exec(path);
  const [kind, id, revision] = api
    ? [api[1], api[2], api[4]]
    : file
      ? [file[1] ? 'datasets' : 'models', file[2], file[3]]
      : [];
  const repository = repositories.find((candidate) => candidate.kind === kind && candidate.id === id);
  if (repository === undefined) {
    return refuse(response, 401, 'RepoNotFound', 'Invalid username or password.');
  }
  if (revision !== 'main' && revision !== repository.commit) {
    return refuse(response, 404, 'RevisionNotFound', `Invalid rev id: ${revision}`);
  }
  if (repository.gated && api?.[3] !== 'revision') {
    return refuse(response, 403, 'GatedRepo', `Access to ${id} is restricted.`);
  }
  const files = repository.files ?? {};
  if (api?.[3] === 'revision') {
    const siblings = Object.keys(files).map((rfilename) => ({ rfilename }));
    return json(response, { id, sha: repository.commit, private: false, siblings, tags: [] });
  }
  if (api?.[3] === 'tree') {
    const entries = Object.entries(files).map(([name, content]) => ({
      type: 'file',
      path: name,
      size: Buffer.from(content).length,
      oid: digest(content),
    }));
    return json(response, entries);
  }
  const content = files[file?.[4] ?? ''];
  if (content === undefined) return refuse(response, 404, 'EntryNotFound', 'Entry not found');
  response.writeHead(200, {
    ETag: `"${digest(content)}"`,
    'X-Repo-Commit': repository.commit,
    'Content-Length': Buffer.from(content).length,
  });
  response.end(request.method === 'HEAD' ? undefined : content);
}

function json(response: ServerResponse, document: unknown) {
  response.writeHead(200, { 'Content-Type': 'application/json' });
  response.end(JSON.stringify(document));
}

function refuse(response: ServerResponse, status: number, code: string, message: string) {
  response.writeHead(status, { 'X-Error-Code': code, 'X-Error-Message': message });
  response.end();
}

/** Its git blob id, as the Hub has it of small files. */
function digest(content: string | Uint8Array): string {
  const bytes = Buffer.from(content);
  return createHash('sha1').update(`blob ${bytes.length}\0`).update(bytes).digest('hex');
}
