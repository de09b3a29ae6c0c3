import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type EnvironmentWish, runEnvironment } from '../../src/evaluate/run-environment.ts';
import { requireVllmMachine, vllmBuild } from '../../src/evaluate/workers/vllm-build.ts';
import type { Gpu, GpuListing } from '../../src/system/gpus.ts';
import { vllmEnvironment, WORKER_ENVIRONMENT } from '../../src/system/python/environment-spec.ts';
import { rejectsWith } from '../support/reject.ts';

const WISH: EnvironmentWish = {
  backend: 'hf',
  server: 'auto',
  stages: ['lm-eval', 'livebench'],
  benchmarks: [],
  includePaths: [],
  devices: { kind: 'auto' },
  device: null,
  launcher: [],
};

/** No nvidia-smi is on it. */
const NO_GPU = { PATH: '/nowhere' };

const vllm = vllmEnvironment('cpu').name;
const harness = WORKER_ENVIRONMENT.name;
const kinds: [title: string, wish: Partial<EnvironmentWish>, name: string][] = [
  ['the defaults: without vLLM', {}, harness],
  ['backend vllm', { backend: 'vllm' }, vllm],
  ['server vllm', { server: 'vllm' }, vllm],
  ['server vllm, its stage left out', { server: 'vllm', stages: ['lm-eval'] }, harness],
  ['server vllm, none of its benchmarks asked for', { server: 'vllm', benchmarks: ['ifeval'] }, harness],
  ['server vllm, one of its benchmarks asked for', { server: 'vllm', benchmarks: ['if'] }, vllm],
  ['another engine', { backend: 'sglang' }, harness],
  ['a server by its address', { server: 'http://127.0.0.1:8000/v1' }, harness],
];
for (const [title, wish, name] of kinds)
  test(`which environment of ours, ${title}`, { skip: process.platform !== 'linux' }, async () => {
    assert.equal((await runEnvironment({ ...WISH, ...wish, device: 'cpu' }, NO_GPU)).name, name);
  });

const gpu: Gpu = { index: '0', uuid: 'GPU-0', name: 'GPU', memoryTotal: 80_000, memoryFree: 80_000 };
const WITH: Pick<GpuListing, 'gpus' | 'driver'> = { gpus: [gpu], driver: 'answers' };
const WITHOUT: typeof WITH = { gpus: [], driver: 'none' };
const builds: [
  title: string,
  wish: Partial<EnvironmentWish>,
  machine: typeof WITH,
  build: 'gpu' | 'cpu',
  environment?: Record<string, string>,
][] = [
  ['no GPU', {}, WITHOUT, 'cpu'],
  ['a GPU', {}, WITH, 'gpu'],
  ['a GPU, and the processor asked for', { devices: { kind: 'cpu', workers: 1 } }, WITH, 'cpu'],
  ['a GPU, and device cpu', { device: 'cpu' }, WITH, 'cpu'],
  ['a GPU that is hidden', {}, WITH, 'cpu', { CUDA_VISIBLE_DEVICES: '' }],
  ['a GPU that no nvidia-smi tells of', {}, { gpus: [], driver: 'untold' }, 'gpu'],
  ['no GPU here, and one asked for', { devices: { kind: 'gpus', ids: ['0'] } }, WITHOUT, 'gpu'],
  ['no GPU here, and a launcher', { launcher: ['srun'] }, WITHOUT, 'gpu'],
  [
    'no GPU here, a launcher, the processor',
    { launcher: ['srun'], devices: { kind: 'cpu', workers: 1 } },
    WITHOUT,
    'cpu',
  ],
];
for (const [title, wish, machine, build, environment = {}] of builds)
  test(`which build of vLLM: ${title}: ${build}`, () =>
    assert.equal(vllmBuild({ ...WISH, ...wish }, { ...machine, environment }), build));

test('where vLLM has no build, that is said', async () => {
  requireVllmMachine('linux', 'x64');
  requireVllmMachine('linux', 'arm64');
  await rejectsWith(
    () => requireVllmMachine('darwin', 'arm64'),
    'python-unsuitable',
    'vLLM has no build for this machine (darwin, arm64)',
    'backend hf',
  );
  await rejectsWith(() => requireVllmMachine('linux', 's390x'), 'python-unsuitable', 's390x', 'hf');
});
