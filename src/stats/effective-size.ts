import type { Sampling } from './clustered-mean.ts';

export interface EffectiveSize {
  /** Independent values of equal weight that would tell as much, were there no clusters. */
  items: number;
  /** Independent clusters of equal weight; `items` where every value stands alone. */
  clusters: number;
}

/**
 * How many values a weighted, clustered sample of `n` amounts to (Kish 1965): (sum of w)^2 / sum of w^2, over values
 * and over clusters. Both 0 where there is no weight.
 */
export function effectiveSize(n: number, { weights, clusters }: Sampling = {}): EffectiveSize {
  let total = 0;
  let squares = 0;
  const byCluster = new Map<number, number>();
  for (let i = 0; i < n; i++) {
    const weight = weights ? weights[i]! : 1;
    total += weight;
    squares += weight * weight;
    if (clusters) byCluster.set(clusters[i]!, (byCluster.get(clusters[i]!) ?? 0) + weight);
  }
  if (total === 0) return { items: 0, clusters: 0 };
  const items = total ** 2 / squares;
  if (!clusters) return { items, clusters: items };
  let clusterSquares = 0;
  for (const weight of byCluster.values()) clusterSquares += weight * weight;
  return { items, clusters: total ** 2 / clusterSquares };
}
