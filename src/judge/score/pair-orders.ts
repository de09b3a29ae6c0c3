import type { JudgeGame, JudgeLabel } from './game.ts';

/** One game as a result of the model. */
export interface GameResult {
  /** 1 the model's answer is better, 0.5 a tie, 0 it is worse; what lies between where the judge is not sure. */
  win: number;
  /** Whether one answer is much better (`>>`). */
  strong: boolean;
}

/** The two games of one question; null where there was none or its verdict could not be read. */
export interface QuestionGames {
  question: string;
  /** The game with the reference's answer shown first, and the one with the model's. */
  referenceFirst: GameResult | null;
  modelFirst: GameResult | null;
  /** The only game of a question that was judged in one order, which is not known; left out where there is none. */
  single?: GameResult;
}

/** Games of a question that were read. */
export function gamesRead({ referenceFirst, modelFirst, single }: QuestionGames): GameResult[] {
  return [referenceFirst, modelFirst, single ?? null].filter((game) => game !== null);
}

const FIRST_WINS: Record<JudgeLabel, GameResult> = {
  'A>>B': { win: 1, strong: true },
  'A>B': { win: 1, strong: false },
  'A=B': { win: 0.5, strong: false },
  'B>A': { win: 0, strong: false },
  'B>>A': { win: 0, strong: true },
};

/**
 * The games by question, in order of their first game.
 *
 * @throws RangeError where a question was asked twice in one order: a verdict would count twice.
 */
export function pairOrders(games: readonly JudgeGame[]): QuestionGames[] {
  const questions = new Map<string, QuestionGames>();
  const seen = new Set<string>();
  for (const { question, first, verdict, preference } of games) {
    const key = `${first} ${question}`;
    if (seen.has(key))
      throw new RangeError(
        `question ${question} is there twice${first === null ? '' : ` with the ${first} first`}`,
      );
    seen.add(key);
    let own = questions.get(question);
    if (own === undefined) {
      own = { question, referenceFirst: null, modelFirst: null };
      questions.set(question, own);
    }
    if (first === null) {
      if (preference !== undefined) own.single = { win: preference, strong: false };
      continue;
    }
    if (verdict === null) continue;
    const { win, strong } = FIRST_WINS[verdict];
    if (first === 'model') own.modelFirst = { win, strong };
    else own.referenceFirst = { win: 1 - win, strong };
  }
  return [...questions.values()];
}
