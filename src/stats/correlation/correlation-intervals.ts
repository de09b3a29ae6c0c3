import normalQuantile from '@stdlib/stats-base-dists-normal-quantile';

/** Fewer models say nothing of an order: the interval of a correlation of 0.5 goes from -0.4 to 0.9 with 8. */
export const MIN_CORRELATED = 8;

/**
 * Interval of Spearman's correlation r of n pairs (Bonett and Wright 2000): tanh(atanh(r) -+ z sqrt((1 + r^2 / 2) / (n - 3))).
 * A perfect order, whose transform is infinite, is measured from the next one that n pairs can have; its other end is r.
 *
 * @param n number of pairs, above 3; may be fractional where the pairs depend on one another.
 */
export function spearmanInterval(r: number, n: number, level: number): [number, number] {
  const next = 1 - 12 / (n * (n * n - 1));
  return transformed(r, next, (value) => Math.sqrt((1 + value ** 2 / 2) / (n - 3)), level);
}

/**
 * Interval of Kendall's tau of n pairs (Fieller, Hartley and Pearson 1957): tanh(atanh(tau) -+ z sqrt(0.437 / (n - 4))). As above where
 * the order is perfect.
 *
 * @param n number of pairs, above 4.
 */
export function kendallInterval(tau: number, n: number, level: number): [number, number] {
  const next = 1 - 4 / (n * (n - 1));
  return transformed(tau, next, () => Math.sqrt(0.437 / (n - 4)), level);
}

function transformed(
  value: number,
  next: number,
  errorOf: (value: number) => number,
  level: number,
): [number, number] {
  const kept = Math.min(next, Math.max(-next, value));
  const reach = normalQuantile((1 + level) / 2, 0, 1) * errorOf(kept);
  const centre = Math.atanh(kept);
  return [
    value <= -next ? value : Math.tanh(centre - reach),
    value >= next ? value : Math.tanh(centre + reach),
  ];
}
