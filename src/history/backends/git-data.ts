import { createHash } from 'node:crypto';
import { z } from 'zod';
import type { Need } from '../../github/commands/permission.ts';
import { ask, askUnless } from '../../github/post.ts';

/**
 * As much of a GitHub client as is needed; `request` of `src/github/client.ts` fits, and any octokit's. Tries that a client
 * makes by itself are set by `request` among the parameters.
 */
export interface ApiClient {
  request(route: string, parameters?: Record<string, unknown>): Promise<{ data: unknown }>;
}

export interface Repository {
  owner: string;
  repo: string;
}

/** A file or folder of a tree, or a file to write into one: by `sha`, by `content`, or (null) to remove it. */
export interface TreeEntry {
  path: string;
  type: 'blob' | 'tree';
  sha: string;
}
export type TreeChange = { path: string } & ({ sha: string | null } | { content: string });

const sha = z.string().regex(/^[0-9a-f]{40,64}$/);
const RefSchema = z.object({ ref: z.string(), object: z.object({ sha, type: z.string() }) });
const CommitSchema = z.object({ sha, tree: z.object({ sha }), parents: z.array(z.object({ sha })) });
const TreeSchema = z.object({
  truncated: z.boolean().default(false),
  tree: z.array(z.object({ path: z.string(), type: z.string(), sha: z.string() })),
});
const BlobSchema = z.object({ content: z.string(), encoding: z.string() });
const ShaSchema = z.object({ sha });

/** Objects are named by their content: to send one twice makes one. */
const REPEAT = { request: { repeat: true } };
/**
 * Where the answer is lost, who asked looks whether a ref was moved. A second try could undo what another writer has
 * done in between.
 */
const ONCE = { request: { retries: 0 } };

/** Git objects and refs of a repository, through GitHub's API: no clone, no work tree. Refs without `refs/` in front. */
export interface GitData {
  /** Commit of a ref; null when the repository is there and the ref is not. */
  readRef(ref: string): Promise<string | null>;
  /** Refs that begin so. */
  listRefs(prefix: string): Promise<{ ref: string; sha: string }[]>;
  createRef(ref: string, sha: string): Promise<void>;
  updateRef(ref: string, sha: string, options: { force: boolean }): Promise<void>;
  deleteRef(ref: string): Promise<void>;
  /** Tree of a commit. */
  readCommit(sha: string): Promise<{ tree: string; parents: string[] }>;
  readTree(
    sha: string,
    options?: { recursive: boolean },
  ): Promise<{ entries: TreeEntry[]; truncated: boolean }>;
  readBlob(sha: string): Promise<Uint8Array>;
  writeBlob(content: Uint8Array): Promise<string>;
  writeTree(changes: readonly TreeChange[], base: string | null): Promise<string>;
  writeCommit(commit: { message: string; tree: string; parents: string[] }): Promise<string>;
}

const PROTECTED = 'a ruleset or branch protection has to leave the branch out (docs/history.md)';

/**
 * What a request to a repository's content is for.
 *
 * @param description what is read or written, as messages call it.
 */
export function contentsNeed(
  description: string,
  { owner, repo }: Repository,
  level: 'read' | 'write' = 'read',
): Need {
  return {
    doing: `${level} ${description}`,
    permission: { contents: level },
    target: `the repository ${owner}/${repo}`,
    ...(level === 'write' && { refusedHint: PROTECTED }),
  };
}

/**
 * @param description the store, as messages call it.
 * @throws SosBenchError from each call, as every request to GitHub. Writes of refs throw the API's own error, whose status
 *   says whether to try again.
 */
export function gitData(client: ApiClient, repository: Repository, description: string): GitData {
  const root = `/repos/${repository.owner}/${repository.repo}`;
  const base = `${root}/git`;
  const reading = contentsNeed(description, repository);
  const writing = contentsNeed(description, repository, 'write');
  const send = async <T>(schema: z.ZodType<T>, route: string, parameters: Record<string, unknown> = {}) =>
    schema.parse((await client.request(route, parameters)).data);
  const request: typeof send = (schema, route, parameters) =>
    ask(route.startsWith('GET') ? reading : writing, () => send(schema, route, parameters));
  return {
    async readRef(ref) {
      const route = `GET ${base}/ref/${escapePath(ref)}`;
      const found = await askUnless(reading, [404], () => send(RefSchema, route));
      if (found !== null) return found.object.sha;
      // 404 is also what a token that may not see the repository gets: an absent branch must not be mistaken for it.
      await request(z.unknown(), `GET ${root}`);
      return null;
    },
    async listRefs(prefix) {
      const route = `GET ${base}/matching-refs/${escapePath(prefix)}`;
      const refs = await request(z.array(RefSchema), route, { per_page: 100 });
      return refs.map(({ ref, object }) => ({ ref: ref.replace(/^refs\//, ''), sha: object.sha }));
    },
    async createRef(ref, sha) {
      await client.request(`POST ${base}/refs`, { ref: `refs/${ref}`, sha, ...ONCE });
    },
    async updateRef(ref, sha, { force }) {
      await client.request(`PATCH ${base}/refs/${escapePath(ref)}`, { sha, force, ...ONCE });
    },
    async deleteRef(ref) {
      await client.request(`DELETE ${base}/refs/${escapePath(ref)}`, ONCE);
    },
    async readCommit(sha) {
      const { tree, parents } = await request(CommitSchema, `GET ${base}/commits/${sha}`);
      return { tree: tree.sha, parents: parents.map((parent) => parent.sha) };
    },
    async readTree(sha, { recursive } = { recursive: false }) {
      const parameters = recursive ? { recursive: '1' } : {};
      const { tree, truncated } = await request(TreeSchema, `GET ${base}/trees/${sha}`, parameters);
      const entries = tree.flatMap(({ path, type, sha }) =>
        type === 'blob' || type === 'tree' ? [{ path, type, sha } as TreeEntry] : [],
      );
      return { entries, truncated };
    },
    async readBlob(sha) {
      const { content, encoding } = await request(BlobSchema, `GET ${base}/blobs/${sha}`);
      return Buffer.from(content, encoding === 'base64' ? 'base64' : 'utf8');
    },
    async writeBlob(content) {
      const body = { content: Buffer.from(content).toString('base64'), encoding: 'base64', ...REPEAT };
      return (await request(ShaSchema, `POST ${base}/blobs`, body)).sha;
    },
    async writeTree(changes, base_tree) {
      const tree = changes.map((change) => ({ mode: '100644', type: 'blob', ...change }));
      const body = { tree, ...(base_tree === null ? {} : { base_tree }), ...REPEAT };
      return (await request(ShaSchema, `POST ${base}/trees`, body)).sha;
    },
    async writeCommit(commit) {
      return (await request(ShaSchema, `POST ${base}/commits`, { ...commit, ...REPEAT })).sha;
    },
  };
}

/** The id git gives a file's content. */
export function blobSha(content: Uint8Array): string {
  return createHash('sha1').update(`blob ${content.length}\0`).update(content).digest('hex');
}

/** Each part of a ref escaped; slashes stay. */
export function escapePath(path: string): string {
  return path.split('/').map(encodeURIComponent).join('/');
}
