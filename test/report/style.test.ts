/** What is said of a shift of style, in a sentence, a table and on a terminal. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { AnswerStyle } from '../../src/answer-style.ts';
import { renderComment } from '../../src/report/comment/comment.ts';
import { renderShowMarkdown } from '../../src/report/comment/markdown-scores.ts';
import { renderCompareTable, renderShowTable } from '../../src/report/tables/table.ts';
import { compare } from '../../src/verdict/compare.ts';
import { summarise } from '../../src/verdict/summary.ts';
import { after, HALF } from '../support/comparisons.ts';
import { makeRecord, type Row } from '../support/records.ts';

type Mean = Partial<AnswerStyle>;

/** Answers with these counts on average, which differ a little from one to the next. */
function written(
  { chars = 1000, headers = 0, listItems = 0, bold = 0 }: Mean,
  jitter = 0,
): Row['style'] & object {
  const of = (mean: number, index: number) => {
    const part = mean - Math.floor(mean);
    return Math.floor(mean) + (index % 100 < Math.round(100 * part) ? 1 : 0);
  };
  return (index) => ({
    chars: of(chars, index) + ((index + jitter) % 3),
    headers: of(headers, index),
    listItems: of(listItems, index),
    bold: of(bold, index),
  });
}

interface Side {
  ifeval?: Mean;
  math?: Mean;
  'livebench-math'?: Mean;
}
function record(model: string, written_: Side, scores: Record<string, number[]> = {}, jitter = 0) {
  const styled = Object.entries(written_).map(([id, mean]) => [
    id,
    { scores: scores[id] ?? HALF, style: written(mean, jitter) },
  ]);
  return makeRecord({
    model,
    benchmarks: {
      ...Object.fromEntries(styled),
      'mmlu-pro': { scores: scores['mmlu-pro'] ?? HALF },
      bbq: { scores: HALF },
    },
  });
}
const compared = (before: Side, now: Side, scores = {}) =>
  compare(record('main', before), record('pr', now, scores, 1));
const commentOf = (verdict: ReturnType<typeof compare>) =>
  renderComment(verdict, { now: new Date(0), reproduce: null });
const sentenceOf = (verdict: ReturnType<typeof compare>) =>
  /^\*\*Style\.\*\* (.*)$/m.exec(commentOf(verdict))?.[1]?.replace(/\\/g, '') ?? null;

const MARKUP = { headers: 0.5, listItems: 2, bold: 1 };
const CASES: [what: string, before: Side, now: Side, said: string | null][] = [
  ['answers as before', { ifeval: MARKUP }, { ifeval: MARKUP }, null],
  ['answers 9% longer', { ifeval: {} }, { ifeval: { chars: 1089 } }, null],
  [
    'answers 90% longer, six times the headers',
    { ifeval: MARKUP },
    { ifeval: { ...MARKUP, chars: 1900, headers: 3 } },
    'In IFEval answers are 1.9x as long, with 6x the headers; no factor rose.',
  ],
  [
    'shorter answers',
    { ifeval: {} },
    { ifeval: { chars: 620 } },
    'In IFEval answers are 0.62x as long; no factor rose.',
  ],
  [
    'markup alone',
    { ifeval: MARKUP },
    { ifeval: { ...MARKUP, listItems: 6, bold: 2 } },
    'In IFEval answers have 3x the list items and 2x the bold text; no factor rose.',
  ],
  [
    'markup where there was none',
    { ifeval: {} },
    { ifeval: { headers: 3.1 } },
    'In IFEval headers went from none to 3.1 an answer; no factor rose.',
  ],
  [
    'markup that is gone',
    { ifeval: { bold: 2.5 } },
    { ifeval: {} },
    'In IFEval bold text went from 2.5 to none an answer; no factor rose.',
  ],
  [
    'markup where there was next to none',
    { ifeval: { headers: 0.02 } },
    { ifeval: { headers: 2 } },
    'In IFEval headers went from 0.02 to 2.0 an answer; no factor rose.',
  ],
  [
    'one shift everywhere',
    { ifeval: MARKUP, math: MARKUP },
    { ifeval: { ...MARKUP, chars: 1900 }, math: { ...MARKUP, chars: 1400 } },
    'Answers are 1.4x to 1.9x as long; no factor rose.',
  ],
  [
    'shifts in some of several benchmarks',
    { ifeval: MARKUP, math: MARKUP, 'livebench-math': MARKUP },
    {
      ifeval: { ...MARKUP, chars: 1900, headers: 3 },
      math: { ...MARKUP, chars: 1900 },
      'livebench-math': MARKUP,
    },
    'In MATH Level 5 and IFEval answers are 1.9x as long; in IFEval answers have 6x the headers; no factor rose.',
  ],
  [
    'longer in one and shorter in the other',
    { ifeval: {}, math: {} },
    { ifeval: { chars: 2000 }, math: { chars: 500 } },
    'Answers are 0.5x to 2x as long; no factor rose.',
  ],
  [
    'answers that were empty',
    { ifeval: { chars: 0 } },
    { ifeval: { chars: 300 } },
    'In IFEval answers are 301x as long; no factor rose.',
  ],
];
describe('the line of the comment', () => {
  for (const [what, before, now, said] of CASES)
    test(what, () => {
      assert.equal(sentenceOf(compared(before, now)), said);
    });

  const LONGER: [Side, Side] = [{ ifeval: {} }, { ifeval: { chars: 1900 } }];
  const FACTORS: [string, Record<string, number[]>, string][] = [
    ['a factor that rose', { 'mmlu-pro': after(5, 95) }, 'world knowledge rose'],
    ['a factor that fell', { 'mmlu-pro': after(95, 5) }, 'no factor rose, world knowledge fell'],
    [
      'one that rose and one that fell',
      { 'mmlu-pro': after(95, 5), ifeval: after(5, 155) },
      'instruction following rose, world knowledge fell',
    ],
  ];
  for (const [what, scores, said] of FACTORS)
    test(`with ${what}`, () => {
      assert.equal(sentenceOf(compared(...LONGER, scores)), `In IFEval answers are 1.9x as long; ${said}.`);
    });

  test('where not all factors were compared', () => {
    const alone = (model: string, mean: Mean) =>
      makeRecord({ model, benchmarks: { ifeval: { scores: HALF, style: written(mean) } } });
    const verdict = compare(alone('main', {}), alone('pr', { chars: 1900 }));
    assert.equal(
      sentenceOf(verdict),
      'In IFEval answers are 1.9x as long; no factor that was compared rose.',
    );
  });

  test('is not there for few answers, however long', () => {
    const few = (model: string, chars: number) =>
      makeRecord({ model, benchmarks: { ifeval: { scores: [1, 0, 1, 0, 1], style: written({ chars }) } } });
    const verdict = compare(few('main', 100), few('pr', 5000));
    assert.equal(sentenceOf(verdict), null);
    assert.match(
      renderCompareTable(verdict, { colour: false }),
      /^Style: there are too few questions to tell/m,
    );
  });
});

const verdict = compared(
  { ifeval: MARKUP, math: {} },
  { ifeval: { ...MARKUP, chars: 1900, headers: 3 }, math: {} },
);
test('the details have all four by benchmark, with what was reported in bold', () => {
  const comment = commentOf(verdict);
  assert.match(comment, /<summary>How answers are written \(2\)<\/summary>/);
  const line = comment.split('\n').find((text) => /^\| IFEval \| \*\*/.test(text))!;
  const cells = line.split('|').map((cell) => cell.trim());
  assert.deepEqual(cells.slice(2, 7), [
    '**1,001 → 1,901**<br>+900 [+900, +900]',
    '**0.5 → 3.0**<br>+2.5 [+2.5, +2.5]',
    '2.0 → 2.0<br>0 [0, 0]',
    '1.0 → 1.0<br>0 [0, 0]',
    '1,000',
  ]);
});

test('compare on a terminal says the same, and what it rests on', () => {
  const table = renderCompareTable(verdict, { colour: false });
  assert.match(table, /^Style: In IFEval answers are 1\.9x as long, with 6x the headers; no factor rose\.$/m);
  assert.match(table, /^IFEval, an answer: characters 1,001 → 1,901 \(\+900 \[.*\]\); headers 0\.5 → 3\.0 /m);
  assert.doesNotMatch(table, /^MATH Level 5, an answer/m);
});

test('compare on a terminal says where nothing moved', () => {
  const same = renderCompareTable(compared({ ifeval: MARKUP }, { ifeval: MARKUP }), { colour: false });
  assert.match(same, /^Style: no large shift of length or markup was found in IFEval\.$/m);
});

test('show tells how a record is written, in text and in markdown', () => {
  const summary = summarise(record('main', { ifeval: MARKUP }));
  const said =
    /IFEval: an answer has 1,001 characters, 0\.5 headers, 2\.0 list items, 1\.0 pieces of bold text on average \(1,000 answers\)/;
  assert.match(renderShowTable([summary], { colour: false }), said);
  assert.match(renderShowMarkdown([summary]).replace(/\\/g, ''), said);
});

test('show says in one line that an older record has no style', () => {
  const old = makeRecord({
    model: 'old',
    benchmarks: { ifeval: { scores: HALF, style: 'none' }, math: { scores: HALF, style: 'none' } },
  });
  const table = renderShowTable([summarise(old)], { colour: false });
  assert.equal(table.match(/no style was recorded/g)?.length, 1);
});

test('a comment without room leaves the table out before the line', () => {
  const whole = commentOf(verdict);
  const short = renderComment(verdict, { now: new Date(0), reproduce: null, budget: 2600 });
  assert.ok(whole.length > 2600);
  assert.match(short, /\*\*Style\.\*\*/);
  assert.doesNotMatch(short, /<summary>How answers are written/);
});
