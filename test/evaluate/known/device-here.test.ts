import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { describeOtherDevice, deviceHere } from '../../../src/evaluate/known/device-here.ts';
import { deviceList } from '../../../src/settings/value-types.ts';
import type { GpuListing } from '../../../src/system/gpus.ts';

const A100 = 'NVIDIA A100-SXM4-80GB';
const H200 = 'NVIDIA H200';

interface Here {
  devices?: string;
  device?: string | null;
  gpus?: string[];
  driver?: GpuListing['driver'];
  environment?: Record<string, string>;
  launcher?: string[];
}

function here({ devices = 'auto', device = null, gpus = [], environment = {}, launcher = [], driver }: Here) {
  const listed = gpus.map((name, index) => ({
    ...{ index: String(index), uuid: `GPU-${index}`, name },
    ...{ memoryTotal: null, memoryFree: null },
  }));
  const found = driver ?? (gpus.length > 0 ? 'answers' : 'none');
  return deviceHere(
    { devices: deviceList.parse(devices), device, launcher },
    { gpus: listed, driver: found, faults: [], cores: 2, environment },
  );
}

const ran = (type: string, name: string) => ({ type, name, count: 1, memory: null, threads: 1 });
const [onProcessor, onA100] = [ran('cpu', 'AMD EPYC'), ran('cuda', A100)];

describe('answers are of this kind of device', () => {
  const cases: [string, ReturnType<typeof ran>, Here, RegExp | null][] = [
    ['on the processor, where there is no other', onProcessor, {}, null],
    ['on the processor, which was asked for', onProcessor, { devices: 'cpu:1', gpus: [A100] }, null],
    ['of the same GPU', onA100, { gpus: [A100] }, null],
    ['of a part of the same GPU', ran('cuda', `${A100} MIG 1g.10gb`), { gpus: [A100] }, null],
    [
      'of the same, of two kinds that are there',
      onA100,
      { gpus: [H200, A100], environment: { CUDA_VISIBLE_DEVICES: '1' } },
      null,
    ],
    ['as far as can be told, where a driver names no GPU', onA100, { driver: 'untold' }, null],
    [
      'as far as can be told, where a launcher starts the worker elsewhere',
      onA100,
      { launcher: ['srun'] },
      null,
    ],
    [
      'but not of another GPU',
      onA100,
      { gpus: [H200] },
      /kind of device \(NVIDIA A100-SXM4-80GB, now NVIDIA H200\)/,
    ],
    [
      'but not where either of two kinds may answer',
      onA100,
      { gpus: [A100, H200] },
      /A100-SXM4-80GB and NVIDIA H200/,
    ],
    ['but not of a GPU, with none here and nothing set', onA100, {}, /now the processor/],
    [
      'but not of a GPU, where all are hidden',
      onA100,
      { gpus: [A100], environment: { CUDA_VISIBLE_DEVICES: '' } },
      /now the processor/,
    ],
    [
      'but not of the processor, with a GPU here and nothing set',
      onProcessor,
      { gpus: [A100] },
      /AMD EPYC, now NVIDIA A100/,
    ],
    [
      'but not of the processor, where a GPU was asked for',
      onProcessor,
      { device: 'cuda:0', gpus: [A100] },
      /AMD EPYC, now NVIDIA A100/,
    ],
  ];
  for (const [what, before, given, reason] of cases)
    test(what, () => {
      const said = describeOtherDevice(before, here(given));
      if (reason === null) assert.equal(said, null);
      else assert.match(said ?? 'nothing differs', reason);
    });
});
