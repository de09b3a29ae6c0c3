import assert from 'node:assert/strict';
import { test } from 'node:test';
import { summariseBenchmark } from '../../src/record/results/summarise.ts';
import type { Item } from '../../src/record/schema.ts';
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
    unscored: new Map(),
    failure: null,
  });
  assert.ok(Math.abs(chance! - (0.5 * 2 + 0.2 * 2) / 4) < 1e-12, String(chance));
});

/** Questions of LiveBench's language benchmark: two tasks, three and two of them, of which the named number was scored. */
function language(scored: { typos: number; connections: number }) {
  const scores = { typos: [1, 0, 0], connections: [1, 1] };
  const items = Object.entries(scored).flatMap(([task, n]) =>
    scores[task as keyof typeof scores].slice(0, n).map(
      (score, docId): Item => ({
        benchmark: 'livebench-language',
        task,
        docId,
        docHash: BigInt(docId),
        cluster: null,
        stratum: task,
        metric: 'livebench',
        score,
        margin: null,
        prediction: '0',
        inclusionP: 1,
      }),
    ),
  );
  const planned = (task: string, n: number) => ({
    task,
    status: 'planned' as const,
    reason: null,
    available: n,
    dropped: {},
    docIds: Array.from({ length: n }, (_, docId) => docId),
    docHashes: Array.from({ length: n }, (_, docId) => String(docId).padStart(16, '0')),
    clusters: Array.from({ length: n }, () => null),
    inclusionP: Array.from({ length: n }, () => 1),
  });
  const tasks = [planned('typos', 3), planned('connections', 2)];
  return { items, planned: { id: 'livebench-language', status: 'planned' as const, reason: null, tasks } };
}
const row = findBenchmark('livebench-language')!;

test("a benchmark of LiveBench is the mean of its tasks' means", () => {
  const { items, planned } = language({ typos: 3, connections: 2 });
  const outcome = { planned, items, answers: [], unscored: new Map(), failure: null };
  const { mean, status, n } = summariseBenchmark(row, outcome);
  assert.deepEqual([status, n], ['done', 5]);
  assert.ok(Math.abs(mean! - (1 / 3 + 1) / 2) < 1e-12, String(mean));
});

test('what could not be scored is counted and named, and does not count as 0', () => {
  const { items, planned } = language({ typos: 1, connections: 2 });
  const unscored = new Map([['typos', 2]]);
  const result = summariseBenchmark(row, { planned, items, answers: [], unscored, failure: null });
  assert.deepEqual([result.status, result.n, result.planned, result.unscored], ['done', 3, 5, 2]);
  assert.equal(result.mean, 1);
  assert.match(result.reason!, /2 of 5 questions could not be scored/);
  assert.deepEqual(
    result.tasks.map(({ status, n }) => [status, n]),
    [
      ['done', 1],
      ['done', 2],
    ],
  );
});

test('what was not tried leaves the benchmark partial', () => {
  const { items, planned } = language({ typos: 1, connections: 2 });
  const outcome = { planned, items, answers: [], unscored: new Map([['typos', 1]]), failure: null };
  assert.equal(summariseBenchmark(row, outcome).status, 'partial');
});
