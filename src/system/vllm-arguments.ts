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

/** How vLLM is told which cores its threads are tied to. */
const BINDING = 'VLLM_CPU_OMP_THREADS_BIND';
/** On a machine with so many cores or fewer, the one that it leaves to its scheduler is missed. */
const FEW_CORES = 4;

/**
 * Variables of vLLM on a processor. Left to itself it ties each thread to a core and leaves one core without: copies would be tied to the
 * same cores, and of two cores one would compute. Where there are many, that keeps threads near their memory.
 *
 * @param copies of the model, side by side.
 * @param environment what the operator set stays.
 */
export function processorVariables(
  copies: number,
  cores: number,
  environment: Environment,
): Record<string, string> {
  if (environment[BINDING] !== undefined) return {};
  return copies > 1 || cores <= FEW_CORES ? { [BINDING]: 'nobind' } : {};
}
