import { mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { ownIdentity } from '../process/process-identity.ts';
import { fileError } from './files.ts';
import { OWNER_FILE, SCRATCH_PREFIX } from './scratch-names.ts';
import { isInWorkspace } from './workspace.ts';

const HEARTBEAT_MS = 15_000;

let parent: string | null = null;

/**
 * A new folder for one child to be started in, that only this user may enter: empty, so that nothing in it is taken for a module, a
 * configuration or a command.
 *
 * @param contents files to put there, by name.
 * @throws SosBenchError `disk-full`, `permission-denied`.
 */
export function makeOwnFolder(contents: Readonly<Record<string, string>> = {}): string {
  const pattern = join(parent ?? temporaryFolder(), `${SCRATCH_PREFIX}*`);
  try {
    parent ??= makeParent();
    const folder = mkdtempSync(join(parent, 'child-'));
    for (const [name, text] of Object.entries(contents))
      writeFileSync(join(folder, name), text, { mode: 0o600 });
    return folder;
  } catch (error) {
    throw fileError(error, pattern, 'write');
  }
}

/** Removes such a folder; what its child may have left running must not keep it from that. */
export async function removeOwnFolder(folder: string): Promise<void> {
  await rm(folder, { recursive: true, force: true, maxRetries: 3 }).catch(() => undefined);
}

/** One for the process, removed at its end. Where that is killed outright, the next run's scratch removes it: it says whose it is. */
function makeParent(): string {
  const folder = mkdtempSync(join(temporaryFolder(), SCRATCH_PREFIX));
  const owner = join(folder, OWNER_FILE);
  writeFileSync(owner, JSON.stringify(ownIdentity()), { mode: 0o600 });
  const heartbeat = setInterval(() => {
    const now = new Date();
    try {
      utimesSync(owner, now, now);
    } catch {
      // Somebody cleaned up; the children's folders are made again.
    }
  }, HEARTBEAT_MS);
  heartbeat.unref();
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** The system's, unless that is the workspace's too. */
function temporaryFolder(): string {
  const folders = [tmpdir(), '/tmp', '/var/tmp', join(homedir(), '.cache')];
  const folder = folders.find((path) => !isInWorkspace(path)) ?? tmpdir();
  mkdirSync(folder, { recursive: true });
  return folder;
}
