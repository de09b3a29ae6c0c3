import type { z } from 'zod';

/** What is wrong with a value, and with which part of it. */
export interface ValueFault {
  /** From the value's outside to its part; empty where the whole is meant. */
  path: PropertyKey[];
  message: string;
}

type Issue = z.core.$ZodIssue;

/** The first thing that a schema has against a value, as deep inside of it as it is known. */
export function findFault([issue]: readonly Issue[]): ValueFault {
  if (issue === undefined) return { path: [], message: 'not a valid value' };
  if (issue.code === 'unrecognized_keys')
    return { path: [...issue.path, issue.keys[0] ?? ''], message: issue.message };
  const inner = issue.code === 'invalid_union' ? findInner(issue) : null;
  return inner === null
    ? { path: [...issue.path], message: issue.message }
    : { ...inner, path: [...issue.path, ...inner.path] };
}

/** Of several ways to read a value, the one that came furthest into it. */
function findInner({ errors }: Extract<Issue, { code: 'invalid_union' }>): ValueFault | null {
  const faults = errors.map(findFault).filter(({ path }) => path.length > 0);
  return faults.sort((a, b) => b.path.length - a.path.length)[0] ?? null;
}

/** The part of a value that a path leads to, as far as it has one: `path` is how far, `beyond` the rest. */
export function partAt(
  value: unknown,
  path: readonly PropertyKey[],
): { part: unknown; path: PropertyKey[]; beyond: PropertyKey[] } {
  let part = value;
  for (const [depth, step] of path.entries()) {
    if (typeof part !== 'object' || part === null || !Object.hasOwn(part, step))
      return { part, path: path.slice(0, depth), beyond: path.slice(depth) };
    part = (part as Record<PropertyKey, unknown>)[step];
  }
  return { part, path: [...path], beyond: [] };
}
