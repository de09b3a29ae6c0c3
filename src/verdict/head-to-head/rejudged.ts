import { boardKey, type JudgedGames } from '../../judge/score/game.ts';
import type { JudgeLimits } from '../../judge/score/judge-fault.ts';
import { type JudgeResult, summariseGames } from '../../judge/score/judge-result.ts';
import type { LoadedRecord } from '../../record/schema.ts';
import { findStranger } from './find-stranger.ts';

/** Main against one reference, as it was judged once more. */
interface Rejudged {
  result: JudgeResult;
  games: JudgedGames['games'];
}

/**
 * Main's answers against references as they were judged once more beside the candidate's, by board: a judge behind an alias was the same one for both
 * sides then. None where nobody did, or where it was of two other models. A claim of the job that evaluated, as head to head is.
 */
export function rejudgedSides(
  baseline: LoadedRecord,
  { record, headToHead }: LoadedRecord,
  limits: JudgeLimits,
): Map<string, Rejudged> {
  if (headToHead === undefined || 'problem' in headToHead) return new Map();
  const { document, rejudged = [] } = headToHead;
  if (findStranger(document, { baseline: baseline.record, candidate: record }) !== null) return new Map();
  return new Map(
    rejudged.map((board) => {
      const listed = document.rejudged!.find(
        ({ judge, reference }) => judge === board.judge && reference === board.reference,
      )!;
      const { protocol, requests, tokens, cost } = listed;
      const spent = requests !== undefined &&
        tokens !== undefined && { spent: { requests, tokens, cost: cost ?? null } };
      const result: JudgeResult = { ...summariseGames(board, limits), protocol, ...spent };
      return [boardKey(board), { result, games: board.games }];
    }),
  );
}
