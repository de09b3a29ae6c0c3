import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { Item, LoadedRecord } from '../../src/record/schema.ts';
import { compare } from '../../src/verdict/compare.ts';
import { changesOfVerdict } from '../../src/verdict/signs/changes.ts';
import { listFlips } from '../../src/verdict/signs/flips.ts';
import { assertClose } from '../support/assert-close.ts';
import { makeRecord, rightThenWrong } from '../support/records.ts';
import * as scenarios from '../support/scenarios.ts';

function changesOf(baseline: LoadedRecord, candidate: LoadedRecord) {
  const verdict = compare(baseline, candidate);
  return { verdict, changes: changesOfVerdict({ baseline, candidate, verdict, requested: {}, looks: null }) };
}

const bbq = (scores: number[], edit: (item: Item, index: number) => Partial<Item> = () => ({})) => {
  const made = makeRecord({
    model: `m${scores.join('')}`.slice(0, 20),
    benchmarks: { bbq: { scores, task: (index) => (index % 2 === 0 ? 'bbq_age' : 'bbq_ses') } },
  });
  return { ...made, items: made.items.map((item, index) => ({ ...item, ...edit(item, index) })) };
};

describe('changed answers', () => {
  test('are those that the verdict counts as flips, and that flips.json lists', () => {
    for (const { baseline, candidate } of [
      scenarios.regression,
      scenarios.incomplete,
      scenarios.inconclusive,
    ]) {
      const { verdict, changes } = changesOf(baseline, candidate);
      const listed = listFlips(baseline, candidate, verdict).benchmarks;
      assert.deepEqual(
        changes.map(({ id }) => id),
        listed.map(({ id }) => id),
      );
      for (const [index, { id, changed }] of changes.entries()) {
        const { lost, gained } = listed[index]!;
        const told = verdict.benchmarks.find((benchmark) => benchmark.id === id)!.flips!;
        assert.equal(changed.length, told.lost + told.gained, id);
        const hashes = changed.map(({ docHash }) => docHash.toString(16).padStart(16, '0')).sort();
        assert.deepEqual(hashes, [...lost, ...gained].map(({ docHash }) => docHash).sort(), id);
      }
    }
  });

  test('have both answers: score, margin and option', () => {
    const { changes } = changesOf(
      bbq([1, 1, 0, 0], (_, index) => ({ margin: [2, 1, -1, -3][index]!, prediction: '1' })),
      bbq([0, 1, 0, 1], (_, index) => ({ margin: [-0.5, 1, -1, 4][index]!, prediction: '2' })),
    );
    const [{ changed, stayed, typicalMargin, n }] = changes as [(typeof changes)[number]];
    assert.deepEqual(
      changed.map(({ task, docId, before, after }) => [task, docId, before, after]),
      [
        ['bbq_age', 0, { score: 1, margin: 2, prediction: '1' }, { score: 0, margin: -0.5, prediction: '2' }],
        ['bbq_ses', 3, { score: 0, margin: -3, prediction: '1' }, { score: 1, margin: 4, prediction: '2' }],
      ],
    );
    assert.deepEqual(
      { stayed, typicalMargin, n },
      { stayed: { right: 1, wrong: 1 }, typicalMargin: 2, n: 4 },
    );
  });

  test('that are missing have no answer after, and count as lost', () => {
    const all = rightThenWrong(300, 300);
    const baseline = makeRecord({ model: 'main', benchmarks: { gpqa: { scores: all } } });
    const candidate = makeRecord({
      model: 'pr',
      benchmarks: {
        gpqa: { scores: all.slice(1), docId: (index) => index + 1, planned: 600, status: 'partial' },
      },
    });
    const { changes } = changesOf(baseline, candidate);
    assert.deepEqual(
      changes[0]!.changed.map(({ docId, after }) => [docId, after]),
      [[0, null]],
    );
  });

  test('have no margin where a record claims an infinite one', () => {
    const infinite = (scores: number[]) =>
      bbq(scores, (_, index) => ({ margin: index === 0 ? Infinity : 2 }));
    const { changes } = changesOf(infinite([1, 1]), infinite([0, 1]));
    assert.equal(changes[0]!.typicalMargin, 2);
    assert.equal(changes[0]!.changed[0]!.before.margin, null);
  });

  test('of WMDP are counted inverted: knowing less is a gain', () => {
    const wmdp = (score: number) =>
      makeRecord({ model: `m${score}`, benchmarks: { wmdp: { scores: [score] } } });
    const { changes } = changesOf(wmdp(1), wmdp(0));
    const [{ before, after }] = changes[0]!.changed as [(typeof changes)[number]['changed'][number]];
    assert.deepEqual([before.score, after!.score], [0, 1]);
  });
});

describe('the parts of a benchmark', () => {
  test('are its tasks, in order of name, with their own scores, flips and intervals', () => {
    const { changes } = changesOf(bbq([1, 0, 1, 0, 1, 0]), bbq([0, 0, 1, 1, 1, 1]));
    const parts = changes[0]!.parts;
    assert.deepEqual(
      parts.map(({ name, n, lost, gained }) => [name, n, lost, gained]),
      [
        ['bbq_age', 3, 1, 0],
        ['bbq_ses', 3, 0, 2],
      ],
    );
    assertClose(parts[0]!.difference, -1 / 3, 1e-12);
    assertClose(parts[0]!.candidate - parts[0]!.baseline, parts[0]!.difference, 1e-12);
    for (const { ci, difference } of parts) assert.ok(ci![0] < difference && difference < ci![1]);
  });

  test('are strata where a task has several', () => {
    const divide = (scores: number[]) => {
      const made = makeRecord({ model: `m${scores.join('')}`, benchmarks: { 'mmlu-pro': { scores } } });
      return {
        ...made,
        items: made.items.map((item, index) => ({ ...item, stratum: index < 2 ? 'law' : 'math' })),
      };
    };
    const { changes } = changesOf(divide([1, 1, 1, 1]), divide([0, 1, 1, 1]));
    assert.deepEqual(
      changes[0]!.parts.map(({ name }) => name),
      ['law', 'math'],
    );
  });

  test('are left out where there is one', () => {
    const { changes } = changesOf(scenarios.regression.baseline, scenarios.regression.candidate);
    assert.deepEqual(changes.find(({ id }) => id === 'gpqa')!.parts, []);
  });
});
