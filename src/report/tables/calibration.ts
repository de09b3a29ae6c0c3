import { escapeTerminal } from '../../markdown/escape.ts';
import { FACTOR_NAMES } from '../../suite/benchmark.ts';
import { findBenchmark } from '../../suite/catalogue.ts';
import type { Calibration } from '../../verdict/measure/calibration.ts';
import { formatInterval, formatPoints, formatScorePoints } from '../format.ts';
import { layOutWithin } from './layout.ts';

const MIN_NAME_WIDTH = 20;

/**
 * What `calibrate` prints: how much scores vary between training runs of one recipe, in points.
 *
 * @param width columns of the terminal: where the table does not fit, its long names are cut.
 */
export function renderCalibration(
  { models, preset, factors, benchmarks }: Calibration,
  width: number = Number.POSITIVE_INFINITY,
): string {
  const heading = ['Factor, benchmark', 'Mean', 'sd between runs', '95% interval', 'Questions alone'];
  const row = (name: string, entry: Calibration['benchmarks'][number]) => [
    name,
    formatScorePoints(entry.mean),
    formatPoints(entry.sd),
    formatInterval(entry.ci),
    formatPoints(Math.sqrt(entry.noise)),
  ];
  const nameOf = (id: string) => `  ${escapeTerminal(findBenchmark(id)?.name ?? id, 40)}`;
  const rows = [
    ...factors.map((entry) => row(FACTOR_NAMES[entry.id], entry)),
    ...benchmarks.map((entry) => row(nameOf(entry.id), entry)),
  ];
  const cells = [heading, ...rows].map((line) => line.map((text) => ({ text, colour: null })));
  return [
    ...layOutWithin(
      [{ rows: cells, alignment: 'lrrrr', least: [[0, MIN_NAME_WIDTH]] }],
      width,
      (text) => text,
    ),
    '',
    `${models.length} models of one recipe, preset ${preset}; points. "Questions alone": how much`,
    'their scores would vary if all were equally good. A difference of two recipes',
    'has 2 sd^2 more variance than one of two models:',
    "'sos-bench compare --run-spread FILE' allows for it, FILE being what --output",
    'wrote.',
    '',
  ].join('\n');
}
