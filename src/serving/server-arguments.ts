import { SosBenchError } from '../error.ts';

/** Arguments of the harness that a server takes under another name: the flag of each program that has one. */
const FLAGS: Record<string, { transformers?: string; vllm?: string }> = {
  dtype: { transformers: '--dtype', vllm: '--dtype' },
  trust_remote_code: { transformers: '--trust-remote-code', vllm: '--trust-remote-code' },
  attn_implementation: { transformers: '--attn-implementation' },
  max_length: { transformers: '--max-length', vllm: '--max-model-len' },
  max_model_len: { transformers: '--max-length', vllm: '--max-model-len' },
  tokenizer: { vllm: '--tokenizer' },
  tokenizer_mode: { vllm: '--tokenizer-mode' },
  quantization: { vllm: '--quantization' },
  gpu_memory_utilization: { vllm: '--gpu-memory-utilization' },
  kv_cache_memory_bytes: { vllm: '--kv-cache-memory-bytes' },
  kv_cache_dtype: { vllm: '--kv-cache-dtype' },
  max_num_seqs: { vllm: '--max-num-seqs' },
  max_num_batched_tokens: { vllm: '--max-num-batched-tokens' },
  max_lora_rank: { vllm: '--max-lora-rank' },
  enforce_eager: { vllm: '--enforce-eager' },
  enable_prefix_caching: { vllm: '--enable-prefix-caching' },
  enable_chunked_prefill: { vllm: '--enable-chunked-prefill' },
  enable_expert_parallel: { vllm: '--enable-expert-parallel' },
  async_scheduling: { vllm: '--async-scheduling' },
  block_size: { vllm: '--block-size' },
  cpu_offload_gb: { vllm: '--cpu-offload-gb' },
  num_gpu_blocks_override: { vllm: '--num-gpu-blocks-override' },
  seed: { vllm: '--seed' },
  hf_overrides: { vllm: '--hf-overrides' },
  limit_mm_per_prompt: { vllm: '--limit-mm-per-prompt' },
  compilation_config: { vllm: '--compilation-config' },
  attention_backend: { vllm: '--attention-backend' },
  model_impl: { vllm: '--model-impl' },
  disable_custom_all_reduce: { vllm: '--disable-custom-all-reduce' },
  pipeline_parallel_size: { vllm: '--pipeline-parallel-size' },
  load_format: { vllm: '--load-format' },
};

/** What vLLM does unless told not to. */
const ON_UNLESS_TOLD = new Set(['enable_prefix_caching', 'enable_chunked_prefill', 'async_scheduling']);

/** Taken care of elsewhere, or about how the harness asks, which a server is not concerned with. */
const ELSEWHERE = new Set([
  'pretrained',
  'gguf_file',
  'peft',
  'lora_local_path',
  'enable_thinking',
  'chat_template_args',
  'tensor_parallel_size',
  // A server spreads the model over the devices it is given.
  'parallelize',
  'device',
  'batch_size',
  'max_batch_size',
  'logits_cache',
  'softmax_dtype',
  'add_bos_token',
  'prefix_token_id',
  'truncation',
  'use_fast_tokenizer',
  'low_cpu_mem_usage',
  'max_gen_toks',
  'think_end_token',
  // A prompt that is too long is refused there, not cut.
  'truncation_side',
  // A server is asked for no log-probabilities.
  'logprobs_mode',
  'max_logprobs',
]);

export interface ServerArguments {
  flags: string[];
  /** Path of a LoRA adapter. */
  adapter: string | null;
}

/**
 * Says a model's arguments in a server's own words.
 *
 * @throws SosBenchError `model-unservable` for one that cannot be: answers of another model than the one judged
 *   would be worse than none.
 */
export function serverArguments(
  kind: 'vllm' | 'transformers',
  args: Record<string, unknown>,
): ServerArguments {
  const flags: string[] = [];
  for (const [name, value] of Object.entries(args)) {
    if (ELSEWHERE.has(name) || value === null || value === undefined) continue;
    const flag = FLAGS[name]?.[kind];
    if (flag === undefined) throw refused(kind, name);
    if (value === true) flags.push(flag);
    else if (value !== false)
      flags.push(flag, typeof value === 'object' ? JSON.stringify(value) : String(value));
    else if (ON_UNLESS_TOLD.has(name)) flags.push(flag.replace('--', '--no-'));
  }
  const template = templateArguments(args);
  if (Object.keys(template).length > 0) {
    const flag = kind === 'vllm' ? '--default-chat-template-kwargs' : '--chat-template-kwargs';
    flags.push(flag, JSON.stringify(template));
  }
  return { flags, adapter: adapterOf(args) };
}

function templateArguments(args: Record<string, unknown>): Record<string, unknown> {
  const more = args.chat_template_args;
  return {
    ...(typeof more === 'object' && more !== null ? more : {}),
    ...(typeof args.enable_thinking === 'boolean' ? { enable_thinking: args.enable_thinking } : {}),
  };
}

function adapterOf({ peft, lora_local_path: lora }: Record<string, unknown>): string | null {
  for (const path of [peft, lora]) if (typeof path === 'string' && path !== '') return path;
  return null;
}

function refused(kind: 'vllm' | 'transformers', name: string): SosBenchError {
  const program = kind === 'vllm' ? 'vLLM' : 'transformers serve';
  const other = FLAGS[name]?.[kind === 'vllm' ? 'transformers' : 'vllm'];
  const elsewhere =
    other === undefined ? '' : `, or take the other server (${kind === 'vllm' ? 'transformers' : 'vllm'})`;
  return new SosBenchError('model-unservable', `model-args has ${name}, which ${program} does not take`, {
    hint: `leave it out${elsewhere}, or start a server yourself and give its address`,
  });
}
