import { type LevelStart, levelStart } from '../../stats/level-start.ts';
import type { Interval } from '../schema.ts';

/** At which differences from the newest score are beyond chance, for all records of a line together. */
const ALPHA = 0.05;
/** Half a 95% interval in standard errors. */
const HALF_WIDTH = 1.959964;

/** Since when a line of scores is at the level of its newest one; null where there is no score. A description: no verdict rests on it. */
export function levelOf(scores: readonly { score: number; ci: Interval | null }[]): LevelStart | null {
  return levelStart(
    scores.map(({ score, ci }) => ({ value: score, se: ci && (ci[1] - ci[0]) / (2 * HALF_WIDTH) })),
    ALPHA,
  );
}
