import { resolve } from 'node:path';
import { SosBenchError } from '../error.ts';
import type {
  EvaluationRequest,
  JudgeRequest,
  LiveBenchRequest,
  QuestionRequest,
} from '../evaluate/request.ts';
import { fullRef } from '../harness/livebench/checkout/checkout.ts';
import { sampleDesign } from './design.ts';
import { carriedTo, nameSettings } from './named.ts';
import { judgeLimitsOf } from './policy.ts';
import { type KeyOf, type SettingKey, type Settings, settingsOf } from './table.ts';

/** Settings that are part of `judgeRequest`. */
export const JUDGE_PARTS = [
  'judge-server',
  'judge-model',
  'judge-model-args',
  'judge-mode',
  'judge-questions',
  'judge-sample',
  'judge-prompt',
  'judge-criteria',
  'judge-prices',
  'judge-max-tokens',
  'judge-max-cost',
  'judge-verdict-tokens',
  'judge-max-position',
  'judge-max-contradicted',
  'judge-concurrency',
  'judge-reference',
  'answers-dir',
] as const satisfies readonly KeyOf<'run'>[];

/** Settings of `run` that have no field of their own in a request: parts of `questionRequest`, of `judgeRequest`, of `design`, of `stateRoot` and of how looks are decided. */
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
  ...JUDGE_PARTS,
] as const satisfies readonly KeyOf<'run'>[];

/** The evaluation that the settings of `run` ask for. */
export function evaluationRequest(settings: Pick<Settings, KeyOf<'run'>>): EvaluationRequest {
  const fields = carriedTo<EvaluationRequest>()(nameSettings(without(settingsOf('run'), PARTS), settings));
  const design = settings.suite === 'pr' ? sampleDesign(settings) : null;
  const judge = settings.stages.includes('judge') ? judgeRequest(settings) : null;
  return { ...fields, ...questionRequest(settings), design, judge };
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

/**
 * Who judges which answers, and within which limits.
 *
 * @throws SosBenchError `usage` for a limit of cost without prices, for a server's judge that is to choose, and for one that is to choose by criterion.
 */
export function judgeRequest(
  settings: Pick<Settings, Exclude<(typeof JUDGE_PARTS)[number], 'judge-reference' | 'answers-dir'>> &
    Partial<Pick<Settings, 'judge-reference' | 'answers-dir' | 'state-dir'>>,
): JudgeRequest {
  if (settings['judge-max-cost'] !== undefined && settings['judge-prices'] === undefined) {
    throw new SosBenchError('usage', 'judge-max-cost needs judge-prices: we have no list of prices', {
      hint: 'say what a million tokens cost, for example --judge-prices 3/15',
    });
  }
  if (settings['judge-server'] !== undefined && settings['judge-mode'] === 'choice') {
    throw new SosBenchError(
      'usage',
      'judge-mode choice is for a judge of this machine: a chat server does not tell how likely each verdict is',
      { hint: 'leave judge-server out and give a model as judge-model, or take --judge-mode verdict' },
    );
  }
  if (settings['judge-criteria'].length > 0 && settings['judge-mode'] === 'choice') {
    throw new SosBenchError(
      'usage',
      'judge-criteria needs a judge that writes: with judge-mode choice it writes nothing',
      {
        hint: 'take --judge-mode verdict, or leave judge-criteria out',
      },
    );
  }
  return {
    questions: settings['judge-questions'] ?? null,
    sample: settings['judge-sample'],
    server: settings['judge-server']?.replace(/\/+$/, '') ?? null,
    model: settings['judge-model'] ?? null,
    modelArgs: settings['judge-model-args'],
    mode: settings['judge-mode'],
    prompt: settings['judge-prompt'] ?? null,
    criteria: settings['judge-criteria'],
    verdictTokens: settings['judge-verdict-tokens'],
    judgeLimits: judgeLimitsOf(settings),
    concurrency: settings['judge-concurrency'],
    maxTokens: settings['judge-max-tokens'] ?? null,
    maxCost: settings['judge-max-cost'] ?? null,
    prices: settings['judge-prices'] ?? null,
    reference: settings['judge-reference'] ?? null,
    answersDir: settings['answers-dir'] ?? null,
    stateDir: settings['state-dir'] ?? null,
  };
}

/** Which LiveBench, and what its scorer may do. */
export function liveBenchRequest(settings: Pick<Settings, LiveBenchKey>): LiveBenchRequest {
  return {
    dir: settings['livebench-dir'] ?? null,
    ref: settings['livebench-ref'] ?? null,
    release: settings['livebench-release'],
    allowUnsafeCode: settings['allow-unsafe-code'],
  };
}
