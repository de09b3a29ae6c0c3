import { resolve } from 'node:path';
import type { EvaluationRequest, LiveBenchRequest, QuestionRequest } from '../evaluate/request.ts';
import { fullRef } from '../harness/livebench/checkout/checkout.ts';
import { sampleDesign } from './design.ts';
import { carriedTo, nameSettings } from './named.ts';
import { type KeyOf, type SettingKey, type Settings, settingsOf } from './table.ts';

/** Settings of `run` that have no field of their own in a request: parts of `questionRequest`, of `design`, of `stateRoot` and of how looks are decided. */
const PARTS = [
  'include-path',
  'livebench-dir',
  'livebench-ref',
  'livebench-release',
  'allow-unsafe-code',
  'detect',
  'items',
  'looks',
  'collapse',
  'stop-on',
  'alpha',
  'thresholds',
  'minimum-effect',
  'state-dir',
] as const satisfies readonly KeyOf<'run'>[];

/** The evaluation that the settings of `run` ask for. */
export function evaluationRequest(settings: Pick<Settings, KeyOf<'run'>>): EvaluationRequest {
  const fields = carriedTo<EvaluationRequest>()(nameSettings(without(settingsOf('run'), PARTS), settings));
  const design = settings.suite === 'pr' ? sampleDesign(settings) : null;
  return { ...fields, ...questionRequest(settings), design };
}

/** Keys without some of them. */
export function without<Key extends string, Left extends string>(
  keys: readonly Key[],
  left: readonly Left[],
): Exclude<Key, Left>[] {
  return keys.filter((key) => !(left as readonly string[]).includes(key)) as Exclude<Key, Left>[];
}

/** Where runs keep what they have done from one attempt to the next; null for nowhere. */
export function stateRoot(settings: Pick<Settings, 'state-dir'>, cwd: string): string | null {
  return settings['state-dir'] === undefined ? null : resolve(cwd, settings['state-dir']);
}

/**
 * The questions that the settings of `run` or `plan` ask for.
 *
 * @throws SosBenchError `usage` for a livebench-ref that cannot be fetched: before anything is.
 */
export function questionRequest(
  settings: Pick<Settings, (typeof QUESTION_KEYS)[number] | 'include-path' | LiveBenchKey>,
): QuestionRequest {
  fullRef(settings['livebench-ref'] ?? null);
  return {
    ...carriedTo<QuestionRequest>()(nameSettings(QUESTION_KEYS, settings)),
    includePaths: settings['include-path'],
    livebench: liveBenchRequest(settings),
  };
}

const QUESTION_KEYS = [
  'suite',
  'benchmarks',
  'datasets-dir',
  'python',
  'max-gen-toks',
  'enable-thinking',
  'seed',
  'stall-timeout',
  'stages',
] as const satisfies readonly SettingKey[];

type LiveBenchKey = 'livebench-dir' | 'livebench-ref' | 'livebench-release' | 'allow-unsafe-code';

/** Which LiveBench, and what its scorer may do. */
export function liveBenchRequest(settings: Pick<Settings, LiveBenchKey>): LiveBenchRequest {
  return {
    dir: settings['livebench-dir'] ?? null,
    ref: settings['livebench-ref'] ?? null,
    release: settings['livebench-release'],
    allowUnsafeCode: settings['allow-unsafe-code'],
  };
}
