import { SosBenchError } from '../error.ts';
import { type Gpu, visibleGpus } from '../system/gpus.ts';
import type { EvaluationRequest } from './request.ts';

/** One worker's share of the machine. */
export interface Slot {
  /** For people: `GPU 0`, `GPUs 0,1`, `CPU worker 1 of 2`; empty where there is only one and nothing was asked. */
  name: string;
  /** Variables that only this worker has. */
  environment: Record<string, string>;
  /** The harness's name of the device; null lets it choose. */
  device: string | null;
  /** Added to the model's arguments. */
  args: Record<string, unknown>;
  /** Whether a worker that ends up on the CPU is a mistake. */
  needsGpu: boolean;
}

export interface Machine {
  gpus: readonly Gpu[];
  cores: number;
  environment: Record<string, string | undefined>;
}

/** Backends that split one model over several devices, and what they call it. */
const TENSOR_PARALLEL: Record<string, string> = { vllm: 'tensor_parallel_size', sglang: 'tp_size' };
/** Copies of a model inside one engine: the scheduler's work, done without its retries and its journal. */
const DATA_PARALLEL = ['data_parallel_size', 'dp_size'];

type Wanted = Pick<EvaluationRequest, 'devices' | 'device' | 'tensorParallel' | 'backend' | 'modelArgs'>;

/**
 * Which workers a run has: one per device, or per group of `tensor-parallel` devices. `auto` means all visible
 * GPUs; with one or none of them the harness chooses, as does the only worker of a server's client.
 *
 * @throws SosBenchError `usage` where settings contradict each other or the machine.
 */
export function planSlots(wanted: Wanted, machine: Machine): Slot[] {
  const { devices, device } = wanted;
  for (const name of DATA_PARALLEL) {
    if (Number(wanted.modelArgs[name] ?? 1) > 1)
      throw usage(`model-args has ${name}`, 'leave it out: every device gets a worker (devices: 0,1,...)');
  }
  const group = groupSize(wanted);
  if (devices.kind === 'cpu') {
    if (device !== null && device !== 'cpu')
      throw usage(`device is ${device} and devices is cpu:${devices.workers}`, 'give one of them');
    return cpuSlots(devices.workers, machine);
  }
  if (devices.kind === 'auto') {
    const ids = wanted.backend.startsWith('local-') ? [] : visibleGpus(machine.gpus, machine.environment);
    const single = device !== null || ids.length < 2;
    if (!single) return gpuSlots(ids, group, wanted, machine);
    return [{ name: '', environment: {}, device, args: parallelArgs(wanted), needsGpu: false }];
  }
  if (device !== null) throw usage(`device is ${device} and devices is ${devices.ids}`, 'give one of them');
  return gpuSlots(devices.ids, group, wanted, machine);
}

/** Devices a worker holds: as many as the model is split over. */
function groupSize({ backend, tensorParallel, modelArgs }: Wanted): number {
  const name = TENSOR_PARALLEL[backend];
  if (name === undefined) {
    if ((tensorParallel ?? 1) > 1) {
      throw usage(
        `tensor-parallel is ${tensorParallel}, which backend ${backend} cannot do`,
        'use backend vllm or sglang; with hf, model-args: parallelize=true spreads layers over all devices',
      );
    }
    return modelArgs.parallelize === true ? Number.POSITIVE_INFINITY : 1;
  }
  const own = modelArgs[name];
  if (tensorParallel !== null && own !== undefined && Number(own) !== tensorParallel)
    throw usage(`tensor-parallel is ${tensorParallel} and model-args has ${name}=${own}`, 'give one of them');
  return (tensorParallel ?? Number(own ?? 1)) * Number(modelArgs.pipeline_parallel_size ?? 1);
}

function parallelArgs({ backend, tensorParallel }: Wanted): Record<string, unknown> {
  const name = TENSOR_PARALLEL[backend];
  return name === undefined || tensorParallel === null ? {} : { [name]: tensorParallel };
}

function gpuSlots(ids: readonly string[], group: number, wanted: Wanted, machine: Machine): Slot[] {
  const size = Math.min(group, Number.isFinite(group) ? group : ids.length);
  const count = Math.floor(ids.length / size);
  if (count === 0)
    throw usage(`a worker needs ${size} devices and there are ${ids.length}`, 'lower tensor-parallel');
  return Array.from({ length: count }, (_, slot) => {
    const own = ids.slice(slot * size, (slot + 1) * size);
    return {
      name: `GPU${own.length > 1 ? 's' : ''} ${own.join()}`,
      environment: { CUDA_VISIBLE_DEVICES: own.join(), ...threads(count, machine) },
      device: null,
      args: parallelArgs(wanted),
      needsGpu: true,
    };
  });
}

function cpuSlots(count: number, machine: Machine): Slot[] {
  return Array.from({ length: count }, (_, slot) => ({
    name: count > 1 ? `CPU worker ${slot + 1} of ${count}` : '',
    environment: { CUDA_VISIBLE_DEVICES: '', ...threads(count, machine) },
    device: 'cpu',
    args: {},
    needsGpu: false,
  }));
}

/** Workers that each take all cores slow each other down many times over. A number set outside stays. */
function threads(workers: number, { cores, environment }: Machine): Record<string, string> {
  if (workers === 1 || environment.OMP_NUM_THREADS !== undefined) return {};
  return { OMP_NUM_THREADS: String(Math.max(1, Math.floor(cores / workers))) };
}

function usage(message: string, hint: string): SosBenchError {
  return new SosBenchError('usage', message, { hint });
}
