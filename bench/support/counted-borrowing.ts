/**
 * A benchmark of right and wrong answers whose difference borrows from the baseline, as counts: questions of one task and one cluster differ in
 * nothing but what became of them. The same estimates as `borrowCells` and `borrowedDifference` make of the single answers, for a tenth of their
 * time or less; test/bench/counted-borrowing.test.ts holds the two to each other.
 */
import { joinPieces, type Piece } from '../../src/stats/borrowing/cells.ts';
import type { Estimate } from '../../src/stats/estimate.ts';
import type { Random } from '../../test/support/random.ts';
import { binomial, type Draw } from './discrete.ts';

/** Draws from binomial distributions of one probability; each number of trials is prepared where it first comes. */
interface Binomials {
  p: number;
  draws: Draw[];
}

/** Questions of one task, and of one cluster where the benchmark has clusters. */
export interface Stratum {
  task: number;
  /** Number of its cluster: 0, 1, 2, ... for all strata of a benchmark, or null for all. */
  cluster: number | null;
  /** Questions that the baseline answered. */
  known: number;
  /** How many of them each look asks beyond the looks before. */
  added: readonly number[];
}

/** How answers come about. */
export interface Chances {
  /** Share of the baseline's answers that are right. */
  right: number;
  /** Share of the answers that are drawn again, so that they may turn although nothing has changed. */
  redrawn: number;
  /** Share of the right answers that are lost beyond that. */
  lost: number;
  /** Probability with which an answer does what its cluster does: two of them correlate by its square. */
  follows: number;
}

/** Of each stratum: wrong answers, then right ones. */
const CLASSES = 2;
const RIGHT = 1;
/** What `borrowCells` calls them. */
const CLASS_OF_CELLS = [0, 2];
/** What one turned answer adds: a wrong one is gained, a right one lost. */
const SIGNS = [1, -1];

/** What became of each stratum's questions up to a look. */
export interface LookCounts {
  asked: Int32Array;
  turned: Int32Array;
}

export class CountedBorrowing {
  readonly strata: readonly Stratum[];
  /** Right and wrong answers of the baseline, asked or not. */
  readonly known: Int32Array;
  readonly looks: readonly LookCounts[];
  readonly #equalTasks: boolean;
  readonly #clusters: number;
  readonly #tasks: number;
  readonly #total: number;
  readonly #knownOfTask: Float64Array;
  /** Of the mean, by task. */
  readonly #shareOfTask: Float64Array;
  /** Weight of one asked question, by look and task. */
  readonly #weights: readonly Float64Array[];
  /** Independent questions of each task that the baseline answered, and that the first look asks. */
  readonly #units: { known: Float64Array; first: Float64Array };
  /** Degrees of freedom and clusters of all that was asked as one, by look. */
  readonly #whole: readonly { df: number; units: number }[];
  #cellOf = new Int32Array(0);
  #cells = 0;
  readonly #commons: Int8Array;
  readonly #binomials = new Map<number, Binomials>();

  constructor(strata: readonly Stratum[], { equalTasks = false } = {}) {
    const count = strata[0]!.added.length;
    this.strata = strata;
    this.#equalTasks = equalTasks;
    this.#clusters = strata.reduce((most, { cluster }) => Math.max(most, (cluster ?? -1) + 1), 0);
    if (this.#clusters > 0 && equalTasks)
      throw new Error('no benchmark has both clusters and tasks of equal share');
    this.#tasks = strata.reduce((most, { task }) => Math.max(most, task + 1), 0);
    this.known = new Int32Array(CLASSES * strata.length);
    this.looks = Array.from({ length: count }, () => ({
      asked: new Int32Array(CLASSES * strata.length),
      turned: new Int32Array(CLASSES * strata.length),
    }));
    const byTask = (of: (stratum: Stratum) => number) => {
      const sums = new Float64Array(this.#tasks);
      for (const stratum of strata) sums[stratum.task]! += of(stratum);
      return sums;
    };
    this.#knownOfTask = byTask(({ known }) => known);
    this.#total = this.#knownOfTask.reduce((sum, own) => sum + own, 0);
    this.#shareOfTask = this.#knownOfTask.map((own) => (equalTasks ? 1 / this.#tasks : own / this.#total));
    const askedBy = ({ added }: Stratum, look: number) =>
      added.slice(0, look + 1).reduce((sum, own) => sum + own, 0);
    this.#weights = this.looks.map((_, look) => {
      const asked = byTask((stratum) => askedBy(stratum, look));
      return this.#shareOfTask.map((share, task) => (asked[task] === 0 ? 0 : share / asked[task]!));
    });
    const units = (n: number) => (this.#clusters > 0 ? Math.sign(n) : n);
    this.#units = {
      known: byTask(({ known }) => units(known)),
      first: byTask(({ added }) => units(added[0]!)),
    };
    this.#whole = this.looks.map((_, look) => {
      const weights = new Float64Array(this.#clusters);
      for (const stratum of strata)
        if (stratum.cluster !== null)
          weights[stratum.cluster]! += this.#weights[look]![stratum.task]! * askedBy(stratum, look);
      return freedomOf(weights);
    });
    this.#commons = new Int8Array(this.#clusters);
  }

  /** Cells of the last draw. */
  get cells(): number {
    return this.#cells;
  }

  /** Draws all answers of both models, look by look. */
  draw(random: Random, { right, redrawn, lost, follows }: Chances): void {
    const { strata, looks, known } = this;
    const isClustered = this.#clusters > 0 && follows > 0;
    const alone = isClustered ? 1 - follows : 1;
    const last = looks.length - 1;
    // By what the cluster does: nothing, wrong, right.
    const turns = [-1, 0, 1].map((common) => {
      const becomes = (to: number) =>
        alone * redrawn * (to === RIGHT ? right : 1 - right) + (common === to ? 1 - alone : 0);
      return [(1 - lost) * becomes(1), lost + (1 - lost) * becomes(0)].map((p) => this.#binomial(p));
    });
    if (isClustered)
      for (let cluster = 0; cluster < this.#clusters; cluster++)
        this.#commons[cluster] = random.uniform() < redrawn ? Number(random.uniform() < right) : -1;
    const rights = this.#binomial(right);
    for (let s = 0; s < strata.length; s++) {
      const { cluster, known: all, added } = strata[s]!;
      const [gains, losses] = turns[isClustered ? this.#commons[cluster!]! + 1 : 0]!;
      const [wrongAt, rightAt] = [CLASSES * s, CLASSES * s + 1];
      const counts = [0, 0, 0, 0];
      for (let look = 0; look <= last; look++) {
        const n = added[look]!;
        if (n > 0) {
          const own = drawn(rights, n, random);
          counts[0]! += n - own;
          counts[1]! += own;
          counts[2]! += drawn(gains!, n - own, random);
          counts[3]! += drawn(losses!, own, random);
        }
        const { asked, turned } = looks[look]!;
        asked[wrongAt] = counts[0]!;
        asked[rightAt] = counts[1]!;
        turned[wrongAt] = counts[2]!;
        turned[rightAt] = counts[3]!;
      }
      const rest = all - counts[0]! - counts[1]!;
      const own = drawn(rights, rest, random);
      known[wrongAt] = counts[0]! + rest - own;
      known[rightAt] = counts[1]! + own;
    }
    this.#makeCells();
  }

  #binomial(p: number): Binomials {
    const found = this.#binomials.get(p) ?? { p, draws: [] };
    this.#binomials.set(p, found);
    return found;
  }

  /** Fixes the cells by what the first look asks. */
  #makeCells(): void {
    const { strata, known } = this;
    const { asked } = this.looks[0]!;
    const keys = CLASSES * this.#tasks;
    const isClustered = this.#clusters > 0;
    const counts = {
      known: new Float64Array(keys),
      units: new Float64Array(keys),
      asked: new Float64Array(keys),
    };
    const sets = isClustered ? Array.from({ length: keys }, () => new Set<number>()) : null;
    for (let s = 0; s < strata.length; s++) {
      const { task, cluster } = strata[s]!;
      for (let c = 0; c < CLASSES; c++) {
        const [key, place] = [CLASSES * task + c, CLASSES * s + c];
        counts.known[key]! += known[place]!;
        counts.units[key]! += isClustered ? Math.sign(known[place]!) : known[place]!;
        if (sets === null) counts.asked[key]! += asked[place]!;
        else if (asked[place]! > 0) sets[key]!.add(cluster!);
      }
    }
    const pieces: Piece[] = [];
    for (let key = 0; key < keys; key++) {
      if (counts.known[key] === 0) continue;
      const task = key >> 1;
      pieces.push({
        task,
        class: CLASS_OF_CELLS[key & 1]!,
        units: sets === null ? counts.asked[key]! : sets[key]!,
        expected: (counts.units[key]! * this.#units.first[task]!) / this.#units.known[task]!,
      });
    }
    this.#cellOf = new Int32Array(keys);
    const cells = joinPieces(pieces);
    this.#cells = cells.length;
    cells.forEach((cell, number) => {
      for (const { task, class: own } of cell) this.#cellOf[CLASSES * task + (own >> 1)] = number;
    });
  }

  /** The difference of what is asked by a look, from 0. */
  estimateAt(look: number): Estimate {
    const cells = this.#sumCells(look);
    for (let h = 0; h < cells.length; h++)
      if (cells[h]!.n === 0) throw new RangeError(`nothing was asked of cell ${h}`);
    return this.#clusters > 0 ? this.#clustered(look, cells) : this.#alone(look, cells);
  }

  /** The same of the asked questions alone. */
  unborrowedAt(look: number): Estimate {
    const { asked, turned } = this.looks[look]!;
    const weights = this.#weights[look]!;
    let total = 0;
    let mean = 0;
    this.#eachPiece((task, c, place) => {
      total += weights[task]! * asked[place]!;
      mean += weights[task]! * SIGNS[c]! * turned[place]!;
    });
    mean /= total;
    const cell = emptyCell();
    const clusters = { weight: new Float64Array(this.#clusters), residual: new Float64Array(this.#clusters) };
    this.#eachPiece((task, c, place, cluster) => {
      const [n, m] = [asked[place]!, turned[place]!];
      if (n === 0) return;
      const part = weights[task]! / total;
      if (cluster === null) {
        cell.units += n;
        addLeverage(cell, part, n);
        cell.variance += (m * (SIGNS[c]! - mean) ** 2 + (n - m) * mean ** 2) * (part ** 2 / (1 - part));
      } else {
        clusters.weight[cluster]! += part * n;
        clusters.residual[cluster]! += part * (SIGNS[c]! * m - n * mean);
      }
    });
    clusters.weight.forEach((part, g) => {
      if (part === 0) return;
      cell.units++;
      addLeverage(cell, part, 1);
      cell.variance += clusters.residual[g]! ** 2 / (1 - part);
    });
    const se = Math.sqrt(cell.variance);
    return { estimate: mean, se: se <= ROUNDING ? 0 : se, df: freedom(cell), units: cell.units };
  }

  /** Every stratum's wrong answers of the baseline, and its right ones, where it has any. */
  #eachPiece(run: (task: number, c: number, place: number, cluster: number | null) => void): void {
    for (let s = 0; s < this.strata.length; s++) {
      const { task, cluster } = this.strata[s]!;
      for (let c = 0; c < CLASSES; c++)
        if (this.known[CLASSES * s + c]! > 0) run(task, c, CLASSES * s + c, cluster);
    }
  }

  #sumCells(look: number): CellSums[] {
    const { asked, turned } = this.looks[look]!;
    const weights = this.#weights[look]!;
    const cells = Array.from({ length: this.#cells }, emptyCell);
    this.#eachPiece((task, c, place) => {
      const cell = cells[this.#cellOf[CLASSES * task + c]!]!;
      const weight = weights[task]!;
      cell.n += asked[place]!;
      cell.turned[c]! += turned[place]!;
      cell.weight += weight * asked[place]!;
      cell.total += weight * SIGNS[c]! * turned[place]!;
      cell.share += (this.#shareOfTask[task]! * this.known[place]!) / this.#knownOfTask[task]!;
    });
    for (const cell of cells) cell.mean = cell.total / cell.weight;
    return cells;
  }

  /** Every question is a unit of its own. */
  #alone(look: number, cells: readonly CellSums[]): Estimate {
    const { known } = this;
    const { asked, turned } = this.looks[look]!;
    const weights = this.#weights[look]!;
    const equal = this.#equalTasks;
    // Between the questions of the baseline, each with the mean of its cell: of every task, or of all.
    const groups = equal ? this.#tasks : 1;
    const sizeOf = (task: number) => (equal ? this.#knownOfTask[task]! : this.#total);
    const means = new Float64Array(groups);
    const cellAt = (task: number, c: number) => cells[this.#cellOf[CLASSES * task + c]!]!;
    this.#eachPiece((task, c, place) => {
      means[equal ? task : 0]! += (known[place]! / sizeOf(task)) * cellAt(task, c).mean;
    });
    const between = new Float64Array(groups);
    let variance = 0;
    let units = 0;
    this.#eachPiece((task, c, place) => {
      const cell = cellAt(task, c);
      const group = equal ? task : 0;
      const size = sizeOf(task);
      const off = cell.mean - means[group]!;
      if (size > 1) between[group]! += (known[place]! * off ** 2) / (size * (size - 1));
      const shared = size > 1 ? off / size / groups / Math.sqrt(1 - 1 / size) : 0;
      const [n, m] = [asked[place]!, turned[place]!];
      units += n;
      variance += (known[place]! - n) * shared ** 2;
      if (n === 0) return;
      const weight = weights[task]!;
      const part = weight / cell.weight;
      const own = (value: number) => (part * (value - cell.mean) * cell.share) / Math.sqrt(1 - part);
      variance += m * (own(SIGNS[c]!) + shared) ** 2 + (n - m) * (own(0) + shared) ** 2;
      cell.variance +=
        (m * (SIGNS[c]! - cell.mean) ** 2 + (n - m) * cell.mean ** 2) * (part ** 2 / (1 - part));
      addLeverage(cell, part, n);
      cell.units += n;
    });
    const parts: Part[] = cells.map((cell) => partOf(cell));
    means.forEach((_, group) => {
      const size = equal ? this.#knownOfTask[group]! : this.#total;
      if (size > 1) parts.push({ variance: between[group]! / groups ** 2, df: size - 1, hidden: 0 });
    });
    return combineParts(
      means.reduce((sum, mean) => sum + mean / groups, 0),
      variance,
      parts,
      { units, df: Infinity },
    );
  }

  #clustered(look: number, cells: readonly CellSums[]): Estimate {
    const { asked, turned } = this.looks[look]!;
    const weights = this.#weights[look]!;
    const clusters = this.#clusters;
    const sums = {
      weight: new Float64Array(cells.length * clusters),
      residual: new Float64Array(cells.length * clusters),
    };
    let mean = 0;
    for (const cell of cells) mean += cell.share * cell.mean;
    const between = { weight: new Float64Array(clusters), residual: new Float64Array(clusters) };
    this.#eachPiece((task, c, place, cluster) => {
      const h = this.#cellOf[CLASSES * task + c]!;
      const cell = cells[h]!;
      const share = this.known[place]! / this.#total;
      between.weight[cluster!]! += share;
      between.residual[cluster!]! += share * (cell.mean - mean);
      if (asked[place] === 0) return;
      const index = h * clusters + cluster!;
      sums.weight[index]! += weights[task]! * asked[place]!;
      sums.residual[index]! += weights[task]! * (SIGNS[c]! * turned[place]! - asked[place]! * cell.mean);
    });
    const terms = new Float64Array(clusters);
    cells.forEach((cell, h) => {
      for (let g = 0; g < clusters; g++) {
        const weight = sums.weight[h * clusters + g]!;
        if (weight === 0) continue;
        const part = weight / cell.weight;
        const own = sums.residual[h * clusters + g]! / cell.weight;
        cell.units++;
        addLeverage(cell, part, 1);
        cell.variance += own ** 2 / (1 - part);
        terms[g]! += (own * cell.share) / Math.sqrt(1 - part);
      }
    });
    const all = { ...emptyCell(), share: 1 };
    for (let g = 0; g < clusters; g++) {
      const part = between.weight[g]!;
      all.units++;
      addLeverage(all, part, 1);
      all.variance += between.residual[g]! ** 2 / (1 - part);
      terms[g]! += between.residual[g]! / Math.sqrt(1 - part);
    }
    const variance = terms.reduce((sum, term) => sum + term ** 2, 0);
    return combineParts(mean, variance, [...cells.map(partOf), partOf(all)], this.#whole[look]!);
  }
}

function drawn(binomials: Binomials, n: number, random: Random): number {
  if (n === 0 || binomials.p <= 0) return 0;
  let draw = binomials.draws[n];
  if (draw === undefined) {
    draw = binomial(n, binomials.p);
    binomials.draws[n] = draw;
  }
  return draw(random);
}

/** What was asked of one cell. */
interface CellSums {
  n: number;
  /** Gained and lost. */
  turned: [number, number];
  units: number;
  weight: number;
  total: number;
  /** Of the baseline's questions. */
  share: number;
  mean: number;
  variance: number;
  /** Sums over units of h^2, a and a^2, as `clusteredMean` names them, and the least and largest h. */
  squares: number;
  leverage: number;
  leverages: number;
  least: number;
  most: number;
}

interface Part {
  variance: number;
  df: number;
  /** What few answers that stayed do not show. */
  hidden: number;
}

function emptyCell(): CellSums {
  return {
    ...{ n: 0, turned: [0, 0], units: 0, weight: 0, total: 0, share: 0, mean: 0, variance: 0 },
    ...{ squares: 0, leverage: 0, leverages: 0, least: Infinity, most: 0 },
  };
}

function addLeverage(cell: CellSums, part: number, times: number): void {
  const a = part ** 2 / (1 - part);
  cell.squares += times * part ** 2;
  cell.leverage += times * a;
  cell.leverages += times * a ** 2;
  cell.least = Math.min(cell.least, part);
  cell.most = Math.max(cell.most, part);
}

const ROUNDING = 1e-12;

function freedom({ units, squares, leverage, leverages, least, most }: CellSums): number {
  if (most - least <= ROUNDING * most) return units - 1;
  return Math.max(1, 1 / (squares + leverage ** 2 - leverages));
}

function partOf(cell: CellSums): Part {
  const hidden = cell.share ** 2 * lackOfSpread(cell);
  return { variance: cell.share ** 2 * cell.variance + hidden, df: freedom(cell), hidden };
}

/** As in `src/stats/borrowing/difference.ts`. */
function lackOfSpread({ n, turned: [gained, lost], units }: CellSums): number {
  if (n === 0) return 0;
  const share = (gained + lost) / n;
  if (share <= 1 / 2 || (gained > 0 && lost > 0)) return 0;
  const smoothed = (units * share + 1) / (units + 2);
  const seen = (share * (1 - share)) / Math.max(1, units - 1);
  return Math.max(0, (smoothed * (1 - smoothed)) / units - seen);
}

function combineParts(
  estimate: number,
  spread: number,
  parts: readonly Part[],
  { units, df: most }: { units: number; df: number },
): Estimate {
  let [variance, squares, free, hidden] = [0, 0, 0, 0];
  for (const part of parts) {
    variance += part.variance;
    squares += part.variance ** 2 / part.df;
    free += part.df;
    hidden += part.hidden;
  }
  const se = Math.sqrt(spread + hidden);
  const df = squares > 0 ? variance ** 2 / squares : free;
  return { estimate, se: se <= ROUNDING ? 0 : se, df: Math.min(df, most), units };
}

/** Of clusters of these weights, as one sample. */
function freedomOf(weights: Float64Array): { df: number; units: number } {
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  const cell = emptyCell();
  for (const weight of weights) {
    if (weight === 0) continue;
    cell.units++;
    addLeverage(cell, weight / total, 1);
  }
  return { df: freedom(cell), units: cell.units };
}
