import { ownValue } from '../../json.ts';
import type { TaskProtocol } from '../../record/schema.ts';
import { findBenchmark } from '../../suite/catalogue.ts';
import { VERSION } from '../../version.ts';
import type { JournalIdentity } from '../journal/entry.ts';
import { isPinnedLiveBench } from '../livebench/inventory.ts';
import type { EvaluationRequest } from '../request.ts';
import { type DeviceKind, describeOtherDevice } from './device-here.ts';
import type { KnownAnswers } from './read-answers.ts';

const SHOWN_DIFFERENCES = 3;
/** Another patch of Python scores nothing differently. */
const NO_PART = ['python'];
/** The identity has them, and the content of what they name: where that lies decides nothing. */
const IN_IDENTITY = ['model-args'];
/** What a run may differ in from another that is compared with it. */
const MAY_DIFFER = ['batch-size', 'device', 'tensor-parallel', 'server-model'];
const TASK = 'task ';

/** How this run would ask. */
export interface Asking {
  /** SHA-256 of all that decides an answer; null where it is not known. */
  model: string | null;
  request: Pick<EvaluationRequest, 'seed' | 'includePaths'>;
  /** See `protocolSettings`. */
  protocol: JournalIdentity['protocol'];
  /** Versions of what answers. */
  versions: Record<string, string>;
  /** What answers run on; null or left out where it is not known. */
  device?: DeviceKind | null;
}

/**
 * Why no answer of another record is this model's to the same question; null where some may be. Field by field, by what must be equal for
 * two records to be compared, and by what may change last digits: answers of both make one record.
 */
export function describeDifference(known: KnownAnswers, asking: Asking): string | null {
  const differences = commonDifferences(known, asking);
  const { versions } = known.modelLoaded ?? {};
  if (versions !== undefined)
    differences.push(...otherVersions(versions, asking.versions, (name) => !NO_PART.includes(name)));
  const device = describeOtherDevice(known.modelLoaded?.device, asking.device ?? null);
  if (device !== null) differences.push(device);
  return describeDifferences(known, asking, differences);
}

/**
 * The same for a run that takes over all or nothing: devices and versions of what is below the harness are then those of the record.
 */
export function describeOtherProtocol(known: KnownAnswers, asking: Asking): string | null {
  const differences = commonDifferences(known, asking, MAY_DIFFER);
  const { versions } = known.modelLoaded ?? {};
  if (versions !== undefined)
    differences.push(...otherVersions(versions, asking.versions, (name) => name === 'lm_eval'));
  return describeDifferences(known, asking, differences);
}

function commonDifferences(
  { source, journal }: KnownAnswers,
  asking: Asking,
  left: readonly string[] = [],
): string[] {
  const before = journal.identity.protocol;
  const settings = [...new Set([...Object.keys(before), ...Object.keys(asking.protocol)])].filter(
    (name) =>
      !name.startsWith(TASK) &&
      !left.includes(name) &&
      !IN_IDENTITY.includes(name) &&
      ownValue(before, name) !== ownValue(asking.protocol, name),
  );
  const { seed, includePaths } = source.record.protocol;
  return [
    ...(journal.made.program === VERSION
      ? []
      : [`the version of sos-bench (${journal.made.program}, now ${VERSION})`]),
    ...settings.map(
      (name) =>
        `${name} (${ownValue(before, name) ?? 'not set'}, now ${ownValue(asking.protocol, name) ?? 'not set'})`,
    ),
    ...(seed === asking.request.seed ? [] : [`seed (${seed}, now ${asking.request.seed})`]),
    ...(includePaths?.join() === asking.request.includePaths.join() ? [] : ['include-path']),
  ];
}

function otherVersions(
  before: Record<string, string>,
  now: Record<string, string>,
  isPart: (name: string) => boolean,
): string[] {
  return [...new Set([...Object.keys(before), ...Object.keys(now)])]
    .filter((name) => isPart(name) && ownValue(before, name) !== ownValue(now, name))
    .map((name) => `${name} (${ownValue(before, name) ?? 'absent'}, now ${ownValue(now, name) ?? 'absent'})`);
}

function describeDifferences(
  { model }: KnownAnswers,
  asking: Asking,
  differences: readonly string[],
): string | null {
  if (asking.model === null) return 'what decides an answer of this model is not all known';
  if (model !== asking.model) return 'it is of another model';
  if (differences.length === 0) return null;
  const more = differences.length - SHOWN_DIFFERENCES;
  return `it was evaluated in another way: ${differences.slice(0, SHOWN_DIFFERENCES).join(', ')}${more > 0 ? ` and ${more} more` : ''}`;
}

/** The task as this run would ask it. */
export interface AskedTask {
  benchmark: string;
  task: string;
  protocol: TaskProtocol | undefined;
  /** The kind of server that would answer; null where a worker does. */
  server: string | null;
}

/** Why answers of one task cannot be taken over; null where they can. */
export function describeTaskDifference(
  { journal, server }: KnownAnswers,
  { benchmark, task, protocol, server: now }: AskedTask,
  asking: Asking,
): string | null {
  const name = `${TASK}${task}`;
  if (protocol === undefined) return 'nothing tells how it is asked';
  if (ownValue(journal.identity.protocol, name) !== ownValue(asking.protocol, name))
    return 'its version, data, examples or generation settings are others';
  if (findBenchmark(benchmark) === undefined)
    return 'it is a task of your own, whose definition may have changed under the same version';
  if ((protocol.fewshot ?? 0) > 0 && !isPinned(protocol.data))
    return 'its examples are in a file of datasets-dir, which may have changed';
  if (!isGreedy(protocol.generation)) return 'its answers are sampled (temperature above 0)';
  if (protocol.outputType !== 'chat') return null;
  if (!isPinnedLiveBench(protocol.version))
    return "LiveBench is not at this version's commit, and files of it may have changed";
  if (now === 'given' || now === null)
    return 'a server that was given answers, and which model it has is not known here';
  if (server?.kind !== now) return 'another kind of server answers';
  const changed = Object.keys(server.versions).filter(
    (part) =>
      !NO_PART.includes(part) &&
      Object.hasOwn(asking.versions, part) &&
      server.versions[part] !== asking.versions[part],
  );
  return changed.length === 0 ? null : `the server program has other versions of ${changed.join(', ')}`;
}

/** Questions of the Hub have a revision, ours come with this program. */
function isPinned(data: string | null): boolean {
  return data !== null && (data.startsWith('hub:') || data === 'mini');
}

/** Whether the same model gives the same answer again; also of options, which are scored and not generated. */
function isGreedy(generation: TaskProtocol['generation']): boolean {
  if (generation === null) return true;
  const { do_sample: sampled, temperature } = generation;
  return sampled === false || (sampled !== true && !(typeof temperature === 'number' && temperature > 0));
}
