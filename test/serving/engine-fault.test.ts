import assert from 'node:assert/strict';
import { test } from 'node:test';
import { explainEngineFault } from '../../src/serving/engine-fault.ts';

/** What vLLM 0.32 says. */
const cases: [fault: string, said: string, message: RegExp, hint: RegExp][] = [
  [
    'an architecture that it does not know',
    "ValidationError: 1 validation error for ModelConfig Value error, Model architectures ['TeamFormerForCausalLM'] are not supported for now. Supported architectures: dict_keys([",
    /^vLLM does not know the architecture TeamFormerForCausalLM$/,
    /backend hf/,
  ],
  [
    'a build for GPUs, and none there',
    'RuntimeError: Device string must not be empty',
    /^vLLM sees no GPU$/,
    /--devices cpu/,
  ],
  [
    'a Python without it',
    "ModuleNotFoundError: No module named 'vllm'",
    /^there is no vLLM in this Python$/,
    /python: managed/,
  ],
  [
    'one that it knew once',
    'ValueError: Model architecture MotifForCausalLM was supported in vLLM until v0.10.2, and is not supported anymore.',
    /^vLLM does not know the architecture MotifForCausalLM$/,
    /backend hf/,
  ],
  [
    'a model type that Transformers does not know',
    'ValueError: The checkpoint you are trying to load has model type `teamformer` but Transformers does not recognize this architecture.',
    /^neither vLLM nor Transformers knows the model type teamformer$/,
    /trust-remote-code/,
  ],
  [
    "a share of a processor's memory that is not free",
    'ValueError: Available memory on node 0 (12.61/23.54 GiB) on startup is less than desired CPU memory utilization (0.92, 21.66 GiB). On the CPU backend',
    /^vLLM would take 21\.66 GiB of the machine's 23\.54, and 12\.61 are free$/,
    /gpu_memory_utilization=0\.5/,
  ],
  [
    "a share of a GPU's memory that is not free",
    'ValueError: Free memory on device cuda:0 (10.5/79.1 GiB) on startup is less than desired GPU memory utilization (0.92, 72.8 GiB). Decrease',
    /^vLLM would take 72\.8 GiB of the GPU's 79\.1, and 10\.5 are free$/,
    /end what else uses it/,
  ],
  [
    'bytes of keys and values that are not free',
    'ValueError: Available memory on node 0 (8.0/23.54 GiB) on kv cache allocation is less than requested memory for kv (93.13 GiB). Decrease',
    /not enough memory for vLLM's keys and values \(93\.13 GiB\)/,
    /kv_cache_memory_bytes/,
  ],
  [
    'a context that one question does not fit into',
    "ValueError: To serve at least one request with the models's max seq len (8192), (0.35 GiB KV cache is needed, which is larger than the available KV cache memory (0.02 GiB).",
    /^one question of 8192 tokens needs 0\.35 GiB of keys and values, and vLLM has 0\.02 for them$/,
    /max_model_len=4096/,
  ],
  [
    'no memory left',
    'ValueError: No available memory for the cache blocks. Try increasing `gpu_memory_utilization`',
    /leaves vLLM no memory/,
    /tensor-parallel/,
  ],
  [
    "a GPU's memory that ran out",
    'torch.OutOfMemoryError: CUDA out of memory. Tried to allocate 2.00 GiB. GPU 0 has a total capacity of 79.10 GiB',
    /^the GPU ran out of memory while vLLM started on it$/,
    /gpu_memory_utilization=0\.5/,
  ],
  [
    'a GPU without bfloat16',
    'ValueError: Bfloat16 is only supported on GPUs with compute capability of at least 8.0. Your Tesla T4 GPU has compute capability 7.5. You can use float16',
    /in bfloat16, which needs a GPU of compute capability 8\.0, and this is a Tesla T4$/,
    /dtype=float16/,
  ],
  [
    'a longer context than the model has',
    "ValidationError: 1 validation error for ModelConfig Value error, User-specified max_model_len (8192) is greater than the derived max_model_len (max_position_embeddings=2048.0 or model_max_length=None in model's config.json).",
    /^max_model_len is 8192, and the model's own context has 2048 tokens$/,
    /max_model_len=2048/,
  ],
  [
    'an adapter of a larger rank',
    'ValueError: LoRA rank 64 is greater than max_lora_rank 16.',
    /^the adapter has rank 64, and vLLM was told to take up to 16$/,
    /max_lora_rank=64/,
  ],
  [
    'heads that cannot be split',
    'ValueError: Total number of attention heads (9) must be divisible by tensor parallel size (2).',
    /^the model's 9 attention heads cannot be split over 2 GPUs$/,
    /divides 9/,
  ],
  [
    'fewer GPUs than parts',
    'ValueError: World size (4) is larger than the number of available GPUs (2) in this node.',
    /^the model is to be split over 4 GPUs, and vLLM sees 2$/,
    /--tensor-parallel/,
  ],
  [
    'a processor that cannot be split',
    'AssertionError: Not enough allowed NUMA nodes to bind threads of 2 local CPUWorkers. Allowed NUMA nodes are [0].',
    /fewer than 2$/,
    /leave tensor-parallel out/,
  ],
  [
    'quantisation that a GPU is too old for',
    'ValueError: The quantization method fp8 is not supported for the current GPU. Minimum capability: 89. Current capability: 75.',
    /\(fp8\) needs a GPU of compute capability 8\.9, and this one has 7\.5$/,
    /backend hf/,
  ],
  [
    'quantisation that a processor does not take',
    'ValueError: bitsandbytes quantization is currently not supported in cpu.',
    /quantised by bitsandbytes on this device \(cpu\)/,
    /use a GPU/,
  ],
  [
    'a build for another machine',
    'RuntimeError: Failed to infer device type, please set the environment variable',
    /not built for this machine \(Failed to infer device type\)/,
    /python: managed/,
  ],
  [
    'heads that its kernels for processors do not take',
    'RuntimeError: Unsupported CPU attention configuration: head_dim=16 isa=2 kv_cache_idx=0',
    /^vLLM's attention on a processor does not take heads of 16 numbers$/,
    /backend hf/,
  ],
  [
    'a port in use',
    "OSError: [Errno 98] Address already in use: ('127.0.0.1', 8000)",
    /a port that vLLM wanted is taken \(address already in use\)/,
    /another port is taken/,
  ],
];
for (const [fault, said, message, hint] of cases)
  test(`what a fault of vLLM means: ${fault}`, () => {
    const explained = explainEngineFault(said);
    assert.match(explained?.message ?? '', message);
    assert.match(explained?.hint ?? '', hint);
  });

test('what a fault of vLLM means: one that is not known', () =>
  assert.equal(explainEngineFault('ValueError: something else'), null));
