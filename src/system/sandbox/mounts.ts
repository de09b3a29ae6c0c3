import { existsSync, lstatSync, readdirSync, readlinkSync, realpathSync, statSync } from 'node:fs';
import { dirname, join, sep } from 'node:path';
import { packageRoot } from '../paths.ts';
import type { Environment } from '../process/child-environment.ts';
import type { Sandbox, SandboxJob } from './sandbox.ts';

export const SCRATCH = '/scratch';
export const INPUT = '/input';
const SHARED_MEMORY_SIZE = 64 * 2 ** 20;

/** What the inside is made of. */
export interface Mounts {
  /** Symbolic links: path and target. */
  links: [string, string][];
  /** Source outside, path inside. */
  readOnly: [string, string][];
  /** Path inside, bytes. */
  writable: [string, number][];
  /** Names in /proc that are no process's own: shown as they are but not to be written to, and empty. */
  machineFiles: { readOnly: string[]; hidden: string[] };
}

/** What programs need of the system: no home, no configuration that could hold a secret. */
const SYSTEM = [
  ...['/usr', '/bin', '/sbin', '/lib', '/lib32', '/lib64', '/libx32'],
  ...['/etc/ld.so.cache', '/etc/ld.so.conf', '/etc/ld.so.conf.d', '/etc/alternatives', '/etc/localtime'],
];

/** The folder of the programs that run inside. */
export function programs(): string {
  return join(packageRoot(), 'worker', 'sosbench_sandbox');
}

/**
 * The inside's files, in the order in which they have to be put there.
 *
 * @param job without an input where nothing is copied to the scratch folder.
 * @param inputSize bytes that will be put there beside what the job may write.
 */
export function mountsOf(
  sandbox: Sandbox,
  job: Pick<SandboxJob, 'readOnly' | 'hidden' | 'limits'> & { input?: string },
  inputSize: number,
): Mounts {
  const links: [string, string][] = [];
  const readOnly: [string, string][] = [];
  for (const path of SYSTEM) {
    const stat = lstatSync(path, { throwIfNoEntry: false });
    if (stat === undefined || !existsSync(path)) continue;
    if (stat.isSymbolicLink() && path.lastIndexOf('/') === 0) links.push([path, readlinkSync(path)]);
    else readOnly.push([realpathSync(path), path]);
  }
  const wanted = [programs(), ...sandbox.pythonFolders, ...job.readOnly].flatMap((path) => [
    path,
    realpathSync(path),
  ]);
  // Outer folders first, else they would cover what lies in them; what lies in one is there already.
  for (const path of [...new Set(wanted)].sort()) {
    if (
      !readOnly.some(
        ([source, target]) => (source === realpathSync(path) && target === path) || inside(path, target),
      )
    )
      readOnly.push([realpathSync(path), path]);
  }
  for (const path of job.hidden.filter((file) => existsSync(file))) readOnly.push(['/dev/null', path]);
  if (job.input !== undefined) readOnly.push([realpathSync(job.input), INPUT]);
  const { scratchSize } = job.limits;
  return {
    links,
    readOnly,
    writable: [
      [SCRATCH, inputSize + scratchSize],
      ['/tmp', scratchSize],
      ['/dev/shm', SHARED_MEMORY_SIZE],
    ],
    machineFiles: machineFiles(),
  };
}

/** Variables that name folders of a job or its user: what is in them is nothing for a program inside. */
const PRIVATE_FOLDERS = ['GITHUB_WORKSPACE', 'RUNNER_TEMP', 'HOME', 'SOS_BENCH_CACHE', 'HF_HOME'] as const;

/**
 * Folders of the job that the sandbox shows since they lie in a folder of the system, such as a workspace at `/usr/src/app`:
 * path, and the system's folder.
 */
export function exposedFolders(environment: Environment): [string, string][] {
  const paths = PRIVATE_FOLDERS.map((name) => environment[name]).filter((path) => path?.startsWith('/'));
  return [...new Set(paths)].flatMap((path) => {
    const real = existsSync(path!) ? realpathSync(path!) : path!;
    const system = SYSTEM.find((folder) => inside(real, folder));
    return system === undefined ? [] : [[path!, system] satisfies [string, string]];
  });
}

/** Hold keys, memory or messages of the kernel, or make it do something. */
const HIDDEN_FILES = new Set(['keys', 'key-users', 'kcore', 'kmsg', 'sysrq-trigger']);

/** Whether nobody could read what a sandbox shows of the machine: a folder of root's own keeps it out. */
export function isReadableByAll({ readOnly }: Mounts): boolean {
  return readOnly.every(([source, path]) => {
    // Copied before anything runs.
    if (path === INPUT) return true;
    const stat = statSync(source);
    return (stat.mode & 0o004) !== 0 && (!stat.isDirectory() || (stat.mode & 0o001) !== 0);
  });
}

/** What of /proc belongs to the machine and could be written to: its owner, root, needs no privilege for that. */
function machineFiles(): Mounts['machineFiles'] {
  const readOnly: string[] = [];
  const hidden: string[] = [];
  for (const name of readdirSync('/proc').sort()) {
    if (/^\d+$/.test(name)) continue;
    const stat = lstatSync(`/proc/${name}`, { throwIfNoEntry: false });
    if (stat === undefined || stat.isSymbolicLink()) continue;
    if (HIDDEN_FILES.has(name)) hidden.push(name);
    else if (stat.isDirectory() || (stat.mode & 0o222) !== 0) readOnly.push(name);
  }
  return { readOnly, hidden };
}

function inside(path: string, folder: string): boolean {
  return path === folder || path.startsWith(folder.endsWith(sep) ? folder : folder + sep);
}

/** Where a Python and its library are: the environment's folder and that of the Python it was made from. */
export function pythonFolders(facts: { prefix: string; basePrefix: string; executable: string }): string[] {
  return [facts.prefix, facts.basePrefix, dirname(dirname(facts.executable))].filter(
    (path) => path !== '/' && !inside(path, '/usr'),
  );
}
