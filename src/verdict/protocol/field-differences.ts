import { ownValue } from '../../json.ts';
import type { Difference } from '../schema.ts';

/** Fields in which two JSON-like values differ, by path (`generation.max_gen_toks`), in order of the path. */
export function findDifferences(baseline: unknown, candidate: unknown, path = ''): Difference[] {
  if (isObject(baseline) && isObject(candidate)) {
    const keys = new Set([...Object.keys(baseline), ...Object.keys(candidate)]);
    return [...keys]
      .sort()
      .flatMap((key) =>
        findDifferences(ownValue(baseline, key), ownValue(candidate, key), path ? `${path}.${key}` : key),
      );
  }
  const difference = { path, baseline: asText(baseline), candidate: asText(candidate) };
  return difference.baseline === difference.candidate ? [] : [difference];
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function asText(value: unknown): string | null {
  if (value === undefined || value === null) return null;
  return typeof value === 'string' ? value : canonical(value);
}

/** JSON with sorted keys, so that equal values read equal. */
function canonical(value: unknown): string {
  return JSON.stringify(value, (_key, inner: unknown) =>
    isObject(inner) ? Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1))) : inner,
  );
}
