import { judgePullRequest, simulateSuite } from '../simulate.ts';
import type { SuiteSize } from '../suite-sizes.ts';
import { type Context, percent, type Table } from './context.ts';
import { upperBound } from './upper-bound.ts';

export const FLIP_RATES = [0.02, 0.05, 0.1, 0.25];
const BOUND = 0.055;

interface Setting {
  name: string;
  flipRate: (place: number) => number;
  together: boolean;
}

const SETTINGS: Setting[] = [
  ...FLIP_RATES.map((rate) => ({ name: percent(rate, 0), flipRate: () => rate, together: false })),
  {
    name: '2 to 25%, another rate for each benchmark',
    flipRate: (place) => FLIP_RATES[place % FLIP_RATES.length]!,
    together: false,
  },
  ...FLIP_RATES.map((rate) => ({
    name: `${percent(rate, 0)}, clusters together`,
    flipRate: () => rate,
    together: true,
  })),
];

/** How often something is called `regressed` although no score has truly changed. */
export function falseAlarms(suites: readonly SuiteSize[], context: Context): Table {
  const rows: string[][] = [];
  for (const size of suites) {
    for (const { name, flipRate, together } of SETTINGS) {
      context.progress(`false alarms: ${size.name}, ${name}`);
      const suite = simulateSuite(size, (place) => ({ flipRate: flipRate(place), drop: 0, together }));
      const counts = { any: 0, factor: 0, benchmark: 0, failed: 0 };
      for (let i = 0; i < context.repetitions; i++) {
        const { factors, benchmarks, groups, failed } = judgePullRequest(suite, context.random);
        const factor = factors.some(({ outcome }) => outcome === 'regressed');
        const benchmark = [...benchmarks, ...groups].some(({ outcome }) => outcome === 'regressed');
        if (factor) counts.factor++;
        if (benchmark) counts.benchmark++;
        if (factor || benchmark) counts.any++;
        if (failed) counts.failed++;
      }
      rows.push([size.name, name, ...describeCounts(counts, context.repetitions)]);
    }
  }
  return {
    title: 'False alarms',
    note: `No true change; ${context.repetitions.toLocaleString('en')} simulated pull requests a row. The bound is the upper end of a one-sided 99% interval (Clopper-Pearson), to be at most ${percent(BOUND)}.`,
    head: [
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

export interface Counts {
  any: number;
  factor: number;
  benchmark: number;
  failed: number;
}

/** Cells of a table of false alarms, from `any` on. */
export function describeCounts({ any, factor, benchmark, failed }: Counts, of: number): string[] {
  const bound = upperBound(any, of, 0.99);
  const share = (count: number) => percent(count / of, 2);
  return [
    share(any),
    percent(bound, 2),
    share(factor),
    share(benchmark),
    share(failed),
    bound <= BOUND ? 'yes' : '**no**',
  ];
}
