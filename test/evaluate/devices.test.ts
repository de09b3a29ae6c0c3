import assert from 'node:assert/strict';
import { test } from 'node:test';
import { planSlots } from '../../src/evaluate/workers/devices.ts';
import { deviceList } from '../../src/settings/value-types.ts';
import type { GpuListing } from '../../src/system/gpus.ts';
import { CPU_CACHE_BYTES } from '../../src/system/vllm-arguments.ts';
import { rejectsWith } from '../support/reject.ts';

const gpu = (index: number) => ({
  index: String(index),
  uuid: `GPU-${index}`,
  name: 'NVIDIA A100',
  memoryTotal: 81_920,
  memoryFree: 80_000,
});

interface Case {
  devices?: string;
  /** How many there are, or their indices. */
  gpus?: number | number[];
  driver?: GpuListing['driver'];
  faults?: string[];
  launcher?: string[];
  environment?: Record<string, string>;
  backend?: string;
  tensorParallel?: number;
  modelArgs?: Record<string, unknown>;
  device?: string;
}

function slots({ devices = 'auto', gpus = 0, environment = {}, ...wanted }: Case) {
  const indices = typeof gpus === 'number' ? Array.from({ length: gpus }, (_, index) => index) : gpus;
  const driver = wanted.driver ?? (indices.length > 0 ? 'answers' : 'none');
  return planSlots(
    {
      devices: deviceList.parse(devices),
      device: wanted.device ?? null,
      backend: wanted.backend ?? 'hf',
      tensorParallel: wanted.tensorParallel ?? null,
      modelArgs: wanted.modelArgs ?? {},
      launcher: wanted.launcher ?? [],
    },
    { gpus: indices.map(gpu), driver, faults: wanted.faults ?? [], cores: 8, environment },
  );
}

/** Visible devices of each worker; `-` where they are left as they are. */
const seen = (given: Case) => slots(given).map(({ environment }) => environment.CUDA_VISIBLE_DEVICES ?? '-');

const FAILING = { driver: 'failing' as const, faults: ['nvidia-smi: no answer'] };
const CASES: [string, Case, string[]][] = [
  ['auto on a machine without GPUs: one worker, which chooses', {}, ['-']],
  ['auto with one GPU: one worker, which chooses', { gpus: 1 }, ['-']],
  ['auto with four GPUs: a worker each', { gpus: 4 }, ['0', '1', '2', '3']],
  [
    'auto within CUDA_VISIBLE_DEVICES: those it names',
    { gpus: 4, environment: { CUDA_VISIBLE_DEVICES: '2,3' } },
    ['2', '3'],
  ],
  ['auto where all are hidden: one', { gpus: 4, environment: { CUDA_VISIBLE_DEVICES: '' } }, ['-']],
  [
    'auto where a list is set and no driver answers: one',
    { environment: { CUDA_VISIBLE_DEVICES: '0,1' } },
    ['-'],
  ],
  ['auto with a device named: one worker on it', { gpus: 4, device: 'cuda:1' }, ['-']],
  ['auto for the client of a server: one', { gpus: 4, backend: 'local-completions' }, ['-']],
  [
    'auto, one of four GPUs broken: a worker on each of the others',
    { gpus: [0, 2, 3], faults: ['GPU 1 does not work'] },
    ['0', '2', '3'],
  ],
  [
    'auto, one of two GPUs broken: the other one, by name',
    { gpus: [1], faults: ['GPU 0 does not work'] },
    ['1'],
  ],
  [
    'auto within a list that names a GPU that is not there: the others',
    { gpus: 2, environment: { CUDA_VISIBLE_DEVICES: '1,9' }, faults: ['names 9'] },
    ['1'],
  ],
  [
    'auto with a driver that fails, all hidden',
    { ...FAILING, environment: { CUDA_VISIBLE_DEVICES: '' } },
    ['-'],
  ],
  ['auto with a driver that fails, the processor named', { ...FAILING, device: 'cpu' }, ['-']],
  ['auto with a driver that fails, beside a launcher', { ...FAILING, launcher: ['srun'] }, ['-']],
  [
    'auto with a driver that fails, for the client of a server',
    { ...FAILING, backend: 'local-completions' },
    ['-'],
  ],
  [
    'GPUs within those that were allotted',
    { gpus: 8, devices: '5', environment: { CUDA_VISIBLE_DEVICES: '4,5' } },
    ['5'],
  ],
  [
    'GPUs by number within those allotted by UUID, and the other way round',
    { gpus: 8, devices: '4,GPU-5', environment: { CUDA_VISIBLE_DEVICES: 'GPU-4,5' } },
    ['4', 'GPU-5'],
  ],
  [
    'a launcher gives workers devices of its own',
    { gpus: 1, devices: '0,1,2', environment: { CUDA_VISIBLE_DEVICES: '0' }, launcher: ['srun'] },
    ['0', '1', '2'],
  ],
  ['GPUs by UUID for vLLM: their numbers', { gpus: 4, devices: 'GPU-1,GPU-3', backend: 'vllm' }, ['1', '3']],
  [
    'one GPU allotted by UUID, for vLLM: its number',
    { gpus: 4, backend: 'vllm', environment: { CUDA_VISIBLE_DEVICES: 'GPU-2' } },
    ['2'],
  ],
  ['an instance of a GPU has no number', { gpus: 1, devices: 'MIG-77aa', backend: 'vllm' }, ['MIG-77aa']],
  ['GPUs by index', { devices: '1,3' }, ['1', '3']],
  ['GPUs by UUID', { devices: 'GPU-5e1f,MIG-77aa' }, ['GPU-5e1f', 'MIG-77aa']],
  ['one GPU twice: two workers share it', { devices: '0,0' }, ['0', '0']],
  ['workers on the processor see no GPU', { devices: 'cpu:3', gpus: 2 }, ['', '', '']],
  ['tensor-parallel groups', { gpus: 4, backend: 'vllm', tensorParallel: 2 }, ['0,1', '2,3']],
  ['a GPU left over is not used', { gpus: 5, backend: 'vllm', tensorParallel: 2 }, ['0,1', '2,3']],
  ['a group of all GPUs', { gpus: 4, backend: 'sglang', tensorParallel: 4 }, ['0,1,2,3']],
  [
    'pipeline stages count too',
    { gpus: 8, backend: 'vllm', tensorParallel: 2, modelArgs: { pipeline_parallel_size: 2 } },
    ['0,1,2,3', '4,5,6,7'],
  ],
  ['a model spread over all of them', { gpus: 4, modelArgs: { parallelize: true } }, ['0,1,2,3']],
];
for (const [what, given, expected] of CASES) test(what, () => assert.deepEqual(seen(given), expected));

test('tensor-parallel reaches the engine under its own name, on one GPU group as on many', () => {
  const args = (given: Case) => slots(given).map((slot) => slot.args);
  assert.deepEqual(args({ gpus: 2, backend: 'vllm', tensorParallel: 2 }), [{ tensor_parallel_size: 2 }]);
  assert.deepEqual(args({ devices: '0', backend: 'sglang', tensorParallel: 1 }), [{ tp_size: 1 }]);
  assert.deepEqual(args({ gpus: 2 }), [{}, {}]);
});

test("vLLM's build for processors is told how much memory to take, and several copies not to share their cores", () => {
  const told = { block_size: 32, enforce_eager: true, kv_cache_memory_bytes: CPU_CACHE_BYTES };
  const seenBy = (given: Case) =>
    slots({ backend: 'vllm', ...given }).map(({ args, environment }) => [
      args,
      environment.VLLM_CPU_OMP_THREADS_BIND,
    ]);
  assert.deepEqual(seenBy({}), [[told, undefined]]);
  assert.deepEqual(seenBy({ gpus: 1, devices: 'cpu:2' }), [
    [told, 'nobind'],
    [told, 'nobind'],
  ]);
  assert.deepEqual(
    seenBy({ modelArgs: { gpu_memory_utilization: 0.3, enforce_eager: false, block_size: 64 } }),
    [[{}, undefined]],
  );
  assert.deepEqual(seenBy({ gpus: 1 }), [[{}, undefined]]);
  assert.deepEqual(seenBy({ devices: 'cpu:1', backend: 'hf' }), [[{}, undefined]]);
});

const threads = (given: Case) => slots(given).map(({ environment }) => environment.OMP_NUM_THREADS);

test('several workers divide the cores; a number set outside stays; one worker has all', () => {
  assert.deepEqual(threads({ devices: 'cpu:2' }), ['4', '4']);
  assert.deepEqual(threads({ devices: 'cpu:3' }), ['2', '2', '2']);
  assert.deepEqual(threads({ devices: 'cpu:20' })[0], '1');
  assert.deepEqual(threads({ devices: '0,1' }), ['4', '4']);
  assert.deepEqual(threads({ devices: 'cpu:2', environment: { OMP_NUM_THREADS: '3' } }), [
    undefined,
    undefined,
  ]);
  assert.deepEqual(threads({ devices: 'cpu:1' }), [undefined]);
});

test('only workers on GPUs that were named or found must end up on one', () => {
  const needs = (given: Case) => slots(given).map(({ needsGpu }) => needsGpu);
  assert.deepEqual(
    [needs({ devices: '0' }), needs({}), needs({ devices: 'cpu:1' })],
    [[true], [false], [false]],
  );
  assert.deepEqual(
    [needs({ gpus: 1 }), needs({ driver: 'untold' }), needs({ gpus: 1, device: 'cpu' })],
    [[true], [true], [false]],
  );
});

test('numbers of GPUs are those of nvidia-smi, whichever is the fastest', () => {
  for (const given of [{ devices: '1' }, { gpus: 4 }, { gpus: 1 }])
    for (const { environment } of slots(given)) assert.equal(environment.CUDA_DEVICE_ORDER, 'PCI_BUS_ID');
});

test('a driver that is there and gives no GPU is told, not worked around: the processor takes days', async () => {
  for (const gpus of [0, 2])
    await rejectsWith(
      () => slots({ ...FAILING, gpus, environment: gpus > 0 ? { CUDA_VISIBLE_DEVICES: '9' } : {} }),
      'devices-unusable',
      'no GPU can be had: nvidia-smi: no answer',
      '--devices cpu:1',
    );
});

const REFUSED: [string, Case, string][] = [
  ['tensor-parallel on a backend that cannot', { gpus: 2, tensorParallel: 2 }, 'parallelize=true'],
  ['a group larger than the machine', { gpus: 2, backend: 'vllm', tensorParallel: 4 }, 'needs 4 devices'],
  ['one GPU for a model split over two', { gpus: 1, backend: 'vllm', tensorParallel: 2 }, 'needs 2 devices'],
  [
    'GPUs that were not allotted',
    { gpus: 8, devices: '0,1,4', environment: { CUDA_VISIBLE_DEVICES: '4,5' } },
    'devices names GPU 0,1, and CUDA_VISIBLE_DEVICES allots 4,5',
  ],
  [
    'GPUs that were not allotted, by UUID',
    { gpus: 8, devices: '0', environment: { CUDA_VISIBLE_DEVICES: 'GPU-4,GPU-5' } },
    'GPU 0,',
  ],
  [
    'GPUs that were not allotted, where no driver answers',
    { devices: '0', environment: { CUDA_VISIBLE_DEVICES: '1' } },
    'allots 1',
  ],
  [
    'a GPU where an instance was allotted',
    { gpus: 1, devices: '0', environment: { CUDA_VISIBLE_DEVICES: 'MIG-77aa' } },
    'allots MIG-77aa',
  ],
  [
    'a GPU where all are hidden',
    { gpus: 1, devices: '0', environment: { CUDA_VISIBLE_DEVICES: '' } },
    'allots none',
  ],
  ['an unknown UUID for vLLM', { gpus: 1, devices: 'GPU-9', backend: 'vllm' }, 'by number'],
  ['device and devices', { devices: '0,1', device: 'cuda:0' }, 'give one of them'],
  ['a GPU and cpu:N', { devices: 'cpu:2', device: 'cuda:0' }, 'give one of them'],
];
for (const [what, given, text] of REFUSED) {
  test(`refused: ${what}`, async () => {
    await rejectsWith(() => slots(given), 'usage', text);
  });
}

test('device: cpu and devices: cpu:2 agree', () => {
  assert.deepEqual(
    slots({ devices: 'cpu:2', device: 'cpu' }).map(({ device }) => device),
    ['cpu', 'cpu'],
  );
});
