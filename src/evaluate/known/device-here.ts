import type { ModelLoaded } from '../../harness/lm-eval/messages.ts';
import { areGpusHidden, visibleGpus } from '../../system/gpus.ts';
import type { EvaluationRequest } from '../request.ts';
import type { Machine } from '../workers/devices.ts';

/** A kind of device: another gives other last digits. */
export interface DeviceKind {
  type: 'cpu' | 'cuda';
  /** Of each GPU that may answer; none for the processor. */
  names: string[];
}

/** On what this run's questions would be answered; null where it is not known before a worker says so. */
export function deviceHere(
  { devices, device, launcher }: Pick<EvaluationRequest, 'devices' | 'device' | 'launcher'>,
  { gpus, driver, environment }: Machine,
): DeviceKind | null {
  const processor: DeviceKind = { type: 'cpu', names: [] };
  if (devices.kind === 'cpu' || device === 'cpu') return processor;
  if (launcher.length > 0 || (device !== null && !device.startsWith('cuda'))) return null;
  if (device === null && (driver === 'none' || areGpusHidden(environment))) return processor;
  const visible = new Set(visibleGpus(gpus, environment));
  const names = gpus
    .filter(({ index, uuid }) => [index, uuid].some((id) => visible.has(id)))
    .map(({ name }) => name);
  return names.length === 0 ? null : { type: 'cuda', names: [...new Set(names)] };
}

/** How the device that answered differs from the one here, in words; null where it does not, or where one of them is not known. */
export function describeOtherDevice(
  before: ModelLoaded['device'] | undefined,
  here: DeviceKind | null,
): string | null {
  if (before === undefined || here === null) return null;
  // A part of a GPU has its name, and more.
  const isSame =
    before.type === here.type &&
    (here.type === 'cpu' || here.names.every((name) => before.name.startsWith(name)));
  if (isSame) return null;
  return `the kind of device (${before.name}, now ${here.type === 'cpu' ? 'the processor' : here.names.join(' and ')})`;
}
