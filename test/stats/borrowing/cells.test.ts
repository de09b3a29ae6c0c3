import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { type BaselineItems, borrowCells } from '../../../src/stats/borrowing/cells.ts';

/** So many questions of a task with this score, of which the first `asked` are asked. */
interface Group {
  task: number;
  score: number;
  n: number;
  asked: number;
  /** Questions of a cluster; 1 where left out. */
  together?: number;
}

function build(groups: readonly Group[]): { asked: Int32Array; baseline: BaselineItems; group: number[] } {
  const all = groups.flatMap((group, number) =>
    Array.from({ length: group.n }, (_, i) => ({ ...group, number, i })),
  );
  const clusters = all.map(({ number, i, together = 1 }) => 1000 * number + Math.floor(i / together));
  return {
    asked: Int32Array.from(all.flatMap(({ i, asked }, index) => (i < asked ? [index] : []))),
    baseline: {
      tasks: Int32Array.from(all, ({ task }) => task),
      scores: Float64Array.from(all, ({ score }) => score),
      clusters: groups.some(({ together }) => together) ? Int32Array.from(clusters) : undefined,
    },
    group: all.map(({ number }) => number),
  };
}

/** Which groups share a cell, by their numbers. */
function cellsOf(groups: readonly Group[]): number[][] {
  const { asked, baseline, group } = build(groups);
  const cells = borrowCells(asked, baseline);
  const found = new Map<number, Set<number>>();
  cells.forEach((cell, index) => {
    found.set(cell, (found.get(cell) ?? new Set()).add(group[index]!));
  });
  assert.deepEqual(
    [...found.keys()].sort(),
    [...found.keys()].map((_, number) => number),
  );
  return [...found.values()].map((own) => [...own].sort()).sort((a, b) => a[0]! - b[0]!);
}

const CASES: { title: string; groups: Group[]; cells: number[][] }[] = [
  {
    title: 'a cell for each task, right and wrong',
    groups: [
      { task: 0, score: 1, n: 80, asked: 20 },
      { task: 0, score: 0, n: 40, asked: 20 },
      { task: 1, score: 1, n: 80, asked: 24 },
      { task: 1, score: 0, n: 40, asked: 28 },
    ],
    cells: [[0], [1], [2], [3]],
  },
  {
    title: 'graded scores: zero, one and between, whatever they are there',
    groups: [
      { task: 0, score: 0, n: 36, asked: 20 },
      { task: 0, score: 0.25, n: 36, asked: 12 },
      { task: 0, score: 0.75, n: 36, asked: 12 },
      { task: 0, score: 1, n: 36, asked: 20 },
    ],
    cells: [[0], [1, 2], [3]],
  },
  {
    title: 'tasks with few of a kind: together, right apart from wrong',
    groups: [
      { task: 0, score: 1, n: 80, asked: 36 },
      { task: 0, score: 0, n: 80, asked: 36 },
      { task: 1, score: 1, n: 9, asked: 3 },
      { task: 1, score: 0, n: 60, asked: 24 },
      { task: 2, score: 1, n: 30, asked: 9 },
    ],
    cells: [[0], [1], [2, 4], [3]],
  },
  {
    title: 'a task of which nothing of a kind was asked: with the smallest of the kind',
    groups: [
      { task: 0, score: 1, n: 80, asked: 36 },
      { task: 1, score: 1, n: 80, asked: 24 },
      { task: 1, score: 0, n: 80, asked: 24 },
      { task: 2, score: 1, n: 9, asked: 0 },
    ],
    cells: [[0], [1, 3], [2]],
  },
  {
    title: 'a kind of which few were asked in all: with the neighbouring kind of its task',
    groups: [
      { task: 0, score: 1, n: 80, asked: 36 },
      { task: 1, score: 1, n: 80, asked: 36 },
      { task: 0, score: 0, n: 9, asked: 2 },
      { task: 1, score: 0, n: 9, asked: 2 },
    ],
    cells: [
      [0, 2],
      [1, 3],
    ],
  },
  {
    title: 'few between zero and one: with the smaller of these',
    groups: [
      { task: 0, score: 0, n: 80, asked: 36 },
      { task: 0, score: 0.5, n: 12, asked: 4 },
      { task: 0, score: 1, n: 80, asked: 24 },
    ],
    cells: [[0], [1, 2]],
  },
  {
    title: 'ten expected of a kind, and six by chance: a cell',
    groups: [
      { task: 0, score: 1, n: 180, asked: 94 },
      { task: 0, score: 0, n: 20, asked: 6 },
    ],
    cells: [[0], [1]],
  },
  {
    title: 'ten expected of a kind, and four by chance: no cell',
    groups: [
      { task: 0, score: 1, n: 180, asked: 96 },
      { task: 0, score: 0, n: 20, asked: 4 },
    ],
    cells: [[0, 1]],
  },
  {
    title: 'nine expected of a kind, however many came by chance: no cell',
    groups: [
      { task: 0, score: 1, n: 182, asked: 82 },
      { task: 0, score: 0, n: 18, asked: 18 },
    ],
    cells: [[0, 1]],
  },
  {
    title: 'twenty questions in four clusters: as four',
    groups: [
      { task: 0, score: 1, n: 20, asked: 20 },
      { task: 0, score: 0, n: 20, asked: 20, together: 5 },
    ],
    cells: [[0, 1]],
  },
  {
    title: 'few asked at all: one cell',
    groups: [
      { task: 0, score: 1, n: 20, asked: 2 },
      { task: 1, score: 0, n: 20, asked: 2 },
    ],
    cells: [[0, 1]],
  },
];

describe('cells of what the baseline answered', () => {
  for (const { title, groups, cells } of CASES) {
    test(title, () => assert.deepEqual(cellsOf(groups), cells));
  }

  test('of any sizes have five units each, or are one', () => {
    for (let seed = 1; seed < 400; seed++) {
      const pick = (of: number, salt: number) => ((seed * 7919 + salt * 104_729) % 1009) % of;
      const groups = Array.from({ length: 1 + pick(7, 1) }, (_, i) => ({
        task: pick(4, i + 2),
        score: [0, 0.5, 1][pick(3, i + 20)]!,
        n: 12,
        asked: pick(12, i + 40),
      }));
      const { asked, baseline } = build(groups);
      const cells = borrowCells(asked, baseline);
      const counts = new Map([...cells].map((cell) => [cell, 0]));
      for (const index of asked) counts.set(cells[index]!, counts.get(cells[index]!)! + 1);
      assert.ok(
        counts.size === 1 || [...counts.values()].every((count) => count >= 5),
        JSON.stringify(groups),
      );
    }
  });

  test('of a question that the baseline was not asked: an error', () => {
    const baseline = { tasks: Int32Array.of(0, 0), scores: Float64Array.of(0, 1) };
    assert.throws(() => borrowCells(Int32Array.of(2), baseline), RangeError);
  });
});
