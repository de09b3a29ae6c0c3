import type { Random } from '../../test/support/random.ts';

export type Draw = (random: Random) => number;

/** Draws `first`, `first + 1`, ... with probabilities in proportion to the weights. */
export function drawFrom(weights: readonly number[], first: number): Draw {
  const cumulative = new Float64Array(weights.length);
  let sum = 0;
  weights.forEach((weight, place) => {
    sum += weight;
    cumulative[place] = sum;
  });
  return (random) => {
    const wanted = random.uniform() * sum;
    let low = 0;
    let high = cumulative.length - 1;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (cumulative[middle]! > wanted) high = middle;
      else low = middle + 1;
    }
    return first + low;
  };
}

/** Draws from the binomial distribution, exact but for probabilities below 1e-18 of the likeliest value's. */
export function binomial(n: number, probability: number): Draw {
  if (probability <= 0) return () => 0;
  if (probability >= 1) return () => n;
  const odds = probability / (1 - probability);
  const mode = Math.min(n, Math.floor((n + 1) * probability));
  const above = walk(mode, (k) => (k < n ? ((n - k) / (k + 1)) * odds : 0), 1);
  const below = walk(mode, (k) => (k > 0 ? k / (n - k + 1) / odds : 0), -1);
  return drawFrom([...below.reverse(), 1, ...above], mode - below.length);
}

/**
 * Draws how many of the `n` items of one cluster are right, by the beta-binomial distribution: each with that probability, any
 * two of them with correlation `icc`.
 */
export function betaBinomial(n: number, probability: number, icc: number): Draw {
  if (icc === 0 || n === 1) return binomial(n, probability);
  const a = (probability * (1 - icc)) / icc;
  const b = ((1 - probability) * (1 - icc)) / icc;
  const logs = [0];
  for (let k = 0; k < n; k++) {
    logs.push(logs[k]! + Math.log(((n - k) * (a + k)) / ((k + 1) * (b + n - k - 1))));
  }
  const largest = Math.max(...logs);
  return drawFrom(
    logs.map((log) => Math.exp(log - largest)),
    0,
  );
}

/** Of `n` items each is gained, lost or as before; draws the two counts. */
export function flips(n: number, gain: number, loss: number): (random: Random) => [number, number] {
  const changed = binomial(n, gain + loss);
  const splits = new Map<number, Draw>();
  return (random) => {
    const count = changed(random);
    let split = splits.get(count);
    if (split === undefined) {
      split = binomial(count, gain / (gain + loss));
      splits.set(count, split);
    }
    const gained = split(random);
    return [gained, count - gained];
  };
}

/** Weights relative to the first value's, value by value until they no longer count. */
function walk(from: number, ratio: (value: number) => number, step: 1 | -1): number[] {
  const weights: number[] = [];
  let weight = 1;
  for (let value = from; ; value += step) {
    weight *= ratio(value);
    if (weight < 1e-18) return weights;
    weights.push(weight);
  }
}
