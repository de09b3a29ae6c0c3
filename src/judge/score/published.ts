import type { JudgeBoard } from './game.ts';
import { digestIds, type JudgeResult } from './judge-result.ts';

/** A score that a board publishes, with its interval and standard error where it has them; fractions of 1. */
export interface PublishedScore {
  score: number;
  ci: [number, number] | null;
  stderr: number | null;
}

/** What a board publishes of one model: a score with no questions, verdicts or games behind it. */
export function publishedResult(board: JudgeBoard, { score, ci, stderr }: PublishedScore): JudgeResult {
  const { benchmark, category, judge, reference } = board;
  return {
    ...{ benchmark, category, judge, reference, status: 'done', reason: null },
    ...{ questions: 0, games: 0, unread: 0, score, ci, stderr, df: null },
    ...{ position: null, contradicted: { questions: 0, of: 0 }, questionSet: digestIds([]) },
  };
}

/** Whether a score is one that a board publishes: nothing behind it can be looked at, or held against another question by question. */
export function isPublished({ score, games }: { score: number | null; games: number | null }): boolean {
  return score !== null && games === 0;
}
