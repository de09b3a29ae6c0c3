import { pearson } from './pearson.ts';
import { midranks } from './ranks.ts';

/** Spearman's rank correlation of paired values, ties by mean ranks; null where a side has no spread. */
export function spearman(x: readonly number[], y: readonly number[]): number | null {
  return pearson(midranks(x), midranks(y));
}
