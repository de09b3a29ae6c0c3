import { plural } from '../../count.ts';
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
 * last digits alone, so it forbids nothing; it is told with the number of questions that it could turn.
 *
 * @returns one sentence, or none where nothing differs or no question was scored by log-probabilities.
 */
export function readingWarnings(baseline: LoadedRecord, candidate: LoadedRecord): string[] {
  const [before, after] = [baseline.record.environment, candidate.record.environment];
  if (!before || !after) return [];
  const ways = [before, after].map(wayOf);
  const batches = [before, after].map(batchesOf);
  if (ways[0] === ways[1] && batches[0] === batches[1]) return [];
  const scored = [baseline, candidate].map(({ items }) => items.filter(({ margin }) => margin !== null));
  if (scored.some((items) => items.length === 0)) return [];
  const near = new Set(
    scored.flatMap((items, side) => {
      const margin = nearTie([baseline, candidate][side]!.record);
      return items.filter((item) => Math.abs(item.margin!) < margin).map(keyOf);
    }),
  );
  const what =
    ways[0] === ways[1]
      ? `in batches of different sizes: ${batches[0]} and ${batches[1]}`
      : `in different ways: ${ways[0]} and ${ways[1]}`;
  const margins = [...new Set([baseline, candidate].map(({ record }) => nearTie(record)))].join(' and ');
  return [
    `The two read their questions ${what}. That moves log-probabilities in their last digits: ` +
      `${plural(near.size, 'question is', 'questions are')} so close (margin below ${margins}) that this could turn the answer.`,
  ];
}

type Environment = NonNullable<RunRecord['environment']>;

/** Records of older versions do not say, and went the harness's way. */
function wayOf({ engine = 'harness' }: Environment): string {
  return Object.hasOwn(WAYS, engine) ? WAYS[engine]! : 'in a way that is not known here';
}

function batchesOf({ batchSize, batchTokens }: Environment): string {
  return batchTokens === undefined ? batchSize : plural(batchTokens, 'token');
}

function nearTie({ subject }: RunRecord): number {
  return subject.dtype === 'float32' || subject.dtype === 'float64' ? NEAR_TIE.float32 : NEAR_TIE.half;
}

function keyOf({ task, docHash }: Item): string {
  return `${docHash} ${task}`;
}
