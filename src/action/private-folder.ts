import { mkdirSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SosBenchError } from '../error.ts';
import { fileError } from '../system/files/files.ts';
import type { ActionRuntime } from './runtime.ts';

const PREFIX = 'sos-bench-';
const folders = new WeakMap<ActionRuntime, string>();

/**
 * This step's own folder, for its user alone, under a name that nobody could know before: what an earlier step of the job, or a
 * file of the checkout, has prepared cannot be in it. It is left to the runner to remove, since later steps read from it.
 *
 * @throws SosBenchError `disk-full`, `permission-denied`.
 */
export function privateFolder(runtime: ActionRuntime): string {
  const known = folders.get(runtime);
  if (known !== undefined) return known;
  const parent = runtime.environment.RUNNER_TEMP || tmpdir();
  try {
    mkdirSync(parent, { recursive: true });
    const made = mkdtempSync(join(parent, PREFIX));
    folders.set(runtime, made);
    return made;
  } catch (error) {
    const told = fileError(error, join(parent, `${PREFIX}*`), 'write');
    if (!(told instanceof SosBenchError)) throw told;
    throw new SosBenchError(told.code, told.message, {
      hint: 'check the RUNNER_TEMP of this job',
      cause: error,
    });
  }
}

/** Folder of the record that this step makes. */
export function recordFolder(runtime: ActionRuntime): string {
  return join(privateFolder(runtime), 'record');
}

/** Bytes of the path of a Unix socket, without the one that ends it. */
const MAX_SOCKET_PATH = 107;
/** What children add to the folder: their scratch folder's name, then a UUID. */
const SOCKET_NAME = `/${PREFIX}XXXXXX/`.length + 36;

/**
 * Where children's temporary files go; null for the system's folder, where model servers could not make a socket in ours because its
 * path is too long. (What is made there has a random name and is for this user alone too.)
 */
export function temporaryFilesFolder(runtime: ActionRuntime): string | null {
  const folder = privateFolder(runtime);
  return Buffer.byteLength(folder) + SOCKET_NAME <= MAX_SOCKET_PATH ? folder : null;
}
