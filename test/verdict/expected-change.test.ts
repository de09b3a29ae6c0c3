import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { LoadedRecord } from '../../src/record/schema.ts';
import { compare } from '../../src/verdict/compare.ts';
import { learnChanges } from '../../src/verdict/measure/borrowing/expected-change.ts';
import { DEFAULT_POLICY } from '../../src/verdict/policy.ts';
import { VerdictSchema } from '../../src/verdict/schema.ts';
import { assertClose } from '../support/assert-close.ts';
import { row } from '../support/comparisons.ts';
import { historyOf, recordOf, scored } from '../support/margins.ts';
import { createRandom } from '../support/random.ts';

describe('what earlier changes teach', () => {
  const { earlier, main, change } = historyOf([0.3, 0.3], 0.3);
  const learned = learnChanges(earlier)!;

  test('is in which pairs, and how much of it comes true', () => {
    assert.equal(learned.pairs.length, 2);
    assert.ok(learned.coefficient > 0.7 && learned.coefficient <= 1, String(learned.coefficient));
  });

  test('makes a difference more precise than right and wrong do', () => {
    const candidate = change(800, 3);
    const without = row(compare(main, candidate), 'gpqa');
    const verdict = compare(main, candidate, { learned });
    const found = row(verdict, 'gpqa');
    assert.equal(without.borrowed?.byMargin, undefined);
    assert.equal(found.borrowed?.byMargin, true);
    assert.ok(found.borrowed.varianceRatio! < 0.9 * without.borrowed!.varianceRatio!);
    assertClose(found.candidate.score! - found.baseline.score!, found.delta.estimate!);
    assert.match(verdict.footnotes.join(), /learned from 2 earlier changes of main/);
    assert.deepEqual(verdict.learned, { pairs: learned.pairs, coefficient: learned.coefficient });
    assert.deepEqual(VerdictSchema.parse(JSON.parse(JSON.stringify(verdict))), verdict);
  });

  test('serves WMDP and preset `chance` on their scales', () => {
    const inverted = (made: LoadedRecord, id: string) => ({
      record: { ...made.record, benchmarks: made.record.benchmarks.map((result) => ({ ...result, id })) },
      path: made.path,
      items: made.items.map((item) => ({ ...item, benchmark: id })),
    });
    const candidate = change(800, 4);
    const plain = row(compare(main, candidate, { learned }), 'gpqa');
    const wmdp = learnChanges(earlier.map((made) => inverted(made, 'wmdp')))!;
    const turned = row(
      compare(inverted(main, 'wmdp'), inverted(candidate, 'wmdp'), { learned: wmdp }),
      'wmdp',
    );
    assertClose(turned.delta.estimate, -plain.delta.estimate!);
    assertClose(turned.delta.se, plain.delta.se!);
    const policy = { ...DEFAULT_POLICY, preset: 'chance' as const };
    const scaled = row(compare(main, candidate, { learned, policy }), 'gpqa');
    assertClose(scaled.delta.estimate, plain.delta.estimate! / 0.75);
    assertClose(scaled.delta.se, plain.delta.se! / 0.75);
  });

  test('of one change counts half', () => {
    assert.equal(learnChanges(earlier.slice(1))?.coefficient, 0.5);
  });

  test('is nothing without margins, without flips, of one model, of one record, of other protocols', () => {
    const { record: run, items, path } = earlier[1]!;
    const bare = { path, record: run, items: items.map((item) => ({ ...item, margin: null })) };
    assert.equal(learnChanges([bare, bare]), null);
    assert.equal(learnChanges([earlier[0]!]), null);
    assert.equal(learnChanges([]), null);
    assert.equal(learnChanges([earlier[1]!, earlier[1]!]), null);
    const other = {
      ...earlier[0]!,
      record: { ...earlier[0]!.record, protocol: { ...run.protocol, backend: 'vllm' } },
    };
    assert.equal(learnChanges([other, earlier[1]!]), null);
  });

  test('does nothing for a baseline without margins', () => {
    const bare = { ...main, items: main.items.map((item) => ({ ...item, margin: null })) };
    const verdict = compare(bare, change(800, 5), { learned });
    assert.equal(row(verdict, 'gpqa').borrowed?.byMargin, undefined);
    assert.equal(verdict.learned, undefined);
  });

  test('makes no difference of nothing: a change that turns no answer has none', () => {
    const unchanged = recordOf(
      'pr',
      main.items.map(({ margin }) => margin!),
      { n: 800, planHash: 'plan-b' },
    );
    const { delta, borrowed } = row(compare(main, unchanged, { learned }), 'gpqa');
    assert.deepEqual([delta.estimate, delta.se, borrowed?.byMargin], [0, 0, undefined]);
  });
});

test('of changes that teach less of one another, the least that came true counts', () => {
  const { earlier } = historyOf([0.6, 0.15], 0.3);
  const alike = learnChanges(historyOf([0.3, 0.3], 0.3).earlier)!;
  const unlike = learnChanges(earlier)!;
  assert.ok(unlike.coefficient < alike.coefficient - 0.1, `${unlike.coefficient} and ${alike.coefficient}`);
});

test('whatever was learned, the difference is right on average, and so is its standard error', () => {
  const { earlier, main } = historyOf([0.3], 0.3, { questions: 1500 });
  const learned = { ...learnChanges(earlier)!, coefficient: 1 };
  const random = createRandom(8);
  const before = main.items.map(({ margin }) => margin!);
  // Turns answers that are far from turning, and most of those that are right: nothing that was learned.
  const after = before.map((margin) =>
    Math.abs(margin) > 0.8 && random.uniform() < (margin > 0 ? 0.2 : 0.1) ? -margin : margin,
  );
  const truth =
    scored(after).reduce<number>((sum, score, i) => sum + score - (before[i]! > 0 ? 1 : 0), 0) /
    before.length;
  const found = Array.from({ length: 120 }, (_, i) => {
    const pr = recordOf('pr', after, { seed: 100 + i, n: 150, planHash: 'plan-b' });
    return row(compare(main, pr, { learned }), 'gpqa').delta;
  });
  const mean = found.reduce((sum, { estimate }) => sum + estimate!, 0) / found.length;
  const variance = found.reduce((sum, { estimate }) => sum + (estimate! - mean) ** 2, 0) / (found.length - 1);
  const said = found.reduce((sum, { se }) => sum + se! ** 2, 0) / found.length;
  assert.ok(Math.abs(mean - truth) < 4 * Math.sqrt(variance / found.length), `${mean} for ${truth}`);
  // The baseline's questions stay the same here, of which a tenth is asked: that part of the variance cannot show.
  assert.ok(said / variance > 0.8 && said / variance < 1.5, String(said / variance));
});
