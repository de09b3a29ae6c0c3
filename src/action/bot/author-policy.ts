import { DEFAULT_CONFIG_FILE, resolveSettings } from '../../settings/resolve.ts';
import { fetchBaseFile } from '../steps/base-file.ts';
import type { Asked } from './asked.ts';

/** Whether the base of a pull request lets its author accept its drops. */
export async function mayAuthorAccept({ client, pull }: Asked): Promise<boolean> {
  const { content, at } = await fetchBaseFile(client, DEFAULT_CONFIG_FILE, {
    sha: pull.baseSha,
    branch: pull.baseRef,
  });
  const source = { path: `${DEFAULT_CONFIG_FILE} (at ${at})`, required: false, content };
  const settings = await resolveSettings(['author-may-accept'], {}, source, {});
  return settings['author-may-accept'];
}
