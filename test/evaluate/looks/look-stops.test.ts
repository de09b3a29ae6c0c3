import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { takeWanted } from '../../../src/evaluate/looks/take-wanted.ts';
import type { ScheduleOutcome } from '../../../src/evaluate/workers/scheduler.ts';
import type { Factor } from '../../../src/suite/benchmark.ts';
import { findBenchmark } from '../../../src/suite/catalogue.ts';
import { planSample } from '../../../src/suite/plan/sample.ts';
import { compare } from '../../../src/verdict/compare.ts';
import { design } from '../../support/designs.ts';
import { fullInventory } from '../../support/inventories.ts';
import { answersTo, runLooked } from '../../support/looked-run.ts';
import { answersOfTwo, recordOfPlan } from '../../support/planned-records.ts';
import { createRandom } from '../../support/random.ts';

const plan = planSample(1234, fullInventory(), design(0.02, { looks: { count: 5, collapse: 0.4 } }));
const template = recordOfPlan(plan);
const pair = (drops: Partial<Record<Factor, number>>, seed: number) =>
  answersOfTwo(template, drops, createRandom(seed));
/** Two models that are as good; what is decided of them is decided once for all tests. */
const unchanged = pair({}, 4);
const looks = { plan, stopOn: 'decided' } as const;
const lookOf = new Map(plan.chunks.map(({ id, look }) => [id, look!]));
const factorOf = new Map(plan.chunks.map(({ id, benchmark }) => [id, findBenchmark(benchmark)!.factor!]));

test('one worker asks look by look, the longest of a look first, and nothing beyond the looks that decide', async () => {
  const records = pair({ wk: 0.15, safety: 0.15 }, 3);
  const { asked, done } = await runLooked(plan, records);
  const order = asked.map((id) => lookOf.get(id)!);
  assert.deepEqual(
    order,
    order.toSorted((a, b) => a - b),
  );
  const costs = plan.chunks.filter(({ id }) => done.has(id) && lookOf.get(id) === 1);
  assert.deepEqual(
    asked.slice(0, costs.length),
    costs.toSorted((a, b) => b.cost - a.cost || (a.id < b.id ? -1 : 1)).map(({ id }) => id),
  );
  const verdict = compare(
    records[0],
    answersTo(
      records[1],
      plan.chunks.filter(({ id }) => done.has(id)),
    ),
    { looks },
  );
  for (const { id, looks: own } of verdict.factors) {
    const last = Math.max(
      ...asked.filter((chunk) => factorOf.get(chunk) === id).map((chunk) => lookOf.get(chunk)!),
    );
    assert.equal(last, own!.done, id);
  }
  assert.equal(verdict.factors.find(({ id }) => id === 'safety')!.looks!.done, 1);
});

test('what several workers answer beyond the look that decides enters nothing', async () => {
  for (const records of [unchanged, pair({ wk: 0.02 }, 6)]) {
    const one = await runLooked(plan, records);
    const many = await runLooked(plan, records, { workers: 7 });
    assert.ok([...one.done].every((id) => many.done.has(id)));
    const verdicts = [one, many].map(({ done }) =>
      compare(
        records[0],
        answersTo(
          records[1],
          plan.chunks.filter(({ id }) => done.has(id)),
        ),
        { looks },
      ),
    );
    assert.deepEqual(verdicts[1]!.factors, verdicts[0]!.factors);
    assert.equal(verdicts[1]!.verdict, verdicts[0]!.verdict);
    assert.deepEqual(verdicts[1]!.looks, verdicts[0]!.looks);
    assert.ok(many.done.size < plan.chunks.length || verdicts[0]!.looks!.done === 5);
  }
});

test('a run that is interrupted within a look and resumed leaves the same answers', async () => {
  const records = pair({ wk: 0.02 }, 6);
  const whole = await runLooked(plan, records);
  for (const limit of [3, 40, 70]) {
    const part = await runLooked(plan, records, { limit });
    const rest = await runLooked(plan, records, { done: part.done });
    assert.deepEqual([...rest.done].sort(), [...whole.done].sort());
    assert.equal(rest.asked.filter((id) => part.asked.includes(id)).length, 0);
  }
});

test('a run that ended early asks only the rest when all is wanted', async () => {
  const records = pair({ wk: 0.15, if: 0.3, safety: 0.15 }, 7);
  const first = await runLooked(plan, records);
  const asked = first.done.size;
  assert.ok(asked < plan.chunks.length / 2);
  const rest = await runLooked(plan, records, {
    done: first.done,
    decide: () => ({ obstacle: 'the baseline is gone', decided: new Map(), isOver: false }),
  });
  assert.equal(rest.asked.length, plan.chunks.length - asked);
  assert.match(rest.notes[0]!, /^All planned questions are asked.*the baseline is gone$/);
});

test('stop-on: regressed ends the run with the first factor that has', async () => {
  const records = pair({ safety: 0.15 }, 8);
  const { done, notes, stops } = await runLooked(plan, records, { stopOn: 'regressed' });
  assert.ok([...done].every((id) => lookOf.get(id) === 1));
  assert.match(notes[0]!, /^Look 1 of 5: .*safety has regressed/);
  assert.equal(stops.claim()!.decided.safety, 1);
});

test('a record tells of the stop, and has the inclusion probabilities of what was asked', async () => {
  const { stops } = await runLooked(plan, pair({ safety: 0.15 }, 9), { stopOn: 'regressed' });
  const left = stops.leftOf(plan);
  const task = left.benchmarks.find(({ id }) => id === 'saladbench')!.tasks[0]!;
  assert.ok(task.docIds.length > 100 && task.docIds.length < 300);
  assert.equal(task.inclusionP[0], task.docIds.length / task.available);
  assert.equal(left.planHash, plan.planHash);
});

describe('looks for the alarm of a judge', () => {
  const ended = async () => {
    const run = await runLooked(plan, unchanged);
    return { ...run, left: plan.chunks.filter(({ id }) => !run.done.has(id)) };
  };

  test('of a factor that is reopened all chunks that are left are asked, of the others none', async () => {
    const { stops, left } = await ended();
    const claimed = stops.claim();
    assert.ok(left.every((chunk) => stops.isDropped(chunk)));
    stops.reopen(['safety']);
    for (const chunk of left)
      assert.equal(stops.isDropped(chunk), factorOf.get(chunk.id) !== 'safety', chunk.id);
    assert.deepEqual(stops.claim(), claimed, 'what decided stays');
    stops.close();
    assert.ok(left.every((chunk) => stops.isDropped(chunk)));
  });

  const CASES: [
    what: string,
    wanted: Factor[],
    ask: () => Promise<ScheduleOutcome>,
    isOpen: boolean,
    said: RegExp | null,
  ][] = [
    ['nothing is wanted: nothing is asked', [], () => Promise.reject(new Error('asked')), false, null],
    [
      'they are taken',
      ['wk'],
      async () => ({ failed: new Map(), interrupted: false }),
      true,
      /left of world knowledge are taken/,
    ],
    [
      'a benchmark fails: the record stays as it was',
      ['wk'],
      async () => ({ failed: new Map([['bbh', 'out of memory']]), interrupted: false }),
      false,
      /could not all be taken: out of memory/,
    ],
    [
      'no worker can be started',
      ['wk'],
      () => Promise.reject(new Error('no device')),
      false,
      /could not all be taken: no device/,
    ],
  ];
  for (const [what, wanted, ask, isOpen, said] of CASES)
    test(what, async () => {
      const { stops, left } = await ended();
      const notes: string[] = [];
      const { signal } = new AbortController();
      assert.deepEqual(
        await takeWanted(stops, () => wanted, { ask, signal, note: (text) => notes.push(text) }),
        {
          interrupted: false,
        },
      );
      assert.equal(
        left.some((chunk) => !stops.isDropped(chunk)),
        isOpen,
      );
      if (said === null) assert.deepEqual(notes, []);
      else assert.match(notes.join('\n'), said);
    });
});
