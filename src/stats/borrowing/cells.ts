/** All questions of one benchmark that the baseline answered, one entry a question in every array. */
export interface BaselineItems {
  /** Number of the question's task: 0, 1, 2, ... */
  tasks: Int32Array;
  /** The baseline's score, from 0 to 1. */
  scores: Float64Array;
  /** 1 / probability with which the baseline was asked the question; equal where left out. */
  weights?: Float64Array | undefined;
  /** Cluster number; every question on its own where left out. */
  clusters?: Int32Array | undefined;
}

/** Independent units that a cell has at least: with fewer its spread is a guess. */
const MIN_UNITS = 5;
/**
 * Units that a cell is to be expected to have at least. Which cells there are must hardly hang on how many came by chance: where few wrong
 * answers happen to be asked and their cell is given up for it, the difference leans towards the loss of right ones.
 */
const MIN_EXPECTED = 10;

/** Classes of the baseline's scores, in the order in which they are neighbours. */
const ZERO = 0;
const BETWEEN = 1;
const ONE = 2;
const CLASSES = [ZERO, BETWEEN, ONE];

/**
 * Cells for post-stratification, one number (0, 1, 2, ...) a question of the baseline: by task, and by whether the baseline's answer was
 * right (score 1), wrong (0) or between the two.
 *
 * Cells of which fewer than 5 independent units (clusters, or questions that stand alone) were asked, or fewer than 10 were to be expected
 * by what was asked of their tasks, are merged: first with the other such cells of their class, over the tasks of the benchmark; what is still too small, with the smallest cell of its class that is large
 * enough. A class that is too small in all joins the neighbouring class, task by task. So every cell is large enough, unless all that was
 * asked is not: it then is one cell.
 *
 * Merging looks at no answer of the candidate. Where a run is judged several times, the cells are fixed by what is asked first and stay:
 * later looks ask more of each.
 *
 * @param asked which of the baseline's questions are asked of the candidate, as indexes into the arrays
 * @throws RangeError for arrays of different lengths and indexes beyond them
 */
export function borrowCells(asked: Int32Array, baseline: BaselineItems): Int32Array {
  const { tasks, scores } = baseline;
  if (tasks.length !== scores.length)
    throw new RangeError(`scores are ${scores.length}, tasks ${tasks.length}`);
  const keys = tasks.map((task, index) => CLASSES.length * task + classOf(scores[index]!));
  const pieces = new Map(
    [...new Set(keys)]
      .sort((a, b) => a - b)
      .map((key) => [
        key,
        {
          task: Math.floor(key / CLASSES.length),
          class: key % CLASSES.length,
          units: new Set<number>(),
          expected: 0,
        },
      ]),
  );
  const unitOf = (index: number) => (baseline.clusters ? baseline.clusters[index]! : index);
  for (const index of asked) {
    const piece = pieces.get(keys[index]!);
    if (piece === undefined) throw new RangeError(`no question ${index} among ${keys.length}`);
    piece.units.add(unitOf(index));
  }
  expectUnits(pieces, keys, asked, baseline.tasks, unitOf);
  const numbers = new Map<Piece, number>();
  joinPieces([...pieces.values()]).forEach((cell, number) => {
    for (const piece of cell) numbers.set(piece, number);
  });
  const byKey = new Map([...pieces].map(([key, piece]) => [key, numbers.get(piece)!]));
  return keys.map((key) => byKey.get(key)!);
}

/** The questions of one task whose answers by the baseline are of one class. */
export interface Piece {
  task: number;
  /** 0 where the answers are wrong, 1 between, 2 right. */
  class: number;
  /** Those that were asked, or how many where no two pieces share one. */
  units: ReadonlySet<number> | number;
  /** How many were to be asked, by the share of its task that was. */
  expected: number;
}

type Cell = Piece[];

function expectUnits(
  pieces: ReadonlyMap<number, Piece>,
  keys: Int32Array,
  asked: Int32Array,
  tasks: Int32Array,
  unitOf: (index: number) => number,
): void {
  const all = Int32Array.from(keys, (_, index) => index);
  const known = countUnits(all, (index) => tasks[index]!, unitOf);
  const chosen = countUnits(asked, (index) => tasks[index]!, unitOf);
  const own = countUnits(all, (index) => keys[index]!, unitOf);
  for (const [key, piece] of pieces)
    piece.expected = (own.get(key)! * (chosen.get(piece.task) ?? 0)) / known.get(piece.task)!;
}

/** Different units among these questions, by group. */
function countUnits(
  indexes: Int32Array,
  groupOf: (index: number) => number,
  unitOf: (index: number) => number,
): Map<number, number> {
  const units = new Map<number, Set<number>>();
  for (const index of indexes) {
    const group = groupOf(index);
    const own = units.get(group);
    if (own === undefined) units.set(group, new Set([unitOf(index)]));
    else own.add(unitOf(index));
  }
  return new Map([...units].map(([group, own]) => [group, own.size]));
}

function classOf(score: number): number {
  if (score <= 0) return ZERO;
  return score >= 1 ? ONE : BETWEEN;
}

/** The cells that these pieces make by the rules of `borrowCells`; pieces in the order of tasks, and of classes within one. */
export function joinPieces(pieces: readonly Piece[]): Piece[][] {
  const classes = CLASSES.map((own) => joinTasks(pieces.filter((piece) => piece.class === own)));
  const isShort = (own: number) => classes[own]!.length > 0 && classes[own]!.some((cell) => isSmall(cell));
  // A class that is short is one cell by now.
  const found = [BETWEEN, ZERO, ONE].filter((own) => isShort(own));
  for (const own of found) {
    if (!isShort(own)) continue;
    const neighbours = own === BETWEEN ? [ZERO, ONE] : [BETWEEN, own === ZERO ? ONE : ZERO];
    const there = neighbours.filter((neighbour) => classes[neighbour]!.length > 0);
    // The class between them joins the smaller of the others, which it tells the more.
    const target =
      own === BETWEEN ? there.sort((a, b) => sizeOf(classes[a]!) - sizeOf(classes[b]!))[0] : there[0];
    if (target === undefined) continue;
    const [cell] = classes[own]!;
    for (const piece of cell!) hostOf(piece, classes[target]!).push(piece);
    classes[own] = [];
    // Two small classes may be enough together.
    classes[target] = joinSmall(classes[target]!);
  }
  return classes.flat();
}

/** The cells of one class: a task each, the small ones together. One cell where that is not enough. */
function joinTasks(pieces: readonly Piece[]): Cell[] {
  return joinSmall(pieces.map((piece) => [piece]));
}

function joinSmall(cells: readonly Cell[]): Cell[] {
  const large = cells.filter((cell) => !isSmall(cell));
  const rest = cells.filter((cell) => isSmall(cell)).flat();
  if (rest.length === 0) return large;
  if (large.length === 0 || !isSmall(rest)) return [...large, rest];
  const smallest = large.reduce((least, cell) => (unitsOf(cell) < unitsOf(least) ? cell : least));
  return large.map((cell) => (cell === smallest ? [...cell, ...rest] : cell));
}

/** The cell of the same task, or the smallest. */
function hostOf({ task }: Piece, cells: readonly Cell[]): Cell {
  const own = cells.find((cell) => cell.some((piece) => piece.task === task));
  return own ?? cells.reduce((least, cell) => (unitsOf(cell) < unitsOf(least) ? cell : least));
}

function isSmall(cell: Cell): boolean {
  const expected = cell.reduce((sum, piece) => sum + piece.expected, 0);
  return unitsOf(cell) < MIN_UNITS || expected < MIN_EXPECTED;
}

function unitsOf(cell: Cell): number {
  const units = new Set<number>();
  let count = 0;
  for (const piece of cell) {
    if (typeof piece.units === 'number') count += piece.units;
    else for (const unit of piece.units) units.add(unit);
  }
  return count + units.size;
}

function sizeOf(cells: readonly Cell[]): number {
  return unitsOf(cells.flat());
}
