import { z } from 'zod';
import type { StyleFeature } from '../../answer-style.ts';

const count = z.number().int().min(0);
const probability = z.number().min(0).max(1);

const FeatureShiftSchema = z.object({
  /** Means of one count an answer. */
  baseline: z.number().min(0),
  candidate: z.number().min(0),
  /** Candidate minus baseline, by question, with its interval at level 1 - alpha. */
  difference: z.number(),
  ci: z.tuple([z.number(), z.number()]).nullable(),
  p: probability.nullable(),
  /** Holm over the four of the benchmark. */
  pAdjusted: probability.nullable(),
  /** Candidate over baseline; null where the baseline has none. */
  ratio: z.number().min(0).nullable(),
  rejected: z.boolean(),
  /** Whether the length moved by 10%, or the markup by half and to or from at least 0.1 an answer. */
  large: z.boolean(),
});

/** How differently two models write their answers to the same questions. */
export const StyleShiftSchema = z.object({
  /** Questions that both answered, and independent units among them. */
  n: count,
  units: count,
  features: z.object({
    chars: FeatureShiftSchema,
    headers: FeatureShiftSchema,
    listItems: FeatureShiftSchema,
    bold: FeatureShiftSchema,
  } satisfies Record<StyleFeature, z.ZodType>),
});

/** How differently the two sides write their answers. It is shown, and no outcome, verdict or exit code looks at it. */
export const StyleSchema = z.object({
  /** Whether the records say how answers are written. */
  recorded: z.object({ baseline: z.boolean(), candidate: z.boolean() }),
  benchmarks: z.array(z.object({ id: z.string(), name: z.string(), ...StyleShiftSchema.shape })),
});
export type Style = z.infer<typeof StyleSchema>;
