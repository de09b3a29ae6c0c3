import { createHash } from 'node:crypto';
import { lstatSync, readdirSync, readlinkSync } from 'node:fs';
import { hasSystemCode } from '../../error.ts';

/** What a folder holds under one name. */
export interface FolderEntry {
  name: string;
  kind: 'file' | 'folder' | 'link' | 'other';
  /** Permission bits; 0 for a link, whose own say nothing. */
  mode: number;
  /** Bytes; 0 for what is not a file. */
  size: number;
  /** What a link points at, else null. */
  target: string | null;
  /** When it was last changed, content or not: milliseconds. Nobody but root can set this time. */
  changed: number;
}

/** The entries of one folder, by name; links are not followed. A system error where it cannot be read. */
export function listFolder(path: string): FolderEntry[] {
  const entries = readdirSync(path).map((name): FolderEntry => {
    const child = `${path}/${name}`;
    const stats = lstatSync(child);
    const kind = stats.isFile()
      ? 'file'
      : stats.isDirectory()
        ? 'folder'
        : stats.isSymbolicLink()
          ? 'link'
          : 'other';
    return {
      name,
      kind,
      mode: kind === 'link' ? 0 : stats.mode & 0o7777,
      size: kind === 'file' ? stats.size : 0,
      target: kind === 'link' ? readlinkSync(child) : null,
      changed: stats.ctimeMs,
    };
  });
  return entries.sort((a, b) => (a.name < b.name ? -1 : 1));
}

/** One short text for names, kinds, modes, sizes and targets of a folder's entries; times are not in it. */
export function digestOf(entries: readonly Omit<FolderEntry, 'changed'>[]): string {
  const lines = entries.map(
    ({ name, kind, mode, size, target }) => `${name}\0${kind}\0${mode}\0${size}\0${target ?? ''}`,
  );
  return createHash('sha256').update(lines.join('\0\0')).digest('base64url');
}

/** Null for an error that means that something else stands there, or nothing; others are no difference and are thrown. */
export function nullWhereGone(error: unknown): null {
  if (hasSystemCode(error, 'ENOENT', 'ENOTDIR', 'EISDIR', 'ELOOP', 'EACCES', 'EPERM', 'ENXIO')) return null;
  throw error;
}
