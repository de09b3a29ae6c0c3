import { execa } from 'execa';
import type { Environment } from './child-environment.ts';

/** An NVIDIA GPU as its driver describes it; memory in MiB. */
export interface Gpu {
  index: string;
  uuid: string;
  name: string;
  memoryTotal: number;
  memoryFree: number;
}

const FIELDS = 'index,uuid,name,memory.total,memory.free';
const TIMEOUT_MS = 20_000;

/** The machine's NVIDIA GPUs, whatever `CUDA_VISIBLE_DEVICES` says; none where no driver answers. */
export async function listGpus(environment: Environment): Promise<Gpu[]> {
  const result = await execa('nvidia-smi', [`--query-gpu=${FIELDS}`, '--format=csv,noheader,nounits'], {
    env: environment,
    extendEnv: false,
    reject: false,
    timeout: TIMEOUT_MS,
  });
  if (result.exitCode !== 0) return [];
  return (result.stdout ?? '')
    .split('\n')
    .map((line) => line.split(',').map((field) => field.trim()))
    .filter((fields) => fields.length === 5)
    .map(([index, uuid, name, total, free]) => ({
      index: index!,
      uuid: uuid!,
      name: name!,
      memoryTotal: Number(total),
      memoryFree: Number(free),
    }));
}

/** Ids of the GPUs a process may use: those that `CUDA_VISIBLE_DEVICES` names, else all. */
export function visibleGpus(gpus: readonly Gpu[], environment: Environment): string[] {
  if (gpus.length === 0) return [];
  const named = environment.CUDA_VISIBLE_DEVICES;
  if (named === undefined) return gpus.map(({ index }) => index);
  return named
    .split(',')
    .map((id) => id.trim())
    .filter((id) => id !== '' && id !== '-1');
}
