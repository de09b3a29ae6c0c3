import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { execa } from 'execa';
import { packageRoot } from '../../src/system/paths.ts';
import { testPython } from '../support/python.ts';

const python = await testPython();

/** Real texts, and the kind of fault they are while a chunk is evaluated. */
const CASES: [string, string][] = [
  ['CUDA out of memory. Tried to allocate 2.00 GiB', 'oom'],
  ['CUDA error: out of memory', 'oom'],
  ["DefaultCPUAllocator: can't allocate memory: you tried to allocate 64 bytes", 'oom'],
  ['No available memory for the cache blocks.', 'oom'],
  ['CUDA error: an illegal memory access was encountered', 'device'],
  ['CUDA error: uncorrectable ECC error encountered', 'device'],
  ['NCCL error in: ProcessGroupNCCL.cpp:1234, unhandled system error', 'device'],
  ['CUDA error: device-side assert triggered', 'device'],
  ['division by zero', 'internal'],
];

test('an exception is told by its text: memory, the device, or the task', async () => {
  const script = [
    'import json, sys',
    'from sosbench_worker.faults import classify',
    'print(json.dumps([classify(RuntimeError(text), during="evaluate") for text in json.load(sys.stdin)]))',
  ].join('\n');
  const { stdout } = await execa(python, ['-c', script], {
    env: { PYTHONPATH: join(packageRoot(), 'worker'), PYTHONDONTWRITEBYTECODE: '1' },
    input: JSON.stringify(CASES.map(([text]) => text)),
  });
  assert.deepEqual(
    JSON.parse(stdout),
    CASES.map(([, kind]) => kind),
  );
});
