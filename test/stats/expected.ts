import { readFileSync } from 'node:fs';

type Pair = [number, number];

interface Expected {
  sample: { values: number[]; estimate: number; se: number; df: number; units: number; ci: Pair };
  clustered: Clustered;
  weightedClustered: Clustered;
  lopsided: Clustered;
  stratified: Stratified[];
  paired: Difference & { se: number };
  welch: Difference;
  wilson: { successes: number; n: number; ci: Pair }[];
  pValues: { p: number[]; holm: number[]; benjaminiHochberg: number[] }[];
  mcnemar: { gained: number; lost: number; p: number }[];
  tango: { gained: number; lost: number; n: number; level: number; ci: Pair }[];
  equivalence: { values: number[]; margin: number; p: number }[];
  wilsonDesign: { share: number; se: number; df: number; items: number; clusters: number; ci: Pair }[];
  requiredN: { drop: number; sd: number; familySize: number; minimumEffect: number; n: number }[];
  runSpread: {
    scores: number[];
    errors: number[];
    sd: number;
    ci: Pair;
    difference: { estimate: number; se: number; df: number; units: number };
    widened: { se: number; df: number };
  }[];
  random: { seed: number; uniforms: number[]; normals: number[] }[];
  tInterval: { df: number; level: number; reach: number }[];
  detectable: { se: number; familySize: number; minimumEffect: number; detectable: number }[];
}

interface Clustered {
  values: number[];
  weights: number[];
  clusters: number[];
  estimate: number;
  se: number;
  df: number;
  units: number;
}

interface Stratified {
  values: number[];
  strata: number[];
  stratumWeights: number[];
  estimate: number;
  se: number;
  df: number;
  units: number;
}

interface Difference {
  baseline: number[];
  candidate: number[];
  estimate: number;
  df: number;
  p: number;
  ci: Pair;
}

/** What scipy and statsmodels make of the same numbers; written by expected.py. */
export const expected = JSON.parse(
  readFileSync(new URL('expected.json', import.meta.url), 'utf8'),
) as Expected;
