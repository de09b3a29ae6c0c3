import normalCdf from '@stdlib/stats-base-dists-normal-cdf';

/**
 * Where a sequence of test statistics may be that has crossed no boundary yet: its sub-density on a grid. With information
 * fractions t, statistic z_k is normal with mean drift sqrt(t_k) and variance 1, and z_k sqrt(t_k) has independent increments
 * (canonical joint distribution; Jennison and Turnbull 2000, 3.1).
 */
export interface Walk {
  /** Information fraction of the last look; 0 before the first. */
  t: number;
  /** Values of the statistic, and the probability that each stands for. */
  points: Float64Array;
  mass: Float64Array;
}

/** Beyond so many standard deviations there is nothing. */
const REACH = 8;
const SQRT_2_PI = Math.sqrt(2 * Math.PI);

/** Points of the grid where they are not said: boundaries are exact to 0.001 then. */
export const GRID = 901;

/**
 * What lies between two points of the grid, at most, in standard deviations of the step before and of the next one: looks that follow closely on
 * one another take small steps, which a coarse grid does not see.
 */
const SPACING = 0.4;

/** Before the first look. */
export function startWalk(): Walk {
  return { t: 0, points: Float64Array.of(0), mass: Float64Array.of(1) };
}

/** Probability that no boundary was crossed before, and the statistic at fraction `t` is `bound` or more. */
export function reachAbove(walk: Walk, t: number, drift: number, bound: number): number {
  return reach(walk, t, drift, bound, 1);
}

/** As `reachAbove`, for `bound` or less. */
export function reachBelow(walk: Walk, t: number, drift: number, bound: number): number {
  return reach(walk, t, drift, bound, -1);
}

/** Each tail by its own distribution function: one less the other would lose the digits of small ones. */
function reach({ points, mass, t: before }: Walk, t: number, drift: number, bound: number, side: 1 | -1) {
  const step = Math.sqrt(t - before);
  const scaled = (bound * Math.sqrt(t) - drift * (t - before)) / step;
  const slope = Math.sqrt(before) / step;
  let sum = 0;
  for (let i = 0; i < points.length; i++)
    sum += mass[i]! * normalCdf(side * (points[i]! * slope - scaled), 0, 1);
  return sum;
}

/** How a walk goes on from one look to the next. */
interface Step {
  /** Between these the statistic has to be. */
  low: number;
  high: number;
  /** Information fraction of the next look. */
  next: number;
  /** Points of the grid; more are taken where the next look follows closely. */
  grid?: number | undefined;
}

/**
 * The walk that goes on from fraction `t`, where the statistic lies between `low` and `high`: recursive integration by Simpson's rule
 * (Armitage, McPherson and Rowe 1969).
 */
export function goOn(walk: Walk, t: number, drift: number, { low, high, next, grid = GRID }: Step): Walk {
  const mean = drift * Math.sqrt(t);
  const from = Math.max(low, mean - REACH);
  const to = Math.min(high, mean + REACH);
  if (!(to > from)) return { t, points: new Float64Array(0), mass: new Float64Array(0) };
  const least = Math.min(next - t, walk.t === 0 ? t : t - walk.t);
  const size = Math.max(grid, pointsFor(to - from, Math.sqrt(least / t)));
  const points = new Float64Array(size);
  const mass = new Float64Array(size);
  const width = (to - from) / (size - 1);
  const step = Math.sqrt(t - walk.t);
  const [own, earlier] = [Math.sqrt(t) / step, Math.sqrt(walk.t) / step];
  const shift = drift * step;
  const { points: before, mass: weights } = walk;
  const spacing = before.length > 1 ? (before.at(-1)! - before[0]!) / (before.length - 1) : 0;
  for (let i = 0; i < size; i++) {
    const z = from + width * i;
    const center = z * own - shift;
    let density = 0;
    // Points beyond are out of reach.
    const [begin, end] =
      spacing * earlier > 0
        ? [
            Math.max(0, Math.floor(((center - REACH) / earlier - before[0]!) / spacing)),
            Math.min(before.length - 1, Math.ceil(((center + REACH) / earlier - before[0]!) / spacing)),
          ]
        : [0, before.length - 1];
    for (let j = begin; j <= end; j++) {
      const distance = center - before[j]! * earlier;
      if (distance < REACH && distance > -REACH)
        density += weights[j]! * Math.exp(-0.5 * distance * distance);
    }
    const simpson = i === 0 || i === size - 1 ? 1 : i % 2 === 1 ? 4 : 2;
    points[i] = z;
    mass[i] = ((simpson * width) / 3) * density * (own / SQRT_2_PI);
  }
  return { t, points, mass };
}

/** How many points, an odd number, a range takes for steps of such a standard deviation. */
function pointsFor(range: number, step: number): number {
  return 2 * Math.ceil(range / (2 * SPACING * step)) + 1;
}
