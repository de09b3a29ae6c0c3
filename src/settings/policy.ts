import { DEFAULT_POLICY, type Policy } from '../verdict/policy.ts';
import type { Settings } from './table.ts';

const POINTS = 100;

/** The policy that the settings of `compare` ask for: points become fractions. */
export function policyOf(
  settings: Pick<
    Settings,
    'preset' | 'alpha' | 'drift-alpha' | 'fail-on' | 'minimum-effect' | 'margin' | 'thresholds' | 'detect'
  >,
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
