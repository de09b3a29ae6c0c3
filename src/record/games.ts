import { parquetReadObjects } from 'hyparquet';
import { parquetWriteBuffer } from 'hyparquet-writer';
import type { StyleFeature } from '../answer-style.ts';
import { firstIssue } from '../first-issue.ts';
import {
  askedCriteria,
  boardKey,
  JudgeBoardSchema,
  type JudgedGames,
  type JudgeGame,
  JudgeGameSchema,
  type JudgeLabel,
  MAX_GAMES,
} from '../judge/score/game.ts';
import { CRITERIA, type Criterion } from '../suite/judge-criteria.ts';
import { openParquet, runMetadata } from './parquet/open.ts';
import { requireHonestCounts } from './parquet/parquet-limits.ts';

const COLUMNS = [
  'benchmark',
  'category',
  'judge',
  'reference',
  'question',
  'first',
  'verdict',
  'model_answer',
  'reference_answer',
] as const;

/** Written where games have styles, all or none: other files have none of them. */
const STYLE_COLUMNS = {
  model_answer_chars: ['model', 'chars'],
  model_headers: ['model', 'headers'],
  model_list_items: ['model', 'listItems'],
  model_bold: ['model', 'bold'],
  reference_answer_chars: ['reference', 'chars'],
  reference_headers: ['reference', 'headers'],
  reference_list_items: ['reference', 'listItems'],
  reference_bold: ['reference', 'bold'],
} as const satisfies Record<string, readonly ['model' | 'reference', StyleFeature]>;
const STYLE_NAMES = Object.keys(STYLE_COLUMNS) as (keyof typeof STYLE_COLUMNS)[];
/** Written where judges gave preferences in place of verdicts: in such files `first` may be null. */
const PREFERENCE = 'preference';

/** Written for the criteria that any game was asked about: other files have none of them. */
const CRITERION_COLUMNS: Readonly<Record<Criterion, string>> = {
  correctness: 'criterion_correctness',
  completeness: 'criterion_completeness',
  safety: 'criterion_safety',
  conciseness: 'criterion_conciseness',
  style: 'criterion_style',
};
/** A criterion that was asked about and whose verdict could not be read; null where it was not asked about. */
const UNREAD = 'unread';

/**
 * Encodes judged games as Parquet, one row a game. It holds no text of a question, an answer or a judge.
 *
 * @param run which run they come from, as that of `items.parquet`.
 */
export function encodeGames(boards: readonly JudgedGames[], run: string): Uint8Array {
  const rows = boards.flatMap((board) => board.games.map((game) => ({ ...game, board })));
  const column = (name: string, pick: (row: (typeof rows)[number]) => string | null, nullable = false) =>
    ({ name, data: rows.map(pick), type: 'STRING', nullable }) as const;
  const hasPreferences = rows.some(({ preference }) => preference !== undefined);
  const buffer = parquetWriteBuffer({
    columnData: [
      column('benchmark', ({ board }) => board.benchmark),
      column('category', ({ board }) => board.category, true),
      column('judge', ({ board }) => board.judge),
      column('reference', ({ board }) => board.reference, true),
      column('question', ({ question }) => question),
      column('first', ({ first }) => first, hasPreferences),
      column('verdict', ({ verdict }) => verdict, true),
      column('model_answer', ({ answers }) => answers.model, true),
      column('reference_answer', ({ answers }) => answers.reference, true),
      ...(hasPreferences
        ? [
            {
              ...{ name: PREFERENCE, data: rows.map(({ preference }) => preference ?? null) },
              ...{ type: 'DOUBLE' as const, nullable: true },
            },
          ]
        : []),
      ...(rows.some(({ styles }) => styles !== undefined) ? STYLE_NAMES : []).map((name) => {
        const [side, feature] = STYLE_COLUMNS[name];
        const data = rows.map(({ styles }) => styles?.[side]?.[feature] ?? null);
        return { name, data, type: 'INT32' as const, nullable: true };
      }),
      ...askedCriteria(rows).map((name) =>
        column(CRITERION_COLUMNS[name], ({ criteria }) => writeCriterion(criteria?.[name]), true),
      ),
    ],
    kvMetadata: [{ key: 'sos-bench.games', value: '1' }, runMetadata(run)],
    createdBy: 'sos-bench',
  });
  return new Uint8Array(buffer);
}

/**
 * Decodes `games.parquet`; `run` is what it was encoded with, null where it does not say.
 *
 * @throws Error for a file that is not a Parquet, is cut short, has other columns, more than `MAX_GAMES` rows, impossible values, or a
 *   question twice in one order.
 */
export async function decodeGames(
  content: Uint8Array,
): Promise<{ boards: JudgedGames[]; run: string | null }> {
  const { file, metadata, run } = await openParquet(content);
  if (metadata.num_rows > BigInt(MAX_GAMES))
    throw new Error(`the file claims ${metadata.num_rows} games, more than the limit of ${MAX_GAMES}`);
  const names = metadata.schema.slice(1).map(({ name }) => name);
  const hasPreferences = names.includes(PREFERENCE);
  const hasStyles = names[COLUMNS.length + (hasPreferences ? 1 : 0)] === STYLE_NAMES[0];
  const criteria = CRITERIA.filter((name) => names.includes(CRITERION_COLUMNS[name]));
  const columns = [
    ...COLUMNS,
    ...(hasPreferences ? [PREFERENCE] : []),
    ...(hasStyles ? STYLE_NAMES : []),
    ...criteria.map((name) => CRITERION_COLUMNS[name]),
  ];
  if (names.join() !== columns.join()) throw new Error('the file does not have the columns of games');
  requireHonestCounts(content, metadata, columns);
  const rows = (await parquetReadObjects({ file, metadata })) as Row[];
  const boards = new Map<string, JudgedGames & { games: JudgeGame[]; seen: Set<string> }>();
  for (const [row, values] of rows.entries()) {
    const { benchmark, judge } = values;
    const orNull = (name: keyof Row) => values[name] ?? null;
    const board = JudgeBoardSchema.safeParse({
      ...{ benchmark, judge },
      ...{ category: orNull('category'), reference: orNull('reference') },
    });
    if (!board.success) throw new Error(`game ${row + 1}: ${firstIssue(board.error)}`);
    const game = JudgeGameSchema.safeParse({
      ...{ question: values.question, first: orNull('first'), verdict: orNull('verdict') },
      ...(values.preference != null && { preference: values.preference }),
      answers: { model: orNull('model_answer'), reference: orNull('reference_answer') },
      ...(hasStyles && readStyles(values)),
      ...readCriterionVerdicts(values, criteria),
    });
    if (!game.success) throw new Error(`game ${row + 1}: ${firstIssue(game.error)}`);
    const key = boardKey(board.data);
    const own = boards.get(key) ?? { ...board.data, games: [], seen: new Set() };
    boards.set(key, own);
    const turn = `${game.data.first} ${game.data.question}`;
    if (own.seen.has(turn)) throw new Error(`game ${row + 1}: its question is there twice in this order`);
    own.seen.add(turn);
    own.games.push(game.data);
  }
  return { boards: [...boards.values()].map(({ seen: _, ...board }) => board), run };
}

type Row = Record<(typeof COLUMNS)[number] | typeof PREFERENCE | (typeof STYLE_NAMES)[number], unknown> &
  Record<string, unknown>;

function writeCriterion(verdict: JudgeLabel | null | undefined): string | null {
  return verdict === null ? UNREAD : (verdict ?? null);
}

/** Verdicts by criterion, for the schema to check; nothing where none was asked about. */
function readCriterionVerdicts(
  row: Row,
  criteria: readonly Criterion[],
): { criteria?: Record<string, unknown> } {
  const asked = criteria.filter((name) => row[CRITERION_COLUMNS[name]] != null);
  if (asked.length === 0) return {};
  const verdictOf = (value: unknown) => (value === UNREAD ? null : value);
  return {
    criteria: Object.fromEntries(asked.map((name) => [name, verdictOf(row[CRITERION_COLUMNS[name]])])),
  };
}

/** Both styles in a row, for the schema to check; nothing where no count is there, null where the reference's are not. */
function readStyles(row: Row): { styles?: Record<string, Record<string, unknown> | null> } {
  const isEmpty = (side: 'model' | 'reference') =>
    STYLE_NAMES.every((name) => STYLE_COLUMNS[name][0] !== side || row[name] == null);
  if (isEmpty('model') && isEmpty('reference')) return {};
  const styles: Record<string, Record<string, unknown>> = { model: {}, reference: {} };
  for (const name of STYLE_NAMES) {
    const [side, feature] = STYLE_COLUMNS[name];
    styles[side]![feature] = row[name];
  }
  return { styles: isEmpty('reference') ? { ...styles, reference: null } : styles };
}
