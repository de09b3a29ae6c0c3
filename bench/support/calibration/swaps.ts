import type { Item, LoadedRecord } from '../../../src/record/schema.ts';
import { compare } from '../../../src/verdict/compare.ts';
import { pairItems } from '../../../src/verdict/measure/pairing.ts';
import type { Random } from '../../../test/support/random.ts';
import { type Context, percent, type Table } from './context.ts';
import { type Counts, describeCounts } from './false-alarms.ts';

/** How often two records differ `significantly` after each cluster's two sides have been put in random order. */
export function swapSides(pairs: readonly [LoadedRecord, LoadedRecord][], context: Context): Table {
  const rows = pairs.map(([a, b]) => {
    const name = `${a.record.model.name} and ${b.record.model.name}`;
    context.progress(`swapped sides: ${name}`);
    const units = pairUnits(a, b);
    const items = units.flat();
    const flips = items.filter(([one, other]) => one.score !== other.score).length;
    const counts: Counts = { any: 0, factor: 0, benchmark: 0, failed: 0 };
    for (let i = 0; i < context.repetitions; i++) {
      const [left, right] = swap(units, context.random);
      const verdict = compare({ ...a, items: left }, { ...b, items: right });
      const factor = verdict.factors.some(({ outcome }) => outcome === 'regressed');
      const benchmark = [...verdict.benchmarks, ...(verdict.groups ?? [])].some(
        ({ outcome }) => outcome === 'regressed',
      );
      if (factor) counts.factor++;
      if (benchmark) counts.benchmark++;
      if (factor || benchmark) counts.any++;
      if (!verdict.passed) counts.failed++;
    }
    return [
      name,
      String(items.length),
      percent(flips / items.length),
      ...describeCounts(counts, context.repetitions),
    ];
  });
  return {
    title: 'False alarms on real answers, sides swapped by cluster',
    note: `For each of ${context.repetitions.toLocaleString('en')} repetitions every cluster (or single item) of two records has its two answers exchanged with probability 1/2: whatever differs between the models, nothing then differs between the sides. Judged by \`compare\` itself.`,
    head: [
      'records',
      'items',
      'flips',
      'any `regressed`',
      '99% bound',
      'a factor',
      'a benchmark',
      'verdict fails',
      'held',
    ],
    rows,
  };
}

type Pair = [Item, Item];

/** The pairs of each cluster, or of each item that stands alone. */
export function pairUnits(a: LoadedRecord, b: LoadedRecord): Pair[][] {
  return a.record.benchmarks.flatMap(({ id }) => {
    const of = ({ items }: LoadedRecord) => items.filter(({ benchmark }) => benchmark === id);
    const { baseline, candidate } = pairItems(of(a), of(b));
    const clusters = new Map<bigint, Pair[]>();
    const units: Pair[][] = [];
    baseline.forEach((item, place) => {
      const pair: Pair = [item, candidate[place]!];
      const unit = item.cluster === null ? undefined : clusters.get(item.cluster);
      if (unit) {
        unit.push(pair);
        return;
      }
      const started = [pair];
      units.push(started);
      if (item.cluster !== null) clusters.set(item.cluster, started);
    });
    return units;
  });
}

function swap(units: readonly Pair[][], random: Random): [Item[], Item[]] {
  const left: Item[] = [];
  const right: Item[] = [];
  for (const unit of units) {
    const turned = random.integer(2) === 1;
    for (const [one, other] of unit) {
      left.push(turned ? other : one);
      right.push(turned ? one : other);
    }
  }
  return [left, right];
}
