import { quantile } from './quantile.ts';

/**
 * Percentile interval of a statistic whose members depend on one another within groups: as many groups are drawn as there are, with
 * replacement, each with all its members.
 *
 * @param groups members of each group, as indices.
 * @param integer a random whole number from 0 to its argument - 1.
 * @returns null where more than 5% of the redraws have no statistic.
 */
export function clusterBootstrap(
  groups: readonly (readonly number[])[],
  statistic: (members: readonly number[]) => number | null,
  { draws, level, integer }: { draws: number; level: number; integer: (below: number) => number },
): [number, number] | null {
  const values: number[] = [];
  for (let drawn = 0; drawn < draws; drawn++) {
    const members: number[] = [];
    for (let i = 0; i < groups.length; i++) members.push(...groups[integer(groups.length)]!);
    const value = statistic(members);
    if (value !== null) values.push(value);
  }
  if (values.length < 0.95 * draws) return null;
  values.sort((a, b) => a - b);
  return [quantile(values, (1 - level) / 2), quantile(values, (1 + level) / 2)];
}
