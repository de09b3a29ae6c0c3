import { distance } from 'fastest-levenshtein';
import { SosBenchError } from '../error.ts';
import { type CatalogueBenchmark, FACTORS } from './benchmark.ts';
import { CATALOGUE } from './catalogue.ts';

/** Every benchmark and factor of the catalogue. */
export const KNOWN_IDS: readonly string[] = [...CATALOGUE.map((benchmark) => benchmark.id), ...FACTORS];

/** Whether a benchmark or factor of the catalogue has that id. */
export function isKnown(id: string): boolean {
  return KNOWN_IDS.includes(id);
}

/**
 * The benchmarks a user named, in catalogue order. Factor ids (`wk`, `if`, `safety`) stand for their benchmarks;
 * nothing named means all.
 *
 * @throws SosBenchError `benchmark-unknown`, suggesting the nearest id.
 */
export function selectBenchmarks(names: readonly string[]): CatalogueBenchmark[] {
  if (names.length === 0) return [...CATALOGUE];
  for (const name of names) {
    if (isKnown(name)) continue;
    throw new SosBenchError('benchmark-unknown', `there is no benchmark '${name}'`, {
      hint: `did you mean '${nearest(name, KNOWN_IDS)}'? 'sos-bench list' shows all`,
    });
  }
  return CATALOGUE.filter((benchmark) => names.includes(benchmark.id) || names.includes(benchmark.factor));
}

/** The catalogue's benchmarks that are asked for, and names that only task definitions from outside can have. */
export interface Selection {
  inCatalogue: CatalogueBenchmark[];
  others: string[];
}

/**
 * Sorts the names of benchmarks that were asked for. Without task definitions from outside there are no other names.
 *
 * @throws SosBenchError `benchmark-unknown`.
 */
export function splitSelection({
  benchmarks,
  includePaths,
}: {
  benchmarks: readonly string[];
  includePaths: readonly string[];
}): Selection {
  const others = includePaths.length === 0 ? [] : benchmarks.filter((name) => !isKnown(name));
  const known = benchmarks.filter((name) => !others.includes(name));
  return { inCatalogue: others.length > 0 && known.length === 0 ? [] : selectBenchmarks(known), others };
}

/** The candidate with the smallest edit distance to `name`, case ignored. */
export function nearest(name: string, candidates: readonly string[]): string {
  const wanted = name.toLowerCase();
  const ranked = candidates.map((candidate) => ({
    candidate,
    far: distance(wanted, candidate.toLowerCase()),
  }));
  return ranked.sort((a, b) => a.far - b.far)[0]?.candidate ?? '';
}
