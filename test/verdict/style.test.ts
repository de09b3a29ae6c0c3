/** The shift of style as a comparison has it: which questions count, what is said of records without it, and that nothing is decided by it. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { AnswerStyle } from '../../src/answer-style.ts';
import { compare } from '../../src/verdict/compare.ts';
import { VerdictSchema } from '../../src/verdict/schema.ts';
import { summarise } from '../../src/verdict/summary.ts';
import { makeRecord, type Row, rightThenWrong } from '../support/records.ts';

const SCORES = rightThenWrong(60, 40);
const PLAIN: AnswerStyle = { chars: 400, headers: 0, listItems: 2, bold: 1 };
const plain = (index: number): AnswerStyle => ({ ...PLAIN, chars: 400 + (index % 7) });
const dressed = (index: number): AnswerStyle => ({
  chars: 800 + (index % 5),
  headers: 2 + (index % 3),
  listItems: 2,
  bold: 1,
});
const made = (model: string, benchmarks: Record<string, Row>, edit = {}) =>
  makeRecord({ model, benchmarks, ...edit });
const shiftOf = (verdict: ReturnType<typeof compare>, id = 'ifeval') =>
  verdict.style?.benchmarks.find((benchmark) => benchmark.id === id);
const noted = ({ footnotes }: ReturnType<typeof compare>) =>
  footnotes.filter((note) => /No style/.test(note));

describe('the style of answers to the same questions', () => {
  const main = made('main', {
    ifeval: { scores: SCORES, style: plain },
    math: { scores: SCORES, style: plain },
    bbq: { scores: SCORES },
  });
  const candidate = made('pr', {
    ifeval: { scores: SCORES, style: dressed },
    math: { scores: SCORES, style: plain },
    bbq: { scores: SCORES },
  });
  const verdict = compare(main, candidate);

  test('is compared in each benchmark whose answers are generated, in the order of the catalogue', () => {
    assert.deepEqual(
      verdict.style!.benchmarks.map(({ id, n, units }) => [id, n, units]),
      [
        ['math', 100, 100],
        ['ifeval', 100, 100],
      ],
    );
    assert.deepEqual(verdict.style!.recorded, { baseline: true, candidate: true });
  });

  test('has moved where it has, and is as before elsewhere', () => {
    const { chars, headers, listItems, bold } = shiftOf(verdict)!.features;
    assert.deepEqual(
      [chars.rejected, chars.large, headers.rejected, headers.large],
      [true, true, true, true],
    );
    assert.ok(Math.abs(chars.ratio! - 2) < 0.02 && headers.ratio === null && headers.candidate > 2.9);
    assert.deepEqual([listItems.rejected, listItems.large, bold.p], [false, false, 1]);
    const own = Object.values(shiftOf(verdict, 'math')!.features);
    assert.ok(own.every(({ rejected, difference }) => !rejected && difference === 0));
  });

  test('is part of the JSON that its schema describes', () => {
    assert.deepEqual(VerdictSchema.parse(JSON.parse(JSON.stringify(verdict))).style, verdict.style);
  });

  test('is left out of verdicts that have none: of questions with options alone, and of older versions', () => {
    const options = (model: string) => made(model, { bbq: { scores: SCORES } });
    const without = compare(options('main'), options('pr'));
    assert.equal('style' in without, false);
    assert.deepEqual(noted(without), []);
    assert.equal(VerdictSchema.parse(JSON.parse(JSON.stringify(without))).style, undefined);
  });
});

describe('only questions count that both sides answered, and both said how', () => {
  const CASES: [what: string, before: Row, after: Row, n: number | undefined][] = [
    ['all of them', { scores: SCORES, style: plain }, { scores: SCORES, style: dressed }, 100],
    [
      'the common ones of two samples',
      { scores: SCORES, style: plain },
      { scores: SCORES, style: dressed, docId: (index) => index + 15 },
      85,
    ],
    [
      'not those of which a side says nothing',
      { scores: SCORES, style: plain },
      { scores: SCORES, style: (index) => (index < 30 ? dressed(index) : undefined) as AnswerStyle },
      30,
    ],
    [
      'none where no question is common',
      { scores: SCORES, style: plain },
      { scores: SCORES, style: dressed, docId: (index) => index + 200 },
      undefined,
    ],
  ];
  for (const [what, before, after, n] of CASES)
    test(what, () => {
      const verdict = compare(made('main', { ifeval: before }), made('pr', { ifeval: after }));
      assert.equal(shiftOf(verdict)?.n, n);
    });

  test('and of benchmarks that are compared: not what was evaluated in different ways', () => {
    const row = { ifeval: { scores: SCORES, style: plain } };
    const candidate = made(
      'pr',
      { ifeval: { scores: SCORES, style: dressed } },
      {
        edit: ({ protocol }: ReturnType<typeof made>['record']) => {
          for (const task of Object.values(protocol.tasks)) task.generation = { max_gen_toks: 9000 };
        },
      },
    );
    assert.equal(shiftOf(compare(made('main', row), candidate)), undefined);
    assert.equal(shiftOf(compare(made('main', row), candidate, { force: true }))!.n, 100);
  });

  test('the questions of one text are one unit', () => {
    const cluster = (index: number) => Math.floor(index / 10);
    const verdict = compare(
      made('main', { ifeval: { scores: SCORES, style: plain, cluster } }),
      made('pr', { ifeval: { scores: SCORES, style: dressed, cluster } }),
    );
    assert.equal(shiftOf(verdict)!.units, 10);
  });
});

describe('a record without style is read, and says so in one line', () => {
  const styled = (model: string) => made(model, { ifeval: { scores: SCORES, style: plain } });
  const older = (model: string) => made(model, { ifeval: { scores: SCORES, style: 'none' } });
  const CASES: [string, ReturnType<typeof made>, ReturnType<typeof made>, RegExp | null][] = [
    ['the baseline', older('main'), styled('pr'), /No style was recorded in the baseline's record/],
    ['the candidate', styled('main'), older('pr'), /No style was recorded in the candidate's record/],
    ['both', older('main'), older('pr'), /No style was recorded in these records/],
    ['neither', styled('main'), styled('pr'), null],
  ];
  for (const [whose, before, after, note] of CASES)
    test(whose, () => {
      const verdict = compare(before, after);
      assert.equal(noted(verdict).length, note === null ? 0 : 1);
      if (note !== null) {
        assert.match(noted(verdict)[0]!, note);
        assert.deepEqual(verdict.style!.benchmarks, []);
      }
    });

  test('show has null for it, and nothing for questions with options', () => {
    const summary = summarise(
      made('old', { ifeval: { scores: SCORES, style: 'none' }, bbq: { scores: SCORES } }),
    );
    const [ifeval, bbq] = summary.benchmarks;
    assert.deepEqual([ifeval!.style, 'style' in bbq!], [null, false]);
  });
});

test('show has the means of what is recorded; sampled questions weigh by 1 / their probability', () => {
  const summary = summarise(
    made('m', {
      ifeval: {
        scores: SCORES,
        style: (index) => ({ ...PLAIN, chars: index < 50 ? 100 : 400 }),
        inclusionP: (index) => (index < 50 ? 1 : 0.5),
      },
    }),
  );
  assert.deepEqual(summary.benchmarks[0]!.style, { n: 100, chars: 300, headers: 0, listItems: 2, bold: 1 });
});
