/** What speaks against vLLM where backend is `auto`, by what is asked and what the machine has. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  type MachineFacts,
  reasonAgainstVllm,
  type WantedOfBackend,
} from '../../../src/evaluate/backend/vllm-fits.ts';
import type { Gpu } from '../../../src/system/gpus.ts';

const gpu = (index: number): Gpu => ({
  index: String(index),
  uuid: `GPU-${index}`,
  name: 'GPU',
  memoryTotal: 80_000,
  memoryFree: 100,
});
const WITH: Partial<MachineFacts> = { gpus: [gpu(0), gpu(1)], driver: 'answers' };

const CASES: [
  what: string,
  wanted: Partial<WantedOfBackend>,
  machine: Partial<MachineFacts>,
  why: RegExp | null,
][] = [
  ['a GPU, whatever is free of it', {}, WITH, null],
  ['GPUs that were named', { devices: { kind: 'gpus', ids: ['0', '1'] } }, WITH, null],
  ['a GPU of those that were allotted', {}, { ...WITH, environment: { CUDA_VISIBLE_DEVICES: '1' } }, null],
  ['an Arm machine', {}, { ...WITH, arch: 'arm64' }, null],
  ['arguments that both classes take', { modelArgs: { dtype: 'bfloat16', max_length: 4096 } }, WITH, null],
  ['an argument that is not set', { modelArgs: { peft: null } }, WITH, null],
  ['no driver', {}, {}, /there is no NVIDIA GPU/],
  [
    'a GPU that is named, and no driver',
    { devices: { kind: 'gpus', ids: ['7'] } },
    {},
    /there is no NVIDIA GPU/,
  ],
  ['a driver that fails', {}, { driver: 'failing' }, /no GPU can be had/],
  ['no nvidia-smi', {}, { driver: 'untold' }, /there is no nvidia-smi/],
  [
    'all GPUs hidden',
    {},
    { ...WITH, environment: { CUDA_VISIBLE_DEVICES: '' } },
    /CUDA_VISIBLE_DEVICES hides/,
  ],
  [
    'none of those that were allotted',
    {},
    { ...WITH, environment: { CUDA_VISIBLE_DEVICES: '7' } },
    /no GPU is visible/,
  ],
  ['the processor asked for', { devices: { kind: 'cpu', workers: 1 } }, WITH, /the processor was asked for/],
  ['device cpu', { device: 'cpu' }, WITH, /the processor was asked for/],
  ['a device that vLLM does not heed', { device: 'cuda:1' }, WITH, /device is cuda:1/],
  ['a launcher', { launcher: ['srun'] }, WITH, /launcher/],
  ['an instance of a GPU', { devices: { kind: 'gpus', ids: ['MIG-77aa'] } }, WITH, /MIG/],
  [
    'an instance that was allotted',
    {},
    { ...WITH, environment: { CUDA_VISIBLE_DEVICES: 'MIG-77aa' } },
    /MIG/,
  ],
  ['two workers on one GPU', { devices: { kind: 'gpus', ids: ['0', '0'] } }, WITH, /share a GPU/],
  ['another system', {}, { ...WITH, platform: 'win32' }, /no build for this machine \(win32, x64\)/],
  ['another architecture', {}, { ...WITH, arch: 'ppc64' }, /no build for this machine \(linux, ppc64\)/],
  [
    'an adapter for Transformers',
    { modelArgs: { peft: './adapter' } },
    WITH,
    /model-args has peft, which only hf takes/,
  ],
  ['a GGUF model', { modelArgs: { gguf_file: 'm.gguf' } }, WITH, /gguf_file/],
  ['bitsandbytes', { modelArgs: { bnb_4bit_quant_type: 'nf4' } }, WITH, /bnb_4bit_quant_type/],
];
for (const [what, wanted, machine, why] of CASES)
  test(`${what}: ${why === null ? 'nothing' : 'hf'}`, () => {
    const reason = reasonAgainstVllm(
      { devices: { kind: 'auto' }, device: null, launcher: [], modelArgs: {}, ...wanted },
      { gpus: [], driver: 'none', faults: [], platform: 'linux', arch: 'x64', environment: {}, ...machine },
    );
    if (why === null) assert.equal(reason, null);
    else assert.match(reason ?? '', why);
  });
