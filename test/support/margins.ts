import type { LoadedRecord } from '../../src/record/schema.ts';
import { permanentRandom } from '../../src/suite/plan/sample.ts';
import { createRandom, type Random } from './random.ts';
import { makeRecord } from './records.ts';

/** Questions of GPQA that are made up. */
const QUESTIONS = 4000;

/** A model's margins: the sign says whether it is right. */
type Margins = readonly number[];

const answer = (random: Random, questions: number): Margins =>
  Array.from({ length: questions }, () => 0.4 + random.normal());

/** The next model: every margin moves a little, and those near 0 change sign. */
function changed(margins: Margins, by: number, random: Random): number[] {
  return margins.map((margin) => margin + by * random.normal());
}

export const scored = (margins: Margins) => margins.map((margin) => (margin > 0 ? 1 : 0));

/** A record of a model with these margins, of all questions or a sample of the seed. */
export function recordOf(
  model: string,
  margins: Margins,
  { seed = 1, n = margins.length, planHash = 'plan-a', id = 'gpqa' } = {},
): LoadedRecord {
  const asked = n === margins.length ? margins.map((_, index) => index) : sampleOf(margins, { seed, n, id });
  const made = makeRecord({
    model,
    benchmarks: {
      [id]: {
        scores: asked.map((index) => (margins[index]! > 0 ? 1 : 0)),
        docId: (i) => asked[i]!,
        inclusionP: () => n / margins.length,
      },
    },
    edit: (run) => Object.assign(run, { seed, planHash }),
  });
  return {
    ...made,
    items: made.items.map((item, i) => ({ ...item, margin: margins[asked[i]!]! })),
  };
}

/** Positions of the `n` questions with the smallest permanent random numbers. */
function sampleOf(margins: Margins, { seed, n, id }: { seed: number; n: number; id: string }): number[] {
  const all = makeRecord({ model: 'all', benchmarks: { [id]: { scores: scored(margins) } } });
  const numbers = all.items.map(({ docHash }) =>
    permanentRandom(seed, BigInt.asUintN(64, docHash).toString(16).padStart(16, '0'), 0),
  );
  const order = numbers.map((_, index) => index).sort((a, b) => numbers[a]! - numbers[b]!);
  return order.slice(0, n).sort((a, b) => a - b);
}

/** Main's models in succession, each changed by so much, and a further change of the last. */
export function historyOf(by: number[], last: number, { seed = 1, questions = QUESTIONS } = {}) {
  const random = createRandom(seed);
  const states = [[...answer(random, questions)]];
  for (const size of by) states.push(changed(states.at(-1)!, size, random));
  const main = states.at(-1)!;
  return {
    earlier: states.map((margins, index) => recordOf(`main-${index}`, margins)),
    main: recordOf(`main-${states.length - 1}`, main),
    change: (size: number, sampleSeed: number) =>
      recordOf('pr', changed(main, last, random), { seed: sampleSeed, n: size, planHash: 'plan-b' }),
  };
}
