import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { SummarySchema, summarise } from '../../src/verdict/summary.ts';
import { assertClose } from '../support/assert-close.ts';
import { indexes, makeRecord, type Row, rightThenWrong } from '../support/records.ts';

describe('the score of a benchmark', () => {
  test('is the mean of its items, with a Wilson interval where they are right or wrong', () => {
    const { score, ci, n } = scoreOf('mmlu-pro', { scores: rightThenWrong(7, 5) });
    assert.equal(n, 12);
    assertClose(score, 7 / 12);
    assertClose(ci, [0.3195113, 0.8067397], 1e-6);
  });

  test('of WMDP is counted inverted', () => {
    assertClose(scoreOf('wmdp', { scores: rightThenWrong(30, 10) }).score, 0.25);
  });

  test('of a sample weighs each item by how many it stands for', () => {
    const row = { scores: [1, 0, 0], inclusionP: (index: number) => (index === 0 ? 0.1 : 1) };
    assertClose(scoreOf('mmlu-pro', row).score, 10 / 12);
  });

  test('of LiveBench is the mean of its tasks, however large they are', () => {
    const row = {
      scores: rightThenWrong(30, 10),
      task: (index: number) => (index < 30 ? 'connections' : 'typos'),
    };
    assertClose(scoreOf('livebench-language', row).score, 0.5);
  });

  test('is less certain where items depend on each other', () => {
    const scores = indexes(40).map((index) => (index < 20 ? 1 : 0));
    const alone = width(scoreOf('musr', { scores }).ci);
    const together = width(scoreOf('musr', { scores, cluster: (index) => Math.floor(index / 4) }).ci);
    assert.ok(together > 1.5 * alone, `${together} against ${alone}`);
  });

  test('of dependent items that are all right has the interval of fewer independent ones', () => {
    const row = { scores: rightThenWrong(40, 0), cluster: (index: number) => Math.floor(index / 4) };
    assertClose(scoreOf('musr', row).ci, [0.7962622, 1], 1e-6);
  });

  test('stays within 0 and 1', () => {
    const row = { scores: [1, 1, 1, 0.9], cluster: (index: number) => index };
    const [low, high] = scoreOf('ifeval', row).ci ?? [Number.NaN, Number.NaN];
    assert.ok(low > 0.2 && low < 0.975 && high > 0.975 && high <= 1, `${low} to ${high}`);
  });

  test('of one graded item has no interval', () => {
    assert.deepEqual(scoreOf('ifeval', { scores: [0.5] }), { score: 0.5, ci: null, n: 1 });
  });

  test('of which only the mean is kept, and nothing was right, has an interval of some width', () => {
    assertClose(scoreOf('gpqa', { scores: rightThenWrong(0, 50), items: false }).ci, [0, 0.0713476], 1e-6);
  });

  test('comes from the kept mean where single items are not kept', () => {
    const { score, ci } = scoreOf('wmdp', { scores: rightThenWrong(30, 10), items: false });
    assertClose(score, 0.25);
    assertClose(ci, [0.1097516, 0.3902484], 1e-6);
  });
});

describe('the score of a factor', () => {
  const summary = summarise(
    makeRecord({
      model: 'm',
      benchmarks: {
        'mmlu-pro': { scores: rightThenWrong(60, 40) },
        gpqa: { scores: rightThenWrong(30, 70) },
        bbh: { scores: [], status: 'failed', reason: 'out of memory' },
        own_task: { scores: rightThenWrong(5, 5) },
      },
    }),
  );

  test('is weighted by the sizes in the paper', () => {
    const wk = summary.factors[0];
    assertClose(wk?.score, (12000 * 0.6 + 1250 * 0.3) / 13250);
    assert.equal(wk?.n, 200);
  });

  test('is unknown without benchmarks', () => {
    assert.deepEqual(summary.factors[2], { id: 'safety', score: null, ci: null, n: 0 });
  });

  test('leaves out benchmarks the catalogue does not know, which are listed', () => {
    assert.deepEqual(
      summary.benchmarks.map(({ id, status }) => `${id} ${status}`),
      ['mmlu-pro done', 'bbh failed', 'gpqa done', 'own_task done'],
    );
  });

  test('is written as its schema says', () => {
    assert.deepEqual(SummarySchema.parse(JSON.parse(JSON.stringify(summary))), summary);
  });
});

function scoreOf(id: string, row: Row) {
  const found = summarise(makeRecord({ model: 'm', benchmarks: { [id]: row } })).benchmarks[0];
  assert.ok(found);
  const { score, ci, n } = found;
  return { score, ci, n };
}

function width(ci: [number, number] | null): number {
  return ci ? ci[1] - ci[0] : Number.NaN;
}
