import { createHash } from 'node:crypto';
import type { Criterion } from '../../suite/judge-criteria.ts';

/** What a judge is asked beside its verdict. */
export interface AskedCriteria {
  names: readonly Criterion[];
  /** The order in which they are asked is drawn by it, question by question. */
  seed: number;
}

/**
 * The order in which one question's criteria are asked, the same in both orders of the answers: what is asked first colours what comes after,
 * and should not do so for one criterion alone.
 *
 * @param question its id.
 */
export function orderCriteria({ names, seed }: AskedCriteria, question: string): Criterion[] {
  const draw = (name: Criterion) =>
    createHash('sha256')
      .update(JSON.stringify([seed, question, name]))
      .digest('hex');
  const drawn = names.map((name) => ({ name, at: draw(name) }));
  return drawn.sort((a, b) => (a.at < b.at ? -1 : 1)).map(({ name }) => name);
}
