/** What the model said to one question. */
export interface Answer {
  questionId: string;
  /** One text a turn, none of them empty. */
  turns: string[];
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
