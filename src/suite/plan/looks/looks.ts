import { z } from 'zod';
import { efficacyBoundaries, NEVER } from '../../../stats/sequential/efficacy.ts';
import { futilityDesign } from '../../../stats/sequential/futility.ts';
import { hwangShihDeCani } from '../../../stats/sequential/spending.ts';
import { FACTORS, type Factor } from '../../benchmark.ts';

/** How the error is spent over the looks: little of what a false alarm may take early, more of what a missed drop may. */
export const ALPHA_GAMMA = -2;
export const BETA_GAMMA = -1;

export const MAX_LOOKS = 10;

/** When a run with looks ends: all factors are decided, or one of them has regressed. */
export const STOP_ON = ['decided', 'regressed'] as const;
export type StopOn = (typeof STOP_ON)[number];

const fraction = z.number().gt(0).max(1);
/** Boundaries are normal quantiles; what nothing crosses is 40. */
const bound = z.number().min(-NEVER).max(NEVER);

const FactorLooksSchema = z.object({
  /** The drop that the looks are made for: the planned one, or what all items of the factor show. */
  drop: fraction,
  /** Share of the last look's information (1 / variance) that each look has. */
  fractions: z.array(fraction),
  /** Such a drop over the standard error at the last look. */
  drift: z.number().min(0).max(100),
  /** Boundaries of a drop, by look: at alpha / m, then alpha / (m - 1) where one of the m factors has regressed, up to alpha. */
  efficacy: z.array(z.array(bound)),
  /** Boundaries that rule the planned drop out, by look. */
  futility: z.array(bound),
});
export type FactorLooks = z.infer<typeof FactorLooksSchema>;

/** Looks at the answers that were fixed before there were any. */
export const SequentialSchema = z.object({
  looks: z.number().int().min(2).max(MAX_LOOKS),
  /** One-sided error rate of the family of factors, and the probability of missing the planned drop. */
  alpha: fraction,
  missed: fraction,
  factors: z.partialRecord(z.enum(FACTORS), FactorLooksSchema),
  /** Information fractions of each benchmark, by look. */
  benchmarks: z.record(z.string().max(300), z.array(fraction)),
});
export type Sequential = z.infer<typeof SequentialSchema>;

/** Points of the recursion's grid: boundaries differ by less than 1e-5 from those of 901. */
const GRID = 161;

/** Fractions that differ by less are of one look. */
const SAME = 1e-4;

/** What has all of the information but so little that no look tells the difference, has all of it. */
export function wholeWhereClose(fraction: number): number {
  return fraction > 1 - SAME ? 1 : fraction;
}

/** Indexes of the looks at which there is more information than before. */
export function informativeLooks(fractions: readonly number[]): number[] {
  return fractions.flatMap((t, look) => (t > (fractions[look - 1] ?? 0) + SAME ? [look] : []));
}

/** Boundaries that were computed before, by their inputs: verdicts on one plan ask for the same ones, and two of them take as long as a comparison. */
const boundaries = new Map<string, readonly number[]>();
const MAX_BOUNDARIES = 1000;

/**
 * Boundaries at a one-sided level for a test with these information fractions; a look that brings nothing new is not crossed.
 *
 * @param untested indexes of looks at which the test is not made: what they would have spent is kept for the next.
 */
export function boundariesAt(
  level: number,
  fractions: readonly number[],
  untested: ReadonlySet<number> = new Set(),
  grid = GRID,
): number[] {
  const key = JSON.stringify([level, fractions, [...untested], grid]);
  const known = boundaries.get(key);
  if (known !== undefined) return [...known];
  const computed = computeBoundaries(level, fractions, untested, grid);
  if (boundaries.size >= MAX_BOUNDARIES) boundaries.clear();
  boundaries.set(key, computed);
  return [...computed];
}

function computeBoundaries(
  level: number,
  fractions: readonly number[],
  untested: ReadonlySet<number>,
  grid: number,
): number[] {
  const used = informativeLooks(fractions).filter((look) => !untested.has(look));
  const found = efficacyBoundaries(
    used.map((look) => fractions[look]!),
    (t) => hwangShihDeCani(level, ALPHA_GAMMA, t),
    grid,
  );
  const bounds = fractions.map(() => NEVER);
  used.forEach((look, index) => {
    bounds[look] = found[index]!;
  });
  return bounds;
}

/** What the looks of a factor are designed with. */
export interface LookErrors {
  /** One-sided error rate of the family. */
  alpha: number;
  missed: number;
  /** Factors that are tested: the first boundaries are at alpha over so many. */
  familySize: number;
}

type FactorDesign = Omit<FactorLooks, 'drop'>;

/** What was computed before, by its inputs: one program reads a plan several times, and three factors take a third of a second. */
const designs = new Map<string, FactorDesign>();
const MAX_DESIGNS = 100;

/** The boundaries of one factor for its information fractions, the last of which is 1. */
export function designFactor(fractions: readonly number[], errors: LookErrors): FactorDesign {
  const key = JSON.stringify([fractions, errors.alpha, errors.missed, errors.familySize]);
  const design = designs.get(key) ?? computeDesign(fractions, errors);
  if (designs.size >= MAX_DESIGNS) designs.clear();
  designs.set(key, design);
  return structuredClone(design);
}

function computeDesign(
  fractions: readonly number[],
  { alpha, missed, familySize }: LookErrors,
): FactorDesign {
  const levels = Array.from({ length: familySize }, (_, rejected) => alpha / (familySize - rejected));
  const efficacy = levels.map((level) => boundariesAt(level, fractions));
  const used = informativeLooks(fractions);
  const times = used.map((look) => fractions[look]!);
  const { drift, bounds } = futilityDesign(
    times,
    used.map((look) => efficacy[0]![look]!),
    (t) => hwangShihDeCani(missed, BETA_GAMMA, t),
    GRID,
  );
  const futility = fractions.map(() => NEVER);
  used.forEach((look, index) => {
    futility[look] = bounds[index]!;
  });
  return { fractions: [...fractions], drift, efficacy, futility };
}

/** How far stored boundaries may lie from those that are computed here: another machine rounds otherwise. */
const ROUNDING = 1e-3;

/** What is wrong with looks that somebody stored; null where they are those that this program makes of their fractions. */
export function faultOfLooks({ looks, alpha, missed, factors, benchmarks }: Sequential): string | null {
  const familySize = Object.keys(factors).length;
  for (const [id, fractions] of Object.entries(benchmarks)) {
    if (!areFractions(fractions, looks)) return `the information fractions of ${id} do not rise to 1`;
  }
  for (const [id, own] of Object.entries(factors) as [Factor, FactorLooks][]) {
    if (!areFractions(own.fractions, looks)) return `the information fractions of ${id} do not rise to 1`;
    const made = designFactor(own.fractions, { alpha, missed, familySize });
    const isSame =
      areClose(made.efficacy.flat(), own.efficacy.flat()) &&
      areClose(made.futility, own.futility) &&
      areClose([made.drift], [own.drift]);
    if (!isSame) return `the boundaries of ${id} are not those of its information fractions`;
  }
  return null;
}

function areFractions(fractions: readonly number[], looks: number): boolean {
  return (
    fractions.length === looks &&
    fractions.at(-1) === 1 &&
    fractions.every((t, look) => t >= (fractions[look - 1] ?? 0))
  );
}

function areClose(a: readonly number[], b: readonly number[]): boolean {
  return a.length === b.length && a.every((value, index) => Math.abs(value - b[index]!) <= ROUNDING);
}

/** All that looks decide by, as the hash of a plan covers it. */
export function describeForHash({ looks, alpha, missed, factors, benchmarks }: Sequential): string {
  const parts = FACTORS.flatMap((id) => {
    const own = factors[id];
    if (own === undefined) return [];
    const { drop, fractions, drift, efficacy, futility } = own;
    return [
      `${id} ${drop} ${fractions.join()} ${drift} ${efficacy.map((row) => row.join()).join(';')} ${futility.join()}`,
    ];
  });
  const own = Object.keys(benchmarks)
    .sort()
    .map((id) => `${id} ${benchmarks[id]!.join()}`);
  return `looks ${looks} ${alpha} ${missed}\n${[...parts, ...own].join('\n')}\n`;
}
