import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { type BaselineItems, borrowCells } from '../../../src/stats/borrowing/cells.ts';
import { borrowedDifference } from '../../../src/stats/borrowing/difference.ts';
import { clusteredMean } from '../../../src/stats/clustered-mean.ts';
import type { Estimate } from '../../../src/stats/estimate.ts';
import { stratifiedMean } from '../../../src/stats/stratified-mean.ts';
import { tInterval } from '../../../src/stats/t-interval.ts';
import { assertClose } from '../../support/assert-close.ts';
import { createRandom, type Random } from '../../support/random.ts';

/** 60 right and 40 wrong, of which 12 and 8 were asked: 3 of the right ones are lost, 2 of the wrong ones gained. */
const SCORES = Float64Array.from({ length: 100 }, (_, i) => (i < 60 ? 1 : 0));
const ASKED = Int32Array.from({ length: 20 }, (_, i) => (i < 12 ? i : 48 + i));
const VALUES = Float64Array.from({ length: 20 }, (_, i) => (i < 3 ? -1 : i >= 18 ? 1 : 0));
const BASELINE: BaselineItems = { tasks: new Int32Array(100), scores: SCORES };
const CELLS = Int32Array.from(SCORES, (score) => 1 - score);

const variance = (values: readonly number[]) => {
  const mean = values.reduce((a, b) => a + b, 0) / values.length;
  return values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (values.length - 1);
};

describe('a difference with the answers of the baseline', () => {
  const found = borrowedDifference({ indexes: ASKED, values: VALUES }, BASELINE, { cells: CELLS })!;

  test('is the mean of the cells, weighted by all that the baseline answered', () => {
    assertClose(found.estimate, 0.6 * (-3 / 12) + 0.4 * (2 / 8));
    assert.equal(found.units, 20);
  });

  test('has the variance within cells over what was asked, and between cells over what the baseline answered', () => {
    const right = (0.6 ** 2 * variance([...VALUES.slice(0, 12)])) / 12;
    const wrong = (0.4 ** 2 * variance([...VALUES.slice(12)])) / 8;
    const between = variance([...new Array(60).fill(-0.25), ...new Array(40).fill(0.25)]) / 100;
    assertClose(found.se, Math.sqrt(right + wrong + between));
    const df = (right + wrong + between) ** 2 / (right ** 2 / 11 + wrong ** 2 / 7 + between ** 2 / 99);
    assertClose(found.df, df);
  });

  test('does not depend on the order of questions', () => {
    const turned = (index: number) => 99 - index;
    const other = borrowedDifference(
      { indexes: ASKED.map(turned).reverse(), values: VALUES.slice().reverse() },
      { tasks: BASELINE.tasks, scores: SCORES.slice().reverse() },
      { cells: CELLS.slice().reverse() },
    )!;
    for (const part of ['estimate', 'se', 'df'] as const) assertClose(other[part], found[part]!);
  });

  test('counts questions that are there three times, as one cluster, once', () => {
    const thrice = (numbers: ArrayLike<number>) =>
      Array.from(numbers).flatMap((number) => [number, number, number]);
    const other = borrowedDifference(
      {
        indexes: Int32Array.from(thrice(ASKED), (index, i) => 3 * index + (i % 3)),
        values: Float64Array.from(thrice(VALUES)),
      },
      {
        tasks: new Int32Array(300),
        scores: Float64Array.from(thrice(SCORES)),
        clusters: Int32Array.from({ length: 300 }, (_, i) => Math.floor(i / 3)),
      },
      { cells: Int32Array.from(thrice(CELLS)) },
    )!;
    for (const part of ['estimate', 'se'] as const) assertClose(other[part], found[part]!);
    assert.equal(other.units, 20);
    assert.ok(other.df! <= 19 && other.df! > 10, String(other.df));
  });

  test('weighs a baseline that is a sample itself by its sample', () => {
    // Each right question stands for two.
    const weights = Float64Array.from(SCORES, (score) => (score === 1 ? 2 : 1));
    const other = borrowedDifference(
      { indexes: ASKED, values: VALUES, weights: Float64Array.from(ASKED, (index) => 5 * weights[index]!) },
      { ...BASELINE, weights },
      { cells: CELLS },
    )!;
    assertClose(other.estimate, (120 * (-3 / 12) + 40 * (2 / 8)) / 160);
  });

  test('of a cell over two tasks weighs each task by what the baseline answered of it', () => {
    const tasks = Int32Array.from(SCORES, (_, index) => (index < 90 ? 0 : 1));
    const indexes = Int32Array.of(0, 1, 2, 3, 90, 91);
    const values = Float64Array.of(-1, 0, 0, 0, 1, 1);
    const other = borrowedDifference(
      { indexes, values },
      { tasks, scores: SCORES },
      { cells: new Int32Array(100) },
    )!;
    assertClose(other.estimate, 0.9 * -0.25 + 0.1 * 1);
  });

  test('of everything, in one cell, is the plain mean', () => {
    const indexes = Int32Array.from({ length: 20 }, (_, i) => i);
    const all = { tasks: new Int32Array(20), scores: SCORES.slice(0, 20) };
    const other = borrowedDifference({ indexes, values: VALUES }, all, { cells: new Int32Array(20) })!;
    const plain = clusteredMean(VALUES)!;
    for (const part of ['estimate', 'se', 'df'] as const) assertClose(other[part], plain[part]!);
  });

  test('of tasks that weigh the same is the mean of the tasks', () => {
    const tasks = Int32Array.from({ length: 20 }, (_, i) => (i < 14 ? 0 : 1));
    const indexes = Int32Array.from({ length: 20 }, (_, i) => i);
    const other = borrowedDifference(
      { indexes, values: VALUES },
      { tasks, scores: SCORES.slice(0, 20) },
      { cells: tasks, equalTasks: true },
    )!;
    const plain = stratifiedMean(VALUES, { strata: tasks })!;
    for (const part of ['estimate', 'se', 'df'] as const) assertClose(other[part], plain[part]!);
  });

  test('without any change has no spread, and one unit alone an unknown one', () => {
    const none = borrowedDifference({ indexes: ASKED, values: new Float64Array(20) }, BASELINE, {
      cells: CELLS,
    })!;
    assert.deepEqual([none.estimate, none.se], [0, 0]);
    const same = borrowedDifference({ indexes: ASKED, values: new Float64Array(20).fill(-1) }, BASELINE, {
      cells: CELLS,
    })!;
    assertClose(same.estimate, -1);
    // That all of 20 turned does not prove that all of the others do.
    assert.ok(same.se! > 0.02 && same.se! < 0.1, String(same.se));
    const one = { indexes: Int32Array.of(4), values: Float64Array.of(-1) };
    const alone = borrowedDifference(one, BASELINE, { cells: new Int32Array(100) })!;
    assert.deepEqual(alone, { estimate: -1, se: null, df: null, units: 1 });
    const nothing = { indexes: new Int32Array(), values: new Float64Array() };
    assert.equal(borrowedDifference(nothing, BASELINE, { cells: CELLS }), null);
  });

  test('of a cell of which nothing was asked: an error', () => {
    assert.throws(
      () =>
        borrowedDifference({ indexes: ASKED.slice(0, 12), values: VALUES.slice(0, 12) }, BASELINE, {
          cells: CELLS,
        }),
      /nothing was asked of cell/,
    );
  });
});

test('where nearly all that was right is lost, the interval holds the truth as often as it says', () => {
  const random = createRandom(3);
  const [known, asked, right, lost, draws] = [500, 40, 0.7, 0.9, 2000];
  const indexes = Int32Array.from({ length: asked }, (_, index) => index);
  const tasks = new Int32Array(known);
  let held = 0;
  for (let draw = 0; draw < draws; draw++) {
    const scores = Float64Array.from({ length: known }, () => Number(random.uniform() < right));
    const values = Float64Array.from(indexes, (index) =>
      scores[index] === 1 && random.uniform() < lost ? -1 : 0,
    );
    const cells = borrowCells(indexes, { tasks, scores });
    const [low, high] = tInterval(
      borrowedDifference({ indexes, values }, { tasks, scores }, { cells })!,
      0.95,
    )!;
    held += Number(low <= -right * lost && -right * lost <= high);
  }
  // 90.7% without what so few that stayed do not show.
  assert.ok(held / draws > 0.93, String(held / draws));
});

interface Setup {
  title: string;
  tasks: number[];
  /** Questions asked of each task. */
  asked: number[];
  /** Probability that the baseline is right, of a question of a cluster with this effect. */
  right: (task: number, effect: number) => number;
  lost: number;
  gained: number;
  /** Questions of a cluster. */
  together: number;
  equalTasks?: boolean;
}

const SETUPS: Setup[] = [
  { title: 'one task', tasks: [400], asked: [80], right: () => 0.7, lost: 0.2, gained: 0.1, together: 1 },
  {
    title: 'few that the baseline got wrong',
    tasks: [400],
    asked: [60],
    right: () => 0.9,
    lost: 0.07,
    gained: 0.6,
    together: 1,
  },
  {
    title: 'tasks that are asked unequally',
    tasks: [250, 100, 50],
    asked: [60, 60, 20],
    right: (task) => [0.9, 0.6, 0.3][task]!,
    lost: 0.1,
    gained: 0.2,
    together: 1,
  },
  {
    title: 'tasks that weigh the same',
    tasks: [150, 100, 60],
    asked: [40, 40, 40],
    right: (task) => [0.8, 0.6, 0.4][task]!,
    lost: 0.15,
    gained: 0.15,
    together: 1,
    equalTasks: true,
  },
  {
    title: 'clusters over cells',
    tasks: [600],
    asked: [150],
    right: (_, effect) => 0.4 + 0.5 * effect,
    lost: 0.3,
    gained: 0.2,
    together: 10,
  },
];

describe('over many samples', () => {
  for (const setup of SETUPS) {
    test(`${setup.title}: unbiased, with the standard error it says`, () => {
      const random = createRandom(11);
      const found = Array.from({ length: 800 }, () => drawOne(setup, random));
      const mean = found.reduce((sum, { estimate }) => sum + estimate, 0) / found.length;
      const spread = variance(found.map(({ estimate }) => estimate));
      const truth = trueDifference(setup);
      assert.ok(Math.abs(mean - truth) < 4 * Math.sqrt(spread / found.length), `${mean} for ${truth}`);
      const said = found.reduce((sum, { se }) => sum + se! ** 2, 0) / found.length;
      assert.ok(
        said / spread > 0.85 && said / spread < 1.18,
        `said variance over true one: ${said / spread}`,
      );
    });
  }
});

function trueDifference({ tasks, right, lost, gained, equalTasks }: Setup): number {
  const total = tasks.reduce((a, b) => a + b, 0);
  return tasks.reduce((sum, n, task) => {
    const share = equalTasks ? 1 / tasks.length : n / total;
    const p = right(task, 0.5);
    return sum + share * ((1 - p) * gained - p * lost);
  }, 0);
}

/** A new baseline, candidate and sample of what the setup says; answers of a cluster depend on one another. */
function drawOne(
  { tasks, asked, right, lost, gained, together, equalTasks = false }: Setup,
  random: Random,
): Estimate {
  const items = tasks.flatMap((n, task) =>
    Array.from({ length: n / together }, (_, cluster) => ({
      task,
      cluster,
      effect: random.uniform(),
      turn: 2 * random.uniform(),
    })).flatMap((cluster) =>
      together === 1 ? [cluster] : new Array<typeof cluster>(together).fill(cluster),
    ),
  );
  const scores = Float64Array.from(items, ({ task, effect }) =>
    random.uniform() < right(task, effect) ? 1 : 0,
  );
  const baseline: BaselineItems = {
    tasks: Int32Array.from(items, ({ task }) => task),
    scores,
    clusters: together > 1 ? Int32Array.from(items, ({ cluster }) => cluster) : undefined,
  };
  const left = asked.slice();
  const numbers = Float64Array.from(items, () => random.uniform());
  const order = Int32Array.from(items.keys()).sort((a, b) => numbers[a]! - numbers[b]!);
  const indexes = order.filter((index) => left[items[index]!.task]!-- > 0);
  const values = Float64Array.from(indexes, (index) => {
    // What a cluster loses or gains it does together, more or less.
    const turn = together > 1 ? items[index]!.turn : 1;
    const rate = (scores[index] === 1 ? lost : gained) * turn;
    return random.uniform() >= rate ? 0 : scores[index] === 1 ? -1 : 1;
  });
  const weights = Float64Array.from(
    indexes,
    (index) => tasks[items[index]!.task]! / asked[items[index]!.task]!,
  );
  const cells = borrowCells(indexes, baseline);
  return borrowedDifference({ indexes, values, weights }, baseline, { cells, equalTasks })!;
}
