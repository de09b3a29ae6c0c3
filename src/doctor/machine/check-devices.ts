import { plural } from '../../count.ts';
import { SosBenchError } from '../../error.ts';
import { groupSize, type Machine, planSlots, type WantedDevices } from '../../evaluate/workers/devices.ts';
import { areGpusHidden, type Gpu, gpuIndices, visibleGpus } from '../../system/gpus.ts';
import type { GpuProcess } from '../../system/process/gpu-processes.ts';
import { type Check, fail, ok, warn } from '../check.ts';

const MIB = 1 << 20;
/** Weights, and what computing with them takes beside. */
const ROOM = 1.25;
const BUSY_SHARE = 0.8;

/** What was found beside the machine's devices. */
export interface DeviceFacts {
  /** GPUs that the workers' PyTorch sees; null where it is not known. */
  torchGpus: number | null;
  /** The model's bytes on disk; null where they are not known. */
  weights: number | null;
  /** What computes on the machine's GPUs now: nothing of ours has begun. */
  processes: readonly GpuProcess[];
}

/** Devices against what is asked of them. */
export function checkDevices(
  wanted: WantedDevices,
  machine: Machine,
  { torchGpus, weights, processes }: DeviceFacts,
): Check[] {
  const { gpus, environment } = machine;
  const onCpu = wanted.devices.kind === 'cpu' || wanted.device === 'cpu';
  if (wanted.backend.startsWith('local-')) return [ok('devices', 'the model is on a server')];
  const ids = visibleGpus(gpus, environment);
  const checks = [describe(wanted, machine, ids, onCpu)];
  if (onCpu || checks[0]!.status === 'fail') return checks;
  if (gpus.length > 0 && torchGpus === 0) {
    const hint = 'install a PyTorch built for CUDA, or name a Python that has one';
    checks.push(
      fail(
        'torch-gpu',
        `there ${gpus.length === 1 ? 'is' : 'are'} ${plural(gpus.length, 'GPU')}, and PyTorch sees none`,
        hint,
      ),
    );
  }
  for (const fault of machine.faults)
    checks.push(
      warn('gpu', fault, 'the others do its work; a reset of the GPU or a restart may bring it back'),
    );
  const named = gpuIndices(wanted.devices.kind === 'gpus' ? wanted.devices.ids : ids, gpus);
  for (const gpu of gpus.filter(({ index }) => named.includes(index)))
    checks.push(
      checkMemory(gpu, weights, {
        group: Math.min(groupSize(wanted), named.length),
        others: processes.filter(({ uuid }) => uuid === gpu.uuid),
      }),
    );
  return checks;
}

function describe(wanted: WantedDevices, machine: Machine, ids: readonly string[], onCpu: boolean): Check {
  try {
    const workers = planSlots(wanted, machine).length;
    const many = `${workers} ${workers === 1 ? 'worker' : 'workers'}`;
    if (onCpu) return ok('devices', `${many} on ${plural(machine.cores, 'core')}`);
    if (wanted.launcher.length > 0)
      return ok('devices', `${many}, on what ${wanted.launcher[0]} gives them: not seen from here`);
    if (wanted.devices.kind === 'gpus') {
      const known = machine.gpus.map(({ index }) => index);
      const unknown = gpuIndices(wanted.devices.ids, machine.gpus).filter(
        (id) => !id.startsWith('MIG-') && !known.includes(id),
      );
      if (unknown.length > 0)
        return fail('devices', `there is no GPU ${unknown.join(', ')}`, 'nvidia-smi -L lists what there is');
    } else if (ids.length === 0) {
      if (machine.driver === 'untold' && !areGpusHidden(machine.environment))
        return warn(
          'devices',
          'there is an NVIDIA GPU, but no nvidia-smi to describe it: one worker takes what PyTorch finds',
          'the container lacks nvidia-smi: start it with NVIDIA_DRIVER_CAPABILITIES=compute,utility',
        );
      const hint = 'a full run takes days there; sample with suite pr or mini, or use a machine with a GPU';
      return warn(
        'devices',
        `no NVIDIA GPU is visible; the processor (${plural(machine.cores, 'core')}) is used`,
        hint,
      );
    }
    return ok('devices', `${many} on ${machine.gpus[0]?.name ?? 'GPU'} (${ids.length} visible)`);
  } catch (error) {
    if (!(error instanceof SosBenchError)) throw error;
    return fail('devices', error.message, error.hint ?? '');
  }
}

function checkMemory(
  { index, name, memoryFree, memoryTotal }: Gpu,
  weights: number | null,
  { group, others }: { group: number; others: readonly GpuProcess[] },
): Check {
  const id = `gpu-${index}`;
  // Chips that share their memory with the processor have none of their own to tell of.
  if (memoryFree === null || memoryTotal === null)
    return ok(id, `GPU ${index} (${name}): the driver does not tell its memory`);
  const message = `GPU ${index} (${name}): ${gib(memoryFree)} of ${gib(memoryTotal)} GiB free`;
  const whose =
    others.length === 0 ? 'other processes use it' : `used by ${others.map(describeProcess).join(', ')}`;
  const needed = weights === null ? 0 : (weights * ROOM) / MIB / group;
  if (needed > memoryTotal) {
    const hint =
      'split it with tensor-parallel (vllm, sglang), or load it smaller: --model-args dtype=bfloat16';
    return warn(id, `${message}; the model needs about ${gib(needed)}`, hint);
  }
  if (needed > memoryFree || memoryFree < memoryTotal * (1 - BUSY_SHARE))
    return warn(
      id,
      `${message}: ${whose}`,
      others.length === 0
        ? 'nvidia-smi shows which, outside of a container; wait, or choose with --devices'
        : 'wait for them or end them, or choose with --devices',
    );
  return ok(id, others.length === 0 ? message : `${message}; ${whose}`);
}

function describeProcess({ pid, name, memory }: GpuProcess): string {
  return `${name} (process ${pid}${memory === null ? '' : `, ${gib(memory)} GiB`})`;
}

function gib(mib: number): string {
  return (mib / 1024).toFixed(1);
}
