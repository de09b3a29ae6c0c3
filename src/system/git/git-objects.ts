import { createHash } from 'node:crypto';
import { isCommitId } from '../../commit-id.ts';
import type { Environment } from '../process/child-environment.ts';
import { readGitObject } from './git.ts';

type ObjectType = 'commit' | 'tree' | 'blob';

/** An entry of a tree. */
export interface GitTreeEntry {
  /** `100644`, `100755`, `120000` (a link), `40000` (a tree) or `160000` (a submodule). */
  mode: string;
  /** Id of the object. */
  id: string;
}

const TREE = '40000';

/**
 * The objects of a repository, read past its working tree, index, configuration, replacements and filters. Each is checked by its
 * hash, so that from a commit's id down nothing has to be believed of where the repository came from.
 */
export class GitObjects {
  readonly #folder: string;
  readonly #environment: Environment;

  /** @param folder of a checkout, or below one. */
  constructor(folder: string, environment: Environment) {
    this.#folder = folder;
    this.#environment = environment;
  }

  /** A file of a commit; null where the repository lacks the commit; undefined where the commit has no such file. */
  async readFile(commit: string, path: string): Promise<Buffer | null | undefined> {
    const found = await this.find(commit, path);
    if (found === null || found === undefined) return found;
    if (!found.mode.startsWith('100')) return undefined;
    return await this.readBlob(found.id);
  }

  /** Content of a file by its id; null where the repository lacks it. */
  async readBlob(id: string): Promise<Buffer | null> {
    return await this.#read('blob', id);
  }

  /**
   * The entry of a path in a commit; null where the repository lacks an object on the way; undefined where the commit has none.
   *
   * @param path relative to the root of the repository; empty for the root itself.
   */
  async find(commit: string, path: string): Promise<GitTreeEntry | null | undefined> {
    const root = await this.#rootOf(commit);
    if (root === null) return null;
    let entry: GitTreeEntry = { mode: TREE, id: root };
    for (const name of path.split('/').filter((part) => part !== '' && part !== '.')) {
      if (entry.mode !== TREE) return undefined;
      const entries = await this.#readTree(entry.id);
      if (entries === null) return null;
      const next = entries.get(name);
      if (next === undefined) return undefined;
      entry = next;
    }
    return entry;
  }

  /** All files, links and submodules below a tree, by path; null where the repository lacks an object. */
  async list(tree: string): Promise<Map<string, GitTreeEntry> | null> {
    const found = new Map<string, GitTreeEntry>();
    const open: [prefix: string, id: string][] = [['', tree]];
    for (let next = open.pop(); next !== undefined; next = open.pop()) {
      const [prefix, id] = next;
      const entries = await this.#readTree(id);
      if (entries === null) return null;
      for (const [name, entry] of entries) {
        if (entry.mode === TREE) open.push([`${prefix}${name}/`, entry.id]);
        else found.set(`${prefix}${name}`, entry);
      }
    }
    return found;
  }

  /** What a pointer file of Git LFS stands for; null for any other blob. */
  async readPointer(id: string): Promise<{ sha256: string; size: number } | null> {
    const data = await this.#read('blob', id);
    if (data === null || data.length > 1024) return null;
    const [, sha256, size] =
      /^version https:\/\/git-lfs\.github\.com\/spec\/v1\noid sha256:([0-9a-f]{64})\nsize (\d+)\n$/.exec(
        data.toString('utf8'),
      ) ?? [];
    return sha256 === undefined ? null : { sha256, size: Number(size) };
  }

  async #rootOf(commit: string): Promise<string | null> {
    const data = await this.#read('commit', commit);
    return /^tree ([0-9a-f]+)\n/.exec(data?.toString('latin1') ?? '')?.[1] ?? null;
  }

  async #readTree(id: string): Promise<Map<string, GitTreeEntry> | null> {
    const data = await this.#read('tree', id);
    return data === null ? null : parseTree(data, id.length / 2);
  }

  async #read(type: ObjectType, id: string): Promise<Buffer | null> {
    if (!isCommitId(id)) return null;
    const data = await readGitObject(type, id, this.#folder, this.#environment);
    return data !== null && hashObject(type, data, id.length) === id ? data : null;
  }
}

/** The id that git gives to content: SHA-1, or SHA-256 where ids have 64 digits. */
export function hashObject(type: ObjectType, data: Buffer, digits: number): string {
  return createHash(digits === 64 ? 'sha256' : 'sha1')
    .update(`${type} ${data.length}\0`)
    .update(data)
    .digest('hex');
}

/** @param bytes that an id takes. */
function parseTree(data: Buffer, bytes: number): Map<string, GitTreeEntry> | null {
  const entries = new Map<string, GitTreeEntry>();
  for (let at = 0; at < data.length; ) {
    const blank = data.indexOf(' ', at);
    const end = data.indexOf(0, blank);
    if (blank < 0 || end < 0 || end + 1 + bytes > data.length) return null;
    const mode = data.subarray(at, blank).toString('latin1');
    const id = data.subarray(end + 1, end + 1 + bytes).toString('hex');
    entries.set(data.subarray(blank + 1, end).toString('utf8'), { mode, id });
    at = end + 1 + bytes;
  }
  return entries;
}
