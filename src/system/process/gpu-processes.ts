import type { Environment } from './child-environment.ts';
import { startChild } from './start-child.ts';

/** A process that computes on an NVIDIA GPU. */
export interface GpuProcess {
  /** The GPU's. */
  uuid: string;
  pid: number;
  /** Base name of its program. */
  name: string;
  /** In MiB; null where the driver does not tell. */
  memory: number | null;
}

const FIELDS = 'gpu_uuid,pid,used_memory,process_name';
const TIMEOUT_MS = 20_000;

/**
 * What computes on the machine's NVIDIA GPUs now. In a container the driver may see processes and tell none; then, and where
 * no driver answers, there are none.
 */
export async function listGpuProcesses(environment: Environment): Promise<GpuProcess[]> {
  const query = [`--query-compute-apps=${FIELDS}`, '--format=csv,noheader,nounits'];
  const result = await startChild(
    'nvidia-smi',
    query,
    { environment },
    { reject: false, timeout: TIMEOUT_MS },
  );
  if (result.exitCode !== 0) return [];
  return (result.stdout ?? '').split('\n').flatMap((line) => {
    // A program's path may hold commas; it stands last.
    const [uuid = '', pid = '', memory = '', ...path] = line.split(',').map((field) => field.trim());
    if (!/^\d+$/.test(pid)) return [];
    const name = path.join(',').split('/').at(-1)!;
    return [{ uuid, pid: Number(pid), name, memory: /^\d+$/.test(memory) ? Number(memory) : null }];
  });
}
