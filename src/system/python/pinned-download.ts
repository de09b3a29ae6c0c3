/**
 * Words for pip that put what a lock file names into a folder, by hash and without what it depends on.
 *
 * @param lock path of a lock file with hashes.
 */
export function pinnedDownload(lock: string, folder: string): string[] {
  return ['download', '--quiet', '--no-deps', '--require-hashes', '-r', lock, '-d', folder];
}
