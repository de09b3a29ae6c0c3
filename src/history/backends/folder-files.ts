import { randomUUID } from 'node:crypto';
import { readdir, readFile, rename, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { z } from 'zod';
import { hasSystemCode, SosBenchError } from '../../error.ts';
import { parseJson } from '../../json.ts';
import { fileError, makeFolder, writeFileAtomic } from '../../system/files/files.ts';
import { takeLock } from '../../system/files/lock.ts';
import { INDEX_FOLDER } from '../store/layout.ts';
import { type Backoff, backOff } from './back-off.ts';
import {
  type Changes,
  PRUNED_DAYS,
  type PruneOutcome,
  type Snapshot,
  type StoreFiles,
} from './store-files.ts';

const LOCK_FILE = '.lock';
/** A change is put together here first. Its list of moves makes it count; whoever comes next finishes it. */
const STAGE_FOLDER = '.change';
const MOVES_FILE = 'moves.json';
const PRUNED_FOLDER = 'pruned';
/** Some eight minutes: a lock of another machine that died is taken over after 90 s. */
const LOCK_TRIES = 600;
const DAY_MS = 86_400_000;

const MovesSchema = z.object({
  moves: z.array(z.object({ from: z.string(), to: z.string() })),
  remove: z.array(z.string()),
});
type Moves = z.infer<typeof MovesSchema>;

/**
 * A store in a folder: any CI, GitHub Enterprise Server, a shared disk. One writer at a time holds a lock file. A change of
 * several files is all or nothing, also when its writer is killed in the middle of it. Readers take no lock: once a change
 * counts, they see what it has not yet moved as if it were.
 */
export function folderFiles(
  root: string,
  { now = () => new Date(), ...backoff }: FolderOptions = {},
): StoreFiles {
  const description = `folder ${root}`;
  const locked = async <T>(work: () => Promise<T>): Promise<T> => {
    const lock = await takeLockPatiently(join(root, LOCK_FILE), description, backoff);
    try {
      await finishChange(root);
      return await work();
    } finally {
      await lock.release();
    }
  };
  return {
    description,
    open: () => snapshot(root),
    change: (_message, edit) =>
      locked(async () => {
        await applyChanges(root, await edit(await snapshot(root)));
      }),
    prune: (edit) =>
      locked(async () => {
        const { drop, write } = await edit(await snapshot(root));
        const folder = join(PRUNED_FOLDER, now().toISOString().slice(0, 10));
        const moves = drop.map((from) => ({ from, to: join(folder, from) }));
        await applyChanges(root, write, moves);
        return {
          kept: join(root, folder),
          removed: await removeOldPrunings(root, now()),
        } satisfies PruneOutcome;
      }),
  };
}

export interface FolderOptions extends Backoff {
  now?: () => Date;
}

async function takeLockPatiently(path: string, description: string, backoff: Backoff) {
  for (let attempt = 0; ; attempt++) {
    try {
      return await takeLock(path, description);
    } catch (error) {
      if (!(error instanceof SosBenchError) || error.code !== 'run-locked') throw error;
      if (attempt >= LOCK_TRIES) {
        throw new SosBenchError('store-conflict', `${description} could not be changed: ${error.message}`, {
          hint: `wait for the other writer; if there is none, delete ${path}`,
          cause: error,
        });
      }
      await backOff(Math.min(attempt, 4), backoff);
    }
  }
}

async function applyChanges(root: string, changes: Changes, moves: Moves['moves'] = []): Promise<void> {
  if (changes.size === 0 && moves.length === 0) return;
  const staged: Moves = { moves: [...moves], remove: [] };
  for (const [path, content] of changes) {
    if (content === null) {
      staged.remove.push(path);
      continue;
    }
    const from = join(STAGE_FOLDER, randomUUID());
    await makeFolder(join(root, STAGE_FOLDER));
    // On a shared disk others read it too.
    await writeFileAtomic(join(root, from), content, 0o666);
    staged.moves.push({ from, to: path });
  }
  await makeFolder(join(root, STAGE_FOLDER));
  await writeFileAtomic(join(root, STAGE_FOLDER, MOVES_FILE), JSON.stringify(staged));
  await finishChange(root);
}

/** Does what is left of a change whose list of moves is complete; what never came so far is thrown away. */
async function finishChange(root: string): Promise<void> {
  const list = join(root, STAGE_FOLDER, MOVES_FILE);
  const content = await readOptional(list);
  if (content !== null) {
    const { moves, remove } = MovesSchema.parse(parseJson(content.toString('utf8')));
    // What the index names is there before it is named, and named no more before it goes.
    const writes = moves.filter(isStaged);
    const drops = moves.filter((one) => !isStaged(one));
    for (const { from, to } of writes.filter((one) => !isIndex(one.to))) await move(root, from, to);
    for (const { from, to } of writes.filter((one) => isIndex(one.to))) await move(root, from, to);
    for (const path of remove.filter(isIndex)) await rm(join(root, path), { force: true });
    for (const { from, to } of drops) await move(root, from, to);
    for (const path of remove) await rm(join(root, path), { force: true, recursive: true });
    await rm(list, { force: true });
  }
  await rm(join(root, STAGE_FOLDER), { force: true, recursive: true });
}

async function move(root: string, from: string, to: string): Promise<void> {
  const target = join(root, to);
  await makeFolder(dirname(target));
  try {
    await rename(join(root, from), target);
  } catch (error) {
    // It was moved before the writer was killed.
    if (hasSystemCode(error, 'ENOENT') && (await exists(target))) return;
    if (hasSystemCode(error, 'ENOTEMPTY', 'EEXIST')) {
      // A second pruning of one commit on one day.
      await rm(target, { recursive: true });
      return move(root, from, to);
    }
    throw fileError(error, target, 'write');
  }
}

async function removeOldPrunings(root: string, now: Date): Promise<string[]> {
  const names = await readFolder(join(root, PRUNED_FOLDER));
  const old = names.filter((name) => now.getTime() - Date.parse(name) > PRUNED_DAYS * DAY_MS);
  for (const name of old) await rm(join(root, PRUNED_FOLDER, name), { recursive: true, force: true });
  return old.map((name) => join(root, PRUNED_FOLDER, name));
}

function isStaged({ from }: Moves['moves'][number]): boolean {
  return from.startsWith(`${STAGE_FOLDER}/`);
}

function isIndex(path: string): boolean {
  return path.startsWith(`${INDEX_FOLDER}/`);
}

/** A change that counts and is not all done; null where there is none. */
async function pendingMoves(root: string): Promise<Moves | null> {
  const content = await readOptional(join(root, STAGE_FOLDER, MOVES_FILE));
  return content && MovesSchema.parse(parseJson(content.toString('utf8')));
}

/** Whether a change takes a path away. */
function takesAway({ moves, remove }: Moves, path: string): boolean {
  const gone = [...remove, ...moves.filter((one) => !isStaged(one)).map(({ from }) => from)];
  return gone.some((one) => path === one || path.startsWith(`${one}/`));
}

async function snapshot(root: string): Promise<Snapshot> {
  const walk = async (folder: string): Promise<string[]> => {
    const found: string[] = [];
    for (const name of await readFolder(join(root, folder))) {
      const path = `${folder}/${name}`;
      if (await isFolder(join(root, path))) found.push(...(await walk(path)));
      else found.push(path);
    }
    return found;
  };
  return {
    version: null,
    exists: await exists(root),
    async list(folder) {
      const pending = await pendingMoves(root);
      const names = new Set(await readFolder(join(root, folder)));
      if (pending === null) return [...names];
      for (const { to } of pending.moves.filter(isStaged))
        if (to.startsWith(`${folder}/`)) names.add(to.slice(folder.length + 1).split('/')[0]!);
      return [...names].filter((name) => !takesAway(pending, `${folder}/${name}`)).sort();
    },
    async walk(folder) {
      const pending = await pendingMoves(root);
      const paths = new Set(await walk(folder));
      if (pending === null) return [...paths];
      for (const { to } of pending.moves.filter(isStaged)) if (to.startsWith(`${folder}/`)) paths.add(to);
      return [...paths].filter((path) => !takesAway(pending, path));
    },
    async read(path) {
      const pending = await pendingMoves(root);
      if (pending !== null && takesAway(pending, path)) return null;
      const staged = pending?.moves.find((one) => isStaged(one) && one.to === path);
      // What is not in the stage any more has been moved.
      const content = staged === undefined ? null : await readOptional(join(root, staged.from));
      return content ?? (await readOptional(join(root, path)));
    },
  };
}

async function readFolder(path: string): Promise<string[]> {
  try {
    return (await readdir(path)).filter((name) => !name.startsWith('.')).sort();
  } catch (error) {
    if (hasSystemCode(error, 'ENOENT')) return [];
    throw fileError(error, path, 'read');
  }
}

async function isFolder(path: string): Promise<boolean> {
  return (await stat(path)).isDirectory();
}

async function exists(path: string): Promise<boolean> {
  try {
    await stat(path);
    return true;
  } catch (error) {
    if (hasSystemCode(error, 'ENOENT')) return false;
    throw fileError(error, path, 'read');
  }
}

async function readOptional(path: string): Promise<Buffer | null> {
  try {
    return await readFile(path);
  } catch (error) {
    if (hasSystemCode(error, 'ENOENT')) return null;
    throw fileError(error, path, 'read');
  }
}
