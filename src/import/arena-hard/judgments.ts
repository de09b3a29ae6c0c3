import { z } from 'zod';
import { plural } from '../../count.ts';
import { firstIssue } from '../../first-issue.ts';
import {
  boardKey,
  JUDGE_LABELS,
  type JudgeBoard,
  JudgeBoardSchema,
  JudgeGameSchema,
  type JudgeLabel,
  MAX_BOARDS,
  MAX_GAMES,
} from '../../judge/score/game.ts';
import { pickFields } from '../format/pick-fields.ts';
import { readRecords } from '../read-records.ts';
import { BadRecord, BadRecords, Refusal } from '../refusal.ts';

/** Verdicts of the two games of one question: the one with the reference's answer first, then the one with the model's. */
export type TwoVerdicts = [JudgeLabel | null, JudgeLabel | null];

export interface JudgedBoard extends JudgeBoard {
  questions: Map<string, TwoVerdicts>;
}

/** What one file says of one model. */
export interface ArenaHardFile {
  model: string;
  file: string;
  boards: Map<string, JudgedBoard>;
  /** Lines and questions that were lost, in words. */
  losses: string[];
}

const name = JudgeBoardSchema.shape.judge;
const RowSchema = z.object({
  question_id: z.union([JudgeGameSchema.shape.question, z.number().int()]).optional(),
  uid: JudgeGameSchema.shape.question.optional(),
  model: name,
  judge: name,
  category: name.optional(),
  baseline: name.optional(),
  games: z.array(z.unknown()),
});

/** v2 reads five more spellings (arena-hard-auto 196f6b8, `show_result.py`); v0.1 takes them for no verdict. */
const OTHER_SPELLINGS: Record<string, JudgeLabel> = {
  'A<<B': 'B>>A',
  'A<B': 'B>A',
  'B=A': 'A=B',
  'B<<A': 'A>>B',
  'B<A': 'A>B',
};

/**
 * Reads judgments of Arena-Hard, v0.1 (`question_id`) or v2 (`uid`): for each model in the file the verdicts by benchmark, category, judge
 * and reference. Game 1 shows the reference's answer first, game 2 the model's. A question that was judged twice counts once, by the later
 * line. Texts of judges are not kept.
 *
 * @throws Refusal when most of the file cannot be read, or it holds no judgments, or too many.
 */
export async function readArenaHard(path: string, file: string): Promise<ArenaHardFile[]> {
  const models = new Map<string, Map<string, JudgedBoard>>();
  const again = new Map<string, number>();
  const bad = new BadRecords();
  let questions = 0;
  const good = await readRecords(
    path,
    false,
    (bytes, fields) => {
      const { model, board, question, verdicts } = readRow(
        pickFields(bytes, fields, Object.keys(RowSchema.shape)),
      );
      const boards = models.get(model) ?? new Map<string, JudgedBoard>();
      models.set(model, boards);
      const key = boardKey(board);
      const own = boards.get(key) ?? { ...board, questions: new Map<string, TwoVerdicts>() };
      boards.set(key, own);
      const before = own.questions.get(question);
      if (before === undefined) questions++;
      else if (before.join() !== verdicts.join()) again.set(model, (again.get(model) ?? 0) + 1);
      own.questions.set(question, verdicts);
      if (boards.size > MAX_BOARDS) throw new Refusal(`it has more than ${MAX_BOARDS} judges or categories`);
      if (2 * questions > MAX_GAMES) throw new Refusal(`it has more than ${plural(MAX_GAMES, 'game')}`);
    },
    bad,
  );
  bad.requireMinority(good);
  if (models.size === 0) throw new Refusal('it holds no judgments');
  const lost = [...bad.reasons].map(
    ([reason, count]) => `${file}: ${plural(count, 'line')} left out: ${reason}`,
  );
  return [...models].map(([model, boards]) => {
    const twice = again.get(model) ?? 0;
    return {
      ...{ model, file, boards },
      losses: [
        ...lost,
        ...(twice > 0 ? [`${file}: ${plural(twice, 'question')} judged twice: the later line counts`] : []),
      ],
    };
  });
}

/** @throws BadRecord where it is not to be known who judged what. */
function readRow(row: Record<string, unknown>) {
  const parsed = RowSchema.safeParse(row);
  if (!parsed.success) throw new BadRecord(`no judgment: ${firstIssue(parsed.error, '')}`);
  const { uid, question_id: id, model, judge, category, baseline, games } = parsed.data;
  const question = uid ?? id;
  if (question === undefined) throw new BadRecord('no judgment: it has no id of a question');
  if (games.length === 1) {
    throw new BadRecord('one order only: the judge may have liked the position rather than the answer');
  }
  if (games.length !== 2) throw new BadRecord(`${plural(games.length, 'game')} in place of two`);
  const isV2 = uid !== undefined;
  const isFirst = !isV2 || category === 'arena-hard-v0.1';
  const board: JudgeBoard = {
    benchmark: isFirst ? 'arena-hard-v0.1' : 'arena-hard-v2',
    category: isFirst ? null : (category ?? null),
    judge,
    reference: baseline ?? null,
  };
  const verdicts = games.map((game) => readVerdict(game, isV2)) as TwoVerdicts;
  return { model, board, question: String(question), verdicts };
}

function readVerdict(game: unknown, isV2: boolean): JudgeLabel | null {
  const score = typeof game === 'object' && game !== null ? (game as { score?: unknown }).score : null;
  const label = JUDGE_LABELS.find((one) => one === score);
  if (label !== undefined) return label;
  return isV2 && typeof score === 'string' && Object.hasOwn(OTHER_SPELLINGS, score)
    ? OTHER_SPELLINGS[score]!
    : null;
}
