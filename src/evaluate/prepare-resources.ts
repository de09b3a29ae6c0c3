import { availableParallelism } from 'node:os';
import { dirname } from 'node:path';
import { leaseFolder } from '../system/files/lease.ts';
import { makeScratch } from '../system/files/scratch.ts';
import { listGpus } from '../system/gpus.ts';
import { findHubToken } from '../system/hub-token.ts';
import { cacheRoot } from '../system/paths.ts';
import { workerEnvironment } from '../system/process/child-environment.ts';
import type { BroughtModel } from './bring-model.ts';
import { deviceHere } from './known/device-here.ts';
import { findServerSlots } from './livebench/server-slots.ts';
import { readyModel, requireDigest } from './model.ts';
import type { RunPython } from './on-python.ts';
import { makeDataCache } from './questions/data-cache.ts';
import type { EvaluationContext, EvaluationRequest } from './request.ts';
import { planSlots } from './workers/devices.ts';
import { workerSettings } from './workers/worker-settings.ts';
import { slotSettings } from './workers/workers.ts';

/** What is to be undone when the run is over, however it ends; the last one first. */
export type Cleanups = (() => unknown)[];

/** Finds what the run is to be done with: the model, and devices for workers and servers. */
export async function prepareResources(
  request: EvaluationRequest,
  context: EvaluationContext,
  { python, proven }: RunPython,
  { logs, cleanups, brought }: { logs: string; cleanups: Cleanups; brought: BroughtModel | null },
) {
  const { progress, signal } = context;
  const cache = cacheRoot(context.environment);
  if (request.python === 'managed') {
    const lease = await leaseFolder(dirname(dirname(python)));
    cleanups.push(() => lease.release());
  }
  const environment = workerEnvironment(context.environment);
  const hub = {
    python,
    environment,
    token: findHubToken(context.environment)?.token ?? null,
    cache,
    note: (text: string) => progress.note(text),
    ready: proven,
    signal,
  };
  const model = await readyModel(request, context, hub, brought);
  requireDigest(model, context.modelDigest);

  const machine = { ...(await listGpus(environment)), cores: availableParallelism(), environment };
  for (const fault of machine.faults) progress.note(fault);
  const own = { ...environment };
  // What a launcher starts elsewhere finds no folder of ours.
  if (request.launcher.length === 0) {
    const scratch = await makeScratch(environment);
    cleanups.push(() => scratch.remove());
    own.TMPDIR = scratch.path;
  }
  const { path: dataCache, remove } = await makeDataCache(cache);
  cleanups.push(remove);
  const surroundings = { python, cache, dataCache, environment: own, model };
  const settings = workerSettings(request, context, surroundings);
  const slots = slotSettings(settings, planSlots(request, machine), logs);
  const serverSlots = findServerSlots(request, context, { model, slots, machine, cache, logs });
  return { model, slots, serverSlots, cache, hub, device: deviceHere(request, machine) };
}
