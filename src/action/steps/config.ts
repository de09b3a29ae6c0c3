import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Client } from '../../github/client.ts';
import type { EventContext } from '../../github/event.ts';
import type { ConfigSource } from '../../settings/config-file.ts';
import { findLink } from '../../system/links.ts';
import { configPath, type DoorInputs, localConfig } from '../inputs.ts';
import { type Base, fetchBaseFile } from './base-file.ts';

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
  base: Base | null,
): Promise<FoundConfig> {
  const local = localConfig(inputs, workspace);
  if (base === null) return { source: local, notes: [] };
  const path = configPath(inputs);
  if (client === null || path.startsWith('/')) {
    const notes = [
      `The policy (${path}) was read from the pull request's own checkout: there is no github-token.`,
    ];
    return { source: local, notes: event?.kind === 'pull' ? notes : [] };
  }
  const { content, at, notes } = await fetchBaseFile(client, path, base);
  const own = join(workspace, path);
  const isLink = (await findLink(workspace, own)) !== null;
  const proposed = isLink ? '' : await readFile(own, 'utf8').catch(() => null);
  if (event?.kind === 'pull' && proposed !== null && proposed !== content) {
    notes.push(
      `This pull request edits ${path}. It was judged by the version of its base; the edit counts once it is merged.`,
    );
  }
  return { source: { path: `${path} (at ${at})`, required: inputs.config !== null, content }, notes };
}
