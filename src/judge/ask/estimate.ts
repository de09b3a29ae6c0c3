import { costOf, roughTokens, type TokenCounts, type TokenPrices } from './budget.ts';
import type { OpenGame } from './head-to-head.ts';

/** What a judge writes for one verdict: some sentences. One that reasons writes many times as much. */
export const USUAL_OUTPUT_TOKENS = 300;

export interface JudgeEstimate {
  /** Requests. */
  games: number;
  tokens: TokenCounts;
  /** In the currency of the prices; null without prices. */
  cost: number | null;
}

/**
 * What asking these games will come to, before anything is asked: tokens read are counted from the texts, those written are assumed.
 *
 * @param options.maxTokens most tokens of a verdict; 0 for a judge that writes none.
 */
export function estimateGames(
  games: readonly OpenGame[],
  { system, maxTokens, prices }: { system: string; maxTokens: number; prices: TokenPrices | null },
): JudgeEstimate {
  const input = games.reduce((sum, game) => sum + roughTokens(game, system), 0);
  const tokens = { input, output: games.length * Math.min(maxTokens, USUAL_OUTPUT_TOKENS) };
  return { games: games.length, tokens, cost: costOf(tokens, prices) };
}
