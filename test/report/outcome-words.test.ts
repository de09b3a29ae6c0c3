import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import {
  describeFactorOutcome,
  describeOutcome,
  tallyOutcomes,
  verdictMark,
} from '../../src/report/outcome-words.ts';
import { type Outcome, OutcomeSchema, WHOLE_VERDICTS } from '../../src/verdict/schema.ts';

const WORDS: [Outcome, string][] = [
  ['regressed', '🔴 worse'],
  ['improved', '🟢 better'],
  ['equivalent', '⚪ equivalent'],
  ['held', '⚪ held'],
  ['inconclusive', '🟡 cannot tell'],
  ['not-comparable', '⚫ not comparable'],
  ['failed', '⚫ failed'],
  ['skipped', 'not run'],
  ['no-baseline', 'no baseline'],
];
for (const [outcome, shown] of WORDS)
  test(`${outcome} is '${shown}' for readers`, () => {
    const { mark, word } = describeOutcome(outcome);
    assert.equal(`${mark} ${word}`.trim(), shown);
  });

test('every outcome and every verdict has its words', () => {
  assert.deepEqual(WORDS.map(([outcome]) => outcome).sort(), [...OutcomeSchema.options].sort());
  for (const verdict of WHOLE_VERDICTS) assert.match(verdictMark(verdict), /^\p{Emoji}$/u);
});

test('a factor with a score and nothing to hold it against has no baseline', () => {
  const [none, some] = [
    { score: null, ci: null },
    { score: 0.5, ci: null },
  ];
  const word = (baseline: typeof some | typeof none, candidate: typeof some | typeof none) =>
    describeFactorOutcome({ id: 'safety', outcome: 'skipped', baseline, candidate } as never).word;
  assert.equal(word(none, some), 'no baseline');
  assert.equal(word(none, none), 'not run');
  assert.equal(word(some, none), 'not run');
});

describe('a factor of which little was compared', () => {
  const CASES: [outcome: Outcome, weight: number, word: string][] = [
    ['equivalent', 0.04, 'cannot tell'],
    ['equivalent', 0.49, 'cannot tell'],
    ['equivalent', 0.5, 'equivalent'],
    ['held', 0.3, 'cannot tell'],
    ['regressed', 0.04, 'worse'],
    ['improved', 0.04, 'better'],
  ];
  for (const [outcome, weight, word] of CASES)
    test(`${outcome} on ${weight * 100}% of the weight: ${word}`, () => {
      const coverage = [{ factor: 'safety' as const, compared: 2, of: 12, weight }];
      const shown = describeFactorOutcome({ id: 'safety', outcome }, coverage);
      assert.equal(shown.word, word);
      assert.equal(shown.note !== null, word === 'cannot tell');
    });

  test('says on how much it rests', () => {
    const coverage = [{ factor: 'safety' as const, compared: 2, of: 12, weight: 0.04 }];
    assert.equal(
      describeFactorOutcome({ id: 'safety', outcome: 'equivalent' }, coverage).note,
      'equivalent in what was compared, but that is 2 of 12 benchmarks, 4% of the weight',
    );
  });
});

test('of one and the same model nothing is left open by what was not compared', () => {
  const coverage = [{ factor: 'safety' as const, compared: 2, of: 12, weight: 0.04 }];
  const shown = describeFactorOutcome({ id: 'safety', outcome: 'equivalent' }, coverage, true);
  assert.deepEqual([shown.word, shown.note], ['equivalent', null]);
});

test('a tally counts what there is, the worst first', () => {
  const counts = tallyOutcomes(['skipped', 'equivalent', 'regressed', 'equivalent', 'inconclusive']);
  assert.deepEqual(
    counts.map(({ count, word }) => `${count} ${word}`),
    ['1 worse', '2 equivalent', '1 cannot tell', '1 not run'],
  );
});
