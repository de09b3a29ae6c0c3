import { readFile } from 'node:fs/promises';
import { freemem, totalmem } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import { askArchitectures, readArchitectures } from '../../evaluate/backend/ask-architectures.ts';
import type { Gpu } from '../../system/gpus.ts';
import { processorArguments } from '../../system/vllm-arguments.ts';
import { type Check, fail, ok, warn } from '../check.ts';
import { contextLength } from './check-context.ts';

/** The share of a device's memory that vLLM (0.32) takes unless told. */
const DEFAULT_SHARE = 0.92;
const GIB = 1024 ** 3;
const MIB = 1024 ** 2;
/** What its processes take beside weights, keys and values: 2.1 GiB were measured on a processor. */
const PROCESSES = 2 * GIB;
const BYTES: Record<string, number> = { float32: 4, float: 4, float16: 2, half: 2, bfloat16: 2 };

/** What vLLM would be asked to load, and on what. */
export interface VllmPlan {
  /** The model's folder and arguments. */
  model: { folder: string; args: Record<string, unknown> };
  /** Bytes of its weights on the disk. */
  weights: number;
  /** The GPUs it would be on, as far as they are known. */
  gpus: readonly Gpu[];
  onProcessor: boolean;
  /** Copies of the model that are loaded side by side on the processor. */
  copies: number;
  /** GPUs that one copy is split over. */
  group: number;
  /** The machine's memory in bytes: all of it, and what can be had. */
  memory: { total: number; free: number };
  environment: Record<string, string>;
}

/** The machine's memory: within a container, what that has. */
export function machineMemory(): VllmPlan['memory'] {
  const limit = process.constrainedMemory();
  // Where there is no limit it is 0, or a number beyond all memory.
  const total = limit > 0 && limit < totalmem() ? limit : totalmem();
  return { total, free: Math.min(total, process.availableMemory?.() ?? freemem()) };
}

/** The model's memory against what vLLM will take, and its keys and values of one question against what is left for them. */
export async function checkVllmMemory(plan: VllmPlan): Promise<Check[]> {
  const config = await readConfig(plan.model.folder);
  const { own, used } = bytesOf(plan.model, config);
  const question = await questionOf(plan.model, config, used);
  plan = { ...plan, weights: (plan.weights * used) / own };
  return plan.onProcessor ? [checkProcessor(plan, question)] : checkGpus(plan, question);
}

/** Keys and values of one question as long as the model's context; null where the configuration does not tell. */
interface Question {
  tokens: number;
  bytes: number;
}

function checkProcessor(plan: VllmPlan, question: Question | null): Check {
  const { model, weights, memory, environment, copies } = plan;
  const each = copies > 1 ? `, ${copies} copies` : '';
  const args = { ...model.args, ...processorArguments(model.args, environment) };
  const space = Number(environment.VLLM_CPU_KVCACHE_SPACE || Number.NaN) * GIB;
  const sized = Number.isFinite(space) ? space : Number(args.kv_cache_memory_bytes ?? Number.NaN);
  const others = weights + PROCESSES;
  if (Number.isFinite(sized)) {
    const wanted = copies * (others + sized);
    const told = `vLLM takes about ${gib(wanted)} GiB (${gib(sized)} for keys and values${each}); ${gib(memory.free)} of ${gib(memory.total)} are free`;
    if (wanted > memory.free)
      return fail(
        ID,
        told,
        `lower it with --model-args kv_cache_memory_bytes=BYTES${copies > 1 ? ' or a smaller --devices cpu:N' : ''}, or use a machine with more`,
      );
    return checkQuestion(told, sized, question);
  }
  const share = Number(args.gpu_memory_utilization);
  const wanted = share * memory.total;
  const told = `vLLM takes ${gib(copies * wanted)} GiB, the share ${share} of this machine's memory${each}; ${gib(memory.free)} of ${gib(memory.total)} are free`;
  if (copies * wanted > memory.free) return fail(ID, told, 'lower --model-args gpu_memory_utilization');
  if (wanted < others)
    return fail(
      ID,
      `${told}, and the model needs about ${gib(others)} before keys and values`,
      'raise --model-args gpu_memory_utilization, or give kv_cache_memory_bytes instead',
    );
  return checkQuestion(told, wanted - others, question);
}

const ID = 'vllm-memory';

function checkGpus({ model, weights, gpus, group }: VllmPlan, question: Question | null): Check[] {
  const sized = Number(model.args.kv_cache_memory_bytes ?? Number.NaN);
  const share = Number(model.args.gpu_memory_utilization ?? DEFAULT_SHARE);
  return gpus.flatMap(({ index, memoryFree, memoryTotal }) => {
    if (memoryFree === null || memoryTotal === null) return [];
    const [free, total] = [memoryFree * MIB, memoryTotal * MIB];
    const wanted = share * total;
    const told = `vLLM takes ${gib(wanted)} GiB of GPU ${index}, the share ${share}; ${gib(free)} of ${gib(total)} are free`;
    if (wanted > free)
      return [fail(ID, told, `end what uses it, or lower --model-args gpu_memory_utilization`)];
    const left = Number.isFinite(sized) ? sized : wanted - weights / group;
    if (left <= 0)
      return [
        fail(
          ID,
          `${told}, and the weights alone need ${gib(weights / group)}`,
          'split it with tensor-parallel, or load it smaller: --model-args dtype=bfloat16 or quantization',
        ),
      ];
    // Each GPU of a group holds its part of the heads.
    return [checkQuestion(told, left * group, question)];
  });
}

function checkQuestion(told: string, left: number, question: Question | null): Check {
  if (question === null) return ok(ID, told);
  const { tokens, bytes } = question;
  const needed = `one question of ${tokens} tokens needs ${gib(bytes)} GiB of them`;
  if (bytes <= left) return ok(ID, told);
  return fail(
    ID,
    `${told}: ${gib(left)} are left for keys and values, and ${needed}`,
    'shorten the context with --model-args max_model_len=4096, or raise kv_cache_memory_bytes or gpu_memory_utilization',
  );
}

/** Bytes of a number, as the model was saved and as it is loaded: left to itself vLLM loads float32 in half precision. */
function bytesOf({ args }: VllmPlan['model'], config: Config | null): { own: number; used: number } {
  const text = config?.text_config;
  const own = BYTES[text?.dtype ?? config?.dtype ?? text?.torch_dtype ?? config?.torch_dtype ?? ''] ?? 2;
  // Of quantised weights the disk tells the size.
  if (args.quantization != null) return { own, used: own };
  return { own, used: BYTES[String(args.dtype ?? 'auto')] ?? Math.min(own, 2) };
}

/** Layers x 2 x heads of keys and values x their size x bytes of a number, for each token. */
async function questionOf(
  model: VllmPlan['model'],
  config: Config | null,
  number: number,
): Promise<Question | null> {
  const tokens = await contextLength(model);
  const text = config?.text_config ?? config;
  const { num_hidden_layers: layers, num_attention_heads: heads, hidden_size: hidden } = text ?? {};
  // Some layers keep a window or a state of their own, or one vector for all heads.
  const isPlain = text?.kv_lora_rank == null && text?.sliding_window == null && text?.layer_types == null;
  if (tokens === null || !text || !layers || !heads || !hidden || !isPlain) return null;
  const size = text.head_dim ?? hidden / heads;
  return { tokens, bytes: layers * 2 * (text.num_key_value_heads ?? heads) * size * number * tokens };
}

const count = z.number().positive().nullish().catch(null);
const text = z.string().nullish().catch(null);
const TextSchema = z.object({
  num_hidden_layers: count,
  num_attention_heads: count,
  num_key_value_heads: count,
  hidden_size: count,
  head_dim: count,
  kv_lora_rank: count,
  sliding_window: count,
  layer_types: z.unknown().optional(),
  dtype: text,
  torch_dtype: text,
});
const ConfigSchema = TextSchema.extend({
  text_config: TextSchema.nullish().catch(null),
});
type Config = z.infer<typeof ConfigSchema>;

async function readConfig(folder: string): Promise<Config | null> {
  try {
    return ConfigSchema.parse(JSON.parse(await readFile(join(folder, 'config.json'), 'utf8')));
  } catch {
    // What is wrong with it, the check of the model says.
    return null;
  }
}

/**
 * The model's architecture against those of the vLLM that is installed.
 *
 * @param python where vLLM is.
 */
export async function checkArchitecture(
  folder: string,
  python: string,
  environment: Record<string, string>,
): Promise<Check[]> {
  const names = await readArchitectures(folder);
  if (names.length === 0) return [];
  const named = names.join(', ');
  switch (await askArchitectures(names, python, environment)) {
    case 'own':
      return [ok('vllm-architecture', `vLLM knows ${named}`)];
    case 'transformers':
      return [
        warn(
          'vllm-architecture',
          `vLLM does not know ${named} itself, and runs Transformers' class of it`,
          'compare its speed with backend hf before a long run',
        ),
      ];
    case 'none':
      return [
        fail(
          'vllm-architecture',
          `vLLM does not know the architecture ${named}`,
          'use backend hf (and server transformers), which runs what Transformers knows',
        ),
      ];
    case 'untold':
      return [
        warn(
          'vllm-architecture',
          'vLLM did not say which architectures it knows',
          'look whether it can be imported there: python -c "import vllm"',
        ),
      ];
  }
}

function gib(bytes: number): string {
  return (bytes / GIB).toFixed(1);
}
