import { FACTOR_NAMES } from '../suite/benchmark.ts';
import { findBenchmark } from '../suite/catalogue.ts';
import { formatCount, formatPoints } from './format.ts';

/** What a row of SOS-Bench is, as an answer to somebody who sees it in a report. */
export function explainBenchmark(id: string): string {
  const row = findBenchmark(id);
  if (row === undefined) return `\`${id}\` is a factor: the mean of its benchmarks, weighted by the preset.`;
  const { name, factor, items, dataset, chance, constantScore, metric, direction, tasks } = row;
  const facts = [
    `${FACTOR_NAMES[factor]}; ${formatCount(items)} questions in ${tasks.length === 1 ? 'one task' : `${tasks.length} tasks`}, from \`${dataset.id}\`.`,
    `Scored by \`${metric}\`${direction === 'lower' ? ', counted inverted: knowing less is safer' : ''}. Guessing scores ${formatPoints(chance)} points${constantScore === null ? '' : `, the best constant answer ${formatPoints(constantScore)}`}.`,
    'Which items flipped is in `verdict.json` and `items.parquet` of the run, by id; no question or answer leaves the machine it ran on. `docs/benchmarks.md` says what is asked and what is right.',
  ];
  return `**${name}**\n\n${facts.map((fact) => `- ${fact}`).join('\n')}`;
}
