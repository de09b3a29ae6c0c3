import { createHash } from 'node:crypto';

/** Larger than any record with all that lies beside it: text packs to less than a tenth. */
const MAX_ARCHIVE_BYTES = 64_000_000;

export interface ArchiveSource {
  download: () => Promise<Buffer>;
  /** Makes the error of what is wrong, said of the artifact: "has 3 bytes". */
  refuse: (what: string) => Error;
}

/**
 * The archive of an artifact as it was uploaded, by the digest that GitHub lists, where it does; nobody has looked into it yet.
 * Nothing too large is fetched, and nothing damaged is given.
 */
export async function fetchArchive(
  { size, digest }: { size: number; digest: string | null },
  { download, refuse }: ArchiveSource,
): Promise<Buffer> {
  if (size > MAX_ARCHIVE_BYTES) throw refuse(`has ${size} bytes`);
  const archive = await download();
  const found = `sha256:${createHash('sha256').update(archive).digest('hex')}`;
  // Older artifacts have no digest.
  if (digest && digest !== found) throw refuse('is not what was uploaded');
  return archive;
}
