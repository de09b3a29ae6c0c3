import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parse } from 'yaml';
import { WORKFLOWS } from '../../init/files.ts';

const MAX_BYTES = 1_000_000;

/** The workflows of a checkout, parsed; what cannot be read as one is left out. */
export async function readWorkflows(
  root: string,
): Promise<{ path: string; text: string; document: unknown }[]> {
  const names = await readdir(join(root, WORKFLOWS)).catch(() => []);
  const read = await Promise.all(
    names
      .filter((name) => /\.ya?ml$/.test(name))
      .sort()
      .map(async (name) => {
        const path = `${WORKFLOWS}/${name}`;
        try {
          const text = await readFile(join(root, path), 'utf8');
          return text.length > MAX_BYTES ? [] : [{ path, text, document: parse(text) as unknown }];
        } catch {
          return [];
        }
      }),
  );
  return read.flat();
}
