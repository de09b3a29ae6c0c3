import { DEFAULT_CONFIG_FILE, resolveSettings } from '../../settings/resolve.ts';
import { fetchBaseFile } from '../trust/base-file.ts';
import { findTrust } from '../trust/trust.ts';
import type { Asked } from './asked.ts';

/** Whether the branch that judges a pull request lets its author accept its drops. */
export async function mayAuthorAccept({ client, connection, inputs, pull }: Asked): Promise<boolean> {
  const { base } = await findTrust(connection, { baseBranches: inputs.baseBranches, pull, newest: true });
  if (base === null) return false;
  const { content, at } = await fetchBaseFile(client, DEFAULT_CONFIG_FILE, base);
  const source = { path: `${DEFAULT_CONFIG_FILE} (at ${at})`, required: false, content };
  const settings = await resolveSettings(['author-may-accept'], {}, source, {});
  return settings['author-may-accept'];
}
