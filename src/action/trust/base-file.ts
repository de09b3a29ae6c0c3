import { relative, resolve } from 'node:path';
import { isCommitId } from '../../commit-id.ts';
import type { Client } from '../../github/client.ts';
import { askUnless } from '../../github/post.ts';
import { findCheckouts, findInBase } from '../../system/git/untouched.ts';
import type { ActionRuntime } from '../runtime.ts';

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
  { cwd, environment }: Pick<ActionRuntime, 'cwd' | 'environment'>,
): Promise<BaseFile | null> {
  const full = resolve(cwd, path);
  const roots = findCheckouts(full, cwd);
  const found = await findInBase(full, base.sha, roots, environment);
  const at = base.sha.slice(0, 12);
  if (found) {
    const { entry, objects } = found;
    const content = entry.mode.startsWith('100') ? await objects.readBlob(entry.id) : null;
    if (content !== null) return { content: content.toString('utf8'), at, notes: [] };
  }
  if (client !== null) {
    const files: BaseFile[] = [];
    for (const [index, root] of roots.entries()) {
      // As `findInBase` has it.
      if (index > 0 && (await hasPath(client, relative(roots[0]!, root), base.sha))) break;
      files.push(await fetchBaseFile(client, relative(root, full), base));
    }
    return files.find(({ content }) => content !== null) ?? files[0] ?? null;
  }
  // A link or a folder is not a file.
  const isMissing = found === undefined || (found !== null && !found.entry.mode.startsWith('100'));
  return isMissing ? { content: null, at, notes: [] } : null;
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
    // The branch, whatever tag has its name.
    content: await fetchFile(client, path, `refs/heads/${branch}`),
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

async function hasPath(client: Client, path: string, sha: string): Promise<boolean> {
  const need = {
    doing: `look for ${path} at ${sha.slice(0, 12)}`,
    permission: { contents: 'read' } as const,
  };
  const found = await askUnless(need, [404], () =>
    client.rest.repos.getContent({ ...client.repository, path, ref: sha }),
  );
  return found !== null;
}

/** A text file of a commit; null where that commit has none. */
export async function fetchFile(client: Client, path: string, ref: string): Promise<string | null> {
  const at = isCommitId(ref) ? ref.slice(0, 12) : ref.replace(/^refs\/heads\//, '');
  const need = { doing: `read ${path} at ${at}`, permission: { contents: 'read' } as const };
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
