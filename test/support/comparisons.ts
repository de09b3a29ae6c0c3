import assert from 'node:assert/strict';
import type { LoadedRecord } from '../../src/record/schema.ts';
import type { BenchmarkComparison, FactorComparison, Verdict } from '../../src/verdict/schema.ts';
import { flipped, indexes, makeRecord, type Row, rightThenWrong } from './records.ts';

/** A thousand answers, the first half right. */
export const HALF = rightThenWrong(500, 500);

/** HALF of a model that lost `lost` answers it had right, and gained `gained` others. */
export function after(lost: number, gained = 0): number[] {
  return flipped(HALF, ...indexes(lost), ...indexes(gained, 500));
}

export function of(model: string, benchmarks: Record<string, Row>): LoadedRecord {
  return makeRecord({ model, benchmarks });
}

export function row({ benchmarks }: Verdict, id: string): BenchmarkComparison {
  const found = benchmarks.find((benchmark) => benchmark.id === id);
  assert.ok(found);
  return found;
}

export function factor({ factors }: Verdict, id: string): FactorComparison {
  const found = factors.find((one) => one.id === id);
  assert.ok(found);
  return found;
}
