import { SosBenchError } from '../../error.ts';
import { areGpusHidden, type GpuListing, listGpus, visibleGpus } from '../../system/gpus.ts';
import type { Environment } from '../../system/process/child-environment.ts';
import type { EvaluationRequest } from '../request.ts';
import { hasVllmBuild } from '../workers/vllm-build.ts';

export type WantedOfBackend = Pick<EvaluationRequest, 'devices' | 'device' | 'launcher' | 'modelArgs'>;

export interface MachineFacts extends GpuListing {
  platform: string;
  arch: string;
  environment: Environment;
}

/** Arguments that the harness's class for Transformers takes, and that for vLLM does not. */
const FOR_TRANSFORMERS = new Set([
  ...['peft', 'delta', 'gguf_file', 'autogptq', 'gptqmodel', 'load_in_4bit', 'load_in_8bit'],
  ...['subfolder', 'variant', 'backend', 'parallelize', 'tp_plan', 'device_map', 'attn_implementation'],
  ...['max_memory_per_gpu', 'max_cpu_memory', 'offload_folder', 'low_cpu_mem_usage'],
  ...['softmax_dtype', 'mixed_precision_dtype', 'logits_cache', 'truncation', 'use_fast_tokenizer'],
]);
const OF_BITSANDBYTES = /^(bnb_4bit|llm_int8)_/;

/**
 * What speaks against vLLM on a machine, before anything is built and the model is looked at; null where nothing does. How much memory is
 * free does not count: two runs on one machine would choose differently.
 */
export function reasonAgainstVllm(wanted: WantedOfBackend, machine: MachineFacts): string | null {
  const { devices, device, launcher, modelArgs } = wanted;
  const { gpus, driver, environment, platform, arch } = machine;
  if (devices.kind === 'cpu' || device === 'cpu') return 'the processor was asked for';
  if (launcher.length > 0) return 'what a launcher starts workers on is not seen from here';
  if (device !== null) return `device is ${device}, which vLLM does not heed`;
  if (areGpusHidden(environment)) return 'CUDA_VISIBLE_DEVICES hides all GPUs';
  // Naming one makes none, and the environment with vLLM would be built for it.
  if (driver === 'none') return NO_GPU.none;
  const ids = devices.kind === 'gpus' ? devices.ids : visibleGpus(gpus, environment);
  if (ids.length === 0) return NO_GPU[driver];
  if (!hasVllmBuild(platform, arch)) return `vLLM has no build for this machine (${platform}, ${arch})`;
  if (ids.some((id) => id.startsWith('MIG-'))) return 'vLLM does not take instances of a GPU (MIG)';
  if (new Set(ids).size < ids.length) return 'two workers are to share a GPU, and vLLM takes all of one';
  const argument = Object.keys(modelArgs).find(
    (name) => (FOR_TRANSFORMERS.has(name) || OF_BITSANDBYTES.test(name)) && modelArgs[name] != null,
  );
  return argument === undefined ? null : `model-args has ${argument}, which only hf takes`;
}

/** The same, of this machine. */
export async function reasonAgainstVllmHere(
  wanted: WantedOfBackend,
  environment: Environment,
): Promise<string | null> {
  const { platform, arch } = process;
  return reasonAgainstVllm(wanted, { ...(await listGpus(environment)), platform, arch, environment });
}

/** Whether an error says that an environment of ours cannot be had on this machine. */
export function isWithoutEnvironment(error: unknown): error is SosBenchError {
  return error instanceof SosBenchError && NO_ENVIRONMENT.has(error.code);
}

const NO_ENVIRONMENT = new Set(['environment-failed', 'python-missing', 'python-unsuitable']);

const NO_GPU: Record<GpuListing['driver'], string> = {
  none: 'there is no NVIDIA GPU',
  answers: 'no GPU is visible',
  failing: 'no GPU can be had',
  untold: 'there is no nvidia-smi to name the GPUs',
};
