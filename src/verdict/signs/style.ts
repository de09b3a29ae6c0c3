import { STYLE_FEATURES, type StyleFeature } from '../../answer-style.ts';
import { ownValue } from '../../json.ts';
import { measureShift } from '../../judge/style/shift.ts';
import type { Item, RunRecord } from '../../record/schema.ts';
import { weightedMean } from '../../stats/weighted-mean.ts';
import { commonInclusion, pairItems } from '../measure/pairing.ts';
import { type BenchmarkResultView, nameOf } from '../measure/result-view.ts';
import { isTestable } from '../outcome.ts';
import type { Style } from './style-schema.ts';

interface Given {
  /** Benchmarks whose scores are compared: what was evaluated in different ways has other answers for that alone. */
  ids: readonly string[];
  views: Record<'baseline' | 'candidate', (id: string) => BenchmarkResultView>;
  records: Record<'baseline' | 'candidate', RunRecord>;
  alpha: number;
}

/** The shift of style in each benchmark with generated answers; undefined where there is none. */
export function compareStyles({ ids, views, records, alpha }: Given): Style | undefined {
  const recorded = { baseline: false, candidate: false };
  let generates = false;
  const benchmarks = ids.flatMap((id) => {
    const items = { baseline: views.baseline(id).items, candidate: views.candidate(id).items };
    const styled = { baseline: items.baseline.filter(hasStyle), candidate: items.candidate.filter(hasStyle) };
    for (const arm of ['baseline', 'candidate'] as const) {
      recorded[arm] ||= styled[arm].length > 0;
      generates ||= isGenerated(records[arm], items[arm]);
    }
    const pairing = pairItems(styled.baseline, styled.candidate);
    const inclusion = commonInclusion(pairing, styled.baseline);
    const pairs = pairing.baseline.map(({ cluster, docHash, style }, i) => ({
      cluster,
      docHash,
      baseline: style!,
      candidate: pairing.candidate[i]!.style!,
      inclusionP: inclusion[i]!,
    }));
    const shift = measureShift(pairs, { alpha, isTestable });
    return shift === null ? [] : [{ id, name: nameOf(id), ...shift }];
  });
  return generates || recorded.baseline || recorded.candidate ? { recorded, benchmarks } : undefined;
}

function hasStyle({ style }: Item): boolean {
  return style !== undefined;
}

/** Whether a benchmark's answers are written, as its record says; an import mostly does not. */
export function isGenerated({ protocol }: Pick<RunRecord, 'protocol'>, items: readonly Item[]): boolean {
  const task = items[0]?.task;
  const outputType = task === undefined ? undefined : ownValue(protocol.tasks, task)?.outputType;
  return outputType === 'generate_until' || outputType === 'chat';
}

/** A remark for each side whose record lacks what the comparison of styles needs. */
export function noteUnrecorded(style: Style | undefined): string[] {
  if (style === undefined) return [];
  const { baseline, candidate } = style.recorded;
  if (baseline && candidate) return [];
  const whose = baseline ? "the candidate's record" : candidate ? "the baseline's record" : 'these records';
  return [
    `No style was recorded in ${whose}, as in all of older versions: length and markup of answers are not compared.`,
  ];
}

/** Means of one record's style counts in a benchmark; undefined where nothing is recorded. */
export function describeStyle(
  items: readonly Item[],
): ({ n: number } & Record<StyleFeature, number>) | undefined {
  const styled = items.filter(hasStyle);
  if (styled.length === 0) return undefined;
  const weights = Float64Array.from(styled, ({ inclusionP }) => 1 / inclusionP);
  const means = STYLE_FEATURES.map((feature) => [
    feature,
    weightedMean(
      Float64Array.from(styled, ({ style }) => style![feature]),
      weights,
    ),
  ]);
  return { n: styled.length, ...Object.fromEntries(means) };
}
