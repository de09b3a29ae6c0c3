import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { checkVllmMemory, type VllmPlan } from '../../src/doctor/model/check-vllm.ts';
import { temporaryFolder } from '../support/folder.ts';

const folder = temporaryFolder();
const GIB = 1024 ** 3;
let models = 0;

/** 8 billion weights: 131,072 bytes of keys and values a token in half precision, 16 GiB for its whole context. */
const EIGHT_BILLION = {
  num_hidden_layers: 32,
  num_attention_heads: 32,
  num_key_value_heads: 8,
  hidden_size: 4096,
  max_position_embeddings: 131_072,
  torch_dtype: 'bfloat16',
};

function modelOf(config: object): string {
  const path = join(folder, `model-${models++}`);
  mkdirSync(path);
  writeFileSync(join(path, 'config.json'), JSON.stringify(config));
  return path;
}

interface Case {
  config?: object;
  args?: Record<string, unknown>;
  weights?: number;
  /** GiB. */
  free?: number;
  gpuFree?: number;
  gpus?: number;
  group?: number;
  copies?: number;
  environment?: Record<string, string>;
}

function examine({ config = EIGHT_BILLION, args = {}, weights = 16, ...more }: Case) {
  const gpus = Array.from({ length: more.gpus ?? 0 }, (_, index) => ({
    index: String(index),
    uuid: `GPU-${index}`,
    name: 'GPU',
    memoryTotal: 80 * 1024,
    memoryFree: (more.gpuFree ?? 80) * 1024,
  }));
  const plan: VllmPlan = {
    model: { folder: modelOf(config), args },
    weights: weights * GIB,
    gpus,
    onProcessor: gpus.length === 0,
    copies: more.copies ?? 1,
    group: more.group ?? 1,
    memory: { total: 64 * GIB, free: (more.free ?? 60) * GIB },
    environment: more.environment ?? {},
  };
  return checkVllmMemory(plan);
}

const short = { max_model_len: 4096 };
const cases: [title: string, given: Case, status: 'ok' | 'fail', told: RegExp, hint?: RegExp][] = [
  ['a processor, nothing said: 4 GiB', { args: short }, 'ok', /takes about 22\.0 GiB \(4\.0 for keys/],
  [
    'a processor, the whole context does not fit into 4 GiB',
    {},
    'fail',
    /4\.0 are left for keys and values, and one question of 131072 tokens needs 16\.0 GiB/,
    /max_model_len/,
  ],
  [
    'a processor, bytes for the whole context',
    { args: { kv_cache_memory_bytes: 17 * GIB } },
    'ok',
    /35\.0 GiB/,
  ],
  [
    "a processor, the operator's variable",
    { environment: { VLLM_CPU_KVCACHE_SPACE: '20' } },
    'ok',
    /38\.0 GiB \(20\.0 for/,
  ],
  [
    'a processor with too little left',
    { args: short, free: 20 },
    'fail',
    /22\.0 GiB .*20\.0 of 64\.0 are free/,
    /kv_cache_memory_bytes/,
  ],
  ['two copies side by side', { args: short, copies: 2 }, 'ok', /44\.0 GiB \(4\.0 for .*, 2 copies\)/],
  [
    'copies that do not fit side by side',
    { args: short, copies: 3 },
    'fail',
    /66\.0 GiB .*60\.0 of 64\.0 are free/,
    /smaller --devices cpu:N/,
  ],
  [
    'a share that each copy takes',
    { args: { ...short, gpu_memory_utilization: 0.5 }, copies: 2 },
    'fail',
    /takes 64\.0 GiB, the share 0\.5 .*2 copies/,
    /lower --model-args gpu_memory_utilization/,
  ],
  [
    'a share of a processor’s memory that is not free',
    { args: { ...short, gpu_memory_utilization: 0.92 }, free: 50 },
    'fail',
    /takes 58\.9 GiB, the share 0\.92.*50\.0 of 64\.0 are free/,
    /lower --model-args gpu_memory_utilization/,
  ],
  [
    'a share that the weights do not fit into',
    { args: { ...short, gpu_memory_utilization: 0.2 } },
    'fail',
    /12\.8 GiB.*the model needs about 18\.0/,
    /raise/,
  ],
  [
    'float32 weights, loaded in half precision unless told',
    { config: { ...EIGHT_BILLION, torch_dtype: 'float32' }, weights: 32, args: short },
    'ok',
    /22\.0 GiB/,
  ],
  [
    'the same, in float32 as they are',
    {
      config: { ...EIGHT_BILLION, torch_dtype: 'float32' },
      weights: 32,
      args: { ...short, dtype: 'float32' },
    },
    'ok',
    /38\.0 GiB/,
  ],
  ['a GPU', { gpus: 1 }, 'ok', /takes 73\.6 GiB of GPU 0, the share 0\.92; 80\.0 of 80\.0 are free/],
  [
    'a GPU that others use',
    { gpus: 1, gpuFree: 40 },
    'fail',
    /73\.6 GiB of GPU 0.*40\.0 of 80\.0 are free/,
    /end what uses it, or lower/,
  ],
  [
    'the same with a smaller share',
    { gpus: 1, gpuFree: 40, args: { gpu_memory_utilization: 0.45 } },
    'ok',
    /36\.0/,
  ],
  [
    'a GPU that the weights do not fit on',
    { gpus: 1, weights: 140 },
    'fail',
    /the weights alone need 140\.0/,
    /tensor-parallel/,
  ],
  ['the same over two', { gpus: 2, group: 2, weights: 140, args: short }, 'ok', /of GPU 0/],
  [
    'a GPU without room for one question',
    { gpus: 1, weights: 70 },
    'fail',
    /3\.6 are left for keys and values, and one question of 131072 tokens needs 16\.0 GiB/,
    /max_model_len/,
  ],
  [
    'a model whose keys and values are of another kind: only what is known is said',
    { config: { ...EIGHT_BILLION, kv_lora_rank: 512 } },
    'ok',
    /22\.0 GiB/,
  ],
  ['a configuration that tells nothing', { config: {} }, 'ok', /22\.0 GiB/],
];
for (const [title, given, status, told, hint] of cases)
  test(`vLLM's memory: ${title}`, async () => {
    const [first] = await examine(given);
    assert.equal(first?.status, status, first?.message);
    assert.match(first.message, told);
    if (hint === undefined) assert.equal(first.hint, null);
    else assert.match(first.hint ?? '', hint);
  });
