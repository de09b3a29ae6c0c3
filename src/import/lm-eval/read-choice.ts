import { readText } from '../format/json-bytes.ts';
import { parsePythonJson } from '../format/parse-json.ts';
import { BadRecord } from '../refusal.ts';
import { shortHash } from './doc-hash.ts';

type Span = readonly [number, number];

interface LoggedAnswer {
  bytes: Buffer;
  /** `filtered_resps` or `resps`. */
  answers: Span | undefined;
  target: Span | undefined;
  /** Start and end of the last text of each request: its option, for a choice. */
  lastTexts: readonly number[];
  /** Whether log-probabilities are divided by the options' characters (`acc_norm`). */
  normalised: boolean;
}

export interface Choice {
  /** The chosen option's index, or a hash of the text; empty where the log has no answer. */
  prediction: string;
  /** Right answer's log-probability minus the best wrong one's; null for free text. */
  margin: number | null;
  /** Right options in ascending order; null for free text and where the target is neither index nor option. */
  gold: number[] | null;
  /** What the digest of prompts takes for the target, as the worker writes it; null where it is not known. */
  target: string | null;
}

/**
 * What a model answered, told as the worker tells it, so that both kinds of record can be compared.
 *
 * @throws BadRecord where a log-probability is NaN or infinitely high, as a run here leaves such a question out.
 */
export function readChoice(logged: LoggedAnswer): Choice {
  const { bytes, answers } = logged;
  const target = parse(bytes, logged.target);
  const answer = parse(bytes, answers);
  const values = logProbabilities(answer);
  if (values === null) {
    const text = firstText(answer);
    return {
      prediction: text === null ? '' : shortHash(text),
      margin: null,
      gold: null,
      target: target === undefined ? null : shortHash(writeText(target)),
    };
  }
  const known = logged.lastTexts.length === values.length * 2;
  const options = known ? optionTexts(bytes, logged.lastTexts) : null;
  if (logged.normalised && !known) return { prediction: '', margin: null, gold: null, target: null };
  const weighed = logged.normalised
    ? values.map((value, i) => value / Math.max(1, [...(options?.[i] ?? '')].length))
    : values;
  const gold = goldOptions(target, options, values.length);
  return {
    prediction: String(weighed.indexOf(Math.max(...weighed))),
    margin: gold === null ? null : marginOf(weighed, gold),
    gold,
    target: gold === null ? null : gold.join(),
  };
}

function marginOf(values: readonly number[], gold: readonly number[]): number | null {
  const right = values.filter((_, option) => gold.includes(option));
  const wrong = values.filter((_, option) => !gold.includes(option));
  if (right.length === 0 || wrong.length === 0) return null;
  const margin = Math.max(...right) - Math.max(...wrong);
  return Number.isFinite(margin) ? Math.fround(margin) : null;
}

/** `[["-1.5", "False"], ...]`, or the same one level deeper (`resps`), as numbers; null for what is free text. */
function logProbabilities(answer: unknown): number[] | null {
  if (!Array.isArray(answer) || answer.length < 2) return null;
  const values: number[] = [];
  for (const entry of answer) {
    const pair: unknown = Array.isArray(entry) && Array.isArray(entry[0]) ? entry[0] : entry;
    if (!Array.isArray(pair) || pair.length !== 2) return null;
    const greedy = String(pair[1]).toLowerCase();
    if (greedy !== 'true' && greedy !== 'false') return null;
    if (/^(nan|\+?inf|infinity)$/i.test(String(pair[0])))
      throw new BadRecord('a log-probability is not finite');
    const value = toNumber(pair[0]);
    if (value === null) return null;
    values.push(value);
  }
  return values;
}

function toNumber(value: unknown): number | null {
  if (value === '-inf' || value === '-Infinity') return -Infinity;
  const number = typeof value === 'string' && /^[-+]?\d/.test(value) ? Number(value) : value;
  return typeof number === 'number' && Number.isFinite(number) ? number : null;
}

/** The options' texts: the second argument of each request. */
function optionTexts(bytes: Buffer, offsets: readonly number[]): string[] {
  const texts: string[] = [];
  for (let i = 0; i < offsets.length; i += 2) {
    const text = offsets[i]! < 0 ? '' : readText(bytes, offsets[i]!, offsets[i + 1]!);
    texts.push(text.startsWith(' ') ? text.slice(1) : text);
  }
  return texts;
}

/** The log writes every target as text: an index, a list of indices, or an option. */
function goldOptions(target: unknown, options: readonly string[] | null, count: number): number[] | null {
  if (target === undefined) return null;
  const text = writeText(target).trim();
  const parts = /^\[.*\]$/.test(text) ? text.slice(1, -1).split(',') : [text];
  const found = new Set<number>();
  for (const part of parts.map((entry) => entry.trim())) {
    const matching = (options ?? []).flatMap((option, index) => (option.trim() === part ? [index] : []));
    // As an option first: the right answer to a sum may be the text "2".
    if (matching.length > 0) for (const index of matching) found.add(index);
    else if (/^\d+$/.test(part) && Number(part) < count) found.add(Number(part));
    else return null;
  }
  return found.size === 0 ? null : [...found].sort((a, b) => a - b);
}

function firstText(answer: unknown): string | null {
  let value = answer;
  while (Array.isArray(value)) value = value[0];
  return value === undefined || value === null ? null : writeText(value);
}

function writeText(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}

function parse(bytes: Buffer, span: Span | undefined): unknown {
  return span === undefined ? undefined : parsePythonJson(bytes.toString('utf8', span[0], span[1]));
}
