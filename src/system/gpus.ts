import { readdir } from 'node:fs/promises';
import type { Environment } from './process/child-environment.ts';
import { startChild } from './process/start-child.ts';

/** An NVIDIA GPU as its driver describes it; memory in MiB, null where the driver does not tell. */
export interface Gpu {
  index: string;
  uuid: string;
  name: string;
  memoryTotal: number | null;
  memoryFree: number | null;
}

/** What can be known of the machine's NVIDIA GPUs. */
export interface GpuListing {
  /** Those that work, whatever `CUDA_VISIBLE_DEVICES` says. */
  gpus: Gpu[];
  /**
   * `none`: no driver; `answers`: it names GPUs; `failing`: it is there and names none; `untold`: it is there, and
   * nvidia-smi, which would name them, is not (as in a container that may only compute).
   */
  driver: 'none' | 'answers' | 'failing' | 'untold';
  /** What is wrong with the driver or with single GPUs, a line each. */
  faults: string[];
}

const FIELDS = 'index,uuid,name,memory.total,memory.free';
const TIMEOUT_MS = 20_000;
/** What stands in place of a value of a GPU that does not work; `[N/A]` is a value that its kind does not have. */
const BROKEN = /ERR!|unknown error|is lost|requires reset/i;
const MAX_LINES = 3;

/**
 * Asks nvidia-smi. It ends with a code other than 0 where a single GPU is broken: the others count all the same.
 *
 * @param machine where device files are, and milliseconds to wait for an answer.
 */
export async function listGpus(
  environment: Environment,
  { devices = '/dev', timeout = TIMEOUT_MS } = {},
): Promise<GpuListing> {
  const query = [`--query-gpu=${FIELDS}`, '--format=csv,noheader,nounits'];
  const result = await startChild('nvidia-smi', query, { environment }, { reject: false, timeout });
  if (result.code === 'ENOENT') {
    const files = await readdir(devices).catch(() => []);
    const isThere = files.some((name) => /^nvidia\d+$/.test(name));
    return { gpus: [], driver: isThere ? 'untold' : 'none', faults: [] };
  }
  const gpus: Gpu[] = [];
  const faults: string[] = [];
  const others: string[] = [];
  for (const line of `${result.stdout ?? ''}\n${result.stderr ?? ''}`.split('\n')) {
    const fields = line.split(',').map((field) => field.trim());
    const isRow = fields.length === FIELDS.split(',').length;
    if (!isRow) others.push(line.trim());
    else if (/^\d+$/.test(fields[0]!) && fields[1]!.startsWith('GPU-') && !BROKEN.test(line))
      gpus.push(gpuOf(fields));
    else faults.push(`GPU ${fields[0]} does not work and is left out (nvidia-smi: ${line.trim()})`);
  }
  if (result.timedOut) faults.push(`nvidia-smi did not answer within ${timeout / 1000} s`);
  else if (result.exitCode !== 0 || gpus.length === 0)
    faults.push(...describeOutput(others, `it ended with code ${result.exitCode ?? '?'}`));
  const absent = gpus.length === 0 ? [] : maskOf(environment).filter((id) => !isAmong(id, gpus));
  if (absent.length > 0)
    faults.push(`CUDA_VISIBLE_DEVICES names ${absent.join()}, and there is no such GPU that works`);
  return { gpus, driver: gpus.length > 0 ? 'answers' : 'failing', faults };
}

function gpuOf(fields: readonly string[]): Gpu {
  const [index, uuid, name, total, free] = fields;
  const memory = (text: string) => (/^\d+$/.test(text) ? Number(text) : null);
  return { index: index!, uuid: uuid!, name: name!, memoryTotal: memory(total!), memoryFree: memory(free!) };
}

/** What nvidia-smi printed beside its rows. */
function describeOutput(lines: readonly string[], otherwise: string): string[] {
  const reported = lines.filter((line) => line !== '').slice(0, MAX_LINES);
  return (reported.length > 0 ? reported : [otherwise]).map((line) => `nvidia-smi: ${line}`);
}

/** Whether `CUDA_VISIBLE_DEVICES` hides all GPUs, as it does on purpose where it is empty or -1. */
export function areGpusHidden(environment: Environment): boolean {
  return environment.CUDA_VISIBLE_DEVICES !== undefined && maskOf(environment).length === 0;
}

/** Ids of the GPUs a process may use: those that `CUDA_VISIBLE_DEVICES` names and that are there, else all. */
export function visibleGpus(gpus: readonly Gpu[], environment: Environment): string[] {
  if (gpus.length === 0) return [];
  if (environment.CUDA_VISIBLE_DEVICES === undefined) return gpus.map(({ index }) => index);
  return maskOf(environment).filter((id) => isAmong(id, gpus));
}

/** Of GPUs that were named, those that `CUDA_VISIBLE_DEVICES` does not allot to this job. */
export function gpusBeyondMask(
  ids: readonly string[],
  gpus: readonly Gpu[],
  environment: Environment,
): string[] {
  if (environment.CUDA_VISIBLE_DEVICES === undefined) return [];
  const mask = maskOf(environment);
  const allotted = new Set(gpuIndices(mask, gpus));
  const namesParts = mask.some(isPart);
  // Which GPU a MIG instance is a part of is not known here.
  return ids.filter((id) =>
    isPart(id) && !namesParts && mask.length > 0 ? false : !allotted.has(gpuIndices([id], gpus)[0]!),
  );
}

/** The same GPUs by index, where UUIDs (or their beginnings, as CUDA takes them) are known; others as they are. */
export function gpuIndices(ids: readonly string[], gpus: readonly Gpu[]): string[] {
  return ids.map((id) => (id.startsWith('GPU-') ? (findGpu(id, gpus)?.index ?? id) : id));
}

function findGpu(id: string, gpus: readonly Gpu[]): Gpu | undefined {
  return gpus.find(({ index, uuid }) => index === id || (id.startsWith('GPU-') && uuid.startsWith(id)));
}

/** MIG instances are not listed one by one: they are taken for what they are called. */
function isAmong(id: string, gpus: readonly Gpu[]): boolean {
  return isPart(id) || findGpu(id, gpus) !== undefined;
}

function isPart(id: string): boolean {
  return id.startsWith('MIG-');
}

function maskOf(environment: Environment): string[] {
  return (environment.CUDA_VISIBLE_DEVICES ?? '')
    .split(',')
    .map((id) => id.trim())
    .filter((id) => id !== '' && id !== '-1');
}
