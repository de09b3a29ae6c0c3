import { type Client, createClient } from '../../src/github/client.ts';

export interface FakeCommit {
  sha: string;
  parents: string[];
  date: Date;
}

export interface FakeGitHubHistory {
  /** A client of `octo/demo` there. */
  client: Client;
  /** Requests so far: `GET /path`. */
  requests: string[];
}

/**
 * A GitHub in memory, named fake, that answers what a base lookup asks: compare, commits, and the objects of one branch made
 * of `files`. For histories that would take the emulator minutes.
 *
 * @param commits newest first, as the commits list has them.
 * @param latency milliseconds before each answer.
 */
export function fakeGitHubHistory(
  commits: readonly FakeCommit[],
  branch: string,
  files: ReadonlyMap<string, string>,
  { latency = 0 }: { latency?: number } = {},
): FakeGitHubHistory {
  const indexes = new Map(commits.map(({ sha }, index) => [sha, index]));
  const objects = makeObjects(files);
  const requests: string[] = [];
  const answer = (path: string, parameters: Record<string, string>): unknown => {
    const compare = /\/compare\/(\w+)\.\.\.(\w+)$/.exec(path);
    if (compare) {
      const sha = mergeBase(commits, indexes, compare[1]!, compare[2]!);
      return sha && { merge_base_commit: { sha } };
    }
    if (path.endsWith('/commits')) {
      const start = indexes.get(parameters.sha!);
      if (start === undefined) return null;
      return reachable(commits, indexes, start, Number(parameters.page) * Number(parameters.per_page))
        .slice((Number(parameters.page) - 1) * Number(parameters.per_page))
        .slice(0, Number(parameters.per_page))
        .map(({ sha, parents, date }) => ({
          sha,
          parents: parents.map((parent) => ({ sha: parent })),
          commit: { committer: { date: date.toISOString() } },
        }));
    }
    if (path.endsWith(`/git/ref/heads/${branch}`))
      return { ref: `refs/heads/${branch}`, object: { sha: '0'.repeat(40), type: 'commit' } };
    if (path.includes('/git/commits/'))
      return { sha: '0'.repeat(40), tree: { sha: objects.root }, parents: [] };
    return objects.get(path.slice(path.lastIndexOf('/') + 1));
  };
  const fetch = async (input: unknown, init?: RequestInit): Promise<Response> => {
    const url = new URL(String(input));
    requests.push(`${init?.method} ${url.pathname}`);
    if (latency > 0) await new Promise((done) => setTimeout(done, latency));
    const data = answer(decodeURIComponent(url.pathname), Object.fromEntries(url.searchParams));
    const found = data !== null && data !== undefined;
    return Response.json(found ? data : { message: 'Not Found' }, { status: found ? 200 : 404 });
  };
  const client = createClient({
    ...{ token: null, repository: 'octo/demo', apiUrl: 'http://fake.localhost', fetch },
    second: 1,
  });
  return { client, requests };
}

/** The first of what can be reached from a commit; the list is in an order in which parents come later. */
function reachable(
  commits: readonly FakeCommit[],
  indexes: ReadonlyMap<string, number>,
  start: number,
  most: number,
): FakeCommit[] {
  const wanted = new Set([commits[start]!.sha]);
  const found: FakeCommit[] = [];
  for (let index = start; index < commits.length && found.length < most; index++) {
    const commit = commits[index]!;
    if (!wanted.has(commit.sha)) continue;
    found.push(commit);
    for (const parent of commit.parents) if (indexes.has(parent)) wanted.add(parent);
  }
  return found;
}

function mergeBase(
  commits: readonly FakeCommit[],
  indexes: ReadonlyMap<string, number>,
  base: string,
  head: string,
): string | null {
  const ancestors = (sha: string): Set<string> => {
    const seen = new Set<string>();
    const stack = [sha];
    for (let at = stack.pop(); at !== undefined; at = stack.pop()) {
      const index = indexes.get(at);
      if (index === undefined || seen.has(at)) continue;
      seen.add(at);
      stack.push(...commits[index]!.parents);
    }
    return seen;
  };
  const left = ancestors(base);
  const right = ancestors(head);
  return commits.find(({ sha }) => left.has(sha) && right.has(sha))?.sha ?? null;
}

function makeObjects(files: ReadonlyMap<string, string>) {
  const objects = new Map<string, unknown>();
  let count = 0;
  const id = () => (++count).toString(16).padStart(40, '0');
  type Folder = Map<string, Folder | string>;
  const root: Folder = new Map();
  for (const [path, content] of files) {
    const parts = path.split('/');
    let folder = root;
    for (const part of parts.slice(0, -1)) {
      const next = folder.get(part) ?? new Map();
      folder.set(part, next);
      folder = next as Folder;
    }
    folder.set(parts.at(-1)!, content);
  }
  const store = (node: Folder | string): { sha: string; type: string } => {
    const sha = id();
    if (typeof node === 'string') {
      objects.set(sha, { sha, content: Buffer.from(node).toString('base64'), encoding: 'base64' });
      return { sha, type: 'blob' };
    }
    const tree = [...node].map(([path, child]) => ({ path, ...store(child) }));
    objects.set(sha, { sha, tree, truncated: false });
    return { sha, type: 'tree' };
  };
  return { root: store(root).sha, get: (sha: string) => objects.get(sha) };
}
