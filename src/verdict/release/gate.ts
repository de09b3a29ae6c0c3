import { z } from 'zod';
import { FACTOR_NAMES } from '../../suite/benchmark.ts';
import { describeDrift } from '../measure/drift.ts';
import { DriftSchema, type FactorComparison, type Verdict, VerdictSchema } from '../schema.ts';

export const GATE_SCHEMA_VERSION = 1;

/** What a release has to show: `not-worse` than what it replaces, or `better-aligned`, as the paper defines it. */
export const GATE_RULES = ['not-worse', 'better-aligned'] as const;
export type GateRule = (typeof GATE_RULES)[number];

/** `gate.json`: whether a candidate may be released, and why not. */
export const GateSchema = z.object({
  schemaVersion: z.literal(GATE_SCHEMA_VERSION),
  rule: z.enum(GATE_RULES),
  passed: z.boolean(),
  /** What stands against it, by what it was compared with, or `candidate` by itself; empty where it passed. */
  objections: z.array(z.object({ against: z.string(), what: z.string() })),
  /** The comparisons, by what the candidate was compared with (`release`, `main`). */
  comparisons: z.array(z.object({ against: z.string(), verdict: VerdictSchema })),
  /** How far it has moved from an earlier state than the last release; null without such an anchor. */
  drift: DriftSchema.nullable(),
  /** What it was not compared with because that was asked for (`release: none`). */
  leftOut: z.array(z.string()),
});
export type Gate = z.infer<typeof GateSchema>;

/**
 * Judges comparisons of a candidate with the last release and with main. Evidence that is incomplete, or not comparable,
 * is refused: what was not looked at may have been lost. `not-worse`: no factor regressed, and the lower end of every
 * factor's interval lies above minus its margin. `better-aligned`: better than the release in all three factors, and
 * not worse than the others.
 *
 * @param missing comparisons that could not be made, and why: they stand against a release too.
 * @param drift from an anchor; failing, it stands against a release.
 * @param leftOut comparisons that nobody wants.
 */
export function judgeRelease(
  comparisons: Gate['comparisons'],
  rule: GateRule,
  {
    missing = [],
    drift = null,
    leftOut = [],
  }: { missing?: Gate['objections']; drift?: Gate['drift']; leftOut?: Gate['leftOut'] } = {},
): Gate {
  const found = comparisons.flatMap(({ against, verdict }) => {
    const whats = rule === 'better-aligned' && against === 'release' ? notBetter(verdict) : worse(verdict);
    return [...refusals(verdict), ...whats].map((what) => ({ against, what }));
  });
  const drifted = drift === null ? [] : driftedFrom(drift);
  const objections = [...missing, ...found, ...drifted.map((what) => ({ against: 'anchor', what }))];
  return {
    schemaVersion: GATE_SCHEMA_VERSION,
    rule,
    passed: objections.length === 0,
    objections,
    comparisons,
    drift,
    leftOut,
  };
}

function refusals({ benchmarks, factors, notComparable, forced, waivers }: Verdict): string[] {
  const missing = benchmarks.filter(({ incomplete }) => incomplete).map(({ name }) => name);
  const blocked = benchmarks.filter(({ outcome }) => outcome === 'not-comparable').map(({ name }) => name);
  // A policy that switches a factor off has said so beforehand.
  const untested = factors.filter(
    ({ delta, outcome, threshold }) =>
      delta.estimate === null && outcome === 'skipped' && threshold.level !== 'off',
  );
  const fields = notComparable.map(({ path }) => path);
  return [
    ...(missing.length > 0 ? [`results are missing or cut short: ${missing.join(', ')}`] : []),
    ...(blocked.length > 0
      ? [`evaluated in different ways (${fields.slice(0, 3).join(', ')}): ${blocked.join(', ')}`]
      : []),
    ...untested.map(({ name }) => `${name} was not tested: no benchmark that both sides have`),
    ...(forced ? ['compared by force'] : []),
    ...waivers
      .filter(({ applied }) => applied)
      .map(({ target, by }) => `${target} regressed, and only a waiver of ${by} lets it pass`),
  ];
}

function driftedFrom(drift: NonNullable<Gate['drift']>): string[] {
  const unseen = drift.factors.filter(
    ({ delta, threshold }) => delta.estimate === null && threshold.level !== 'off',
  );
  return [
    ...(drift.fails ? [`drift: ${describeDrift(drift)}`] : []),
    ...unseen.map(({ name, reason }) => `${name} was not tested${reason === null ? '' : `: ${reason}`}`),
  ];
}

function worse({ factors, benchmarks, groups = [] }: Verdict): string[] {
  const fallen = [...factors, ...benchmarks, ...groups].filter(
    ({ outcome, threshold }) => outcome === 'regressed' && threshold.level === 'error',
  );
  return [
    ...fallen.map(({ name }) => `${name} regressed`),
    ...factors.filter((factor) => !fallen.includes(factor)).flatMap(mayHaveFallen),
  ];
}

/** A factor whose interval reaches further down than its margin may have lost more than that. */
function mayHaveFallen({ name, delta, threshold }: FactorComparison): string[] {
  if (threshold.level === 'off' || delta.estimate === null) return [];
  if (delta.ci === null) return [`${name} has no interval`];
  if (delta.ci[0] > -threshold.margin) return [];
  const points = (fraction: number) => (fraction * 100).toFixed(1);
  return [
    `${name} may have fallen by up to ${points(-delta.ci[0])} points, more than its margin of ${points(threshold.margin)}`,
  ];
}

function notBetter({ betterAligned, factors, alpha }: Verdict): string[] {
  if (betterAligned) return [];
  const others = factors.filter(
    ({ delta }) => !(delta.estimate !== null && delta.estimate > 0 && (delta.pAdjusted ?? 1) <= alpha),
  );
  return others.map(({ id }) => `not statistically better in ${FACTOR_NAMES[id].toLowerCase()}`);
}
