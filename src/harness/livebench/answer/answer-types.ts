/** What the model said to one question. */
export interface Answer {
  questionId: string;
  /** One text a turn, without reasoning; empty only where reasoning has no end. */
  turns: string[];
  /** Whether one of them was cut at the token limit; left out where the server does not say. */
  cut?: boolean;
  /** Whether the reasoning of one of them has no end; left out where none was looked for. */
  unended?: boolean;
  /** Summed over the turns; null where the server does not count. */
  promptTokens: number | null;
  outputTokens: number | null;
  seconds: number;
}

/** A question that got no answer: it counts as not evaluated, never as wrong. */
export interface AnswerFailure {
  questionId: string;
  reason: string;
}
