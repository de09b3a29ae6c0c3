import { type BaselineItems, borrowCells } from '../../src/stats/borrowing/cells.ts';
import { borrowedDifference } from '../../src/stats/borrowing/difference.ts';
import { clusteredMean } from '../../src/stats/clustered-mean.ts';
import type { Estimate } from '../../src/stats/estimate.ts';
import { stratifiedMean } from '../../src/stats/stratified-mean.ts';
import type { Random } from '../../test/support/random.ts';
import { clusterSizes } from './clusters.ts';
import { CountedBorrowing, type Stratum } from './counted-borrowing.ts';
import { type Change, isGraded } from './simulate.ts';
import type { RowSize, SuiteSize } from './suite-sizes.ts';

/** A benchmark of which the baseline answered more than the candidate is asked, drawn again and again. */
export interface BorrowedRow {
  size: RowSize;
  n: number;
  known: number;
  draw: (random: Random) => { delta: Estimate; unborrowed: Estimate; cells: number };
}

/** The baseline has so many questions for each that is asked, or all there are: more lend hardly more and take longer to draw. */
const LENT = 4;

const SCORES = [0, 0.25, 0.5, 0.75, 1];
/** Of graded answers: half are all right. */
const GRADED = [0.2, 0.1, 0.1, 0.1, 0.5];
/** Share of right answers, benchmark by benchmark. */
const RIGHT = [0.5, 0.6, 0.7, 0.8];

/** The benchmarks of a sample, each beside a baseline that answered more of its questions. */
export function borrowingSuite(
  { rows }: SuiteSize,
  change: (index: number, size: RowSize) => Change,
): BorrowedRow[] {
  return rows.map((size, index) => borrowedRow(size, RIGHT[index % RIGHT.length]!, change(index, size)));
}

function borrowedRow(size: RowSize, right: number, { flipRate, drop, together }: Change): BorrowedRow {
  const { benchmark } = size;
  const known = size.tasks.map((n, index) =>
    Math.max(n, Math.min(LENT * n, benchmark.tasks[index]?.items ?? n)),
  );
  const total = known.reduce((a, b) => a + b, 0);
  const tasks = Int32Array.from(known.flatMap((n, task) => new Array<number>(n).fill(task)));
  const clusters = numberClusters(clusterSizes(benchmark.id, total), total);
  const indexes = Int32Array.from(chooseEvenly(known, size.tasks));
  const weights = Float64Array.from(indexes, (index) => known[tasks[index]!]! / size.tasks[tasks[index]!]!);
  const chances = isGraded(size) ? GRADED : [1 - right, 0, 0, 0, right];
  // A changed answer is one of the same distribution, so that nothing changes on average.
  const differing = 1 - chances.reduce((sum, p) => sum + p ** 2, 0);
  const redrawn = flipRate / differing;
  const lost = drop / chances.reduce((sum, p, score) => sum + p * SCORES[score]!, 0);
  const scores = new Float64Array(total);
  const values = new Float64Array(indexes.length);
  const equalTasks = benchmark.harness === 'livebench';
  if (!isGraded(size) && !equalTasks) {
    const counted = new CountedBorrowing(listStrata({ tasks, clusters }, indexes));
    const follows = together && clusters ? 1 : 0;
    return {
      ...{ size, n: indexes.length, known: total },
      draw: (random) => {
        counted.draw(random, { right, redrawn, lost, follows });
        return { delta: counted.estimateAt(0), unborrowed: counted.unborrowedAt(0), cells: counted.cells };
      },
    };
  }
  const askedTasks = Int32Array.from(indexes, (index) => tasks[index]!);
  const askedClusters = clusters && Int32Array.from(indexes, (index) => clusters[index]!);
  return {
    size,
    n: indexes.length,
    known: total,
    draw: (random) => {
      const pick = () => scoreAt(chances, random.uniform());
      for (let index = 0; index < total; index++) scores[index] = pick();
      const turned = new Map<number, number | null>();
      indexes.forEach((index, i) => {
        const key = together && clusters ? clusters[index]! : index;
        let later = turned.get(key);
        if (later === undefined) {
          later = random.uniform() < redrawn ? pick() : null;
          turned.set(key, later);
        }
        const kept = later ?? scores[index]!;
        values[i] = (random.uniform() < lost ? 0 : kept) - scores[index]!;
      });
      const baseline: BaselineItems = { tasks, scores, clusters };
      const cells = borrowCells(indexes, baseline);
      const plain = equalTasks
        ? stratifiedMean(values, { strata: askedTasks, clusters: askedClusters })
        : clusteredMean(values, { weights, clusters: askedClusters });
      return {
        delta: borrowedDifference({ indexes, values, weights }, baseline, { cells, equalTasks })!,
        unborrowed: plain!,
        cells: new Set(cells).size,
      };
    },
  };
}

/** The questions of each task and cluster, and how many of them are asked. */
function listStrata(
  { tasks, clusters }: { tasks: Int32Array; clusters: Int32Array | undefined },
  asked: Int32Array,
): Stratum[] {
  const chosen = new Set(asked);
  const numbers = new Map<number, number>();
  const strata = new Map<string, { task: number; cluster: number | null; known: number; added: [number] }>();
  tasks.forEach((task, index) => {
    const own = clusters?.[index];
    if (own !== undefined && !numbers.has(own)) numbers.set(own, numbers.size);
    const cluster = own === undefined ? null : numbers.get(own)!;
    const stratum = strata.get(`${task} ${cluster}`) ?? { task, cluster, known: 0, added: [0] };
    strata.set(`${task} ${cluster}`, stratum);
    stratum.known++;
    if (chosen.has(index)) stratum.added[0]++;
  });
  return [...strata.values()];
}

function scoreAt(chances: readonly number[], at: number): number {
  let sum = 0;
  for (let index = 0; index < chances.length - 1; index++) {
    sum += chances[index]!;
    if (at < sum) return SCORES[index]!;
  }
  return 1;
}

function numberClusters(sizes: readonly number[] | null, total: number): Int32Array | undefined {
  if (sizes === null) return undefined;
  const numbers = sizes.flatMap((size, cluster) => new Array<number>(size).fill(cluster));
  return Int32Array.from({ length: total }, (_, index) => numbers[index] ?? index);
}

/** Of each task's questions so many, spread over its clusters. */
function chooseEvenly(known: readonly number[], asked: readonly number[]): number[] {
  let first = 0;
  return known.flatMap((of, task) => {
    const n = asked[task]!;
    const start = first;
    first += of;
    return Array.from({ length: of }, (_, i) => i).flatMap((i) =>
      Math.floor(((i + 1) * n) / of) > Math.floor((i * n) / of) ? [start + i] : [],
    );
  });
}
