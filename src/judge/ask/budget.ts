import type { OpenGame } from './head-to-head.ts';

/** What the judge may use up in one run; null without a limit. */
export interface JudgeBudget {
  /** Tokens read and written. */
  maxTokens: number | null;
  /** In the currency of the prices. */
  maxCost: number | null;
  /** Per million tokens; null where nobody said. */
  prices: TokenPrices | null;
}

export interface TokenPrices {
  input: number;
  output: number;
}

export interface TokenCounts {
  input: number;
  output: number;
}

export const NO_TOKENS: TokenCounts = { input: 0, output: 0 };

/** Characters of a text that make one token, where nobody has counted yet: 4 is usual in English, 3 with code and other languages. */
export const CHARACTERS_A_TOKEN = 3;
/** What stands around the question and the answers. */
const MARKS_CHARACTERS = 500;
/** What a chat template adds around a request. */
const TEMPLATE_TOKENS = 30;
const PER = 1_000_000;
const BEYOND_ASCII = /[\u0080-\uFFFF]+/g;

/** Tokens that a judge reads for one game, rather too many than too few: what it is told, and what it is shown between marks. */
export function roughTokens(
  { question, answers }: Pick<OpenGame, 'question' | 'answers'>,
  system: string,
): number {
  const thirds = [system, question, ...answers].reduce((sum, text) => sum + thirdsOf(text), MARKS_CHARACTERS);
  return TEMPLATE_TOKENS + Math.ceil(thirds / CHARACTERS_A_TOKEN);
}

/** Characters of a text, one beyond ASCII for three: Chinese, or a row of emoji, has a token for each. */
function thirdsOf(text: string): number {
  const others = text.length - text.replace(BEYOND_ASCII, '').length;
  return text.length + (CHARACTERS_A_TOKEN - 1) * others;
}

export function addTokens(a: TokenCounts, b: TokenCounts): TokenCounts {
  return { input: a.input + b.input, output: a.output + b.output };
}

/** In the currency of the prices; null without prices. */
export function costOf(tokens: TokenCounts, prices: TokenPrices | null): number | null {
  return prices && (tokens.input * prices.input + tokens.output * prices.output) / PER;
}

/**
 * Keeps a run of the judge within its limits: a request begins only where what it may come to at most, and what others that are still being
 * answered may come to, stays below.
 */
export class BudgetGate {
  readonly #budget: JudgeBudget;
  readonly #used: TokenCounts = { input: 0, output: 0 };
  readonly #open: TokenCounts = { input: 0, output: 0 };

  constructor(budget: JudgeBudget) {
    this.#budget = budget;
  }

  /** Tokens of the requests that were answered. */
  get used(): TokenCounts {
    return { ...this.#used };
  }

  /** What stands against a request of this size at most, as the limit's setting; null where nothing does, and it is then counted as open. */
  begin(most: TokenCounts): 'judge-max-tokens' | 'judge-max-cost' | null {
    const { maxTokens, maxCost, prices } = this.#budget;
    const input = this.#used.input + this.#open.input + most.input;
    const output = this.#used.output + this.#open.output + most.output;
    if (maxTokens !== null && input + output > maxTokens) return 'judge-max-tokens';
    if (maxCost !== null && (costOf({ input, output }, prices) ?? 0) > maxCost) return 'judge-max-cost';
    this.open(most);
    return null;
  }

  /** Counts a request as open, whatever the limits. */
  open(most: TokenCounts): void {
    this.#open.input += most.input;
    this.#open.output += most.output;
  }

  /** The request that began with `most` has ended and used so much. */
  end(most: TokenCounts, used: TokenCounts): void {
    this.#open.input -= most.input;
    this.#open.output -= most.output;
    this.#used.input += used.input;
    this.#used.output += used.output;
  }
}
