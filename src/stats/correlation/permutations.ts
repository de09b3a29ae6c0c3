import { midranks } from './ranks.ts';

/** Orders of n things, each equally likely: `orders` holds them one behind the other. */
export interface Permutations {
  n: number;
  count: number;
  orders: Uint16Array;
}

/**
 * Draws `count` orders of `n` things (Fisher and Yates). They are drawn once for all pairs of n models, since drawing costs more than
 * correlating.
 *
 * @param integer a random whole number from 0 to its argument - 1.
 * @throws RangeError for more than 65,536 things.
 */
export function drawPermutations(n: number, count: number, integer: (below: number) => number): Permutations {
  if (n > 65_536) throw new RangeError(`too many to permute: ${n}`);
  const orders = new Uint16Array(n * count);
  const order = Uint16Array.from({ length: n }, (_, i) => i);
  for (let drawn = 0; drawn < count; drawn++) {
    for (let i = n - 1; i > 0; i--) {
      const j = integer(i + 1);
      const held = order[i]!;
      order[i] = order[j]!;
      order[j] = held;
    }
    orders.set(order, drawn * n);
  }
  return { n, count, orders };
}

/** A correlation that only rounding tells from the observed one counts as large. */
const ROUNDING = 1e-9;

/** Sums that are taken beside one another. */
const LANES = 4;

/**
 * Two-sided p of Spearman's correlation if the two sides had nothing to do with one another: (1 + orders with a correlation at least as
 * far from 0) / (1 + orders) (Phipson and Smyth 2010), so never 0. Null where a side has no spread.
 */
export function spearmanPermutationP(
  x: readonly number[],
  y: readonly number[],
  { n, count, orders }: Permutations,
): number | null {
  const [a, b] = [centred(midranks(x)), centred(midranks(y))];
  if (a.every((value) => value === 0) || b.every((value) => value === 0)) return null;
  let observed = 0;
  for (let i = 0; i < n; i++) observed += a[i]! * b[i]!;
  const bound = Math.abs(observed) - ROUNDING;
  let far = 0;
  const whole = n - (n % LANES);
  for (let at = 0; at < count * n; at += n) {
    // Four sums beside one another: an addition need not wait for the one before. Ranks are halves of whole numbers, so that no order of adding rounds.
    let [first, second, third, fourth] = [0, 0, 0, 0];
    for (let i = 0; i < whole; i += LANES) {
      first += a[i]! * b[orders[at + i]!]!;
      second += a[i + 1]! * b[orders[at + i + 1]!]!;
      third += a[i + 2]! * b[orders[at + i + 2]!]!;
      fourth += a[i + 3]! * b[orders[at + i + 3]!]!;
    }
    for (let i = whole; i < n; i++) first += a[i]! * b[orders[at + i]!]!;
    const sum = first + second + (third + fourth);
    if (sum >= bound || sum <= -bound) far++;
  }
  return (1 + far) / (1 + count);
}

function centred(ranks: readonly number[]): Float64Array {
  const mean = (ranks.length + 1) / 2;
  return Float64Array.from(ranks, (rank) => rank - mean);
}
