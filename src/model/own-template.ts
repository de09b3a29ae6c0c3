import { readdir, realpath } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { below } from '../system/links.ts';
import { TEMPLATE, TEMPLATES } from './text-files.ts';

/**
 * Whether the chat template that is loaded with a folder is text of that folder. A link may lead to any file of the machine, whose text
 * would then stand in records and comments; the Hub's cache alone has its own files behind links. (A template inside of JSON is told by its
 * key, which other files do not have.)
 *
 * @param folder the folder that the tokenizer is loaded from.
 */
export async function isTemplateOwn(folder: string): Promise<boolean> {
  const root = await realpath(folder).catch(() => null);
  if (root === null) return true;
  const blobs = blobsOf(root);
  const more = await readdir(join(root, TEMPLATES)).catch(() => []);
  for (const name of [TEMPLATE, ...more.map((file) => join(TEMPLATES, file))]) {
    const path = join(root, name);
    const real = await realpath(path).catch(() => path);
    if (real !== path && !(blobs !== null && isBlob(blobs, real))) return false;
  }
  return true;
}

/** Where the Hub's cache has what a snapshot's links lead to; null for other folders. */
function blobsOf(root: string): string | null {
  const [, repository] = /^(.*)\/snapshots\/[^/]+(?:\/|$)/.exec(root) ?? [];
  return repository === undefined ? null : join(repository, 'blobs');
}

function isBlob(blobs: string, path: string): boolean {
  return below(blobs, path) !== null && !relative(blobs, path).startsWith('.');
}
