import type { Client } from '../../github/client.ts';
import { askUnless } from '../../github/post.ts';

/** What a change is to be merged into. */
export interface Base {
  sha: string;
  branch: string | null;
}

/** A file as the base of a change has it. */
export interface BaseFile {
  /** Null where the base has no such file. */
  content: string | null;
  /** Where it was read, for people: the commit, or the branch where that is gone. */
  at: string;
  /** What the reader of the report should know. */
  notes: string[];
}

/**
 * Reads a text file of the base, for what judges a change is not the change's own to edit.
 *
 * @throws SosBenchError as `explainFailure` tells them.
 */
export async function fetchBaseFile(client: Client, path: string, { sha, branch }: Base): Promise<BaseFile> {
  const short = sha.slice(0, 12);
  const content = await fetchFile(client, path, sha);
  if (content !== null || branch === null || (await isCommit(client, sha)))
    return { content, at: short, notes: [] };
  // Never the defaults unsaid: a policy that is not found may have been stricter.
  return {
    content: await fetchFile(client, path, branch),
    at: branch,
    notes: [`The base ${short} is gone (a force-push?): ${path} was read from the tip of ${branch}.`],
  };
}

async function isCommit(client: Client, sha: string): Promise<boolean> {
  const need = {
    doing: `look for the commit ${sha.slice(0, 12)}`,
    permission: { contents: 'read' } as const,
  };
  const found = await askUnless(need, [404, 422], () =>
    client.rest.repos.getCommit({ ...client.repository, ref: sha, per_page: 1 }),
  );
  return found !== null;
}

/** A text file of a commit; null where that commit has none. */
async function fetchFile(client: Client, path: string, ref: string): Promise<string | null> {
  const need = { doing: `read ${path} at ${ref.slice(0, 12)}`, permission: { contents: 'read' } as const };
  const { rest, repository } = client;
  return await askUnless(need, [404], async () => {
    const { data } = await rest.repos.getContent({ ...repository, path, ref });
    if (Array.isArray(data) || data.type !== 'file' || !('content' in data)) return null;
    // Of more than a megabyte no content is given.
    const isLarge = data.content === '' && data.size > 0;
    const { content } = isLarge ? (await rest.git.getBlob({ ...repository, file_sha: data.sha })).data : data;
    return Buffer.from(content, 'base64').toString('utf8');
  });
}
