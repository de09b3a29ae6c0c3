/** What the calibration of borrowing draws as counts is what the verdict makes of the single answers. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { type Chances, CountedBorrowing, type Stratum } from '../../bench/support/counted-borrowing.ts';
import { type BaselineItems, borrowCells } from '../../src/stats/borrowing/cells.ts';
import { borrowedDifference } from '../../src/stats/borrowing/difference.ts';
import { clusteredMean } from '../../src/stats/clustered-mean.ts';
import { assertClose } from '../support/assert-close.ts';
import { createRandom } from '../support/random.ts';

const SIGNS = [1, -1];
const usual: Chances = { right: 0.7, redrawn: 0.3, lost: 0.02, follows: 0 };
const random = createRandom(3);
const alone = (task: number, known: number, ...added: number[]): Stratum => ({
  ...{ task, cluster: null, known, added },
});
/** So many clusters of a task, of so many questions each, of which every second is asked, by turns at the first look and the second. */
const clusters = (task: number, first: number, count: number, size: number): Stratum[] =>
  Array.from({ length: count }, (_, index) => ({
    task,
    cluster: first + index,
    known: size,
    added: index % 2 ? [0, Math.ceil(size / 2)] : [Math.ceil(size / 2), 0],
  }));

/** Every question of a draw on its own, in the order of the strata. */
function spell(counted: CountedBorrowing): {
  baseline: BaselineItems;
  looks: { indexes: number[]; values: number[]; weights: number[] }[];
} {
  const { strata, known, looks } = counted;
  const isClustered = strata[0]!.cluster !== null;
  const all = { tasks: [] as number[], scores: [] as number[], clusters: [] as number[] };
  const asked = looks.map(() => ({ indexes: [] as number[], values: [] as number[] }));
  strata.forEach(({ task, cluster }, s) => {
    for (const c of [0, 1]) {
      const place = 2 * s + c;
      const first = all.tasks.length;
      for (let i = 0; i < known[place]!; i++) {
        all.tasks.push(task);
        all.scores.push(c);
        all.clusters.push(cluster ?? 0);
      }
      let before = { asked: 0, turned: 0 };
      looks.forEach((look, k) => {
        const now = { asked: look.asked[place]!, turned: look.turned[place]! };
        for (let i = before.asked; i < now.asked; i++) {
          const value = i - before.asked < now.turned - before.turned ? SIGNS[c]! : 0;
          for (const { indexes, values } of asked.slice(k)) {
            indexes.push(first + i);
            values.push(value);
          }
        }
        before = now;
      });
    }
  });
  const count = (tasks: number[]) => {
    const sums = new Map<number, number>();
    for (const task of tasks) sums.set(task, (sums.get(task) ?? 0) + 1);
    return sums;
  };
  const of = count(all.tasks);
  return {
    baseline: {
      tasks: Int32Array.from(all.tasks),
      scores: Float64Array.from(all.scores),
      clusters: isClustered ? Int32Array.from(all.clusters) : undefined,
    },
    looks: asked.map(({ indexes, values }) => {
      const own = count(indexes.map((index) => all.tasks[index]!));
      return {
        ...{ indexes, values },
        weights: indexes.map((index) => of.get(all.tasks[index]!)! / own.get(all.tasks[index]!)!),
      };
    }),
  };
}

const cases: { title: string; strata: Stratum[]; equalTasks?: boolean; chances?: Partial<Chances> }[] = [
  { title: 'one task', strata: [alone(0, 600, 100, 100)] },
  {
    title: 'tasks of different shares, small ones merged',
    strata: [alone(0, 400, 60, 60), alone(1, 90, 30, 10), alone(2, 40, 3, 2), alone(3, 30, 2, 9)],
  },
  {
    title: 'tasks that count the same',
    strata: [alone(0, 50, 16, 0), alone(1, 36, 17, 0), alone(2, 50, 2, 0)],
    equalTasks: true,
  },
  {
    title: 'few wrong answers',
    strata: [alone(0, 300, 40, 40), alone(1, 60, 20, 3)],
    chances: { right: 0.95 },
  },
  { title: 'a collapse', strata: [alone(0, 300, 40, 40), alone(1, 60, 20, 3)], chances: { lost: 0.9 } },
  { title: 'hardly a flip', strata: [alone(0, 300, 40, 40)], chances: { redrawn: 0.02, lost: 0 } },
  { title: 'no flip at all', strata: [alone(0, 300, 40, 40)], chances: { redrawn: 0, lost: 0 } },
  {
    title: 'clusters',
    strata: [...clusters(0, 0, 60, 6), ...clusters(1, 60, 40, 9)],
    chances: { follows: 0.3 },
  },
  {
    title: 'clusters over several tasks, some in one alone',
    strata: [...clusters(0, 0, 60, 3), ...clusters(1, 20, 70, 2), ...clusters(2, 85, 40, 1)],
    chances: { follows: 0.7 },
  },
  { title: 'clusters that collapse', strata: clusters(0, 0, 80, 4), chances: { follows: 0.3, lost: 0.9 } },
];
describe('counts give the cells, difference, standard error, degrees of freedom and units of single answers', () => {
  for (const { title, strata, equalTasks = false, chances } of cases)
    test(title, () => {
      const counted = new CountedBorrowing(strata, { equalTasks });
      for (let i = 0; i < 30; i++) {
        counted.draw(random, { ...usual, ...chances });
        const { baseline, looks } = spell(counted);
        const cells = borrowCells(Int32Array.from(looks[0]!.indexes), baseline);
        assert.equal(counted.cells, new Set(cells).size);
        looks.forEach(({ indexes, values, weights }, look) => {
          const asked = {
            indexes: Int32Array.from(indexes),
            values: Float64Array.from(values),
            weights: Float64Array.from(weights),
          };
          const wanted = borrowedDifference(asked, baseline, { cells, equalTasks })!;
          const found = counted.estimateAt(look);
          assertClose(
            [found.estimate, found.se!, found.df!, found.units],
            [wanted.estimate, wanted.se!, wanted.df!, wanted.units],
            1e-8,
          );
          if (equalTasks) return;
          const of = baseline.clusters && asked.indexes.map((index) => baseline.clusters![index]!);
          const plain = clusteredMean(asked.values, { weights: asked.weights, clusters: of })!;
          const alone = counted.unborrowedAt(look);
          assertClose(
            [alone.estimate, alone.se!, alone.df!, alone.units],
            [plain.estimate, plain.se!, plain.df!, plain.units],
            1e-8,
          );
        });
      }
    });
});

test('what is drawn has the shares that were asked for', () => {
  const [right, redrawn, lost] = [0.7, 0.3, 0.05];
  const sums = { known: 0, right: 0, asked: 0, gained: 0, lost: 0 };
  for (const follows of [0, 0.5]) {
    const counted = new CountedBorrowing(clusters(0, 0, 100, 4));
    for (let i = 0; i < 500; i++) {
      counted.draw(random, { right, redrawn, lost, follows });
      const { asked, turned } = counted.looks[1]!;
      counted.strata.forEach((_, s) => {
        sums.known += counted.known[2 * s]! + counted.known[2 * s + 1]!;
        sums.right += counted.known[2 * s + 1]!;
        sums.asked += asked[2 * s]! + asked[2 * s + 1]!;
        sums.gained += turned[2 * s]!;
        sums.lost += turned[2 * s + 1]!;
      });
    }
  }
  const flipped = redrawn * right * (1 - right) * (1 - lost);
  const wanted = [right, flipped, flipped + right * lost];
  const found = [sums.right / sums.known, sums.gained / sums.asked, sums.lost / sums.asked];
  found.forEach((share, index) => {
    assert.ok(Math.abs(share - wanted[index]!) < 0.004, `${found.join()} for ${wanted.join()}`);
  });
});
