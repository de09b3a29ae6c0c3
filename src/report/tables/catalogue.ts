import { plural } from '../../count.ts';
import { type CatalogueBenchmark, FACTOR_NAMES } from '../../suite/benchmark.ts';
import type { JudgeBenchmark } from '../../suite/judge-benchmarks.ts';

const HEADINGS = ['ID', 'Factor', 'Harness', 'Tasks', 'Size', 'Items', 'Metric', 'Chance', 'Data set'];
const RIGHT = new Set([3, 4, 5, 7]);

/** The catalogue as a table for a terminal; below it what a model judges, which is in no factor. */
export function renderCatalogue(
  catalogue: readonly CatalogueBenchmark[],
  judged: readonly JudgeBenchmark[],
): string {
  const rows = [HEADINGS, ...catalogue.map(cells)];
  const widths = HEADINGS.map((_, column) => Math.max(...rows.map((row) => row[column]!.length)));
  const lines = rows.map((row) =>
    row
      .map((cell, column) =>
        RIGHT.has(column) ? cell.padStart(widths[column]!) : cell.padEnd(widths[column]!),
      )
      .join('  ')
      .trimEnd(),
  );
  const total = (pick: (benchmark: CatalogueBenchmark) => number) =>
    catalogue.reduce((sum, benchmark) => sum + pick(benchmark), 0).toLocaleString('en');
  const foot = `${plural(catalogue.length, 'benchmark')}; paper size ${total((row) => row.size)}, items there ${total((row) => row.items)}`;
  const others = judged.map(
    ({ id, questions, references }) =>
      `${id}: ${plural(questions, 'question')}, answers beside those of ${references.join(' and ')}`,
  );
  return `${lines.join('\n')}\n\n${foot}\n\nJudged by a model, in no factor; records of them are imported:\n${others.join('\n')}\n`;
}

function cells(benchmark: CatalogueBenchmark): string[] {
  return [
    benchmark.id,
    FACTOR_NAMES[benchmark.factor],
    benchmark.harness,
    String(benchmark.tasks.length),
    benchmark.size.toLocaleString('en'),
    benchmark.items.toLocaleString('en'),
    benchmark.direction === 'lower' ? `${benchmark.metric} (inverted)` : benchmark.metric,
    benchmark.chance.toFixed(3),
    `${benchmark.dataset.id}${benchmark.dataset.gated ? ' (gated)' : ''}`,
  ];
}
