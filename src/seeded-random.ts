import normalQuantile from '@stdlib/stats-base-dists-normal-quantile';
import { uniformFloat64 } from 'pure-rand/distribution/uniformFloat64';
import { uniformInt } from 'pure-rand/distribution/uniformInt';
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';

export interface Random {
  /** In [0, 1), a multiple of 2^-53. */
  uniform(): number;
  /** A whole number from 0 to n - 1, each equally likely; n from 1 to 2^32. */
  integer(n: number): number;
  /** Standard normal. */
  normal(): number;
}

/**
 * Pseudo-random numbers by xoroshiro128+ (Blackman and Vigna 2021), started by a whole number `seed`, of which the
 * lowest 32 bits count. One seed gives the same stream on every machine: nothing in it depends on the engine's own
 * mathematical functions.
 */
export function createRandom(seed: number): Random {
  const generator = xoroshiro128plus(seed);
  // Neighbouring seeds begin with nearly the same bits; 2^64 steps on they have nothing in common.
  generator.jump();
  const random: Random = {
    uniform: () => uniformFloat64(generator),
    integer: (n) => uniformInt(generator, 0, n - 1),
    normal: () => {
      const probability = random.uniform();
      // By the quantile function, so that each takes one number of the stream; 0 has no quantile.
      return probability === 0 ? random.normal() : normalQuantile(probability, 0, 1);
    },
  };
  return random;
}
