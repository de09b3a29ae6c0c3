import { readdir, realpath, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { hasSystemCode } from '../error.ts';
import { fileError } from '../system/files/files.ts';
import { unreadable } from './inside.ts';
import { TEMPLATES } from './text-files.ts';

/** Files of the kernel: some have no end, some give nothing until something happens. */
const KERNEL = /^\/(?:dev|proc|sys)\//;

/**
 * Requires that a model's folder holds files and folders alone, links followed. Who reads a pipe or a device may wait for ever, or fill the
 * memory, and cannot even be cancelled then.
 *
 * @throws SosBenchError `model-unreadable`, `permission-denied`.
 */
export async function requirePlainFiles(folder: string): Promise<void> {
  for (const each of [folder, join(folder, TEMPLATES)]) await requirePlain(each);
}

/** The same of one folder alone. */
export async function requirePlain(folder: string): Promise<void> {
  try {
    const entries = await readdir(folder, { withFileTypes: true });
    const odd = entries.filter((entry) => !entry.isFile() && !entry.isDirectory());
    // In the order of names: of several the same one is told each time.
    for (const name of odd.map((entry) => entry.name).sort()) await requireEnd(join(folder, name));
  } catch (error) {
    if (hasSystemCode(error, 'ENOENT', 'ENOTDIR')) return;
    throw fileError(error, folder, 'read');
  }
}

async function requireEnd(path: string): Promise<void> {
  const [found, real] = await Promise.all([stat(path), realpath(path)]).catch((error: unknown) => {
    // A link to nothing is told where its file is wanted.
    if (hasSystemCode(error, 'ENOENT', 'ENOTDIR', 'ELOOP')) return [null, null];
    throw error;
  });
  if (found === null || ((found.isFile() || found.isDirectory()) && !KERNEL.test(real!))) return;
  throw unreadable(
    `${path} is or leads to a pipe, a device or another thing that is not a plain file`,
    'a model is a folder of files; they may be links to files elsewhere',
  );
}
