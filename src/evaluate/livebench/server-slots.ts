import { join } from 'node:path';
import { isAddress } from '../../serving/given-server.ts';
import type { ServerOptions } from '../../serving/model-server.ts';
import { gpuIndices, visibleGpus } from '../../system/gpus.ts';
import type { ReadyModel } from '../model.ts';
import type { EvaluationContext, EvaluationRequest } from '../request.ts';
import type { Machine } from '../workers/devices.ts';
import type { WorkerSettings } from '../workers/workers.ts';

/** All that a server needs to start in one slot. */
export type ServerSlot = Omit<ServerOptions, 'signal' | 'note'>;

/** Loading a large model from a slow disk takes that long. */
const READY_MS = 30 * 60 * 1000;

interface Surroundings {
  model: ReadyModel;
  slots: readonly WorkerSettings[];
  machine: Pick<Machine, 'gpus' | 'environment'>;
  cache: string;
  logs: string;
}

/**
 * Where servers for a model may run: in each worker's slot, once the workers are gone; on the processor in one slot only;
 * a server that is given is one slot.
 */
export function findServerSlots(
  request: EvaluationRequest,
  { environment }: Pick<EvaluationContext, 'environment'>,
  { model, slots, machine, cache, logs }: Surroundings,
): ServerSlot[] {
  const given = isAddress(request.server);
  const thinking = request.enableThinking;
  const visible = visibleGpus(machine.gpus, machine.environment);
  const single = given || slots[0]!.open.device === 'cpu';
  return slots.slice(0, single ? 1 : slots.length).map(({ options }, index) => {
    return {
      server: request.server,
      python: options.python,
      model: {
        path: String(model.args.pretrained ?? ''),
        args: { ...model.args, ...(thinking !== null && { enable_thinking: thinking }) },
        digest: model.digest,
        name: request.serverModel,
      },
      environment:
        slots.length > 1 && single ? withAllCores(options.environment, environment) : options.environment,
      // vLLM reads ids of GPUs as numbers.
      devices: gpuIndices(
        devicesOf(options.environment.CUDA_VISIBLE_DEVICES, request.device, visible),
        machine.gpus,
      ),
      threads: null,
      tensorParallel: request.tensorParallel,
      cache,
      log: join(logs, index === 0 ? 'server.log' : `server-${index}.log`),
      readyTimeout: READY_MS,
      // Only for a server that is given: its key goes nowhere else.
      key: given ? environment.OPENAI_API_KEY || null : null,
    };
  });
}

/** What workers on the processor shared is a server's alone; a number of threads that the operator set stays. */
function withAllCores(
  slot: Record<string, string>,
  environment: EvaluationContext['environment'],
): Record<string, string> {
  if (environment.OMP_NUM_THREADS !== undefined) return slot;
  return Object.fromEntries(Object.entries(slot).filter(([name]) => name !== 'OMP_NUM_THREADS'));
}

/**
 * Why no server of ours can be started for this run; null where one can. A launcher puts workers on other machines; a server
 * would be started on this one, once for each of them, without their devices.
 */
export function refuseLaunched(
  server: string,
  launcher: readonly string[],
): { reason: string; hint: string } | null {
  if (launcher.length === 0 || isAddress(server)) return null;
  return {
    reason: `no server can be started through a launcher (${launcher[0]})`,
    hint: 'start one in your allocation and give its address as server',
  };
}

/** A worker's own GPUs; where the harness was to choose, what it would have chosen. */
function devicesOf(own: string | undefined, device: string | null, gpus: readonly string[]): string[] {
  if (own !== undefined)
    return own
      .split(',')
      .map((id) => id.trim())
      .filter((id) => id !== '');
  if (device === 'cpu') return [];
  const [, index] = /^cuda:(\d+)$/.exec(device ?? '') ?? [];
  return gpus.slice(Number(index ?? 0)).slice(0, 1);
}
