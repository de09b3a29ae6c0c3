import { findBenchmark } from '../../src/suite/catalogue.ts';

const BBQ_TEMPLATES = 25;
/** Some templates make far more questions than others. */
const BBQ_UNEVENNESS = [1, 1, 2, 3, 5];

/**
 * Sizes of the clusters among `items` items of a benchmark; null where items stand alone. As the data sets describe
 * themselves: BBQ has some 25 templates in each of its 11 categories (325 in all), MuSR 125 mysteries with two questions
 * each, 64 object placements with four, 250 team allocations with one; GPQA 198 questions in three sets, 250 in two, 98
 * in one. Fewer items than there are leave every cluster its share.
 */
export function clusterSizes(id: string, items: number): number[] | null {
  const sizes = share(items, wholeClusters(id) ?? []).filter((size) => size > 0);
  return sizes.some((size) => size > 1) ? sizes : null;
}

/** Cuts a whole number into whole parts in proportion to the weights, by rounding their running sum. */
export function share(total: number, weights: readonly number[]): number[] {
  const sum = weights.reduce((a, b) => a + b, 0);
  let weight = 0;
  let given = 0;
  return weights.map((own) => {
    weight += own;
    const part = Math.round((total * weight) / sum) - given;
    given += part;
    return part;
  });
}

function wholeClusters(id: string): number[] | null {
  const times = (count: number, size: number) => new Array<number>(count).fill(size);
  switch (id) {
    case 'bbq':
      return findBenchmark('bbq')!.tasks.flatMap((task) =>
        share(
          task.items,
          times(BBQ_TEMPLATES, 0).map((_, place) => BBQ_UNEVENNESS[place % BBQ_UNEVENNESS.length]!),
        ),
      );
    case 'musr':
      return [...times(125, 2), ...times(64, 4), ...times(250, 1)];
    case 'gpqa':
      return [...times(198, 3), ...times(250, 2), ...times(98, 1)];
    default:
      return null;
  }
}
