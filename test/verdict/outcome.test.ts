import assert from 'node:assert/strict';
import { test } from 'node:test';
import { tInterval } from '../../src/stats/t-interval.ts';
import { decideOutcome, isTestable } from '../../src/verdict/outcome.ts';
import type { Outcome } from '../../src/verdict/schema.ts';

interface Case {
  title: string;
  estimate: number;
  se?: number | null;
  units?: number;
  pAdjusted?: number | null;
  outcome: Outcome;
}

const cases: Case[] = [
  { title: 'a significant drop beyond the minimum', estimate: -0.02, pAdjusted: 0.01, outcome: 'regressed' },
  { title: 'p right at alpha', estimate: -0.02, pAdjusted: 0.05, outcome: 'regressed' },
  { title: 'p just above alpha', estimate: -0.02, pAdjusted: 0.0501, outcome: 'inconclusive' },
  { title: 'a significant gain beyond the minimum', estimate: 0.02, pAdjusted: 0.01, outcome: 'improved' },
  {
    title: 'a drop of the minimum, no more',
    estimate: -0.005,
    se: 0.001,
    pAdjusted: 0.001,
    outcome: 'equivalent',
  },
  {
    title: 'a significant drop below the minimum that may be larger than the margin',
    estimate: -0.0049,
    se: 0.004,
    pAdjusted: 0.04,
    outcome: 'inconclusive',
  },
  {
    title: 'an interval within the margin',
    estimate: 0.001,
    se: 0.004,
    pAdjusted: 0.8,
    outcome: 'equivalent',
  },
  {
    title: 'an interval that leaves the margin',
    estimate: 0.001,
    se: 0.006,
    pAdjusted: 0.8,
    outcome: 'inconclusive',
  },
  {
    title: '9 units, however clear the drop',
    estimate: -0.5,
    units: 9,
    pAdjusted: 0.001,
    outcome: 'inconclusive',
  },
  {
    title: '9 units, however clear the gain',
    estimate: 0.5,
    units: 9,
    pAdjusted: 0.001,
    outcome: 'inconclusive',
  },
  {
    title: '9 units without any difference',
    estimate: 0,
    se: 0,
    units: 9,
    pAdjusted: 1,
    outcome: 'inconclusive',
  },
  { title: '10 units', estimate: -0.5, units: 10, pAdjusted: 0.001, outcome: 'regressed' },
  { title: 'unknown spread', estimate: -0.5, se: null, units: 1, pAdjusted: null, outcome: 'inconclusive' },
  { title: 'no p-value', estimate: -0.5, pAdjusted: null, outcome: 'inconclusive' },
];

for (const { title, estimate, se = 0.005, units = 500, pAdjusted = null, outcome } of cases) {
  test(`${title}: ${outcome}`, () => {
    const delta = { estimate, se, df: se === null ? null : units - 1, units };
    const bounds = { alpha: 0.05, minimumEffect: 0.005, margin: 0.01 };
    const tested = { estimate, testable: isTestable(delta), pAdjusted, equivalenceCi: tInterval(delta, 0.9) };
    assert.equal(decideOutcome(tested, bounds), outcome);
  });
}
