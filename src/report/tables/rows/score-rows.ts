import { escapeTerminal } from '../../../markdown/escape.ts';
import { FACTOR_NAMES } from '../../../suite/benchmark.ts';
import { findBenchmark } from '../../../suite/catalogue.ts';
import type { Outcome } from '../../../verdict/schema.ts';
import type { Summary } from '../../../verdict/summary.ts';
import { formatScore, formatScorePoints, UNKNOWN } from '../../format.ts';
import { type Cell, fits, layOutWithin, type Paint, type TableForm, widthOf } from '../layout.ts';
import { OUTCOME_COLOURS } from './comparison-rows.ts';

const MAX_NAME_LENGTH = 40;
/** What names of benchmarks are cut to, before a model's is. */
const MIN_NAME_WIDTH = 24;

/** Records side by side, as lines of a terminal; below one another where it has no room for all of them. */
export function scoreTable(summaries: readonly Summary[], width: number, paint: Paint): string[] {
  const forms = [formOf(summaries, formatScore), formOf(summaries, ({ score }) => formatScorePoints(score))];
  const fitting = forms.find((form) => fits(form, width));
  if (fitting !== undefined || summaries.length < 2)
    return layOutWithin([fitting ?? forms[0]!], width, paint);
  const half = Math.ceil(summaries.length / 2);
  return [
    ...scoreTable(summaries.slice(0, half), width, paint),
    '',
    ...scoreTable(summaries.slice(half), width, paint),
  ];
}

type Format = (score: Pick<Summary['factors'][number], 'score' | 'ci'>) => string;

function formOf(summaries: readonly Summary[], format: Format): TableForm {
  const heading = [
    'Factor, benchmark',
    ...summaries.map(({ model }) => escapeTerminal(model, MAX_NAME_LENGTH)),
  ].map((text): Cell => ({ text, colour: 'bold' }));
  const factorIds = summaries[0]?.factors.map(({ id }) => id) ?? [];
  const ids = [...new Set(summaries.flatMap(({ benchmarks }) => benchmarks.map(({ id }) => id)))];
  const benchmarkRow = (id: string, indent: string): Cell[] => [
    { text: indent + escapeTerminal(findBenchmark(id)?.name ?? id, MAX_NAME_LENGTH), colour: null },
    ...summaries.map(({ benchmarks }) =>
      benchmarkCell(
        benchmarks.find((row) => row.id === id),
        format,
      ),
    ),
  ];
  const rows = factorIds.flatMap((factor) => [
    [
      { text: FACTOR_NAMES[factor], colour: 'bold' } as Cell,
      ...summaries.map(({ factors }): Cell => {
        const found = factors.find(({ id }) => id === factor);
        return { text: found ? format(found) : UNKNOWN, colour: 'bold' };
      }),
    ],
    ...ids.filter((id) => findBenchmark(id)?.factor === factor).map((id) => benchmarkRow(id, '  ')),
  ]);
  const outside = ids.filter((id) => findBenchmark(id) === undefined).map((id) => benchmarkRow(id, ''));
  const body = [...rows, ...outside];
  const widest = (column: number) => Math.max(0, ...body.map((row) => widthOf(row[column]?.text ?? '')));
  return {
    rows: [heading, ...body],
    alignment: `l${'r'.repeat(summaries.length)}`,
    // Scores are never cut, names of models are.
    least: [[0, MIN_NAME_WIDTH], ...summaries.map((_, index) => [index + 1, widest(index + 1)] as const)],
  };
}

function benchmarkCell(found: Summary['benchmarks'][number] | undefined, format: Format): Cell {
  if (!found) return { text: UNKNOWN, colour: 'dim' };
  if (found.score === null)
    return { text: found.status, colour: OUTCOME_COLOURS[found.status as Outcome] ?? null };
  return { text: format(found) + (found.status === 'done' ? '' : ` (${found.status})`), colour: null };
}
