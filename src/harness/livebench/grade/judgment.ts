import { z } from 'zod';
import { parseIfJson } from '../../../json.ts';

/** A line of LiveBench's `ground_truth_judgment.jsonl`. */
export const JudgmentSchema = z.looseObject({
  question_id: z.coerce.string().min(1),
  task: z.string().min(1),
  model: z.string().min(1),
  score: z.union([z.number(), z.boolean().transform(Number)]),
  category: z.string().optional(),
  tstamp: z.number().optional().catch(undefined),
  eval_status: z.string().nullish(),
});

/** What came of one question: a score in [0,1], or why there is none. */
export type GradeResult = Grade | { failure: string };

export interface Grade {
  score: number;
  /** Of a coding answer that passed LiveBench's grader and whose own outputs are others than expected, why: it scores 0. */
  unconfirmed?: string;
  /** What is to be said of it. */
  note?: string;
}

/** Gathers judgments of one model; a line may come twice, and lines that are none are passed over. */
export class Judgments {
  readonly #model: string;
  readonly #outcomes = new Map<string, GradeResult>();

  constructor(model: string) {
    this.#model = model;
  }

  get size(): number {
    return this.#outcomes.size;
  }

  get(question: string): GradeResult | undefined {
    return this.#outcomes.get(question);
  }

  addLines(text: string): void {
    for (const line of text.split('\n')) {
      const judgment = JudgmentSchema.safeParse(parseIfJson(line)).data;
      if (judgment === undefined || judgment.model !== this.#model) continue;
      const outcome = outcomeOf(judgment);
      const before = this.#outcomes.get(judgment.question_id);
      this.#outcomes.set(
        judgment.question_id,
        before === undefined || isSame(before, outcome)
          ? outcome
          : { failure: 'the grader gave two different scores' },
      );
    }
  }
}

function outcomeOf(judgment: z.infer<typeof JudgmentSchema>): GradeResult {
  if (judgment.eval_status === 'eval_error') return { failure: 'the grader reports an error (eval_error)' };
  if (!(judgment.score >= 0 && judgment.score <= 1)) return { failure: 'its score is not a fraction of 1' };
  return { score: judgment.score };
}

function isSame(a: GradeResult, b: GradeResult): boolean {
  return 'score' in a && 'score' in b ? a.score === b.score : 'failure' in a && 'failure' in b;
}
