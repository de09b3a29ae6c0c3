import { DEFAULT_POLICY, type Policy } from '../verdict/policy.ts';
import type { Settings } from './table.ts';

const POINTS = 100;

/** The policy that the settings of `compare` ask for: points become fractions. */
export function policyOf(
  settings: Pick<
    Settings,
    'preset' | 'alpha' | 'drift-alpha' | 'fail-on' | 'minimum-effect' | 'margin' | 'thresholds' | 'detect'
  > &
    JudgeLimitSettings &
    Partial<Pick<Settings, 'judge-weights'>>,
): Policy {
  const margins = { ...DEFAULT_POLICY.margins };
  for (const [factor, points] of Object.entries(settings.margin)) {
    margins[factor as keyof typeof margins] = points / POINTS;
  }
  return {
    ...DEFAULT_POLICY,
    preset: settings.preset,
    alpha: settings.alpha,
    driftAlpha: settings['drift-alpha'],
    failOn: settings['fail-on'],
    minimumEffect: { ...DEFAULT_POLICY.minimumEffect, factor: settings['minimum-effect'] / POINTS },
    margins,
    gains: settings.detect,
    judgeLimits: judgeLimitsOf(settings),
    judgeWeights: settings['judge-weights'] ?? {},
    thresholds: Object.fromEntries(
      Object.entries(settings.thresholds).map(([id, { level, ...limits }]) => [
        id,
        {
          level,
          minimumEffect: inFractions(limits['minimum-effect']),
          margin: inFractions(limits.margin),
        },
      ]),
    ),
  };
}

function inFractions(points: number | undefined): number | undefined {
  return points === undefined ? undefined : points / POINTS;
}

type JudgeLimitSettings = Partial<Pick<Settings, 'judge-max-position' | 'judge-max-contradicted'>>;

/** What a judge may do at most and still be a measurement. */
export function judgeLimitsOf(settings: JudgeLimitSettings): Policy['judgeLimits'] {
  const { judgeLimits: usual } = DEFAULT_POLICY;
  return {
    ...usual,
    position: inFractions(settings['judge-max-position']) ?? usual.position,
    contradicted: inFractions(settings['judge-max-contradicted']) ?? usual.contradicted,
  };
}
