import { distance } from 'fastest-levenshtein';
import type { z } from 'zod';
import { nearest } from '../suite/select.ts';

type RawIssue = z.core.$ZodRawIssue;

/** A slip of the finger, and no other word. */
const MAX_SLIPS = 3;

const TYPES: Readonly<Record<string, string>> = {
  string: 'not a text',
  number: 'not a number',
  int: 'not a whole number',
  boolean: 'neither true nor false',
  array: 'not a list',
  object: 'not a mapping',
  record: 'not a mapping',
};

/**
 * What is wrong with a value, in words of ours, where its schema has none: zod's name its own types. For `safeParse(value, {error})`.
 */
export function describeIssue(issue: RawIssue): string | undefined {
  switch (issue.code) {
    case 'invalid_value':
      return describeWords(issue.values.map(String), issue.input);
    case 'invalid_type':
      return TYPES[issue.expected];
    case 'too_big':
      return describeLimit(
        issue.origin,
        issue.inclusive === false ? 'below' : 'at most',
        Number(issue.maximum),
      );
    case 'too_small':
      return describeLimit(
        issue.origin,
        issue.inclusive === false ? 'above' : 'at least',
        Number(issue.minimum),
      );
    case 'unrecognized_keys':
      return `unknown key '${issue.keys[0]}'`;
    case 'invalid_format':
      return issue.format === 'url'
        ? 'not an address such as https://example.com/v1'
        : 'not of the form that it has to have';
    case 'invalid_union': {
      const issues = issue.errors.flat();
      const words = wordsIn(issues);
      return words.length > 0 ? describeWords(words, issue.input) : describeTypes(issues);
    }
    default:
      return undefined;
  }
}

/** That a value is none of some words, and which of them it may have been meant to be. */
export function describeWords(words: readonly string[], given: unknown): string {
  const list = words.length < 2 ? words.join() : `one of ${words.join(', ')}`;
  const near = nearest(String(given), words);
  const isSlip =
    distance(String(given).toLowerCase(), near.toLowerCase()) <= Math.min(MAX_SLIPS, near.length / 2);
  return `not ${list}${isSlip ? `; did you mean '${near}'?` : ''}`;
}

/** Words that one of several ways to read a value would have taken. */
function wordsIn(issues: readonly z.core.$ZodIssue[]): string[] {
  const words = issues.flatMap((issue) => {
    if (issue.code === 'invalid_value') return issue.values.map(String);
    return issue.code === 'invalid_type' && issue.expected === 'boolean' ? ['true', 'false'] : [];
  });
  return [...new Set(words)];
}

/** Where none of several types fits. */
function describeTypes(issues: readonly z.core.$ZodIssue[]): string {
  const types = issues.flatMap((issue) =>
    issue.code === 'invalid_type' ? (TYPES[issue.expected] ?? []) : [],
  );
  const [first, ...others] = [...new Set(types)];
  if (first === undefined) return 'not of the form that it has to have';
  if (others.length === 0) return first;
  return [first, ...others]
    .map((type) => type.replace(/^not /, ''))
    .join(' nor ')
    .replace(/^/, 'neither ');
}

function describeLimit(origin: string, relation: string, limit: number): string {
  if (origin === 'string' && relation === 'at least' && limit === 1) return 'it is empty';
  const unit = origin === 'string' ? ' characters' : origin === 'array' || origin === 'set' ? ' entries' : '';
  return unit === '' ? `it has to be ${relation} ${limit}` : `it has to have ${relation} ${limit}${unit}`;
}
