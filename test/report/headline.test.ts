import assert from 'node:assert/strict';
import { test } from 'node:test';
import { writeHeadline } from '../../src/report/comment/headline.ts';
import { compare } from '../../src/verdict/compare.ts';
import { makeRecord, type Row, rightThenWrong } from '../support/records.ts';

const RIGHT = { gpqa: { scores: rightThenWrong(40, 10) } };
const WRONG = { gpqa: { scores: rightThenWrong(0, 50) } };

const cases: {
  title: string;
  from: Record<string, Row>;
  to: Record<string, Row>;
  same?: true;
  text: RegExp;
}[] = [
  {
    title: 'a drop',
    from: RIGHT,
    to: WRONG,
    text: /^The model got worse: World knowledge fell by 80\.0 points \(80\.0 → 0\.0\)\. Worse in GPQA \(40 questions lost, 0 gained of 50\)\. This is unlikely/,
  },
  { title: 'a drop of the same weights', from: RIGHT, to: WRONG, same: true, text: /look at the evaluation/ },
  {
    title: 'a gain',
    from: WRONG,
    to: RIGHT,
    text: /^The model got better: World knowledge rose by 80\.0 points/,
  },
  {
    title: 'a gain outside of SOS-Bench, which is in no factor',
    from: { quiz: { scores: rightThenWrong(0, 50) } },
    to: { quiz: { scores: rightThenWrong(40, 10) } },
    text: /^The model got better: quiz rose by 80\.0 points \(0\.0 → 80\.0\)\.$/,
  },
  {
    title: 'the same weights',
    from: RIGHT,
    to: RIGHT,
    same: true,
    text: /^Same model: .* score the same\.$/,
  },
  {
    title: 'equal answers of two models',
    from: { gpqa: { scores: rightThenWrong(400, 100) } },
    to: { gpqa: { scores: rightThenWrong(400, 100) } },
    text: /^No loss in what was compared: There the model scores as before within the margins \(points: world knowledge 1\.0\)\. Too little of world knowledge was compared to call it equivalent\.$/,
  },
  {
    title: 'too few questions',
    from: { gpqa: { scores: [1, 0, 1] } },
    to: { gpqa: { scores: [1, 0, 0] } },
    text: /^No drop found, but not ruled out: There were too few questions to tell\.$/,
  },
  {
    title: 'a drop in an incomplete run',
    from: { ...RIGHT, bbq: { scores: [1, 0] } },
    to: WRONG,
    text: /^Incomplete: .* lacks .*\(BBQ\).* The benchmarks that did run show a drop: World knowledge fell by 80\.0/,
  },
  { title: 'nothing at all', from: {}, to: {}, text: /^Incomplete: This run measured nothing\.$/ },
  {
    title: 'no baseline',
    from: {},
    to: RIGHT,
    text: /^No baseline: There is nothing to compare this model with/,
  },
];
for (const { title, from, to, same, text } of cases) {
  test(`the headline of ${title}`, () => {
    const baseline = makeRecord({ model: 'main', benchmarks: from });
    const digest = same ? baseline.record.model.digest! : 'sha256:other';
    const headline = writeHeadline(
      compare(baseline, makeRecord({ model: 'pr', digest, benchmarks: to })),
      String,
    );
    assert.match(`${headline.title}: ${headline.text}`, text);
  });
}
