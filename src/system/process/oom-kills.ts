import { readFileSync } from 'node:fs';

const COUNTERS = ['/proc/vmstat', '/sys/fs/cgroup/memory.events', '/sys/fs/cgroup/memory/memory.oom_control'];

/**
 * How many processes the kernel has killed because memory ran out, as far as this system shows. Two readings
 * around a worker's death tell a host out of memory from somebody's `kill -9`.
 */
export function countOomKills(): number {
  let total = 0;
  for (const path of COUNTERS) {
    try {
      const match = /^oom_kill (\d+)$/m.exec(readFileSync(path, 'utf8'));
      total += Number(match?.[1] ?? 0);
    } catch {
      // Not every system has every counter.
    }
  }
  return total;
}
