import { escapeCode } from '../../markdown/escape.ts';
import { GROUPS } from '../../suite/groups.ts';
import { SUITES, type Suite } from '../../suite/plan/plan.ts';
import { nearest } from '../../suite/select.ts';
import { readMarker } from '../comment/marker.ts';
import type { CommentContext } from '../event.ts';

/** What a comment asks the bot for. */
export type Command =
  /** `sha` as it was written, possibly short; null where none was. Without benchmarks all are meant. */
  | { name: 'run'; sha: string | null; suite: Suite; benchmarks: string[] }
  | { name: 'rebaseline' }
  | { name: 'accept'; subject: string; reason: string }
  | { name: 'explain'; benchmark: string }
  | { name: 'help' };

/** A comment without a command, with one, or with a mistake to be told of in Markdown. */
export type ParsedComment =
  | { kind: 'none' }
  | { kind: 'command'; command: Command }
  | {
      kind: 'mistake';
      message: string;
      /** Whether a benchmark was named that is none of those that are known. */
      isUnknownName?: true;
    };

const VERBS = ['run', 'full', 'rebaseline', 'accept', 'explain', 'help'] as const;

/** Longest reason kept with a waiver, in characters. */
const MAX_REASON_LENGTH = 500;

const USAGE = [
  ['run [SHA] [pr|full|mini] [BENCHMARKS]', 'evaluates the head; benchmarks and factors separated by commas'],
  ['full [SHA] [BENCHMARKS]', 'the same with the full suite'],
  ['rebaseline', "runs the base branch's last push again"],
  ['accept BENCHMARK|FACTOR REASON', 'waives a regression, by name and for a limited time'],
  ['explain BENCHMARK', 'what it asks, and which questions flipped'],
  ['help', 'this list'],
] as const;

/** The commands, as Markdown. */
export function commandHelp(): string {
  const rows = USAGE.map(([form, meaning]) => `- \`/sos-bench ${form}\`: ${meaning}`);
  return `${rows.join('\n')}\n\nFor a fork's or someone else's pull request \`run\` and \`full\` need the head's full sha.`;
}

/**
 * The command in a comment. It begins its line, outside of quotes, code and HTML comments, in a new comment on a pull
 * request that a person wrote. Edited comments count for nothing: what was read before and after could differ.
 *
 * @param known ids of benchmarks and factors.
 */
export function parseComment(
  { action, isPull, comment }: Pick<CommentContext, 'action' | 'isPull' | 'comment'>,
  known: readonly string[],
): ParsedComment {
  if (action !== 'created' || comment.isBot || readMarker(comment.body) !== null) return { kind: 'none' };
  const lines = commandLines(comment.body);
  const [line, second] = lines;
  if (line === undefined) return { kind: 'none' };
  if (!isPull) return mistake('Commands work on pull requests only.');
  if (second !== undefined) return mistake('One command per comment, please.');
  const [, verb = 'help', ...words] = line.trim().split(/\s+/);
  return parseCommand(verb.toLowerCase(), words, known);
}

/** Whether a text has a line that the bot would read. */
export function hasCommand(body: string): boolean {
  return readMarker(body) === null && commandLines(body).length > 0;
}

function commandLines(body: string): string[] {
  return visibleLines(body).filter((line) => /^\/sos-bench(\s|$)/i.test(line));
}

function parseCommand(verb: string, words: string[], known: readonly string[]): ParsedComment {
  switch (verb) {
    case 'run':
      return parseRun(words, 'pr', known);
    case 'full':
      return parseRun(words, 'full', known);
    case 'accept':
      return parseAccept(words, known);
    case 'explain':
      return parseExplain(words, known);
    case 'rebaseline':
    case 'help':
      if (words.length > 0) return mistake(`\`${verb}\` takes nothing after it.`);
      return { kind: 'command', command: { name: verb } };
    default:
      return mistake(`There is no such command; the nearest is \`${nearest(verb.slice(0, 40), VERBS)}\`.`);
  }
}

/** `[SHA] [SUITE] [BENCHMARKS]`, each where it is given in this order. */
function parseRun(words: string[], suite: Suite, known: readonly string[]): ParsedComment {
  const rest = [...words];
  const sha = /^[0-9a-f]{7,40}$/i.test(rest[0] ?? '') ? rest.shift()!.toLowerCase() : null;
  const named = SUITES.find((id) => id === rest[0]?.toLowerCase());
  if (named !== undefined) {
    if (suite === 'full' && named !== 'full') return mistake('`full` takes no other suite.');
    rest.shift();
  }
  const benchmarks: string[] = [];
  for (const given of rest.join(',').split(',').filter(Boolean)) {
    const name = findName(given, known);
    if (name === undefined) return unknownBenchmark(given, known);
    benchmarks.push(name);
  }
  return { kind: 'command', command: { name: 'run', sha, suite: named ?? suite, benchmarks } };
}

function parseAccept([given, ...words]: string[], known: readonly string[]): ParsedComment {
  if (given === undefined) return mistake('`accept` needs a benchmark or factor, and a reason.');
  // A report names benchmarks that are tested together as one, too.
  const names = [...known, ...GROUPS.map(({ id }) => id)];
  const subject = findName(given, names);
  if (subject === undefined) return unknownBenchmark(given, names);
  const reason = words.join(' ');
  if (reason === '') return mistake('`accept` needs a reason after the name: it stays in the history.');
  if (reason.length > MAX_REASON_LENGTH)
    return mistake(`A reason has at most ${MAX_REASON_LENGTH} characters.`);
  return { kind: 'command', command: { name: 'accept', subject, reason } };
}

function parseExplain([given, ...more]: string[], known: readonly string[]): ParsedComment {
  if (given === undefined || more.length > 0) return mistake('`explain` needs one benchmark.');
  const benchmark = findName(given, known);
  return benchmark === undefined
    ? unknownBenchmark(given, known)
    : { kind: 'command', command: { name: 'explain', benchmark } };
}

/** A name as it is known, whatever the case it was written in. */
function findName(given: string, known: readonly string[]): string | undefined {
  return (
    known.find((name) => name === given) ?? known.find((name) => name.toLowerCase() === given.toLowerCase())
  );
}

/** Says nothing of what was written: an answer repeats no outside text. */
function unknownBenchmark(name: string, known: readonly string[]): ParsedComment {
  const suggested = escapeCode(nearest(name.slice(0, 40).toLowerCase(), known));
  return {
    ...mistake(`There is no such benchmark or factor; the nearest is ${suggested}.`),
    isUnknownName: true,
  };
}

function mistake(what: string): Extract<ParsedComment, { kind: 'mistake' }> {
  return { kind: 'mistake', message: `${what}\n\n${commandHelp()}` };
}

/** What GitHub shows as quoted, as code, or not at all, where HTML says so. */
const HIDDEN = /<!--[\s\S]*?(?:-->|$)|<(pre|code|blockquote)\b[\s\S]*?(?:<\/\1\s*>|$)/gi;

/** Lines outside of fenced code and hidden HTML. Quotes and indented code begin with other characters anyway. */
function visibleLines(body: string): string[] {
  const visible: string[] = [];
  let fence: string | null = null;
  for (const line of body.replace(HIDDEN, ' ').split(/\r\n|\r|\n/)) {
    const mark: string | undefined = /^ {0,3}(`{3,}(?=[^`]*$)|~{3,})/.exec(line)?.[1];
    if (fence === null) {
      if (mark === undefined) visible.push(line);
      else fence = mark;
    } else if (mark?.startsWith(fence) && line.trim() === mark) fence = null;
  }
  return visible;
}
