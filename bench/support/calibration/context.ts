import type { Random } from '../../../test/support/random.ts';

/** What every part of the calibration gets. */
export interface Context {
  random: Random;
  /** Simulated pull requests for each false-alarm rate; other parts take their share of it. */
  repetitions: number;
  progress: (text: string) => void;
}

export interface Table {
  title: string;
  /** What the table shows and how its numbers came about. */
  note: string;
  head: string[];
  rows: string[][];
}

export function percent(share: number, digits = 1): string {
  return `${(100 * share).toFixed(digits)}%`;
}

export function points(fraction: number, digits = 2): string {
  return (100 * fraction).toFixed(digits);
}
