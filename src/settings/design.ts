import { SosBenchError } from '../error.ts';
import { ownValue } from '../json.ts';
import { FACTORS } from '../suite/benchmark.ts';
import type { Pace } from '../suite/cost/pace.ts';
import type { PlannedTest, SampleDesign } from '../suite/plan/sample.ts';
import type { Spread } from '../suite/plan/spread.ts';
import { DEFAULT_POLICY } from '../verdict/policy.ts';
import type { Settings } from './table.ts';

const POINTS = 100;
const POWER = 0.8;

type DesignSettings = Pick<
  Settings,
  'detect' | 'items' | 'looks' | 'collapse' | 'alpha' | 'minimum-effect' | 'thresholds'
> &
  Partial<Pick<Settings, 'budget'>>;

/**
 * What the settings want of a sample; variances and speed are from records, where there are any.
 *
 * @throws SosBenchError `usage` for two limits at once, and for a time on a machine of unknown speed.
 */
export function sampleDesign(
  settings: DesignSettings,
  known: { spreads: ReadonlyMap<string, Spread>; pace: Pace | null } = { spreads: new Map(), pace: null },
): SampleDesign {
  const { detect, items, budget } = settings;
  if (items !== undefined && budget !== undefined) {
    throw new SosBenchError('usage', '--items and --budget are two limits', { hint: 'give one of them' });
  }
  if (budget !== undefined && known.pace === null) {
    throw new SosBenchError(
      'usage',
      'how many questions fit into --budget is unknown: nothing tells the speed',
      {
        hint: 'give --baseline with the record of a run on this machine, or --items',
      },
    );
  }
  const limit = items !== undefined ? { items } : budget !== undefined ? { seconds: budget } : null;
  const { looks: count } = settings;
  const looks = count > 1 ? { count, collapse: settings.collapse / POINTS } : null;
  return { detect, test: plannedTest(settings), ...known, limit, looks };
}

/** The tests that `compare` makes under the same settings. */
function plannedTest(settings: DesignSettings): PlannedTest {
  const { thresholds, alpha } = settings;
  const general = {
    factor: settings['minimum-effect'] / POINTS,
    benchmark: DEFAULT_POLICY.minimumEffect.benchmark,
  };
  return {
    alpha,
    power: POWER,
    minimumEffect: (id, kind) => {
      const own = ownValue(thresholds, id)?.['minimum-effect'];
      return own === undefined ? general[kind] : own / POINTS;
    },
    untested: FACTORS.filter((id) => thresholds[id]?.level === 'off'),
  };
}
