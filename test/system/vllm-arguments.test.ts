import assert from 'node:assert/strict';
import { test } from 'node:test';
import { CPU_CACHE_BYTES, processorArguments, processorVariables } from '../../src/system/vllm-arguments.ts';

const eager = { enforce_eager: true };
const sized = { kv_cache_memory_bytes: CPU_CACHE_BYTES };
const cases: [
  title: string,
  args: Record<string, unknown>,
  environment: Record<string, string>,
  told: Record<string, unknown>,
][] = [
  ['nothing said', {}, {}, { ...eager, ...sized }],
  ['a share of the memory', { gpu_memory_utilization: 0.2 }, {}, eager],
  ['bytes', { kv_cache_memory_bytes: 1 }, {}, eager],
  ["the operator's variable", {}, { VLLM_CPU_KVCACHE_SPACE: '8' }, eager],
  ['the variable, empty', {}, { VLLM_CPU_KVCACHE_SPACE: '' }, { ...eager, ...sized }],
  ['compiling asked for', { enforce_eager: false }, {}, sized],
];
for (const [title, args, environment, told] of cases)
  test(`what vLLM is told on a processor: ${title}`, () =>
    assert.deepEqual(processorArguments(args, environment), told));

const BOUND: [
  title: string,
  copies: number,
  cores: number,
  environment: Record<string, string>,
  bind?: string,
][] = [
  ['two cores: it would leave one of them out', 1, 2, {}, 'nobind'],
  ['four cores', 1, 4, {}, 'nobind'],
  ['many cores, which it ties its threads to', 1, 8, {}],
  ['many cores and two copies, which it would tie to the same ones', 2, 64, {}, 'nobind'],
  ['what the operator set stays', 2, 2, { VLLM_CPU_OMP_THREADS_BIND: '0|1' }],
];
for (const [title, copies, cores, environment, bind] of BOUND)
  test(`the cores of vLLM's threads: ${title}`, () =>
    assert.equal(processorVariables(copies, cores, environment).VLLM_CPU_OMP_THREADS_BIND, bind));
