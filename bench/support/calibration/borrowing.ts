import type { MeasuredBenchmark } from '../../../src/verdict/measure/benchmarks.ts';
import { varianceRatio } from '../../../src/verdict/measure/borrowing/borrow.ts';
import { testPaired } from '../../../src/verdict/measure/difference.ts';
import { type BorrowedRow, borrowingSuite } from '../borrowed.ts';
import { compareDraw, judgeRows } from '../simulate.ts';
import type { SuiteSize } from '../suite-sizes.ts';
import { type Context, percent, type Table } from './context.ts';
import { upperBound } from './upper-bound.ts';

const BOUND = 0.028;
const FLIP_RATES = [0.02, 0.05, 0.1, 0.25];
const DROP = 0.02;

interface Setting {
  name: string;
  flipRate: (index: number) => number;
  together: boolean;
  drop: number;
}

const SETTINGS: Setting[] = [
  ...FLIP_RATES.map((rate) => ({ name: percent(rate, 0), flipRate: () => rate, together: false, drop: 0 })),
  {
    name: '2 to 25%, another rate for each benchmark',
    flipRate: (index) => FLIP_RATES[index % FLIP_RATES.length]!,
    together: false,
    drop: 0,
  },
  ...[0.1, 0.25].map((rate) => ({
    name: `${percent(rate, 0)}, clusters together`,
    flipRate: () => rate,
    together: true,
    drop: 0,
  })),
  { name: '10%, a drop of 2 points', flipRate: () => 0.1, together: false, drop: DROP },
];

/** False alarms and coverage of differences that borrow the baseline's answers to what was not asked. */
export function borrowing(size: SuiteSize, context: Context): Table {
  const rows = SETTINGS.map(({ name, flipRate, together, drop }) => {
    const repetitions = (drop === 0 ? 2 : 1) * context.repetitions;
    context.progress(`borrowing: ${name}`);
    const suite = borrowingSuite(size, (index) => ({ flipRate: flipRate(index), drop, together }));
    const alarms = { factor: 0, benchmark: 0 };
    const covered = { factor: 0, factors: 0, benchmark: 0, benchmarks: 0 };
    const ratios = new Map<string, number>();
    for (let i = 0; i < repetitions; i++) {
      const { factors, benchmarks, groups } = judgeRows(suite.map((row) => drawRow(row, context)));
      if (factors.some(({ outcome }) => outcome === 'regressed')) alarms.factor++;
      if ([...benchmarks, ...groups].some(({ outcome }) => outcome === 'regressed')) alarms.benchmark++;
      for (const { id, delta, borrowed } of factors) {
        covered.factors++;
        if (holds(delta.ci, -drop)) covered.factor++;
        ratios.set(id, (ratios.get(id) ?? 0) + (borrowed?.varianceRatio ?? 1));
      }
      for (const { delta } of benchmarks) {
        covered.benchmarks++;
        if (holds(delta.ci, -drop)) covered.benchmark++;
      }
    }
    const bounds = [alarms.factor, alarms.benchmark].map((count) => upperBound(count, repetitions, 0.99));
    const isHeld = bounds.every((bound) => bound <= BOUND);
    const shareOf = (count: number) => percent(count / repetitions, 2);
    const none = drop === 0;
    return [
      name,
      none ? shareOf(alarms.factor) : '',
      none ? percent(bounds[0]!, 2) : '',
      none ? shareOf(alarms.benchmark) : '',
      none ? percent(bounds[1]!, 2) : '',
      none ? (isHeld ? 'yes' : '**no**') : '',
      percent(covered.factor / covered.factors),
      percent(covered.benchmark / covered.benchmarks),
      [...ratios].map(([id, sum]) => `${id} ${(sum / repetitions).toFixed(2)}`).join(', '),
    ];
  });
  return {
    title: 'Borrowing from the baseline',
    note: `${size.items.toLocaleString('en')} questions are asked, and the baseline answered four times as many of each task, or all there are. Right answers make up 50 to 80%. ${(2 * context.repetitions).toLocaleString('en')} simulated pull requests a row, half of them where there is a drop; the bound is the upper end of a one-sided 99% interval (Clopper-Pearson), to be at most ${percent(BOUND)} for either family. Coverage of the 95% intervals of differences. Variance: over that of the asked questions alone, mean.`,
    head: [
      'flips',
      'a factor `regressed`',
      '99% bound',
      'a benchmark',
      '99% bound',
      'held',
      'coverage, factors',
      'benchmarks',
      'variance',
    ],
    rows,
  };
}

function drawRow(row: BorrowedRow, { random }: Context): MeasuredBenchmark {
  const { delta, unborrowed, cells } = row.draw(random);
  const measured = compareDraw(row.size, row.n, { measured: delta, pairs: null });
  const plain = testPaired(unborrowed, null, false).delta!;
  return {
    ...measured,
    borrowed: {
      baselineItems: row.known,
      cells,
      byMargin: false,
      unborrowed: plain,
      varianceRatio: varianceRatio(measured.delta, plain),
    },
  };
}

function holds(ci: readonly [number, number] | null, truth: number): boolean {
  return ci !== null && ci[0] <= truth && truth <= ci[1];
}
