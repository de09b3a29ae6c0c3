import { designOf, estimateMean } from '../../../src/record/results/sampling.ts';
import type { Item, LoadedRecord } from '../../../src/record/schema.ts';
import { findBenchmark } from '../../../src/suite/catalogue.ts';
import { borrow } from '../../../src/verdict/measure/borrowing/borrow.ts';
import { type ChangeModel, learnChanges } from '../../../src/verdict/measure/borrowing/expected-change.ts';
import { pairItems } from '../../../src/verdict/measure/pairing.ts';
import { countedScores } from '../../../src/verdict/measure/scoring.ts';
import type { Random } from '../../../test/support/random.ts';
import { type Context, percent, type Table } from './context.ts';

const ASKED = 0.25;
/** Benchmarks with fewer pairs are left out: a quarter of them tells nothing. */
const MIN_PAIRS = 48;
const REPETITIONS = 400;

/**
 * What borrowing leaves of the variance on real answers: of each pair a quarter of the questions is asked, again and again, and the
 * variances that the estimators say are averaged. By margin, as learned from the other pairs.
 */
export function borrowedRecords(
  pairs: readonly [LoadedRecord, LoadedRecord][],
  { random, progress }: Context,
): Table {
  const rows = pairs.flatMap(([a, b], index) => {
    const name = `${a.record.model.name} and ${b.record.model.name}`;
    progress(`borrowing on real answers: ${name}`);
    const others = pairs.filter((_, other) => other !== index).flatMap((other) => learnChanges(other) ?? []);
    return a.record.benchmarks.flatMap(({ id }) => {
      const own = ({ items }: LoadedRecord) => items.filter(({ benchmark }) => benchmark === id);
      const { baseline, candidate } = pairItems(own(a), own(b));
      if (baseline.length < MIN_PAIRS) return [];
      const flips = baseline.filter(({ score }, i) => score !== candidate[i]!.score).length;
      const ratio = (learned: ChangeModel | null) => ratioOf({ id, baseline, candidate, learned }, random);
      return [
        [
          name,
          id,
          String(baseline.length),
          percent(flips / baseline.length),
          ratio(null),
          others.length === 0 ? '' : others.map((learned) => ratio(learned)).join(', '),
        ],
      ];
    });
  });
  return {
    title: 'Borrowing on real answers',
    note: `A quarter of the questions of two records is asked, ${REPETITIONS} times; variance of the difference over that of the asked questions alone. By margin: learned from each of the other pairs, half of it counted.`,
    head: ['records', 'benchmark', 'items', 'flips', 'right or wrong', 'and by margin'],
    rows,
  };
}

interface Answers {
  id: string;
  baseline: readonly Item[];
  candidate: readonly Item[];
  learned: ChangeModel | null;
}

function ratioOf({ id, baseline, candidate, learned }: Answers, random: Random): string {
  const benchmark = findBenchmark(id);
  const sums = { borrowed: 0, plain: 0 };
  for (let i = 0; i < REPETITIONS; i++) {
    const order = baseline.map((_, index) => ({ index, number: random.uniform() }));
    const asked = order
      .sort((one, other) => one.number - other.number)
      .slice(0, Math.round(ASKED * order.length))
      .map(({ index }) => index);
    const pairing = {
      baseline: asked.map((index) => baseline[index]!),
      candidate: asked.map((index) => ({ ...candidate[index]!, inclusionP: ASKED })),
    };
    const before = countedScores(pairing.baseline, benchmark, 'paper');
    const after = countedScores(pairing.candidate, benchmark, 'paper');
    const differences = after.map((score, index) => score - before[index]!);
    const plain = estimateMean(differences, designOf(pairing.baseline, benchmark));
    const found = borrow(pairing, differences, baseline, { benchmark, preset: 'paper', learned });
    if (!plain?.se || !found?.delta.se) continue;
    sums.borrowed += found.delta.se ** 2;
    sums.plain += plain.se ** 2;
  }
  return sums.plain === 0 ? '-' : (sums.borrowed / sums.plain).toFixed(2);
}
