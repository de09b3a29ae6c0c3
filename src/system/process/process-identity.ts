import { readFileSync, readlinkSync } from 'node:fs';
import { hostname } from 'node:os';
import { z } from 'zod';
import { hasSystemCode } from '../../error.ts';
import { fieldsOfStat } from './process-stat.ts';

/** A process as others may come to know it, on this machine or another one. */
export const ProcessIdentitySchema = z.object({
  pid: z.number().int().positive(),
  host: z.string(),
  /** The kernel's own number of its start; null where the system has none. */
  boot: z.string().nullable().default(null),
  /** Where `pid` counts: containers may share a host name and have numbers of their own. Null as above. */
  pidNamespace: z.string().nullable().default(null),
  /** Clock ticks at which the process started: a recycled pid is another process. Null as above. */
  started: z.string().nullable(),
});
export type ProcessIdentity = z.infer<typeof ProcessIdentitySchema>;

/** This process's. */
export function ownIdentity(): ProcessIdentity {
  return {
    pid: process.pid,
    host: hostname(),
    boot: orNull(() => readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim()),
    pidNamespace: orNull(() => readlinkSync('/proc/self/ns/pid')),
    started: processStart(process.pid),
  };
}

/** Whether a process lives; null where that cannot be seen from here. */
export function isAlive({ pid, host, boot, pidNamespace, started }: ProcessIdentity): boolean | null {
  const own = ownIdentity();
  if (host !== own.host || boot !== own.boot || pidNamespace !== own.pidNamespace) return null;
  try {
    process.kill(pid, 0);
  } catch (error) {
    if (hasSystemCode(error, 'ESRCH')) return false;
  }
  const now = processStart(pid);
  return now === null || started === null || now === started;
}

/** Start time of a process from `/proc`, in clock ticks; null where the system has none. */
function processStart(pid: number): string | null {
  return orNull(() => {
    const status = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // Zombies are dead.
    const fields = fieldsOfStat(status);
    return fields[0] === 'Z' ? 'zombie' : (fields[19] ?? null);
  });
}

function orNull(read: () => string | null): string | null {
  try {
    return read();
  } catch {
    return null;
  }
}
