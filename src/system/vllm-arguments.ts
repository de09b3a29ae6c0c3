import type { Environment } from './process/child-environment.ts';

/** Of vLLM on a processor: keys and values of 90,000 tokens of a model of 135 million weights in float32, 30,000 of one of 8 billion. */
export const CPU_CACHE_BYTES = 4 * 1024 ** 3;

/** Arguments, and a variable of the operator's, that say how much memory vLLM takes. */
const MEMORY_ARGUMENTS = ['kv_cache_memory_bytes', 'gpu_memory_utilization'];
const MEMORY_VARIABLE = 'VLLM_CPU_KVCACHE_SPACE';

/**
 * What vLLM is told on a processor beside a model's own arguments. Left to itself it takes 92% of the machine's memory, and fails where
 * that is not free; and it compiles the model, which takes longer than most evaluations and wants a C++ compiler.
 *
 * @param args the harness's arguments for the model: what they say stays.
 */
export function processorArguments(
  args: Record<string, unknown>,
  environment: Environment,
): Record<string, unknown> {
  const isSized =
    MEMORY_ARGUMENTS.some((name) => args[name] != null) || Boolean(environment[MEMORY_VARIABLE]);
  return {
    ...(args.enforce_eager == null ? { enforce_eager: true } : {}),
    ...(isSized ? {} : { kv_cache_memory_bytes: CPU_CACHE_BYTES }),
  };
}
