import type { SampleDesign } from '../../src/suite/plan/sample.ts';

/** The defaults of the settings, for one drop in all factors. */
export function design(drop = 0.02, changes: Partial<SampleDesign> = {}): SampleDesign {
  return {
    detect: { wk: drop, if: drop, safety: drop },
    test: {
      alpha: 0.05,
      power: 0.8,
      minimumEffect: (_, kind) => (kind === 'factor' ? 0.005 : 0.01),
      untested: [],
    },
    spreads: new Map(),
    pace: null,
    limit: null,
    ...changes,
  };
}
