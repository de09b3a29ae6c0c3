import { findBenchmark } from '../../suite/catalogue.ts';
import type { Preset } from '../policy.ts';

/** What a benchmark weighs in its factor; `n` is the number of its items that were evaluated or compared. */
export function weigh({ id, n }: { id: string; n: number }, preset: Preset): number {
  switch (preset) {
    case 'paper':
    case 'chance':
      return findBenchmark(id)?.size ?? 0;
    case 'effective':
      return n;
    case 'macro':
      return 1;
  }
}
