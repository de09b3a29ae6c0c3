import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { hasSystemCode } from '../../error.ts';
import { fieldsOfStat } from '../process/process-stat.ts';

/** Usual on every machine we run on; what differs makes a limit stricter by that factor. */
const PAGE_BYTES = 4096;
const ROUNDS = 50;
const KNOWS_SHARES = existsSync('/proc/self/smaps_rollup');

interface Process {
  pid: number;
  parent: number;
  /** Resident bytes, those it shares with others included. */
  resident: number;
}

/**
 * How many descendants a process has, itself included, and whether they hold more bytes of memory together: what they
 * share counts once.
 */
export function measureTree(root: number, mostMemory: number): { processes: number; tooMuchMemory: boolean } {
  const tree = descendants(root);
  const isTooMuch = (bytes: (process: Process) => number) => total(tree, bytes) > mostMemory;
  // Exact figures cost the kernel and us time, and can only be lower than what is resident. Where one of those who share
  // ends while we look, they are too high for once.
  const tooMuchMemory =
    isTooMuch(({ resident }) => resident) && isTooMuch(proportionalMemory) && isTooMuch(proportionalMemory);
  return { processes: tree.length, tooMuchMemory };
}

function total(tree: readonly Process[], bytes: (process: Process) => number): number {
  return tree.reduce((sum, process) => sum + bytes(process), 0);
}

/** Resident bytes, shared ones divided by those who share them; undivided where we cannot know. */
function proportionalMemory({ pid, resident }: Process): number {
  if (!KNOWS_SHARES) return resident;
  try {
    const [, kilobytes] =
      /^Pss:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/smaps_rollup`, 'latin1')) ?? [];
    return kilobytes === undefined ? resident : Number(kilobytes) * 1024;
  } catch (error) {
    return hasSystemCode(error, 'EACCES', 'EPERM') ? resident : 0;
  }
}

/**
 * Kills a process and all it started. The root goes last: where it adopts orphans (or is a namespace's first process),
 * nothing gets away from under it.
 */
export function killTree(root: number): void {
  for (let round = 0; round < ROUNDS; round++) {
    const below = descendants(root).filter(({ pid }) => pid !== root);
    if (below.length === 0) break;
    for (const { pid } of below) kill(pid);
  }
  kill(root);
}

function descendants(root: number): Process[] {
  const children = new Map<number, Process[]>();
  let self: Process | null = null;
  for (const process of listProcesses()) {
    if (process.pid === root) self = process;
    const siblings = children.get(process.parent);
    if (siblings) siblings.push(process);
    else children.set(process.parent, [process]);
  }
  const found: Process[] = self === null ? [] : [self];
  for (let next = children.get(root) ?? []; next.length > 0; ) {
    found.push(...next);
    next = next.flatMap(({ pid }) => children.get(pid) ?? []);
  }
  return found;
}

function listProcesses(): Process[] {
  let names: string[];
  try {
    names = readdirSync('/proc');
  } catch {
    return [];
  }
  return names.flatMap((name) => {
    if (!/^\d+$/.test(name)) return [];
    try {
      const stat = readFileSync(`/proc/${name}/stat`, 'latin1');
      const [state, parent, ...rest] = fieldsOfStat(stat);
      if (state === 'Z' || state === 'X') return [];
      return [{ pid: Number(name), parent: Number(parent), resident: Number(rest[19]) * PAGE_BYTES }];
    } catch {
      return [];
    }
  });
}

function kill(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch (error) {
    if (!hasSystemCode(error, 'ESRCH', 'EPERM')) throw error;
  }
}
