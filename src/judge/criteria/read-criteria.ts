import { parseJson } from '../../json.ts';
import { CRITERIA, type Criterion } from '../../suite/judge-criteria.ts';
import { LABEL_PATTERN, normaliseLabel, readVerdict } from '../ask/verdict.ts';
import type { JudgeLabel } from '../score/game.ts';
import { OVERALL } from './instructions.ts';

/** Verdicts by criterion; null where one could not be read. */
export type CriterionVerdicts = Partial<Record<Criterion, JudgeLabel | null>>;

export interface ReadCriteria {
  /** The verdict of the game; null where it could not be read. */
  verdict: JudgeLabel | null;
  criteria: CriterionVerdicts;
}

/** What may stand between a name and its verdict: `**Correctness:** ((A>B))`, `"style": "A=B"`, `| safety | A=B |`. */
const QUOTES = String.raw`[\s*_"'\x60)\]]{0,8}`;
const SEPARATOR = String.raw`[:\uFF1A=|\u2013\u2014-]{1,2}`;
const BRACKETS = String.raw`[\s*_"'\x60([\uFF3B]{0,8}`;
const LINES: Readonly<Record<Criterion | typeof OVERALL, RegExp>> = Object.fromEntries(
  [...CRITERIA, OVERALL].map((name) => {
    const words = name === OVERALL ? `${name}(?: verdict)?` : name;
    const pattern = String.raw`\b${words}${QUOTES}${SEPARATOR}${BRACKETS}(${LABEL_PATTERN})(?![\w<>=])`;
    return [name, new RegExp(pattern, 'gi')];
  }),
) as Record<Criterion | typeof OVERALL, RegExp>;
const IN_ANSWERS = new RegExp(
  String.raw`\b(${[...CRITERIA, OVERALL, 'verdict'].join('|')})${QUOTES}${SEPARATOR}(?=${BRACKETS}${LABEL_PATTERN})`,
  'gi',
);
const OBJECT = /\{[^{}]*\}/g;
const STARTS_WITH_CRITERION = new RegExp(String.raw`^[^a-z]*(?:${CRITERIA.join('|')})\b`, 'i');

/**
 * The verdicts in what a judge wrote criterion by criterion, its reasoning cut off: of the last JSON object that has any of them; else of the last
 * line for each. What is missing is missing, and is never a tie.
 */
export function readCriteria(text: string, names: readonly Criterion[]): ReadCriteria {
  const said = findObjects(text)
    .filter((one) => [...names, OVERALL].some((name) => one[name] !== undefined))
    .at(-1);
  if (said !== undefined) {
    return {
      verdict: labelIn(said[OVERALL] ?? said.verdict),
      criteria: byName(names, (name) => labelIn(said[name])),
    };
  }
  const last = (name: Criterion | typeof OVERALL) => labelIn([...text.matchAll(LINES[name])].at(-1)?.[1]);
  return { verdict: last(OVERALL) ?? verdictAlone(text), criteria: byName(names, last) };
}

/** All asked criteria with the same verdict: two equal answers are as good in each, and what was refused has none. */
export function sameInAll(names: readonly Criterion[], label: JudgeLabel | null): CriterionVerdicts {
  return byName(names, () => label);
}

/** An answer's text, in which no line can be taken for a judge's: a criterion before a verdict loses its colon. */
export function defuseCriteria(answer: string): string {
  return answer.replace(IN_ANSWERS, '$1 ');
}

/** A verdict in brackets on a line that is not of a criterion. */
function verdictAlone(text: string): JudgeLabel | null {
  const rest = text.split('\n').filter((line) => !STARTS_WITH_CRITERION.test(line));
  return readVerdict(rest.join('\n'))?.verdict ?? null;
}

function byName(
  names: readonly Criterion[],
  labelOf: (name: Criterion) => JudgeLabel | null,
): CriterionVerdicts {
  return Object.fromEntries(names.map((name) => [name, labelOf(name)]));
}

/** The one object that a text is, or that it holds among words; else those without an object in them. */
function findObjects(text: string): Record<string, unknown>[] {
  const whole = parseObject(text.slice(text.indexOf('{'), text.lastIndexOf('}') + 1));
  if (whole !== null) return [whole];
  return [...text.matchAll(OBJECT)].map(([object]) => parseObject(object)).filter((one) => one !== null);
}

/** Members by their names in small letters; null for what is no object. */
function parseObject(text: string): Record<string, unknown> | null {
  try {
    const value = parseJson(text);
    if (typeof value !== 'object' || value === null) return null;
    return Object.fromEntries(
      Object.entries(value).map(([name, member]) => [name.toLowerCase().trim(), member]),
    );
  } catch {
    return null;
  }
}

function labelIn(value: unknown): JudgeLabel | null {
  if (typeof value !== 'string') return null;
  return normaliseLabel(value.replace(/^[\s[(*\uFF3B]+|[\s\])*\uFF3D]+$/g, ''));
}
