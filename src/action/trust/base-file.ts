import { relative, resolve } from 'node:path';
import type { Client } from '../../github/client.ts';
import { askUnless } from '../../github/post.ts';
import { GitObjects } from '../../system/git-objects.ts';
import { findCheckout } from '../../system/untouched.ts';
import type { ActionWorld } from '../world.ts';

/** What a change is to be merged into. */
export interface Base {
  sha: string;
  branch: string;
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
 * A text file of the base: from the objects of a checkout that has the commit, each checked by its hash, or by the API. No working tree is
 * looked at. Null where no checkout has the commit and there is no token.
 *
 * @param path as a workflow names it: relative to the workspace, also inside a checkout of the base beside the change's.
 * @throws SosBenchError as `explainFailure` tells them.
 */
export async function readBaseFile(
  path: string,
  base: Base,
  { client }: { client: Client | null },
  { cwd, environment }: Pick<ActionWorld, 'cwd' | 'environment'>,
): Promise<BaseFile | null> {
  const full = resolve(cwd, path);
  const own = findCheckout(cwd);
  const nested = findCheckout(full);
  const checkouts = [...new Set([own, nested])].filter((folder) => folder !== null);
  let isMissing = false;
  // The name as it is comes first: a folder of the change's could be made a checkout of its own.
  for (const checkout of checkouts) {
    const content = await new GitObjects(checkout, environment).readFile(base.sha, relative(checkout, full));
    if (content === undefined) isMissing = true;
    else if (content !== null)
      return { content: content.toString('utf8'), at: base.sha.slice(0, 12), notes: [] };
  }
  if (client !== null) {
    const names = new Set([own ?? cwd, ...checkouts].map((folder) => relative(folder, full)));
    const files: BaseFile[] = [];
    for (const name of names) files.push(await fetchBaseFile(client, name, base));
    return files.find(({ content }) => content !== null) ?? files[0] ?? null;
  }
  return isMissing ? { content: null, at: base.sha.slice(0, 12), notes: [] } : null;
}

/**
 * Reads a text file of the base, for what judges a change is not the change's own to edit.
 *
 * @throws SosBenchError as `explainFailure` tells them.
 */
export async function fetchBaseFile(client: Client, path: string, { sha, branch }: Base): Promise<BaseFile> {
  const short = sha.slice(0, 12);
  const content = await fetchFile(client, path, sha);
  if (content !== null || (await isCommit(client, sha))) return { content, at: short, notes: [] };
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
export async function fetchFile(client: Client, path: string, ref: string): Promise<string | null> {
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
