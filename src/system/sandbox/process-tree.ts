import { readdirSync, readFileSync } from 'node:fs';
import { hasSystemCode } from '../../error.ts';

/** Usual on every machine we run on; what differs makes a limit stricter by that factor. */
const PAGE_BYTES = 4096;
const ROUNDS = 50;

interface Process {
  pid: number;
  parent: number;
  /** Resident bytes. */
  memory: number;
}

/** How many descendants a process has, itself included, and what they hold in memory. */
export function measureTree(root: number): { processes: number; memory: number } {
  const tree = descendants(root);
  return {
    processes: tree.length,
    memory: tree.reduce((total, { memory }) => total + memory, 0),
  };
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
      // The program's name, in parentheses, may hold anything.
      const [state, parent, ...rest] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
      if (state === 'Z' || state === 'X') return [];
      return [{ pid: Number(name), parent: Number(parent), memory: Number(rest[19]) * PAGE_BYTES }];
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
