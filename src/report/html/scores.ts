import { formatCount } from '../../count.ts';
import { FACTOR_NAMES } from '../../suite/benchmark.ts';
import { nameOf } from '../../verdict/measure/result-view.ts';
import type { Summary } from '../../verdict/summary.ts';
import { formatScore } from '../format.ts';
import { type Chapter, clip, dataTable, html } from './markup.ts';

const MAX_ROWS = 200;

/** One record's scores, where there is nothing to compare them with. */
export function scoresChapter({ factors, benchmarks }: Summary): Chapter {
  const columns = [
    { title: 'Factor, benchmark', kind: 'text' },
    { title: 'score (95%)', kind: 'number' },
    { title: 'questions', kind: 'number' },
    { title: 'state', kind: 'text' },
  ] as const;
  const rows = [
    ...factors.map((factor) => [
      html`<b>${FACTOR_NAMES[factor.id]}</b>`,
      formatScore(factor),
      formatCount(factor.n),
      '',
    ]),
    ...benchmarks
      .slice(0, MAX_ROWS)
      .map((row) => [
        clip(nameOf(row.id), 60),
        formatScore(row),
        formatCount(row.n),
        `${row.status}${row.reason === null ? '' : `, ${clip(row.reason, 300)}`}`,
      ]),
  ];
  return { id: 'scores', title: 'Scores', body: dataTable('Scores of this model', columns, rows) };
}
