import { plural } from '../../count.ts';
import { type CatalogueBenchmark, FACTOR_NAMES } from '../../suite/benchmark.ts';

const HEADINGS = ['ID', 'Factor', 'Harness', 'Tasks', 'Size', 'Items', 'Metric', 'Chance', 'Data set'];
const RIGHT = new Set([3, 4, 5, 7]);

/** The catalogue as a table for a terminal. */
export function renderCatalogue(catalogue: readonly CatalogueBenchmark[]): string {
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
  return `${lines.join('\n')}\n\n${foot}\n`;
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
