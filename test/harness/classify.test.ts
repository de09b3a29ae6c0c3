import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { execa } from 'execa';
import { packageRoot } from '../../src/system/paths.ts';
import { testPython } from '../support/python.ts';

const python = await testPython();

/** Texts as libraries print them, and the kind of fault they are while a chunk is evaluated. */
const CASES: [library: string, text: string, kind: string][] = [
  [
    'PyTorch on CUDA',
    'CUDA out of memory. Tried to allocate 2.00 GiB. GPU 0 has a total capacity of 79.25 GiB of which 1.26 GiB is free.',
    'oom',
  ],
  ['the CUDA runtime', 'CUDA error: out of memory', 'oom'],
  ['the CUDA driver', 'CUDA driver error: out of memory', 'oom'],
  ['cuBLAS', 'CUDA error: CUBLAS_STATUS_ALLOC_FAILED when calling `cublasCreate(handle)`', 'oom'],
  ['cuDNN', 'cuDNN error: CUDNN_STATUS_ALLOC_FAILED', 'oom'],
  ['NCCL', "ncclUnhandledCudaError: Call to CUDA function failed. Cuda failure 'out of memory'", 'oom'],
  [
    'PyTorch on ROCm',
    'HIP out of memory. Tried to allocate 16.00 GiB. GPU 0 has a total capacity of 15.24 GiB',
    'oom',
  ],
  ['hipBLAS', 'CUDA error: HIPBLAS_STATUS_ALLOC_FAILED when calling `hipblasCreate(handle)`', 'oom'],
  ['PyTorch on Apple', 'MPS backend out of memory (MPS allocated: 17.06 GB, max allowed: 18.13 GB)', 'oom'],
  [
    'PyTorch on the CPU',
    "[enforce fail at alloc_cpu.cpp:121] data. DefaultCPUAllocator: can't allocate memory: you tried to allocate 64 bytes. Error code 12 (Cannot allocate memory)",
    'oom',
  ],
  ['NumPy', 'Unable to allocate 7.45 GiB for an array with shape (1000000000,)', 'oom'],
  ['C++', 'std::bad_alloc', 'oom'],
  ['the system', '[Errno 12] Cannot allocate memory', 'oom'],
  [
    'vLLM, at start',
    'No available memory for the cache blocks. Try increasing `gpu_memory_utilization`',
    'oom',
  ],
  [
    'vLLM, at start beside others',
    'Free memory on device (10.5/79.1 GiB) on startup is less than desired GPU memory utilization (0.9, 71.2 GiB).',
    'oom',
  ],
  [
    'vLLM, a long context',
    "The model's max seq len (131072) is larger than the maximum number of tokens that can be stored in KV cache (12345).",
    'oom',
  ],
  [
    'vLLM, a long context, later versions',
    '(16.0 GiB KV cache is needed, which is larger than the available KV cache memory (8.2 GiB)',
    'oom',
  ],
  ['SGLang', 'Not enough memory. Please try to increase --mem-fraction-static.', 'oom'],
  ['SGLang, a batch', 'Prefill out of memory. Try to lower your batch size.', 'oom'],
  [
    'Triton, whose shared memory is another thing',
    'out of resource: shared memory, Required: 114688, Hardware limit: 101376',
    'internal',
  ],
  ['a full disk', '[Errno 28] No space left on device', 'internal'],
  ['CUDA, a bad address', 'CUDA error: an illegal memory access was encountered', 'device'],
  ['CUDA, a bad chip', 'CUDA error: uncorrectable ECC error encountered', 'device'],
  ['NCCL, a bad link', 'NCCL error in: ProcessGroupNCCL.cpp:1234, unhandled system error', 'device'],
  ['CUDA, an assertion', 'CUDA error: device-side assert triggered', 'device'],
  ['a task', 'division by zero', 'internal'],
];

const script = [
  'import json, sys',
  'from sosbench_worker.faults import classify',
  'print(json.dumps([classify(RuntimeError(text), during="evaluate") for text in json.load(sys.stdin)]))',
].join('\n');
const { stdout } = await execa(python, ['-c', script], {
  env: { PYTHONPATH: join(packageRoot(), 'worker'), PYTHONDONTWRITEBYTECODE: '1' },
  input: JSON.stringify(CASES.map(([, text]) => text)),
});
const kinds = JSON.parse(stdout) as string[];

for (const [place, [library, text, kind]] of CASES.entries())
  test(`${library}: ${kind}`, () => assert.equal(kinds[place], kind, text));
