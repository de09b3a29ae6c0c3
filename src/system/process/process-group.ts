import { readdir, readFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { hasSystemCode } from '../../error.ts';
import { fieldsOfStat } from './process-stat.ts';

const POLL_MS = 20;

/** Kills a process group at once: a worker's engines and data loaders die with it, so no device stays held. */
export function killGroup(pid: number | undefined): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, 'SIGKILL');
  } catch (error) {
    if (!hasSystemCode(error, 'ESRCH', 'EPERM')) throw error;
  }
}

/**
 * Waits until nothing of a killed process group runs any more, at most `patience` milliseconds: its members hold their
 * devices' memory for a moment.
 */
export async function groupEnded(pid: number, grace: number): Promise<void> {
  for (const end = performance.now() + grace; performance.now() < end; await sleep(POLL_MS)) {
    if (!(await groupRuns(pid))) return;
  }
}

/** Those that have ended and that nobody has collected do not count; a container's first process may never do it. */
async function groupRuns(group: number): Promise<boolean> {
  const processes = (await readdir('/proc').catch(() => [])).filter((name) => /^\d+$/.test(name));
  for (const name of processes) {
    const stat = await readFile(`/proc/${name}/stat`, 'utf8').catch(() => '');
    const [state, , theirs] = fieldsOfStat(stat);
    if (Number(theirs) === group && state !== 'Z' && state !== 'X') return true;
  }
  return false;
}
