import { z } from 'zod';
import type { StatedWeights } from '../judge/criteria/weights.ts';
import { type Item, type LoadedRecord, StatusSchema } from '../record/schema.ts';
import { FACTORS } from '../suite/benchmark.ts';
import { findBenchmark } from '../suite/catalogue.ts';
import { JudgeSummarySchema, summariseJudged } from './judge-summary.ts';
import { describeBenchmarkGap } from './measure/benchmark-gap.ts';
import type { RecordScores } from './measure/estimates.ts';
import { factorScore } from './measure/factors.ts';
import { scoreRecord } from './measure/record-scores.ts';
import { indexRecord } from './measure/result-view.ts';
import type { Preset } from './policy.ts';
import { describeStyle, isGenerated } from './signs/style.ts';

const scored = {
  score: z.number().nullable(),
  ci: z.tuple([z.number(), z.number()]).nullable(),
  /** Items evaluated. */
  n: z.number().int().min(0),
};

/** One record on its own, as `show --json` prints it. Scores are counted so that higher is better. */
export const SummarySchema = z.object({
  /** The model's name. */
  model: z.string(),
  preset: z.string(),
  factors: z.array(z.object({ id: z.enum(FACTORS), ...scored })),
  benchmarks: z.array(
    z.object({
      id: z.string(),
      ...scored,
      status: StatusSchema,
      /** What is missing of it, and why; null where nothing is. */
      reason: z.string().nullable(),
      /** Answers cut at the token limit, and those whose reasoning has no end; left out where unknown. */
      cutAnswers: z.number().int().min(0).optional(),
      unendedReasoning: z.number().int().min(0).optional(),
      /** Means of how its answers are written; null where they are generated and nothing was recorded, left out where none is. */
      style: z
        .object({
          /** Answers. */
          n: z.number().int().min(0),
          chars: z.number().min(0),
          headers: z.number().min(0),
          listItems: z.number().min(0),
          bold: z.number().min(0),
        })
        .nullable()
        .optional(),
      /** Its tasks: questions with a score, and documents that there were; null where unknown. */
      tasks: z.array(
        z.object({
          task: z.string(),
          status: StatusSchema,
          n: z.number().int().min(0),
          documents: z.number().int().min(0).nullable(),
        }),
      ),
    }),
  ),
  /** What judges found; left out where nothing was judged. */
  judge: z.array(JudgeSummarySchema).optional(),
});
export type Summary = z.infer<typeof SummarySchema>;

/**
 * Scores of one record by benchmark and factor, as they are: under preset `chance` what is worse than guessing lies below 0 (WMDP:
 * above 1). What is printed is kept within 0 and 100 (`formatScore`).
 *
 * @param scores of the same record and preset, where they were taken already.
 * @param options `upstream`: with the interval that Arena-Hard itself prints beside each judge benchmark's; `weights`: what the criteria of judges
 *   ought to weigh.
 */
export function summarise(
  loaded: LoadedRecord,
  preset: Preset = 'paper',
  scores: RecordScores = scoreRecord(loaded, preset),
  { upstream = false, weights = {} }: { upstream?: boolean; weights?: StatedWeights } = {},
): Summary {
  const judged = summariseJudged(loaded, { upstream, weights });
  const benchmarks = scoredBenchmarks(loaded, scores);
  const view = indexRecord(loaded);
  return {
    model: loaded.record.model.name,
    preset,
    factors: combineBenchmarks(benchmarks, preset).map(({ id, score, ci, n }) => ({ id, score, ci, n })),
    benchmarks: benchmarks.map(({ id, score, ci, n, status, result }) => ({
      id,
      score,
      ci,
      n,
      status,
      reason: describeBenchmarkGap(result, loaded.record),
      ...(result.cutAnswers !== undefined && { cutAnswers: result.cutAnswers }),
      ...(result.unendedReasoning !== undefined && { unendedReasoning: result.unendedReasoning }),
      ...styleOf(loaded, view(id).items),
      tasks: result.tasks.map((task) => ({
        task: task.task,
        status: task.status,
        n: task.n,
        documents: task.documents ?? null,
      })),
    })),
    ...(judged.length > 0 && { judge: judged }),
  };
}

function styleOf(
  { record }: LoadedRecord,
  items: readonly Item[],
): Pick<Summary['benchmarks'][number], 'style'> {
  const style = describeStyle(items);
  if (style !== undefined) return { style };
  return isGenerated(record, items) ? { style: null } : {};
}

/** Factor scores of one record as they are, with the standard error behind each interval (`estimate.se`). */
export function scoreFactors(loaded: LoadedRecord, preset: Preset) {
  return combineBenchmarks(scoredBenchmarks(loaded, scoreRecord(loaded, preset)), preset);
}

function scoredBenchmarks({ record }: LoadedRecord, scores: RecordScores) {
  const results = new Map(record.benchmarks.map((result) => [result.id, result]));
  return [...scores.benchmarks].map(([id, score]) => {
    const result = results.get(id)!;
    return { id, benchmark: findBenchmark(id), result, status: result.status, ...score };
  });
}

function combineBenchmarks(benchmarks: ReturnType<typeof scoredBenchmarks>, preset: Preset) {
  return FACTORS.map((id) => {
    const own = benchmarks.filter(
      (benchmark) => benchmark.benchmark?.factor === id && benchmark.estimate !== null,
    );
    const { estimate, ci } = factorScore(own, preset);
    return {
      id,
      estimate,
      score: estimate?.estimate ?? null,
      ci,
      n: own.reduce((sum, benchmark) => sum + benchmark.n, 0),
    };
  });
}
