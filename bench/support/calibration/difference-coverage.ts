import { isGraded, judgePullRequest, simulateSuite } from '../simulate.ts';
import type { RowSize, SuiteSize } from '../suite-sizes.ts';
import { type Context, percent, type Table } from './context.ts';
import { FLIP_RATES } from './false-alarms.ts';

const DROPS = [0, 0.02];

interface Tally {
  covered: number;
  of: number;
}

/** How often the 95% intervals of differences hold the true difference. */
export function differenceCoverage(suites: readonly SuiteSize[], context: Context): Table {
  const repetitions = Math.ceil(context.repetitions / 4);
  const rows: string[][] = [];
  for (const size of suites) {
    for (const drop of DROPS) {
      const cells = new Map<string, string[]>();
      for (const flipRate of FLIP_RATES) {
        context.progress(`intervals of differences: ${size.name}, drop ${drop}, flips ${flipRate}`);
        const tallies = tallyIntervals(size, { flipRate, drop }, repetitions, context);
        for (const [kind, members] of tallies) {
          cells.set(kind, [...(cells.get(kind) ?? []), describe(members)]);
        }
      }
      for (const [kind, cell] of cells) rows.push([size.name, percent(drop, 0), kind, ...cell]);
    }
  }
  return {
    title: 'Coverage of the 95% intervals of differences',
    note: `${repetitions.toLocaleString('en')} simulated pull requests a cell: average over the benchmarks (or factors) of a kind, in brackets the lowest of them. Intervals of few items are wider than they need be, since counts are whole numbers.`,
    head: ['items', 'true drop', 'kind', ...FLIP_RATES.map((rate) => `flips ${percent(rate, 0)}`)],
    rows,
  };
}

function tallyIntervals(
  size: SuiteSize,
  { flipRate, drop }: { flipRate: number; drop: number },
  repetitions: number,
  { random }: Context,
): Map<string, Tally[]> {
  const suite = simulateSuite(size, () => ({ flipRate, drop, together: false }));
  const kinds = new Map(size.rows.map((row) => [row.benchmark.id, kindOf(row)]));
  const tallies = new Map<string, Map<string, Tally>>();
  const count = (kind: string, id: string, ci: [number, number] | null) => {
    if (ci === null) return;
    const members = tallies.get(kind) ?? new Map<string, Tally>();
    tallies.set(kind, members);
    const tally = members.get(id) ?? { covered: 0, of: 0 };
    members.set(id, tally);
    tally.of++;
    if (ci[0] <= -drop && -drop <= ci[1]) tally.covered++;
  };
  for (let i = 0; i < repetitions; i++) {
    const { factors, benchmarks } = judgePullRequest(suite, random);
    for (const { id, delta } of benchmarks) count(kinds.get(id)!, id, delta.ci);
    for (const { id, delta } of factors) count('factors (t)', id, delta.ci);
  }
  return new Map([...tallies].map(([kind, members]) => [kind, [...members.values()]]));
}

function kindOf(row: RowSize): string {
  if (row.clusters) return 'clusters (t)';
  if (row.benchmark.harness === 'livebench') return 'LiveBench, mean of tasks (t)';
  return isGraded(row) ? 'graded (t)' : 'right or wrong (Tango)';
}

function describe(members: readonly Tally[]): string {
  const shares = members.map(({ covered, of }) => covered / of);
  const average = shares.reduce((a, b) => a + b, 0) / shares.length;
  return members.length === 1 ? percent(average) : `${percent(average)} (${percent(Math.min(...shares))})`;
}
