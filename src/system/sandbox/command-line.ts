import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { guardArguments } from '../process/guarded-child.ts';
import { lookUp } from '../process/look-up.ts';
import { bubblewrapArguments } from './bubblewrap.ts';
import { exposedFolders, isReadableByAll, mountsOf, programs, SCRATCH } from './mounts.ts';
import type { Sandbox, SandboxJob } from './sandbox.ts';

/** Nothing of the environment or the user's own packages; `-I` would also hide the modules beside the program. */
const PYTHON_ARGS = ['-E', '-s', '-B'];
const PAGE_BYTES = 4096;
const ROOT_OUTSIDE = 'an unprivileged user for its programs (they are root outside)';

/** How a sandbox is started. */
export interface CommandLine {
  command: string;
  args: string[];
  environment: Record<string, string>;
  /** What it does not have, in words. */
  lacks: string[];
}

export interface FirstProgram {
  /** The scratch folder, as it is called inside. */
  scratch: string;
  /** Bytes that will be put there beside what the job may write. */
  inputSize: number;
  /** The sandbox's first program, of `worker/sosbench_sandbox`. */
  program: 'runner.py' | 'prepared.py';
  /** The Python that runs it; the sandbox's own where left out. */
  python?: string;
  /** What is told to it, beside what every first program is told. */
  spec: Record<string, unknown>;
  /** What follows on its command line. */
  command: readonly string[];
  /** Whether variables for Python hold for it too, since it runs the job's own code. */
  takesEnvironment?: boolean;
}

/** The command that starts a sandbox with one of its programs inside. */
export function commandLine(
  sandbox: Sandbox,
  job: Pick<SandboxJob, 'readOnly' | 'hidden' | 'limits' | 'environment'> & { input?: string },
  first: FirstProgram,
): CommandLine {
  const isolated = sandbox.kind !== 'none';
  const { scratch, inputSize } = first;
  const { cpuSeconds, addressSpace, fileSize, processes } = job.limits;
  const mounts = isolated ? mountsOf(sandbox, job, inputSize) : null;
  const nobody = mounts !== null && sandbox.asNobody && isReadableByAll(mounts);
  const spec = {
    ...first.spec,
    scratch,
    // What it is to end with, where no namespace ends it.
    parent: isolated ? null : process.pid,
    // Outside of a namespace the system counts all processes of the user.
    limits: { cpuSeconds, addressSpace, fileSize, processes: isolated ? processes : null },
    nobody,
    writable: mounts?.writable.map(([path]) => path) ?? [scratch],
  };
  const environment = { ...job.environment, HOME: scratch, TMPDIR: isolated ? '/tmp' : scratch };
  const program = (name: string, args = PYTHON_ARGS) => [...args, join(programs(), name)];
  const inner = [
    first.python ?? sandbox.python,
    ...program(first.program, first.takesEnvironment ? ['-s', '-B'] : PYTHON_ARGS),
    JSON.stringify(spec),
    ...first.command,
  ];
  if (mounts === null) return { command: inner[0]!, args: inner.slice(1), environment, lacks: [] };
  const lacks = [
    ...(isRoot() && !nobody ? [ROOT_OUTSIDE] : []),
    ...exposedFolders(sandbox.environment).map(
      ([path, system]) => `a way to hide ${path} from its programs (it lies in ${system}: move it elsewhere)`,
    ),
  ];
  if (sandbox.kind === 'bubblewrap') {
    const bwrap = lookUp('bwrap', sandbox.environment);
    return {
      command: sandbox.python,
      // Told to end with its parent, bubblewrap does not see one that is gone already.
      args: guardArguments([
        ...(nobody ? [sandbox.python, ...program('as_nobody.py')] : []),
        bwrap,
        ...bubblewrapArguments(mounts, environment, nobody),
        ...inner,
      ]),
      environment: { PATH: sandbox.environment.PATH ?? '' },
      lacks,
    };
  }
  return {
    command: sandbox.python,
    args: [
      ...program('namespaces.py'),
      JSON.stringify({ ...mounts, environment, folder: SCRATCH, parent: process.pid, nobody }),
      ...inner,
    ],
    environment: {},
    lacks,
  };
}

/** Whether we are who owns the machine's kernel, or look like that user in a container. */
export function isRoot(): boolean {
  return process.getuid?.() === 0;
}

/** Bytes a folder's files take on a file system in memory. */
export async function measureFolder(folder: string): Promise<number> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const sizes = entries.map(async (entry) => {
    const { size } = await stat(join(entry.parentPath, entry.name));
    return onPages(size);
  });
  return (await Promise.all(sizes)).reduce((sum, size) => sum + size, 0);
}

/** Bytes a file takes on a file system in memory: whole pages, and one for the file itself. */
export function onPages(size: number): number {
  return (Math.ceil(size / PAGE_BYTES) + 1) * PAGE_BYTES;
}
