/** Drift and accepted drops where a run was judged look by look: at the last look done, by the repeated interval. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { LoadedRecord } from '../../../src/record/schema.ts';
import { repeatedInterval } from '../../../src/stats/sequential/repeated.ts';
import type { Factor } from '../../../src/suite/benchmark.ts';
import { findBenchmark } from '../../../src/suite/catalogue.ts';
import { boundariesAt } from '../../../src/suite/plan/looks/looks.ts';
import { planSample } from '../../../src/suite/plan/sample.ts';
import { compare } from '../../../src/verdict/compare.ts';
import { measureDrift } from '../../../src/verdict/measure/drift.ts';
import { DEFAULT_POLICY } from '../../../src/verdict/policy.ts';
import type { Verdict, Waiver } from '../../../src/verdict/schema.ts';
import { findLosses } from '../../../src/verdict/waiver.ts';
import { design } from '../../support/designs.ts';
import { taskInventory } from '../../support/inventories.ts';
import { answersOfTwo, recordOfPlan } from '../../support/planned-records.ts';
import { createRandom } from '../../support/random.ts';

const inventory = [
  { id: 'toxigen', reason: null, tasks: [taskInventory('toxigen', { count: 940 })] },
  { id: 'mmlu-pro', reason: null, tasks: [taskInventory('leaderboard_mmlu_pro', { count: 3000 })] },
];
const plan = planSample(1234, inventory, design(0.03, { looks: { count: 5, collapse: 0.4 } }));
const looks = { plan, stopOn: 'decided' as const };
const factorOf = ({ factors }: Pick<Verdict, 'factors'>, id: Factor) =>
  factors.find((factor) => factor.id === id)!;
const lookOf = (task: string, docId: number) =>
  plan.chunks.find((chunk) => chunk.task === task && chunk.docIds.includes(docId))!.look!;

/** The same model with other answers to what is beyond a look. */
function turnBeyond(record: LoadedRecord, factor: Factor, look: number, score: number): LoadedRecord {
  const items = record.items.map((item) =>
    findBenchmark(item.benchmark)!.factor === factor && lookOf(item.task, item.docId) > look
      ? { ...item, score }
      : item,
  );
  return { ...record, items };
}

const named = (record: LoadedRecord, name: string): LoadedRecord => ({
  ...record,
  record: { ...record.record, model: { ...record.record.model, name, digest: `sha256:${name}` } },
});

/** Main is as the candidate; the release before both was better in safety. */
const template = recordOfPlan(plan);
const [release, candidate] = answersOfTwo(template, { safety: 0.15 }, createRandom(4));
const main = named(candidate, 'main');
const anchor = named(release, 'release');

test('drift is measured on what was asked up to the last look done, and by the repeated interval', () => {
  const verdict = compare(main, candidate, { anchor, looks });
  const drifted = factorOf(verdict.drift!, 'safety');
  const { done } = factorOf(verdict, 'safety').looks!;
  assert.ok(done < 5);
  assert.equal(drifted.outcome, 'regressed');
  assert.equal(verdict.drift!.drifted, true);
  const { fractions } = plan.sequential!.factors.safety!;
  const { estimate, se, df, ci } = drifted.delta;
  assert.deepEqual(
    ci,
    repeatedInterval({ estimate: estimate!, se: se!, df: df! }, boundariesAt(0.025, fractions)[done - 1]!),
  );
  const once = compare(main, candidate, { anchor });
  assert.ok(factorOf(once.drift!, 'safety').n > drifted.n);

  const mended = turnBeyond(candidate, 'safety', done, 1);
  const other = compare(main, mended, { anchor, looks });
  assert.deepEqual(factorOf(other.drift!, 'safety').delta, drifted.delta);
});

test('a drift that one look alone would call is not called where looks could have stopped at any', () => {
  // Of these seeds it lies between what the t interval and the repeated one leave out.
  const found = [100, 113, 117]
    .map((seed) => answersOfTwo(template, { safety: 0.03 }, createRandom(seed)))
    .flatMap(([before, after]) => {
      const verdict = compare(named(after, 'main'), after, { anchor: named(before, 'release'), looks });
      const { delta, outcome } = factorOf(verdict.drift!, 'safety');
      const reach = 2.4 * delta.se!;
      const isBetween = -delta.estimate! > reach && delta.ci![1] > 0;
      return isBetween ? [{ outcome, pAdjusted: delta.pAdjusted! }] : [];
    });
  assert.equal(found.length, 3);
  for (const { outcome, pAdjusted } of found) {
    assert.equal(outcome, 'inconclusive');
    assert.ok(pAdjusted > DEFAULT_POLICY.driftAlpha);
  }
});

test('without looks drift is what it was', () => {
  const options = { failing: false };
  const plain = compare(main, candidate, { anchor }).drift;
  assert.deepEqual(plain, measureDrift(anchor, candidate, DEFAULT_POLICY, options));
});

test('what can be accepted is the drop at the last look done, up to the end of its repeated interval', async (t) => {
  const verdict = compare(anchor, candidate, { looks });
  const { looks: own, delta } = factorOf(verdict, 'safety');
  const losses = findLosses(verdict);
  const of = (id: string) => losses.find((loss) => loss.id === id)!;
  await t.test('of a factor', () => {
    assert.equal(own!.decided, 'regressed');
    assert.deepEqual(of('safety'), {
      id: 'safety',
      loss: -own!.naive!.estimate,
      limit: -own!.repeatedCi![0],
    });
    assert.notEqual(of('safety').loss, -delta.estimate!);
  });
  await t.test('of a benchmark', () => {
    const { repeatedCi, delta: single } = verdict.benchmarks.find(({ id }) => id === 'toxigen')!;
    assert.ok(repeatedCi![0] < single.ci![0]);
    assert.deepEqual(of('toxigen'), { id: 'toxigen', loss: -single.estimate!, limit: -repeatedCi![0] });
  });
  const accept = (limit: number) => {
    const waiver: Waiver = {
      id: 'comment-1',
      target: { kind: 'factor', id: 'safety' },
      reason: 'known',
      by: 'someone',
      created: '2026-03-01T00:00:00.000Z',
      expires: '2026-04-01T00:00:00.000Z',
      commit: '0'.repeat(40),
      accepted: [
        { ...of('safety'), limit },
        { ...of('toxigen'), limit: 1 },
      ],
    };
    return compare(anchor, candidate, { looks, waivers: { list: [waiver], now: new Date('2026-03-02') } });
  };
  await t.test('a drop of that size passes', () => assert.equal(accept(of('safety').loss).passed, true));
  await t.test('a larger one does not, whatever the stagewise estimate says', () => {
    const between = (of('safety').loss + Math.min(of('safety').loss, -delta.estimate!)) / 2 - 1e-9;
    assert.equal(accept(between).passed, false);
  });
});
