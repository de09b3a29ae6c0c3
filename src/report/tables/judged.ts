import { formatCount, plural } from '../../count.ts';
import { escapeTerminal } from '../../markdown/escape.ts';
import type { JudgeComparison, JudgeSide, Verdict } from '../../verdict/schema.ts';
import type { Summary } from '../../verdict/summary.ts';
import { listAnswerShift } from '../comment/style.ts';
import { comparedCriteriaLines, criteriaLines } from '../criteria/text.ts';
import {
  formatDelta,
  formatInterval,
  formatList,
  formatP,
  formatScore,
  formatSigned,
  UNKNOWN,
} from '../format.ts';
import { describeOutcome } from '../outcome-words.ts';
import { type Cell, layOutWithin, type Paint } from './layout.ts';
import { scoresText } from './rows/scores-text.ts';

const MAX_NAME_LENGTH = 40;
const MIN_NAME_WIDTH = 12;
const MAX_REASON_LENGTH = 500;

/** What the numbers are, in every table of them. */
export const JUDGED = 'Judged, in no factor: weighted share of games won, 50 is as good as the reference';

/** What was judged against a reference, each side by itself; head to head is another thing. */
export function againstReference({ judge = [] }: Pick<Verdict, 'judge'>): JudgeComparison[] {
  return judge.filter(({ headToHead }) => headToHead === undefined);
}

/** What judges say of the candidate beside the baseline, as lines of a terminal; none where nothing was judged. */
export function judgedComparison(verdict: Verdict, width: number, paint: Paint): string[] {
  const { records } = verdict;
  const judge = againstReference(verdict);
  const byCriterion = (verdict.judge ?? []).flatMap((row) =>
    row.criteria === undefined
      ? []
      : [
          noteOf(
            row,
            `judged by ${row.judge}${row.headToHead == null ? '' : ", main's answers against the new ones"}`,
          ),
          ...comparedCriteriaLines(row.criteria, paint),
          '',
        ],
  );
  if (judge.length === 0) return byCriterion;
  const wide = {
    rows: [
      [
        'Outcome',
        'Judge benchmark',
        'Judge',
        'Reference',
        escapeTerminal(records.baseline.name, MAX_NAME_LENGTH),
        escapeTerminal(records.candidate.name, MAX_NAME_LENGTH),
        'Difference',
        'p (adjusted)',
        'n',
      ].map(bold),
      ...judge.map((row) =>
        [
          describeOutcome(row.outcome).word,
          ...nameCells(row),
          formatScore(row.baseline),
          formatScore(row.candidate),
          formatDelta(row.delta),
          formatP(row.delta.pAdjusted),
          String(row.n),
        ].map(plain),
      ),
    ],
    alignment: 'llllrrrrr',
  };
  const narrow = {
    rows: [
      ['Outcome', 'Judge benchmark', 'Judge', 'Score', 'Difference'].map(bold),
      ...judge.map((row) =>
        [
          describeOutcome(row.outcome).word,
          ...nameCells(row).slice(0, 2),
          scoresText(row),
          formatDelta(row.delta),
        ].map(plain),
      ),
    ],
    alignment: 'lllrr',
    least: [2, 1].map((column) => [column, MIN_NAME_WIDTH] as const),
  };
  return [
    `${JUDGED}.`,
    ...layOutWithin([wide, narrow], width, paint),
    // Several boards publish the same benchmark, of which the same is to be said.
    ...new Set(
      judge.flatMap((row) => [
        ...(row.reason === null ? [] : [noteOf(row, row.reason)]),
        ...(['baseline', 'candidate'] as const).flatMap((side) => {
          const said = describeJudging(row[side]);
          return said === null ? [] : [noteOf(row, `${side}: ${said}`)];
        }),
        ...(row.style === undefined ? [] : [noteOf(row, describeWriting(row.style))]),
      ]),
    ),
    'No judge benchmark changes the verdict.',
    '',
    ...byCriterion,
  ];
}

/** What judges found of records, as lines of a terminal; none where nothing was judged. */
export function judgedScores(summaries: readonly Summary[], width: number, paint: Paint): string[] {
  const rows = summaries.flatMap(({ model, judge = [] }) => judge.map((row) => ({ model, row })));
  if (rows.length === 0) return [];
  const seen = new Set<string>();
  const once = (line: string) => {
    if (seen.has(line)) return [];
    seen.add(line);
    return [line];
  };
  const scoreOf = (row: (typeof rows)[number]['row']) => (row.score === null ? row.status : formatScore(row));
  const wide = {
    rows: [
      ['Judge benchmark', 'Judge', 'Reference', 'Model', 'Score', 'Questions'].map(bold),
      ...rows.map(({ model, row }) =>
        [...nameCells(row), escapeTerminal(model, MAX_NAME_LENGTH), scoreOf(row), formatCount(row.n)].map(
          plain,
        ),
      ),
    ],
    alignment: 'llllrr',
  };
  const narrow = {
    rows: [
      ['Judge benchmark', 'Judge', 'Model', 'Score'].map(bold),
      ...rows.map(({ model, row }) =>
        [...nameCells(row).slice(0, 2), escapeTerminal(model, MAX_NAME_LENGTH), scoreOf(row)].map(plain),
      ),
    ],
    alignment: 'lllr',
    least: [0, 1, 2].map((column) => [column, MIN_NAME_WIDTH] as const),
  };
  return [
    '',
    `${JUDGED}.`,
    ...layOutWithin([wide, narrow], width, paint),
    ...rows.flatMap(({ model, row }) => {
      const own = (text: string) => noteOf(row, `${model}: ${text}`);
      const { upstreamCi: upstream } = row;
      return [
        ...(row.reason === null ? [] : [own(row.reason)]),
        ...once(own(describeJudging({ ...row, questions: row.n })!)),
        ...(upstream === undefined
          ? []
          : [
              own(
                `Arena-Hard's own interval, which resamples games and is too narrow: ${formatInterval(upstream)}`,
              ),
            ]),
        ...(row.criteria === undefined
          ? []
          : ['', own('by criterion'), ...criteriaLines(row.criteria, paint)]),
      ];
    }),
  ];
}

/** How a judge went about it: what is always said beside its score. Null where it did not judge that side. */
export function describeJudging(
  side: Pick<JudgeSide, 'games' | 'unread' | 'contradicted' | 'position'> & Partial<JudgeSide>,
): string | null {
  const { score, ci, questions, games, asked, unread, contradicted, position, spent } = side;
  if (games === null) return null;
  if (games === 0 && score != null)
    return `a published score: no questions or verdicts are behind it${ci == null ? '' : ", and the interval is the board's own"}`;
  const parts = [`${formatCount(unread ?? 0)} of ${plural(asked ?? games, 'verdict')} could not be read`];
  if (contradicted !== null && contradicted.of > 0) {
    parts.push(
      `the two orders contradict one another in ${formatCount(contradicted.questions)} of ${plural(contradicted.of, 'question')}`,
    );
  }
  if (position !== null) {
    const { effect, low, high } = position;
    parts.push(
      `position effect ${formatSigned(effect)} [${formatSigned(low)}, ${formatSigned(high)}] (the answer shown first wins so much more than half)`,
    );
  }
  if (spent !== undefined) parts.push(describeSpent(spent));
  if (games > 0 && games === questions)
    parts.push('each question was judged in one order alone, so that a liking of the position is not seen');
  return parts.join('; ');
}

/** `500 requests, 200,000 tokens read and 30,000 written, which cost 1.05` */
export function describeSpent({ requests, tokens, cost }: NonNullable<JudgeSide['spent']>): string {
  const { input, output } = tokens;
  return `${plural(requests, 'request')}, ${formatCount(input)} tokens read and ${formatCount(output)} written${cost === null ? '' : `, which cost ${cost.toFixed(2)}`}`;
}

/** What a judge's server calls the model that judged, where that is another name than the one that was asked for. */
export function describeServed(names: readonly string[]): string {
  return names.length === 1
    ? `Its server says that ${names[0]} judged`
    : `Its server says that several models judged: ${formatList(names)}`;
}

/** `an answer has: characters 431 → 1,058, ...; the length ...`: how the two sides write the judged answers. */
export function describeWriting(style: NonNullable<JudgeComparison['style']>): string {
  return `an answer, on average over ${plural(style.n, 'question')}: ${listAnswerShift(style)}`;
}

function nameCells({
  name,
  judge,
  reference,
}: Pick<JudgeComparison, 'name' | 'judge' | 'reference'>): string[] {
  return [name, judge, reference ?? UNKNOWN].map((text) => escapeTerminal(text, MAX_NAME_LENGTH));
}

function noteOf({ name }: { name: string }, text: string): string {
  return `${escapeTerminal(name, MAX_NAME_LENGTH)}: ${escapeTerminal(text, MAX_REASON_LENGTH)}`;
}

function bold(text: string): Cell {
  return { text, colour: 'bold' };
}

function plain(text: string): Cell {
  return { text, colour: null };
}
