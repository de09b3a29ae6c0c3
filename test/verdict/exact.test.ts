import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { mcnemar } from '../../src/stats/mcnemar.ts';
import { tangoInterval } from '../../src/stats/tango-interval.ts';
import { compare } from '../../src/verdict/compare.ts';
import { assertClose } from '../support/assert-close.ts';
import { after, HALF, of, row } from '../support/comparisons.ts';
import { type Row, rightThenWrong } from '../support/records.ts';

describe('right and wrong answers that stand alone and weigh the same', () => {
  const { delta, method } = row(
    compare(of('main', { gpqa: { scores: HALF } }), of('pr', { gpqa: { scores: after(20, 8) } })),
    'gpqa',
  );

  test('are tested by the exact McNemar test', () => {
    assert.equal(method, 'mcnemar');
    assertClose(delta.p, mcnemar(8, 20));
  });

  test('have an interval by Tango, and a standard error all the same', () => {
    assertClose(delta.ci, tangoInterval(8, 20, 1000, 0.95));
    assertClose(delta.equivalenceCi, tangoInterval(8, 20, 1000, 0.9));
    assertClose(delta.se, Math.sqrt((0.028 - 0.012 ** 2) / 999));
  });
});

describe('the t distribution is used instead', () => {
  const cases: { title: string; id: string; row: Omit<Row, 'scores'>; scores?: (score: number) => number }[] =
    [
      { title: 'for items in clusters', id: 'musr', row: { cluster: (index) => index >> 2 } },
      {
        title: 'for a sample of unequal weights',
        id: 'gpqa',
        row: { inclusionP: (index) => (index % 2 ? 1 : 0.5) },
      },
      { title: 'for graded answers', id: 'ifeval', row: {}, scores: (score) => (score === 1 ? 0.75 : 0) },
      {
        title: 'for the mean of LiveBench tasks',
        id: 'livebench-language',
        row: { task: (index) => (index % 2 ? 'typos' : 'connections') },
      },
    ];
  for (const { title, id, row: how, scores = (score: number) => score } of cases) {
    test(title, () => {
      const verdict = compare(
        of('main', { [id]: { scores: HALF.map(scores), ...how } }),
        of('pr', { [id]: { scores: after(20, 8).map(scores), ...how } }),
      );
      assert.equal(row(verdict, id).method, 't');
    });
  }
});

describe('answers that all are as before prove little where there are few', () => {
  const cases = [
    { n: 267, outcome: 'inconclusive' },
    { n: 268, outcome: 'equivalent' },
  ] as const;
  for (const { n, outcome } of cases) {
    test(`${n} of two models: ${outcome}, with an interval of some width`, () => {
      const scores = rightThenWrong(100, n - 100);
      const found = row(compare(of('main', { gpqa: { scores } }), of('pr', { gpqa: { scores } })), 'gpqa');
      assert.equal(found.outcome, outcome);
      assert.equal(found.delta.se, 0);
      assertClose(found.delta.seFloor, Math.SQRT2 / (n + 2));
      assert.ok((found.delta.ci?.[1] ?? 0) > 0.01, `${found.delta.ci}`);
      assert.ok((found.detectable ?? 0) > 0.0145, `${found.detectable}`);
    });
  }
});

test('clusters that all fell alike are tested by their signs', () => {
  const cluster = (index: number) => index >> 1;
  const found = row(
    compare(
      of('main', { musr: { scores: rightThenWrong(40, 0), cluster } }),
      of('pr', { musr: { scores: rightThenWrong(0, 40), cluster } }),
    ),
    'musr',
  );
  assert.deepEqual([found.method, found.delta.p], ['sign', mcnemar(0, 20)]);
  assert.equal(found.outcome, 'regressed');
});
