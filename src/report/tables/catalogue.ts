import { formatCount, plural } from '../../count.ts';
import { type CatalogueBenchmark, FACTOR_NAMES } from '../../suite/benchmark.ts';
import type { JudgeBenchmark } from '../../suite/judge-benchmarks.ts';
import { layOutWithin, painter, type TableForm, type TableOptions } from './layout.ts';

interface Column {
  heading: string;
  align: 'l' | 'r';
  cell(benchmark: CatalogueBenchmark): string;
}

const COLUMNS = {
  id: { heading: 'ID', align: 'l', cell: ({ id }) => id },
  factor: { heading: 'Factor', align: 'l', cell: ({ factor }) => FACTOR_NAMES[factor] },
  harness: { heading: 'Harness', align: 'l', cell: ({ harness }) => harness },
  tasks: { heading: 'Tasks', align: 'r', cell: ({ tasks }) => formatCount(tasks.length) },
  size: { heading: 'Size', align: 'r', cell: ({ size }) => formatCount(size) },
  items: { heading: 'Questions', align: 'r', cell: ({ items }) => formatCount(items) },
  metric: {
    heading: 'Metric',
    align: 'l',
    cell: ({ metric, direction }) => (direction === 'lower' ? `${metric} (inverted)` : metric),
  },
  chance: { heading: 'Chance', align: 'r', cell: ({ chance }) => chance.toFixed(3) },
  dataset: {
    heading: 'Data set',
    align: 'l',
    cell: ({ dataset }) => `${dataset.id}${dataset.gated ? ' (gated)' : ''}`,
  },
} satisfies Record<string, Column>;

const { id, factor, harness, tasks, size, items, metric, chance, dataset } = COLUMNS;
const WIDE: readonly Column[] = [id, factor, harness, tasks, size, items, metric, chance, dataset];
const NARROW: readonly Column[] = [id, factor, tasks, items, chance];

/** The catalogue as a table for a terminal; below it what a model judges, which is in no factor. */
export function renderCatalogue(
  catalogue: readonly CatalogueBenchmark[],
  judged: readonly JudgeBenchmark[],
  { colour, width = Number.POSITIVE_INFINITY }: TableOptions,
): string {
  const lines = layOutWithin(
    [formOf(WIDE, catalogue), formOf(NARROW, catalogue)],
    width,
    painter(colour),
  ).map((line) => line.trimEnd());
  const total = (pick: (benchmark: CatalogueBenchmark) => number) =>
    formatCount(catalogue.reduce((sum, benchmark) => sum + pick(benchmark), 0));
  const gated = catalogue.filter((benchmark) => benchmark.dataset.gated).map((benchmark) => benchmark.id);
  return `${[
    ...lines,
    '',
    `${plural(catalogue.length, 'benchmark')}; paper size ${total((row) => row.size)}, questions there ${total((row) => row.items)}`,
    ...(gated.length > 0 ? [`Gated data, for which you ask on the Hub: ${gated.join(', ')}`] : []),
    '',
    'Judged by a model, in no factor (run --stages judge, or import):',
    ...judged.map(
      ({ id: name, questions, references }) =>
        `${name}: ${plural(questions, 'question')}, ` +
        (references.length === 0
          ? "with right answers, which come with this program; answers beside main's"
          : `answers beside those of ${references.join(' and ')}`),
    ),
  ].join('\n')}\n`;
}

function formOf(columns: readonly Column[], catalogue: readonly CatalogueBenchmark[]): TableForm {
  return {
    rows: [
      columns.map(({ heading }) => ({ text: heading, colour: 'bold' as const })),
      ...catalogue.map((benchmark) => columns.map(({ cell }) => ({ text: cell(benchmark), colour: null }))),
    ],
    alignment: columns.map(({ align }) => align).join(''),
    least: [
      [columns.indexOf(factor), 8],
      [columns.indexOf(id), 12],
    ],
  };
}
