import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { renderComment } from '../../src/report/comment/comment.ts';
import { renderCompareTable, renderShowTable } from '../../src/report/tables/table.ts';
import { compare } from '../../src/verdict/compare.ts';
import { summarise } from '../../src/verdict/summary.ts';
import { makeRecord, rightThenWrong } from '../support/records.ts';

interface Ends {
  cut?: number;
  unended?: number;
}

const made = (model: string, { cut, unended }: Ends, n = 100) =>
  makeRecord({
    model,
    benchmarks: { ifeval: { scores: rightThenWrong(n / 2, n / 2) } },
    edit({ benchmarks }) {
      const row = benchmarks.find(({ id }) => id === 'ifeval')!;
      if (cut !== undefined) row.cutAnswers = cut;
      if (unended !== undefined) row.unendedReasoning = unended;
    },
  });

describe('answers cut at the token limit, and reasoning without an end', () => {
  const CASES: [title: string, before: Ends, after: Ends, warned: RegExp | null][] = [
    ['none on both sides', { cut: 0 }, { cut: 0 }, null],
    ['as many on both sides', { cut: 40 }, { cut: 40 }, null],
    ['one more', { cut: 40 }, { cut: 41 }, null],
    [
      'many more now',
      { cut: 2 },
      { cut: 30 },
      /^IFEval: 30 of 100 \(30\.0%\) of the candidate's answers were cut at the token limit, of the baseline's 2 of 100 \(2\.0%\)/,
    ],
    ['many fewer now', { cut: 30 }, { cut: 2 }, /^IFEval: 2 of 100/],
    ['unknown before, since the record is older', {}, { cut: 30 }, null],
    ['unknown now', { cut: 30 }, {}, null],
    ['reasoning that ends less often', { unended: 0 }, { unended: 12 }, /^IFEval: 12 of 100 .*reasoning/],
    ['reasoning, as often without an end', { unended: 12 }, { unended: 12 }, null],
  ];
  for (const [title, before, after, warned] of CASES)
    test(`${title}: ${warned === null ? 'no warning' : 'a warning'}`, () => {
      const { warnings } = compare(made('main', before), made('pr', after));
      const own = warnings.filter((text) => text.startsWith('IFEval'));
      assert.equal(own.length, warned === null ? 0 : 1, own.join('\n'));
      if (warned !== null) assert.match(own[0]!, warned);
    });

  const verdict = compare(made('main', { cut: 2 }), made('pr', { cut: 30, unended: 7 }));
  const flat = (text: string) => text.replace(/\\?([()])/g, '$1');

  test('are in the comment, with what is unknown of an older record', () => {
    const comment = flat(renderComment(verdict, { now: new Date(0), reproduce: null }));
    assert.match(
      comment,
      /IFEval *\| *2 of 100 \(2\.0%\) *\| *30 of 100 \(30\.0%\) *\| *– *\| *7 of 100 \(7\.0%\)/,
    );
  });

  test('are in the table of compare', () => {
    const text = renderCompareTable(verdict, { colour: false });
    assert.match(
      text,
      /^IFEval: answers cut at the token limit: baseline 2 of 100 \(2\.0%\), candidate 30 of 100 \(30\.0%\); reasoning without an end: baseline –, candidate 7 of 100 \(7\.0%\)$/m,
    );
  });

  test('are in show, where there are any', () => {
    const show = (ends: Ends) => renderShowTable([summarise(made('pr', ends))], { colour: false });
    assert.match(
      show({ cut: 30, unended: 7 }),
      /^IFEval: 30 of 100 \(30\.0%\) answers were cut at the token limit, 7 of 100 \(7\.0%\) have reasoning without an end$/m,
    );
    assert.doesNotMatch(show({ cut: 0, unended: 0 }), /token limit|reasoning/);
    assert.doesNotMatch(show({}), /token limit|reasoning/);
  });

  test('a record without such answers is compared as before: no field more', () => {
    assert.equal('endings' in compare(made('main', {}), made('pr', {})), false);
  });
});
