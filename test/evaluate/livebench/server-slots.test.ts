import assert from 'node:assert/strict';
import { test } from 'node:test';
import { findServerSlots } from '../../../src/evaluate/livebench/server-slots.ts';
import type { ReadyModel } from '../../../src/evaluate/model.ts';
import type { EvaluationRequest } from '../../../src/evaluate/request.ts';
import { planSlots } from '../../../src/evaluate/workers/devices.ts';
import { slotSettings, type WorkerSettings } from '../../../src/evaluate/workers/workers.ts';

/** Environments of the servers of a run on a processor with eight cores. */
function environments(workers: number, environment: Record<string, string> = {}) {
  const machine = { gpus: [], driver: 'none' as const, faults: [], cores: 8, environment };
  const wanted = { devices: { kind: 'cpu' as const, workers }, device: null, tensorParallel: null };
  const more = { backend: 'hf', modelArgs: {}, launcher: [] };
  const settings = {
    options: { python: 'python', environment: { ...environment } },
    open: { args: {} },
  } as unknown as WorkerSettings;
  const slots = slotSettings(settings, planSlots({ ...wanted, ...more }, machine), '/logs');
  const request = { server: 'vllm', enableThinking: null, device: null } as EvaluationRequest;
  const model = { args: {}, digest: 'd' } as unknown as ReadyModel;
  const found = findServerSlots(request, { environment }, { model, slots, machine, cache: '/c', logs: '/l' });
  return found.map((slot) => slot.environment);
}

const CASES: [
  what: string,
  workers: number,
  environment: Record<string, string>,
  threads: string | undefined,
][] = [
  ['of one worker', 1, {}, undefined],
  ['of workers that share the cores: all of them', 4, {}, undefined],
  ['whatever the workers, a number that the operator set', 4, { OMP_NUM_THREADS: '3' }, '3'],
];
for (const [what, workers, environment, threads] of CASES)
  test(`the threads of the one server on a processor, ${what}`, () => {
    const found = environments(workers, environment);
    assert.equal(found.length, 1);
    assert.equal(found[0]!.OMP_NUM_THREADS, threads);
  });
