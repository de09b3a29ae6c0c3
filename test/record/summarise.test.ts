import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Item } from '../../src/record/schema.ts';
import { summariseBenchmark } from '../../src/record/summarise.ts';
import { findBenchmark } from '../../src/suite/catalogue.ts';

test('chance is weighted by inclusion probability, as the score is', () => {
  const item = (task: string, docId: number, inclusionP: number): Item => ({
    benchmark: 'bbh',
    task,
    docId,
    docHash: BigInt(docId),
    cluster: null,
    stratum: task,
    metric: 'acc_norm',
    score: 1,
    margin: null,
    prediction: '0',
    inclusionP,
  });
  // One of two questions with two options, and all of two with five.
  const items = [
    item('leaderboard_bbh_navigate', 0, 0.5),
    item('leaderboard_bbh_logical_deduction_five_objects', 1, 1),
    item('leaderboard_bbh_logical_deduction_five_objects', 2, 1),
  ];
  const planned = { id: 'bbh', status: 'planned' as const, reason: null, tasks: [] };
  const { chance } = summariseBenchmark(findBenchmark('bbh')!, {
    planned,
    items,
    answers: [],
    failure: null,
  });
  assert.ok(Math.abs(chance! - (0.5 * 2 + 0.2 * 2) / 4) < 1e-12, String(chance));
});
