import { z } from 'zod';
import { SosBenchError } from '../../error.ts';
import type { LoadedRecord } from '../../record/schema.ts';
import { runSpread } from '../../stats/run-spread.ts';
import { FACTORS } from '../../suite/benchmark.ts';
import type { Spreads } from '../judge.ts';
import { PRESETS, type Preset } from '../policy.ts';
import { compareProtocols } from '../protocol/protocol.ts';
import { compareModels, mayBeSameModel } from '../signs/same-model.ts';
import { type MeasuredBenchmark, measureBenchmark } from './benchmarks.ts';
import { compareFactors, type MeasuredFactor } from './factors.ts';
import { benchmarkIds, indexRecord } from './result-view.ts';

export const CALIBRATION_SCHEMA_VERSION = 1;

const spread = {
  /** Standard deviation of the true scores between runs, a fraction of 1, with its 95% interval. */
  sd: z.number().min(0),
  ci: z.tuple([z.number().min(0), z.number().min(0)]),
  /** Sample variance of the scores, of which `noise` is sampling error of the questions. */
  variance: z.number().min(0),
  noise: z.number().min(0),
  df: z.number().int().min(2),
  mean: z.number(),
};

/** `calibrate --json`: how much scores vary between training runs of one recipe. */
export const CalibrationSchema = z.object({
  schemaVersion: z.literal(CALIBRATION_SCHEMA_VERSION),
  preset: z.enum(PRESETS),
  models: z.array(z.string()).min(3),
  factors: z.array(z.object({ id: z.enum(FACTORS), ...spread })),
  benchmarks: z.array(z.object({ id: z.string(), ...spread })),
});
export type Calibration = z.infer<typeof CalibrationSchema>;

const LEVEL = 0.95;

/**
 * Standard deviations between runs, from three or more models of one recipe that answered the same questions. What not
 * all of them have is left out.
 *
 * @throws SosBenchError `usage` for fewer than three records, two of one model, and records that are not comparable.
 */
export function calibrate(records: readonly LoadedRecord[], preset: Preset): Calibration {
  requireRuns(records);
  const pairs: { factors: Map<string, Measured>; benchmarks: Map<string, Measured> }[] = [];
  for (let i = 0; i < records.length; i++) {
    for (let j = i + 1; j < records.length; j++) pairs.push(comparePair(records[i]!, records[j]!, preset));
  }
  const estimate = (part: 'factors' | 'benchmarks') => {
    const ids = [...pairs[0]![part].keys()].filter((id) => pairs.every((pair) => pair[part].has(id)));
    return ids.map((id) => {
      const measured = pairs.map((pair) => pair[part].get(id)!);
      // Pairs come in order (0, 1), (0, 2), ..., so that the first ones hold every model's score.
      const first = measured.slice(0, records.length - 1);
      const scores = [first[0]!.baseline, ...first.map(({ candidate }) => candidate)];
      const { sd, ci, variance, noise, df } = runSpread(
        scores,
        measured.map(({ se }) => se),
        LEVEL,
      );
      return { id, sd, ci, variance, noise, df, mean: scores.reduce((a, b) => a + b, 0) / scores.length };
    });
  };
  return {
    schemaVersion: CALIBRATION_SCHEMA_VERSION,
    preset,
    models: records.map(({ record }) => record.model.name),
    factors: estimate('factors') as Calibration['factors'],
    benchmarks: estimate('benchmarks'),
  };
}

/**
 * The spreads by id, for widening differences.
 *
 * @throws SosBenchError `usage` for a calibration under another preset.
 */
export function spreadsOf({ preset, factors, benchmarks }: Calibration, wanted: Preset): Spreads {
  if (preset !== wanted) {
    throw new SosBenchError('usage', `the calibration was made with preset ${preset}, not ${wanted}`, {
      hint: `calibrate again with --preset ${wanted}, or compare with --preset ${preset}`,
    });
  }
  return new Map([...factors, ...benchmarks].map((entry) => [entry.id, entry]));
}

interface Measured {
  baseline: number;
  candidate: number;
  se: number;
}

function comparePair(a: LoadedRecord, b: LoadedRecord, preset: Preset) {
  const protocol = compareProtocols(a, b);
  const views = { a: indexRecord(a), b: indexRecord(b) };
  const benchmarks = benchmarkIds(a, b).map((id) =>
    measureBenchmark(id, { baseline: views.a(id), candidate: views.b(id) }, protocol, {
      preset,
      sameModel: false,
      force: false,
    }),
  );
  requireComparable(benchmarks, a, b);
  return { factors: collect(compareFactors(benchmarks, preset)), benchmarks: collect(benchmarks) };
}

function collect(benchmarks: readonly (MeasuredBenchmark | MeasuredFactor)[]): Map<string, Measured> {
  return new Map(
    benchmarks.flatMap(({ id, delta, baseline, candidate }): [string, Measured][] => {
      const se = delta?.se ?? null;
      if (se === null || baseline.score === null || candidate.score === null) return [];
      return [[id, { baseline: baseline.score, candidate: candidate.score, se }]];
    }),
  );
}

function requireRuns(records: readonly LoadedRecord[]): void {
  if (records.length < 3) {
    throw new SosBenchError(
      'usage',
      `the spread between runs needs 3 or more records, not ${records.length}`,
      {
        hint: 'give the records of three models that one recipe made with different seeds',
      },
    );
  }
  for (const [index, { path, record }] of records.entries()) {
    for (const other of records.slice(0, index)) {
      const { settings } = compareModels(other.record, record);
      const what =
        settings !== null
          ? `have the same weights, with other settings (${settings.join(', ')})`
          : mayBeSameModel(other.record, record)
            ? 'are records of one and the same model'
            : null;
      if (what === null) continue;
      throw new SosBenchError('usage', `${path} and ${other.path} ${what}`, {
        hint: 'each record has to come from a training run of its own',
      });
    }
  }
}

function requireComparable(benchmarks: readonly MeasuredBenchmark[], a: LoadedRecord, b: LoadedRecord): void {
  const blocked = benchmarks.find((benchmark) => benchmark.blockedBy.length > 0);
  if (blocked === undefined) return;
  const fields = blocked.blockedBy.map(({ path }) => path).slice(0, 3);
  throw new SosBenchError(
    'usage',
    `${a.path} and ${b.path} were evaluated in different ways (${fields.join(', ')})`,
    { hint: 'evaluate all models with the same settings' },
  );
}
