import { z } from 'zod';
import { type AnswerStyle, AnswerStyleSchema } from '../../answer-style.ts';
import { Sha256Schema } from '../../sha256.ts';
import { CRITERIA, type Criterion } from '../../suite/judge-criteria.ts';

/** What a judge may say of two answers, A shown first: `>>` is much better, `>` better. */
export const JUDGE_LABELS = ['A>>B', 'A>B', 'A=B', 'B>A', 'B>>A'] as const;
export type JudgeLabel = (typeof JUDGE_LABELS)[number];

/** Games that one file or record may have: 20 times the largest board, both orders. */
export const MAX_GAMES = 100_000;
/** Scores of judges that one record may have: by benchmark, category, judge and reference. */
export const MAX_BOARDS = 100;
const MAX_NAME_LENGTH = 300;

const name = z.string().min(1).max(MAX_NAME_LENGTH);
const answerDigest = Sha256Schema.nullable();

/** One request to a judge: a question with the answers of two models, in one order. It holds no text. */
export const JudgeGameSchema = z
  .object({
    /** The question's id. */
    question: name,
    /** Whose answer was shown first, as A; null where it is not known, of games that were played in one order alone. */
    first: z.enum(['reference', 'model']).nullable(),
    /** Null where no verdict could be read; that is never a tie. Null too where there is a preference in its place. */
    verdict: z.enum(JUDGE_LABELS).nullable(),
    /** Share of the win that the judge gives the model's answer, where it says how sure it is and no label: 0.5 for a tie. */
    preference: z.number().min(0).max(1).optional(),
    /** By criterion, for those that were asked: null where it could not be read. Left out where the verdict alone was asked. */
    criteria: z.partialRecord(z.enum(CRITERIA), z.enum(JUDGE_LABELS).nullable()).optional(),
    /** SHA-256 of each answer's text; null where it is not known. */
    answers: z.object({ model: answerDigest, reference: answerDigest }),
    /** How both answers are written, in counts; left out where nobody counted, the reference's null where that one was not. */
    styles: z.object({ model: AnswerStyleSchema, reference: AnswerStyleSchema.nullable() }).optional(),
  })
  .refine(
    ({ first, verdict, preference }) => verdict === null || (first !== null && preference === undefined),
    'has a verdict and no order, or a preference beside it',
  )
  .refine(
    ({ first, preference }) => preference === undefined || first === null,
    'has a preference in a known order',
  );
export type JudgeGame = z.infer<typeof JudgeGameSchema>;

/** What tells one row of judged games from another. */
export const JudgeBoardSchema = z.object({
  /** `arena-hard-v0.1`, for example. */
  benchmark: name,
  /** The part of the benchmark that has a score of its own (Arena-Hard v2 has several); null where it has no parts. */
  category: name.nullable(),
  /** The model that judged. */
  judge: name,
  /** The model whose answers the model's were held against; null where it is not known. */
  reference: name.nullable(),
});
export type JudgeBoard = z.infer<typeof JudgeBoardSchema>;

/** All games of one model that count for one score. */
export interface JudgedGames extends JudgeBoard {
  games: readonly JudgeGame[];
}

/** Whether nobody had to be asked: both answers are one text, which is a tie. */
export function isUnasked({ verdict, answers: { model, reference } }: JudgeGame): boolean {
  return verdict === 'A=B' && model !== null && model === reference;
}

/** Whether the judge's word on a game could not be read. */
export function isUnread({ verdict, preference }: Pick<JudgeGame, 'verdict' | 'preference'>): boolean {
  return verdict === null && preference === undefined;
}

/** How both answers to each question are written, where somebody counted both. */
export function stylesOf(
  games: readonly JudgeGame[],
): Map<string, Record<'model' | 'reference', AnswerStyle>> {
  return new Map(
    games.flatMap(({ question, styles }) => {
      if (styles === undefined || styles.reference === null) return [];
      return [[question, { model: styles.model, reference: styles.reference }]];
    }),
  );
}

/** How the model's answer to each question is written, where somebody counted. */
export function modelStylesOf(games: readonly JudgeGame[]): Map<string, AnswerStyle> {
  return new Map(games.flatMap(({ question, styles }) => (styles ? [[question, styles.model]] : [])));
}

/** The criteria that any of the games was asked about. */
export function askedCriteria(games: readonly Pick<JudgeGame, 'criteria'>[]): Criterion[] {
  return CRITERIA.filter((name) => games.some(({ criteria }) => criteria?.[name] !== undefined));
}

/** One text for each board, to find it by. */
export function boardKey({ benchmark, category, judge, reference }: JudgeBoard): string {
  return JSON.stringify([benchmark, category, judge, reference]);
}
