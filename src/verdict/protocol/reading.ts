import { plural } from '../../count.ts';
import { ownValue } from '../../json.ts';
import type { Item, LoadedRecord, RunRecord } from '../../record/schema.ts';

/** A margin that is nearer to 0 may turn with the last digits of log-probabilities: in float32, and in anything less precise. */
const NEAR_TIE = { float32: 1e-3, half: 0.1 };

const WAYS: Record<string, string> = {
  shared: 'what questions share once',
  harness: 'each question by itself',
  'harness + shared': 'partly the one way, partly the other',
};

/**
 * Whether the questions of two records went through their models in different ways or batches. That moves log-probabilities in their
 * last digits alone, so it forbids nothing; it is told with the number of questions that it could turn, and of those that have no
 * margin to tell it by.
 *
 * @returns one sentence or two, or none where nothing differs or it concerns no question.
 */
export function readingWarnings(baseline: LoadedRecord, candidate: LoadedRecord): string[] {
  const [before, after] = [baseline.record.environment, candidate.record.environment];
  if (!before || !after) return [];
  const sides = [baseline, candidate];
  const ways = [before, after].map(wayOf);
  const batches = sides.map(({ record }) => batchesOf(record));
  if (ways[0] === ways[1] && batches[0] === batches[1]) return [];
  const what =
    ways[0] === ways[1]
      ? `in batches of different sizes: ${batches[0]} and ${batches[1]}`
      : `in different ways: ${ways[0]} and ${ways[1]}`;
  const near = new Set<string>();
  const unknown = new Set<string>();
  for (const { record, items } of sides) {
    for (const item of items) {
      if (item.margin === null) {
        if (isMoved(ownValue(record.protocol.tasks, item.task)?.outputType, batches))
          unknown.add(keyOf(item));
      } else if (Math.abs(item.margin) < nearTie(record)) near.add(keyOf(item));
    }
  }
  const scored = sides.every(({ items }) => items.some(({ margin }) => margin !== null));
  if (!scored && unknown.size === 0) return [];
  const margins = [...new Set(sides.map(({ record }) => nearTie(record)))].join(' and ');
  const close = `${plural(near.size, 'question is', 'questions are')} so close (margin below ${margins}) that this could change the answer`;
  const open = `${plural(unknown.size, 'answer has', 'answers have')} no margin that would show it`;
  const told = [...(scored ? [close] : []), ...(unknown.size > 0 ? [open] : [])].join('; ');
  return [
    `The two read their questions ${what}. That changes the last digits of log-probabilities: ${told}.`,
  ];
}

/** Whether a way or batches of other sizes concern answers without a margin. Of LiveBench's a server makes the batches. */
function isMoved(outputType: string | null | undefined, [before, after]: string[]): boolean {
  if (outputType === 'loglikelihood') return true;
  return before !== after && (outputType === 'generate_until' || outputType === 'loglikelihood_rolling');
}

type Environment = NonNullable<RunRecord['environment']>;

/** Records of older versions do not say, and went the harness's way. */
function wayOf({ engine = 'harness' }: Environment): string {
  return Object.hasOwn(WAYS, engine) ? WAYS[engine]! : 'in a way that is not known here';
}

/** Kinds of fault after which a chunk is tried again in batches of half the size. */
const HALVING = ['oom', 'host-oom', 'stalled'];

function batchesOf(record: RunRecord): string {
  const isHalved = HALVING.some((kind) => (ownValue(record.totals.retries, kind) ?? 0) > 0);
  return `${beganWith(record)}${isHalved ? ' (halved after a fault)' : ''}`;
}

/** Where batches by tokens were asked for and the backend cuts none, questions go in eights; vLLM takes as many as it can. */
function beganWith({ environment, protocol }: RunRecord): string {
  const { batchSize = '', batchTokens } = environment ?? {};
  if (batchTokens !== undefined) return plural(batchTokens, 'token');
  if (batchSize !== 'tokens') return batchSize;
  return protocol.backend === 'vllm' ? 'as many as vLLM takes' : '8';
}

function nearTie({ subject }: RunRecord): number {
  const whole = subject.dtype === 'float32' || subject.dtype === 'float64';
  return whole && subject.quantisation == null ? NEAR_TIE.float32 : NEAR_TIE.half;
}

function keyOf({ task, docHash }: Item): string {
  return `${docHash} ${task}`;
}
