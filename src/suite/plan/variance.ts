import type { PairedTest } from '../../stats/pairs-for-drop.ts';
import type { Factor } from '../benchmark.ts';
import type { DocumentInventory } from './inventory.ts';
import type { PlannedTask } from './plan.ts';
import type { Spread } from './spread.ts';

/** A task as a stratum of its benchmark: n of its documents add `reducible / n` to the benchmark's variance. */
export interface TaskStratum {
  task: string;
  documents: number;
  reducible: number;
  /** Mean cost of a document. */
  cost: number;
}

/** Variance of a benchmark's mean difference: the sum of its strata's reducible / n, plus what no sample reduces. */
export interface BenchmarkVariance {
  strata: TaskStratum[];
  irreducible: number;
}

/** A benchmark's part in its factor. */
export interface BenchmarkModel extends BenchmarkVariance {
  id: string;
  factor: Factor | null;
  /** Its weight in the factor, from 0 to 1; 0 outside of any. */
  share: number;
  /** Price of a unit of cost, in any unit that is the same for all benchmarks. */
  rate: number;
  /** How its difference is tested. */
  by: PairedTest['by'];
}

/**
 * Variance of the mean difference of a benchmark whose tasks are sampled each on its own (Kish 1965, 5.4, with sizes of
 * clusters that the sample leaves to chance).
 *
 * Of N documents in a task, k = sum of N_c (N_c - 1) / N (N - 1) is the chance that two different ones share a cluster;
 * n of them have the design effect 1 + r k (n - 1), r the correlation inside a cluster. So the variance of their mean
 * is S^2 (1 - r k) / n + S^2 r k: the second part is what clusters cost however many items are taken. Clusters that
 * span tasks (one question in several sets) add S^2 r sum of (product of the two counts) / N^2.
 */
export function modelVariance(
  tasks: readonly { task: string; documents: DocumentInventory; cost: number }[],
  { variance, dependence }: Spread,
): BenchmarkVariance {
  const total = tasks.reduce((sum, { documents }) => sum + documents.hashes.length, 0);
  const across = new Map<string, number>();
  let squares = 0;
  let irreducible = 0;
  const strata = tasks.map(({ task, documents, cost }) => {
    const n = documents.hashes.length;
    const counts = new Map<string, number>();
    for (const cluster of documents.clusters) {
      if (cluster !== null) counts.set(cluster, (counts.get(cluster) ?? 0) + 1);
    }
    let pairs = 0;
    for (const [cluster, count] of counts) {
      pairs += count * (count - 1);
      squares += count ** 2;
      across.set(cluster, (across.get(cluster) ?? 0) + count);
    }
    const shared = n < 2 ? 0 : pairs / (n * (n - 1));
    const weight = (n / total) ** 2 * variance;
    irreducible += weight * dependence * shared;
    // Above 0 even where all documents are one cluster, so that it can be shared out.
    const reducible = weight * Math.max(1 - dependence * shared, 1e-6);
    return { task, documents: n, reducible, cost };
  });
  let between = -squares;
  for (const count of across.values()) between += count ** 2;
  irreducible += (variance * dependence * between) / total ** 2;
  return { strata, irreducible };
}

/**
 * Variance of the mean difference of these very items, w their weights (1 / inclusion probability, summing to 1):
 * S^2 ((1 - r) sum of w^2 + r sum over clusters of (sum of w)^2), r the correlation inside a cluster.
 */
export function sampleVariance(
  tasks: readonly Pick<PlannedTask, 'inclusionP' | 'clusters'>[],
  { variance, dependence }: Spread,
): number {
  let total = 0;
  let squares = 0;
  let alone = 0;
  const clusters = new Map<string, number>();
  for (const { inclusionP, clusters: own } of tasks) {
    inclusionP.forEach((p, index) => {
      const weight = 1 / p;
      const cluster = own[index] ?? null;
      total += weight;
      squares += weight ** 2;
      if (cluster === null) alone += weight ** 2;
      else clusters.set(cluster, (clusters.get(cluster) ?? 0) + weight);
    });
  }
  if (total === 0) return 0;
  for (const weight of clusters.values()) alone += weight ** 2;
  return (variance * ((1 - dependence) * squares + dependence * alone)) / total ** 2;
}
