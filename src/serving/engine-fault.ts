/** What is wrong in words of ours, and what to do. */
export interface Explanation {
  message: string;
  hint: string;
  /** Whether it is the model that vLLM does not take, and not what the machine or its Python lacks. */
  isOfModel?: true;
}

const LESS =
  'give it less with --model-args gpu_memory_utilization=0.5 (a share of all memory, on a processor too) or kv_cache_memory_bytes=BYTES, or end what else uses it';

/** Faults of vLLM (0.32) that a setting mends: how they read, and what they mean. */
const FAULTS: { pattern: RegExp; explain: (found: RegExpExecArray) => Explanation }[] = [
  {
    pattern:
      /Model architectures? \[?'?([\w', ]+?)'?\]? (?:are|is|was) (?:not supported|supported in vLLM until)/,
    explain: ([, names]) => ({
      message: `vLLM does not know the architecture ${names!.replaceAll("'", '')}`,
      isOfModel: true,
      hint: 'use backend hf (and server transformers), which runs what Transformers knows',
    }),
  },
  {
    pattern: /model type [`'"]?([\w-]+)[`'"]? but Transformers does not recognize/,
    explain: ([, type]) => ({
      message: `neither vLLM nor Transformers knows the model type ${type}`,
      isOfModel: true,
      hint: 'if the model brings its code, --trust-remote-code runs it',
    }),
  },
  {
    pattern:
      /Available memory on node \S+ \(([\d.]+)\/([\d.]+) GiB\) on startup is less than.*?([\d.]+) GiB\)/,
    explain: ([, free, total, wanted]) => ({
      message: `vLLM would take ${wanted} GiB of the machine's ${total}, and ${free} are free`,
      hint: LESS,
    }),
  },
  {
    pattern: /Free memory on device \S* ?\(([\d.]+)\/([\d.]+) GiB\) on startup is less than.*?([\d.]+) GiB\)/,
    explain: ([, free, total, wanted]) => ({
      message: `vLLM would take ${wanted} GiB of the GPU's ${total}, and ${free} are free`,
      hint: LESS,
    }),
  },
  {
    pattern:
      /GiB\) on kv cache allocation is less than requested memory for kv \(([-\d.]+)(?:\/[\d.]+)? GiB\)/,
    explain: ([, wanted]) => ({
      message: `there is not enough memory for vLLM's keys and values (${wanted} GiB)`,
      hint: LESS,
    }),
  },
  {
    pattern:
      /max(?:imum)? seq(?:uence)? len(?:gth)? \((\d+)\).*?([\d.]+) GiB KV cache is needed.*?\(([\d.]+) GiB\)/,
    explain: ([, length, needed, has]) => ({
      message: `one question of ${length} tokens needs ${needed} GiB of keys and values, and vLLM has ${has} for them`,
      hint: 'shorten the context with --model-args max_model_len=4096, or give it more with kv_cache_memory_bytes or gpu_memory_utilization',
    }),
  },
  {
    pattern: /No available memory for the cache blocks/,
    explain: () => ({
      message: 'the model leaves vLLM no memory for keys and values',
      hint: 'give it more with --model-args gpu_memory_utilization=0.95, split the model with tensor-parallel, or load it smaller',
    }),
  },
  {
    pattern: /CUDA out of memory/,
    explain: () => ({ message: 'the GPU ran out of memory while vLLM started on it', hint: LESS }),
  },
  {
    pattern:
      /Bfloat16 is only supported on GPUs with compute capability of at least ([\d.]+)\. Your (.+?) GPU (?:has|does)/,
    explain: ([, wanted, gpu]) => ({
      message: `the model is to be loaded in bfloat16, which needs a GPU of compute capability ${wanted}, and this is a ${gpu}`,
      hint: 'give --model-args dtype=float16, or use a newer GPU',
    }),
  },
  {
    pattern: /max_model_len \((\d+)\) is greater than the derived max_model_len \(\w+=([\d.]+)/,
    explain: ([, asked, has]) => ({
      message: `max_model_len is ${asked}, and the model's own context has ${Number(has)} tokens`,
      hint: `give --model-args max_model_len=${Number(has)} or less, or leave it out`,
    }),
  },
  {
    pattern: /LoRA rank (\d+) is greater than max_lora_rank (\d+)/,
    explain: ([, rank, most]) => ({
      message: `the adapter has rank ${rank}, and vLLM was told to take up to ${most}`,
      hint: `give --model-args max_lora_rank=${rank}`,
    }),
  },
  {
    pattern: /attention heads \((\d+)\) must be divisible by tensor parallel size \((\d+)\)/,
    explain: ([, heads, parts]) => ({
      message: `the model's ${heads} attention heads cannot be split over ${parts} GPUs`,
      hint: `give a --tensor-parallel that divides ${heads}`,
    }),
  },
  {
    pattern: /World size \((\d+)\) is larger than the number of available GPUs \((\d+)\)/,
    explain: ([, wanted, has]) => ({
      message: `the model is to be split over ${wanted} GPUs, and vLLM sees ${has}`,
      hint: 'lower --tensor-parallel (times pipeline_parallel_size in --model-args), or name more GPUs with --devices',
    }),
  },
  {
    pattern: /Not enough allowed NUMA nodes to bind threads of (\d+)/,
    explain: ([, parts]) => ({
      message: `vLLM splits a model over NUMA nodes of the processor, and there are fewer than ${parts}`,
      hint: 'leave tensor-parallel out on a processor',
    }),
  },
  {
    pattern:
      /quantization method (\S+) is not supported for the current GPU\. Minimum capability: (\d+)\. Current capability: (\d+)/,
    explain: ([, method, wanted, has]) => ({
      message: `the model's quantisation (${method}) needs a GPU of compute capability ${Number(wanted) / 10}, and this one has ${Number(has) / 10}`,
      isOfModel: true,
      hint: 'use a newer GPU, or backend hf with the packages that the quantisation needs',
    }),
  },
  {
    pattern: /(\S+) quantization is currently not supported in (\w+)/,
    explain: ([, method, device]) => ({
      message: `vLLM does not take models quantised by ${method} on this device (${device})`,
      isOfModel: true,
      hint: 'use a GPU, or backend hf with the packages that the quantisation needs',
    }),
  },
  {
    pattern:
      /Failed to infer device type|No module named 'vllm\._|libcuda\.so|no kernel image is available|Torch not compiled with CUDA/,
    explain: ([found]) => ({
      message: `this vLLM is not built for this machine (${found})`,
      hint: 'python: managed takes the build for GPUs where there is one, else the one for processors; --devices says which are used',
    }),
  },
  {
    // What PyTorch says of no device at all.
    pattern: /Device string must not be empty/,
    explain: () => ({
      message: 'vLLM sees no GPU',
      hint: 'check the driver with nvidia-smi, name GPUs that are there with --devices, or take the processor with --devices cpu',
    }),
  },
  {
    pattern: /No module named 'vllm'/,
    explain: () => ({
      message: 'there is no vLLM in this Python',
      hint: 'install vllm beside lm_eval in it, or use python: managed, which builds an environment with it',
    }),
  },
  {
    pattern: /Unsupported CPU attention configuration: head_dim=(\d+)/,
    explain: ([, size]) => ({
      message: `vLLM's attention on a processor does not take heads of ${size} numbers`,
      isOfModel: true,
      hint: 'use backend hf (and server transformers), or a GPU',
    }),
  },
  {
    pattern: /(?:address already in use|EADDRINUSE)/i,
    explain: () => ({
      message: 'a port that vLLM wanted is taken (address already in use)',
      hint: 'run the same command again: another port is taken; VLLM_PORT in the environment names the first one that its processes try',
    }),
  },
];

/** What a fault of vLLM means; null for one that is not known. */
export function explainEngineFault(text: string): Explanation | null {
  for (const { pattern, explain } of FAULTS) {
    const found = pattern.exec(text);
    if (found !== null) return explain(found);
  }
  return null;
}
