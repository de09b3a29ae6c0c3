import { createHash } from 'node:crypto';
import { z } from 'zod';
import { CommitIdSchema } from '../../commit-id.ts';
import type { Client } from '../../github/client.ts';
import type { Need } from '../../github/commands/permission.ts';
import { ask, askUnless } from '../../github/post.ts';
import type { Repository } from '../../github/repository.ts';

/** Where a branch is: ids of its last commit and of that one's tree. */
export interface Tip {
  commit: string;
  tree: string;
}

/** A file or folder of a tree, or a file to write into one: by `sha`, by `content`, or (null) to remove it. */
export interface TreeEntry {
  path: string;
  type: 'blob' | 'tree';
  sha: string;
}
export type TreeChange = { path: string } & ({ sha: string | null } | { content: string });

const sha = CommitIdSchema;
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
export function gitData({ rest, repository }: Client, description: string): GitData {
  const reading = contentsNeed(description, repository);
  const writing = contentsNeed(description, repository, 'write');
  /** What is answered is checked: it may come through a proxy, or from a server of another version. */
  const read = <T>(schema: z.ZodType<T>, send: () => Promise<{ data: unknown }>): Promise<T> =>
    ask(reading, async () => schema.parse((await send()).data));
  const write = (send: () => Promise<{ data: unknown }>): Promise<string> =>
    ask(writing, async () => ShaSchema.parse((await send()).data).sha);
  return {
    async readRef(ref) {
      const found = await askUnless(reading, [404], async () =>
        RefSchema.parse((await rest.git.getRef({ ...repository, ref })).data),
      );
      if (found !== null) return found.object.sha;
      // 404 is also what a token that may not see the repository gets: an absent branch must not be mistaken for it.
      await ask(reading, () => rest.repos.get({ ...repository }));
      return null;
    },
    async listRefs(prefix) {
      const refs = await read(z.array(RefSchema), () =>
        rest.git.listMatchingRefs({ ...repository, ref: prefix, per_page: 100 }),
      );
      return refs.map(({ ref, object }) => ({ ref: ref.replace(/^refs\//, ''), sha: object.sha }));
    },
    async createRef(ref, sha) {
      await rest.git.createRef({ ...repository, ref: `refs/${ref}`, sha, ...ONCE });
    },
    async updateRef(ref, sha, { force }) {
      await rest.git.updateRef({ ...repository, ref, sha, force, ...ONCE });
    },
    async deleteRef(ref) {
      await rest.git.deleteRef({ ...repository, ref, ...ONCE });
    },
    async readCommit(sha) {
      const { tree, parents } = await read(CommitSchema, () =>
        rest.git.getCommit({ ...repository, commit_sha: sha }),
      );
      return { tree: tree.sha, parents: parents.map((parent) => parent.sha) };
    },
    async readTree(sha, { recursive } = { recursive: false }) {
      const { tree, truncated } = await read(TreeSchema, () =>
        rest.git.getTree({ ...repository, tree_sha: sha, ...(recursive && { recursive: '1' }) }),
      );
      const entries = tree.flatMap(({ path, type, sha }) =>
        type === 'blob' || type === 'tree' ? [{ path, type, sha } as TreeEntry] : [],
      );
      return { entries, truncated };
    },
    async readBlob(sha) {
      const { content, encoding } = await read(BlobSchema, () =>
        rest.git.getBlob({ ...repository, file_sha: sha }),
      );
      return Buffer.from(content, encoding === 'base64' ? 'base64' : 'utf8');
    },
    writeBlob(content) {
      const body = { content: Buffer.from(content).toString('base64'), encoding: 'base64' };
      return write(() => rest.git.createBlob({ ...repository, ...body, ...REPEAT }));
    },
    writeTree(changes, base) {
      const tree = changes.map((change) => ({ mode: '100644', type: 'blob', ...change }) as const);
      const body = { tree, ...(base === null ? {} : { base_tree: base }) };
      return write(() => rest.git.createTree({ ...repository, ...body, ...REPEAT }));
    },
    writeCommit(commit) {
      return write(() => rest.git.createCommit({ ...repository, ...commit, ...REPEAT }));
    },
  };
}

/** The id git gives a file's content. */
export function blobSha(content: Uint8Array): string {
  return createHash('sha1').update(`blob ${content.length}\0`).update(content).digest('hex');
}
