import { detectable } from '../../stats/detectable.ts';
import { FACTORS, type Factor } from '../benchmark.ts';
import { secondsOf } from '../cost/pace.ts';
import type { BenchmarkInventory } from './inventory.ts';
import { type SampleDesign, sampleSizes } from './sample.ts';

/** What another wish would cost, and another budget buy. Drops are fractions of 1. */
export interface Alternative {
  /** The drop asked for in every factor; null for all items. */
  detect: number | null;
  items: number;
  /** Device minutes; null where the speed is unknown. */
  minutes: number | null;
  /** Smallest drop that is seen, by factor. */
  detectable: Partial<Record<Factor, number>>;
}

const DROPS = [0.01, 0.015, 0.02, 0.03, 0.05];

/** The samples for other drops than the design's, and all items, from the largest to the smallest. */
export function listAlternatives(
  inventory: readonly BenchmarkInventory[],
  design: SampleDesign,
): Alternative[] {
  const least = Math.max(...FACTORS.map((id) => design.test.minimumEffect(id, 'factor')));
  const drops = DROPS.filter((drop) => drop > least);
  return [null, ...drops].map((detect) => {
    const requested = detect ?? 1;
    const sizes = sampleSizes(inventory, {
      ...design,
      detect: { wk: requested, if: requested, safety: requested },
      limit: detect === null ? { items: Infinity } : null,
    });
    const tested = Object.keys(sizes.detect) as Factor[];
    const seenBy = (id: Factor) => {
      const se = Math.sqrt(sizes.factors.get(id)!);
      const once = detectable(se, {
        alpha: design.test.alpha,
        power: design.test.power,
        familySize: tested.length,
        minimumEffect: design.test.minimumEffect(id, 'factor'),
      });
      // All there is is asked at one look.
      return detect === null ? once : Math.max(once, (sizes.drift ?? 0) * se);
    };
    return {
      detect,
      items: sizes.work.reduce((sum, { items }) => sum + items, 0),
      minutes: design.pace && secondsOf(sizes.work, design.pace) / 60,
      detectable: Object.fromEntries(tested.map((id) => [id, seenBy(id)])),
    };
  });
}
