import { escapeTerminal } from '../../../markdown/escape.ts';
import type { Outcome, OverallVerdict, Verdict } from '../../../verdict/schema.ts';
import { formatDelta, formatP, formatPoints, formatScore } from '../../format.ts';
import { describeFactorOutcome, describeOutcome } from '../../outcome-words.ts';
import { type Cell, type Colour, layOutWithin, type Paint, type TableForm } from '../layout.ts';
import { scoresText } from './scores-text.ts';

const MAX_NAME_LENGTH = 40;
/** What a name is cut to before the difference would be. */
const MIN_NAME_WIDTH = 12;

/** Colours of outcomes, and of the verdict. */
export const OUTCOME_COLOURS: Partial<Record<Outcome | OverallVerdict, Colour>> = {
  regressed: 'red',
  failed: 'red',
  incomplete: 'red',
  'not-comparable': 'yellow',
  inconclusive: 'yellow',
  improved: 'green',
  equivalent: 'green',
  held: 'green',
  skipped: 'dim',
  'no-baseline': 'dim',
};

type Part =
  | Verdict['factors'][number]
  | Verdict['benchmarks'][number]
  | NonNullable<Verdict['groups']>[number];

interface Line {
  part: Part;
  indent: string;
  /** The outcome in words for readers. */
  word: string;
}

/** Factors with what was compared of each, as lines of a terminal: the outcome first, so that it is seen whatever is cut. */
export function comparisonTable(verdict: Verdict, width: number, paint: Paint): string[] {
  const lines = linesOf(verdict);
  return layOutWithin([wideForm(lines, verdict), narrowForm(lines)], width, paint);
}

function linesOf({ factors, benchmarks, groups = [], coverage, sameModel }: Verdict): Line[] {
  const lineOf = (
    part: Verdict['benchmarks'][number] | NonNullable<Verdict['groups']>[number],
    indent: string,
  ) => ({
    ...{ part, indent },
    word: describeOutcome(part.outcome).word,
  });
  const compared = benchmarks.filter(({ delta }) => delta.estimate !== null);
  const within = factors.flatMap((factor) => [
    { part: factor, indent: '', word: describeFactorOutcome(factor, coverage, sameModel).word },
    ...[
      ...compared,
      // Beside its benchmarks a group tells nothing where it has not dropped.
      ...groups.filter(({ outcome }) => outcome === 'regressed'),
    ]
      .filter((part) => part.factor === factor.id)
      .map((part) => lineOf(part, '  ')),
  ]);
  return [...within, ...compared.filter(({ factor }) => factor === null).map((part) => lineOf(part, ''))];
}

function wideForm(lines: readonly Line[], { records }: Verdict): TableForm {
  const heading = [
    'Outcome',
    'Factor, benchmark',
    escapeTerminal(records.baseline.name, MAX_NAME_LENGTH),
    escapeTerminal(records.candidate.name, MAX_NAME_LENGTH),
    'Difference',
    'Detectable drop',
    'p (adjusted)',
    'n',
  ];
  const rows = lines.map((line) => [
    ...nameCells(line),
    plain(formatScore(line.part.baseline)),
    plain(formatScore(line.part.candidate)),
    plain(formatDelta(line.part.delta)),
    plain(formatPoints(line.part.detectable)),
    plain(formatP(line.part.delta.pAdjusted)),
    plain(String(line.part.n)),
  ]);
  return { rows: [heading.map(bold), ...rows], alignment: 'llrrrrrr' };
}

/** Both scores in one column, without their intervals: the difference has its own. */
function narrowForm(lines: readonly Line[]): TableForm {
  const headings = [
    ['', '', '', '', 'Detectable'],
    ['Outcome', 'Factor, benchmark', 'Score', 'Difference', 'drop'],
  ];
  const rows = lines.map((line) => [
    ...nameCells(line),
    plain(scoresText(line.part)),
    plain(formatDelta(line.part.delta)),
    plain(formatPoints(line.part.detectable)),
  ]);
  return {
    rows: [...headings.map((heading) => heading.map(bold)), ...rows],
    alignment: 'llrrr',
    least: [[1, MIN_NAME_WIDTH]],
  };
}

function nameCells({ part, indent, word }: Line): Cell[] {
  return [
    {
      text: word,
      colour:
        word === describeOutcome(part.outcome).word ? (OUTCOME_COLOURS[part.outcome] ?? null) : 'yellow',
    },
    { text: indent + escapeTerminal(part.name, MAX_NAME_LENGTH), colour: indent ? null : 'bold' },
  ];
}

function bold(text: string): Cell {
  return { text, colour: 'bold' };
}

function plain(text: string): Cell {
  return { text, colour: null };
}
