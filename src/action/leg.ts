import { createHash } from 'node:crypto';
import { SosBenchError } from '../error.ts';
import type { Leg } from '../github/comment/comment-legs.ts';
import { inputDefault } from '../settings/action-inputs.ts';

/** Longer names are cut, with a digest of the whole at their end. */
const MAX_NAME = 80;

/** Most jobs that GitHub makes of one matrix. */
const MAX_JOBS = 256;

/**
 * Which job of a matrix this is, from the inputs that GitHub fills in: `matrix` (`toJSON(matrix)`) and `job-total`
 * (`strategy.job-total`). Null for a job of its own, also where the matrix has one job alone, and where the report's id names all
 * that tells the job apart. Where it names only some of that, such as the model and not the seed, others may share the report, and how
 * many is not known.
 *
 * @throws SosBenchError `usage` where an input holds something else.
 */
export function readLeg(reportId: string, given: { matrix: string; total: string }): Leg | null {
  const of = readTotal(given.total);
  const values = readMatrix(given.matrix);
  if (values === null || of === 1) return null;
  const named = reportId === inputDefault('report-id') ? 'nothing' : names(reportId, values);
  if (named === 'all') return null;
  return { name: nameOf(values), of: named === 'some' ? 0 : (of ?? 0) };
}

/** How much of what tells a job of the matrix apart a text has as words. A list or a mapping counts by what is in it. */
export function names(text: string, values: Matrix): 'all' | 'some' | 'nothing' {
  const words = wordsOf(text);
  const told = Object.values(values)
    .flatMap(scalarsOf)
    .map(wordsOf)
    .filter((value) => value.trim() !== '')
    .map((value) => words.includes(value));
  if (told.length > 0 && told.every(Boolean)) return 'all';
  return told.some(Boolean) ? 'some' : 'nothing';
}

/** With a blank on both sides of each word. */
function wordsOf(text: string): string {
  return ` ${text.replaceAll(/[^\p{L}\p{N}.]+/gu, ' ').trim()} `;
}

function scalarsOf(value: unknown): string[] {
  if (typeof value === 'object' && value !== null) return Object.values(value).flatMap(scalarsOf);
  return value === null ? [] : [String(value)];
}

export type Matrix = Record<string, unknown>;

/** Null where there is none: outside of a matrix GitHub writes `null`, other runners `{}`. */
export function readMatrix(text: string): Matrix | null {
  if (text.trim() === '') return null;
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch {
    parsed = undefined;
  }
  if (parsed === null) return null;
  if (typeof parsed !== 'object' || Array.isArray(parsed)) {
    throw new SosBenchError('usage', `matrix is '${text.slice(0, 80)}'`, {
      hint: 'leave it out, so that it is toJSON(matrix), or give a JSON object that distinguishes the job from the others',
    });
  }
  const values = parsed as Matrix;
  return Object.keys(values).length === 0 ? null : values;
}

function readTotal(text: string): number | null {
  if (text === '') return null;
  const total = Number(text);
  if (Number.isInteger(total) && total >= 1 && total <= MAX_JOBS) return total;
  throw new SosBenchError('usage', `job-total is '${text.slice(0, 80)}'`, {
    hint: `leave it out, so that it is strategy.job-total, or give the number of jobs that share the report, from 1 to ${MAX_JOBS}`,
  });
}

/** `model: small, seed: 3`; with a digest where two jobs could be named the same so. */
function nameOf(values: Matrix): string {
  const entries = Object.entries(values).sort(([a], [b]) => (a < b ? -1 : 1));
  const name = entries
    .map(([key, value]) => `${key}: ${isScalar(value) ? value : JSON.stringify(value)}`)
    .join(', ')
    .replaceAll(/[\p{C}\s]+/gu, ' ')
    .trim();
  if (entries.every(([key, value]) => isPlain(key) && isPlain(value)) && name.length <= MAX_NAME) return name;
  const digest = createHash('sha256').update(JSON.stringify(entries)).digest('hex').slice(0, 10);
  return `${[...name]
    .slice(0, MAX_NAME - 20)
    .join('')
    .trim()} (${digest})`;
}

function isScalar(value: unknown): value is string | number | boolean {
  return ['string', 'number', 'boolean'].includes(typeof value);
}

/** Whether what is shown of it can be of no other value. */
function isPlain(value: unknown): boolean {
  if (typeof value === 'number' || typeof value === 'boolean') return true;
  const isText = typeof value === 'string' && /^[\p{L}\p{N}._/@+-]+(?: [\p{L}\p{N}._/@+-]+)*$/u.test(value);
  return isText && !/^(?:-?[0-9.]+(?:e[+-]?\d+)?|true|false|null)$/i.test(value);
}
