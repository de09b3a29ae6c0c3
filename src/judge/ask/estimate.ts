import type { AskedCriteria } from '../criteria/order.ts';
import { costOf, roughTokens, type TokenCounts, type TokenPrices } from './budget.ts';
import { formerGameKey, gameKey, readGames } from './games-journal.ts';
import type { OpenGame, PlannedGames } from './head-to-head.ts';
import { toldTo } from './prompt.ts';
import type { JudgeManner } from './request-verdict.ts';

/** What a judge writes for one verdict: some sentences. One that reasons writes many times as much. */
const USUAL_OUTPUT_TOKENS = 300;
/** One criterion more: its name and a verdict, as JSON. */
const TOKENS_A_CRITERION = 12;

/** What a judge writes for one game: its reason, and a verdict on each criterion. */
export function usualOutputTokens(criteria: AskedCriteria | undefined): number {
  return USUAL_OUTPUT_TOKENS + TOKENS_A_CRITERION * (criteria?.names.length ?? 0);
}

export interface JudgeEstimate {
  /** Requests. */
  games: number;
  tokens: TokenCounts;
  /** In the currency of the prices; null without prices. */
  cost: number | null;
  /** What one verdict is taken to come to, criteria among it. */
  tokensAVerdict: number;
}

/**
 * What asking these games will come to, before anything is asked: tokens read are counted from the texts, those written are assumed.
 *
 * @param options.manner `maxTokens`: 0 for a judge that writes none.
 */
export function estimateGames(
  games: readonly OpenGame[],
  {
    manner,
    prices,
  }: { manner: Pick<JudgeManner, 'system' | 'maxTokens' | 'criteria'>; prices: TokenPrices | null },
): JudgeEstimate {
  const told = toldTo(manner);
  const input = games.reduce((sum, game) => sum + roughTokens(game, told), 0);
  const tokensAVerdict = Math.min(manner.maxTokens, usualOutputTokens(manner.criteria));
  const tokens = { input, output: games.length * tokensAVerdict };
  return { games: games.length, tokens, cost: costOf(tokens, prices), tokensAVerdict };
}

/** What is left to ask, and how many games are judged and kept already. */
export type LeftEstimate = JudgeEstimate & { kept: number };

/**
 * The estimate of a contest without the games that are judged and kept.
 *
 * @param options.file the journal of its games; `protocol`: of the judge that is to be asked.
 * @throws SosBenchError `journal-invalid`.
 */
export async function estimateLeft(
  { planned, again, manner }: { planned: PlannedGames; again: readonly OpenGame[]; manner: JudgeManner },
  { file, protocol, prices }: { file: string; protocol: string; prices: TokenPrices | null },
): Promise<LeftEstimate> {
  const { kept } = await readGames(file);
  const isLeft = (time: 0 | 1) => (open: OpenGame) =>
    !kept.has(gameKey(open, protocol, time)) && !kept.has(formerGameKey(open, protocol, time));
  const left = [...planned.open.filter(isLeft(0)), ...again.filter(isLeft(1))];
  const all = planned.open.length + again.length;
  return { ...estimateGames(left, { manner, prices }), kept: all - left.length };
}
