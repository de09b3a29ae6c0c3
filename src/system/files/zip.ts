import type { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import yauzl from 'yauzl';

const MAX_ENTRIES = 1000;

/**
 * The wanted files at the root of a zip archive that somebody else made. The archive is taken for hostile: nothing else of
 * it is looked at, and sizes are held to what the directory says and to the limits.
 *
 * @param limits most bytes of each wanted file, by name.
 * @param refuse makes the error of what is wrong, said of the archive: "it has record.json twice".
 */
export async function readZip<Name extends string>(
  archive: Buffer,
  limits: Readonly<Record<Name, number>>,
  refuse: (what: string, cause?: unknown) => Error,
): Promise<Map<Name, Buffer>> {
  const members = new Map<Name, Buffer>();
  const isWanted = (name: string): name is Name => Object.hasOwn(limits, name);
  let refused: Error | null = null;
  const stop = (what: string): Error => {
    refused = refuse(what);
    return refused;
  };
  try {
    const zip = await yauzl.fromBufferPromise(archive, { lazyEntries: true, validateEntrySizes: true });
    if (zip.entryCount > MAX_ENTRIES) throw stop(`it has ${zip.entryCount} files`);
    for await (const entry of zip.eachEntry()) {
      const name = entry.fileName;
      if (!isWanted(name)) continue;
      if (members.has(name)) throw stop(`it has ${name} twice`);
      if (isLink(entry.externalFileAttributes)) throw stop(`its ${name} is a link`);
      if (entry.uncompressedSize > limits[name]) throw stop(`its ${name} is too large`);
      // The reader ends with an error where there is more than the directory says.
      members.set(name, await buffer((await zip.openReadStreamPromise(entry)) as Readable));
    }
  } catch (error) {
    if (error === refused) throw error;
    throw refuse(
      `it is not a complete zip archive (${error instanceof Error ? error.message : error})`,
      error,
    );
  }
  return members;
}

/** The Unix mode is kept in the upper half; 0o120000 is a symbolic link. */
function isLink(attributes: number): boolean {
  return ((attributes >>> 16) & 0o170000) === 0o120000;
}
