/** A benchmark whose answers a model judges. It is in no factor, and none of the 24. */
export interface JudgeBenchmark {
  id: string;
  name: string;
  questions: number;
  /** Models whose answers upstream compares with; none of questions of our own. */
  references: readonly string[];
  /**
   * Which games count where a verdict could not be read: all others (`game`), or those of questions that were read in both orders
   * (`question`).
   */
  counted: CountedGames;
  /** Level of the interval that upstream prints, a fraction of 1. */
  upstreamLevel: number;
}

export type CountedGames = 'game' | 'question';

export const JUDGE_BENCHMARKS: readonly JudgeBenchmark[] = [
  {
    id: 'arena-hard-v0.1',
    name: 'Arena-Hard v0.1',
    questions: 500,
    references: ['gpt-4-0314'],
    counted: 'game',
    upstreamLevel: 0.95,
  },
  {
    id: 'arena-hard-v2',
    name: 'Arena-Hard v2',
    questions: 750,
    references: ['o3-mini-2025-01-31', 'gemini-2.0-flash-001'],
    counted: 'question',
    upstreamLevel: 0.9,
  },
  {
    id: 'alpaca-eval',
    name: 'AlpacaEval',
    questions: 805,
    references: ['gpt4_1106_preview', 'text_davinci_003'],
    counted: 'game',
    upstreamLevel: 0.95,
  },
  {
    id: 'judge-mini',
    name: 'judge-mini',
    questions: 40,
    references: [],
    counted: 'game',
    upstreamLevel: 0.95,
  },
];

export function findJudgeBenchmark(id: string): JudgeBenchmark | undefined {
  return JUDGE_BENCHMARKS.find((benchmark) => benchmark.id === id);
}
