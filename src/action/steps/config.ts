import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Client } from '../../github/client.ts';
import type { EventContext } from '../../github/event.ts';
import { askUnless } from '../../github/post.ts';
import type { ConfigSource } from '../../settings/config-file.ts';
import { configPath, type DoorInputs, localConfig } from '../inputs.ts';

export interface FoundConfig {
  source: ConfigSource;
  /** What the reader of the report should know. */
  notes: string[];
}

/**
 * Where the policy is read from: for a pull request, from the commit it is to be merged into, since what judges a change is
 * not the change's own to edit. What the change proposes is told. Without a token only the checkout can be read.
 */
export async function findConfig(
  inputs: DoorInputs,
  workspace: string,
  { event, client }: { event: EventContext | null; client: Client | null },
  base: { sha: string; branch: string | null } | null,
): Promise<FoundConfig> {
  const local = localConfig(inputs, workspace);
  if (base === null) return { source: local, notes: [] };
  const { sha: baseSha, branch } = base;
  const path = configPath(inputs);
  if (client === null || path.startsWith('/')) {
    const notes = [
      `The policy (${path}) was read from the pull request's own checkout: there is no github-token.`,
    ];
    return { source: local, notes: event?.kind === 'pull' ? notes : [] };
  }
  const notes: string[] = [];
  let ref = baseSha;
  let content = await fetchFile(client, path, ref);
  if (content === null && branch !== null && !(await isCommit(client, baseSha))) {
    // Never the defaults unsaid: a policy that is not found may have been stricter.
    notes.push(
      `The base ${baseSha.slice(0, 12)} is gone (a force-push?): ${path} was read from the tip of ${branch}.`,
    );
    ref = branch;
    content = await fetchFile(client, path, ref);
  }
  const proposed = await readFile(join(workspace, path), 'utf8').catch(() => null);
  if (event?.kind === 'pull' && proposed !== null && proposed !== content) {
    notes.push(
      `This pull request edits ${path}. It was judged by the version of its base; the edit counts once it is merged.`,
    );
  }
  const at = ref === baseSha ? baseSha.slice(0, 12) : ref;
  return { source: { path: `${path} (at ${at})`, required: inputs.config !== null, content }, notes };
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
  return await askUnless(need, [404], async () => {
    const { data } = await client.rest.repos.getContent({ ...client.repository, path, ref });
    if (Array.isArray(data) || data.type !== 'file' || !('content' in data)) return null;
    return Buffer.from(data.content, 'base64').toString('utf8');
  });
}
