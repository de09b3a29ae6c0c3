import assert from 'node:assert/strict';
import { test } from 'node:test';
import { planSlots } from '../../src/evaluate/devices.ts';
import { deviceList } from '../../src/settings/value-types.ts';
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
  gpus?: number;
  environment?: Record<string, string>;
  backend?: string;
  tensorParallel?: number;
  modelArgs?: Record<string, unknown>;
  device?: string;
}

function slots({ devices = 'auto', gpus = 0, environment = {}, ...wanted }: Case) {
  return planSlots(
    {
      devices: deviceList.parse(devices),
      device: wanted.device ?? null,
      backend: wanted.backend ?? 'hf',
      tensorParallel: wanted.tensorParallel ?? null,
      modelArgs: wanted.modelArgs ?? {},
    },
    { gpus: Array.from({ length: gpus }, (_, index) => gpu(index)), cores: 8, environment },
  );
}

/** Visible devices of each worker; `-` where they are left as they are. */
const seen = (given: Case) => slots(given).map(({ environment }) => environment.CUDA_VISIBLE_DEVICES ?? '-');

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
  ['GPUs by index', { devices: '1,3' }, ['1', '3']],
  ['GPUs by UUID', { devices: 'GPU-5e1f,MIG-77aa' }, ['GPU-5e1f', 'MIG-77aa']],
  ['one GPU twice: two workers share it', { devices: '0,0' }, ['0', '0']],
  ['workers on the processor see no GPU', { devices: 'cpu:3', gpus: 2 }, ['', '', '']],
  ['tensor-parallel groups', { gpus: 4, backend: 'vllm', tensorParallel: 2 }, ['0,1', '2,3']],
  ['a GPU left over is not used', { gpus: 5, backend: 'vllm', tensorParallel: 2 }, ['0,1', '2,3']],
  [
    'groups by the engine’s own argument',
    { gpus: 4, backend: 'sglang', modelArgs: { tp_size: 4 } },
    ['0,1,2,3'],
  ],
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
});

const REFUSED: [string, Case, string][] = [
  ['tensor-parallel on a backend that cannot', { gpus: 2, tensorParallel: 2 }, 'parallelize=true'],
  ['a group larger than the machine', { gpus: 2, backend: 'vllm', tensorParallel: 4 }, 'needs 4 devices'],
  [
    'two sizes of a group',
    { backend: 'vllm', tensorParallel: 2, modelArgs: { tensor_parallel_size: 4 } },
    'give one of them',
  ],
  [
    'the engine’s own copies',
    { backend: 'vllm', modelArgs: { data_parallel_size: 2 } },
    'data_parallel_size',
  ],
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
