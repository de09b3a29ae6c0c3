import { SosBenchError } from '../../error.ts';
import { ownValue } from '../../json.ts';
import {
  areGpusHidden,
  type GpuListing,
  gpuIndices,
  gpusBeyondMask,
  visibleGpus,
} from '../../system/gpus.ts';
import { processorArguments, processorVariables } from '../../system/vllm-arguments.ts';
import type { EvaluationRequest } from '../request.ts';
import { vllmBuild } from './vllm-build.ts';

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

export interface Machine extends GpuListing {
  cores: number;
  environment: Record<string, string | undefined>;
}

/** Backends that split one model over several devices, and what they call it. */
const TENSOR_PARALLEL: Record<string, string> = { vllm: 'tensor_parallel_size', sglang: 'tp_size' };

/** Numbers of GPUs as nvidia-smi has them; CUDA's own begin with the fastest. */
const ORDER = { CUDA_DEVICE_ORDER: 'PCI_BUS_ID' };

export type WantedDevices = Pick<
  EvaluationRequest,
  'devices' | 'device' | 'tensorParallel' | 'backend' | 'modelArgs' | 'launcher'
>;

/**
 * Which workers a run has: one per device, or per group of `tensor-parallel` devices. `auto` means all visible
 * GPUs; with one of them, or on a machine that has none, the harness chooses, as does the only worker of a server's
 * client. Where there is a driver, `auto` never means the processor.
 *
 * @throws SosBenchError `usage` where settings contradict each other or the machine; `devices-unusable` where GPUs are
 *   there and none can be had.
 */
export function planSlots(wanted: WantedDevices, machine: Machine): Slot[] {
  const slots = slotsOf(wanted, machine);
  if (wanted.backend !== 'vllm' || vllmBuild(wanted, machine) !== 'cpu') return slots;
  const args = {
    ...processorArguments(wanted.modelArgs, machine.environment),
    // The smallest that its attention takes there: what is shared is kept in whole blocks. Left to itself it takes 128.
    ...(wanted.modelArgs.block_size == null ? { block_size: 32 } : {}),
  };
  const variables = processorVariables(slots.length, machine.cores, machine.environment);
  return slots.map((slot) => ({
    ...slot,
    args: { ...slot.args, ...args },
    environment: { ...variables, ...slot.environment },
  }));
}

function slotsOf(wanted: WantedDevices, machine: Machine): Slot[] {
  const { devices } = wanted;
  const group = groupSize(wanted);
  requireOneChoice(wanted);
  if (devices.kind === 'cpu') return cpuSlots(devices.workers, machine);
  if (devices.kind === 'auto') return autoSlots(wanted, group, machine);
  requireAllotted(devices.ids, wanted, machine);
  return gpuSlots(devices.ids, group, wanted, machine);
}

/**
 * Refuses `device` and `devices` that contradict each other, on whatever machine.
 *
 * @throws SosBenchError `usage`.
 */
export function requireOneChoice({ devices, device }: Pick<WantedDevices, 'devices' | 'device'>): void {
  if (device === null || devices.kind === 'auto') return;
  if (devices.kind === 'gpus')
    throw usage(`device is ${device} and devices is ${devices.ids}`, 'give one of them');
  if (device !== 'cpu')
    throw usage(`device is ${device} and devices is cpu:${devices.workers}`, 'give one of them');
}

function autoSlots(wanted: WantedDevices, group: number, machine: Machine): Slot[] {
  const { device, backend } = wanted;
  const { gpus, driver, faults, environment } = machine;
  const one = (needsGpu: boolean): Slot[] => [
    { name: '', environment: { ...ORDER }, device, args: parallelArgs(wanted), needsGpu },
  ];
  // Whatever a launcher starts sees other devices.
  const isElsewhere = wanted.launcher.length > 0 && gpus.length === 0;
  if (backend.startsWith('local-') || device !== null || isElsewhere || areGpusHidden(environment))
    return one(false);
  const ids = visibleGpus(gpus, environment);
  if (ids.length === 0 && faults.length > 0)
    throw new SosBenchError('devices-unusable', `no GPU can be had: ${faults.join('; ')}`, {
      hint: 'see what nvidia-smi says, or choose the processor with --devices cpu:1',
    });
  if (ids.length === 0) return one(driver === 'untold');
  const isPlain = faults.length === 0 && ids.join() === gpuIndices(ids, gpus).join();
  return ids.length === 1 && group === 1 && isPlain ? one(true) : gpuSlots(ids, group, wanted, machine);
}

/** On a shared machine others work on the GPUs that were not given to this job. */
function requireAllotted(ids: readonly string[], { launcher }: WantedDevices, machine: Machine): void {
  if (launcher.length > 0) return;
  const beyond = gpusBeyondMask(ids, machine.gpus, machine.environment);
  if (beyond.length === 0) return;
  const mask = machine.environment.CUDA_VISIBLE_DEVICES;
  throw usage(
    `devices names GPU ${beyond.join()}, and CUDA_VISIBLE_DEVICES allots ${mask || 'none'}`,
    `leave devices out for all that are allotted, or name some of them by the numbers of nvidia-smi`,
  );
}

/** Devices a worker holds: as many as the model is split over. */
export function groupSize({ backend, tensorParallel, modelArgs }: WantedDevices): number {
  if (ownValue(TENSOR_PARALLEL, backend) === undefined) {
    if ((tensorParallel ?? 1) > 1) {
      throw usage(
        `tensor-parallel is ${tensorParallel}, which backend ${backend} cannot do`,
        'use backend vllm or sglang; with hf, model-args: parallelize=true spreads layers over all devices',
      );
    }
    return modelArgs.parallelize === true ? Number.POSITIVE_INFINITY : 1;
  }
  return (tensorParallel ?? 1) * Number(modelArgs.pipeline_parallel_size ?? 1);
}

function parallelArgs({ backend, tensorParallel }: WantedDevices): Record<string, unknown> {
  const name = ownValue(TENSOR_PARALLEL, backend);
  return name === undefined || tensorParallel === null ? {} : { [name]: tensorParallel };
}

function gpuSlots(ids: readonly string[], group: number, wanted: WantedDevices, machine: Machine): Slot[] {
  const size = Math.min(group, Number.isFinite(group) ? group : ids.length);
  const count = Math.floor(ids.length / size);
  if (count === 0)
    throw usage(`a worker needs ${size} devices, but there are ${ids.length}`, 'lower tensor-parallel');
  const numbers = engineIds(ids, wanted, machine);
  return Array.from({ length: count }, (_, slot) => {
    const own = numbers.slice(slot * size, (slot + 1) * size);
    return {
      name: `GPU${own.length > 1 ? 's' : ''} ${own.join()}`,
      environment: { ...ORDER, CUDA_VISIBLE_DEVICES: own.join(), ...threads(count, machine) },
      device: null,
      args: parallelArgs(wanted),
      needsGpu: true,
    };
  });
}

/** vLLM and SGLang read ids of GPUs as numbers and end at once on a UUID. */
function engineIds(ids: readonly string[], { backend }: WantedDevices, { gpus }: Machine): readonly string[] {
  if (!Object.hasOwn(TENSOR_PARALLEL, backend)) return ids;
  const numbers = gpuIndices(ids, gpus);
  const unknown = numbers.filter((id) => id.startsWith('GPU-'));
  if (unknown.length === 0) return numbers;
  throw usage(
    `backend ${backend} takes GPUs by number, and nvidia-smi does not list ${unknown.join()}`,
    'nvidia-smi -L lists what there is',
  );
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
