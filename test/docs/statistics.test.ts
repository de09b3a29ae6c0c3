import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import tCdf from '@stdlib/stats-base-dists-t-cdf';
import { endingsOf } from '../../src/stats/sequential/futility.ts';
import { CATALOGUE } from '../../src/suite/catalogue.ts';
import { designFactor } from '../../src/suite/plan/looks/looks.ts';
import { chooseDocuments } from '../../src/suite/plan/sample.ts';
import { compare } from '../../src/verdict/compare.ts';
import { factorMean, weigh } from '../../src/verdict/measure/factors.ts';
import { factor, of, row } from '../support/comparisons.ts';
import { readDocsTable } from '../support/docs-table.ts';
import { flipped, indexes, rightThenWrong } from '../support/records.ts';

const page = readFileSync('docs/statistics.md', 'utf8');
const percent = (fraction: number, digits: number) => (100 * fraction).toFixed(digits);

test('the worked example has the numbers that compare gives', () => {
  const n = 450;
  const before = rightThenWrong(380, 70);
  const after = flipped(before, ...indexes(30), ...indexes(8, 380));
  const rows = CATALOGUE.filter(({ harness }) => harness === 'lm-eval').map(({ id }) => id);
  const record = (model: string, scores: number[]) =>
    of(model, Object.fromEntries(rows.map((id) => [id, { scores: id === 'xstest' ? scores : before }])));
  const verdict = compare(record('main', before), record('pr', after));
  const { baseline, candidate, delta, detectable, outcome, share } = row(verdict, 'xstest');
  const safety = factor(verdict, 'safety');
  const variance = ({ score }: { score: number | null }) => (score! * (1 - score!)) / n;
  const unpaired = Math.sqrt(variance(baseline) + variance(candidate));
  const z = delta.estimate! / unpaired;
  const interval = (ci: [number, number] | null, digits: number) =>
    ci!.map((end) => percent(end, digits)).join(' to ');

  assert.deepEqual(readDocsTable(page, 'example'), [
    ['baseline, 95% interval', `${percent(baseline.score!, 1)} (${interval(baseline.ci, 1)})`],
    ['candidate, 95% interval', `${percent(candidate.score!, 1)} (${interval(candidate.ci, 1)})`],
    ['difference', percent(delta.estimate!, 2)],
    ['standard error, paired', percent(delta.se!, 2)],
    ['95% interval (Tango)', interval(delta.ci, 2)],
    ['p (exact McNemar, 8 of 38)', delta.p!.toFixed(5)],
    ['p, corrected for 18 benchmarks', delta.pAdjusted!.toFixed(4)],
    ['outcome', outcome],
    ['minimum detectable drop', percent(detectable!, 1)],
    ['standard error, as if unpaired', percent(unpaired, 2)],
    ['z, as if unpaired', z.toFixed(2)],
    // With so many degrees of freedom t is the normal distribution.
    ['p, as if unpaired', (2 * tCdf(z, 1e9)).toFixed(3)],
    ['share of the benchmark in factor safety', percent(share!, 2)],
    ['difference of factor safety', percent(safety.delta.estimate!, 2)],
    ['outcome of factor safety', safety.outcome],
    ['verdict', verdict.verdict],
  ]);
  assert.equal(Math.round(1 / delta.p! / 100) * 100, 2100);
});

test('the example of borrowing has the numbers that compare gives', () => {
  const [total, n, seed] = [10_000, 1000, 1];
  const before = rightThenWrong(6000, 4000);
  const main = of('main', { 'mmlu-pro': { scores: before } });
  const hashes = main.items.map(({ docHash }) => docHash.toString(16).padStart(16, '0'));
  const asked = chooseDocuments(hashes, n, seed);
  const right = asked.filter((docId) => docId < 6000);
  const wrong = asked.slice(right.length);
  const later = flipped(before, ...right.slice(0, 150), ...wrong.slice(0, 90));
  const scores = asked.map((docId) => later[docId]!);
  const docId = (i: number) => asked[i]!;
  const pr = of('pr', { 'mmlu-pro': { scores, docId, inclusionP: () => n / total } });
  pr.record.planHash = 'a sample';
  const { delta, borrowed, flips, method, baseline, candidate } = row(compare(main, pr), 'mmlu-pro');
  const plain = -60 / n;
  const plainSe = Math.sqrt((0.24 - plain ** 2) / (n - 1));
  const spread = (rate: number, of: number) => (rate * (1 - rate)) / (of - 1);
  const rates = { lost: 150 / right.length, gained: 90 / wrong.length };
  const within = 0.6 ** 2 * spread(rates.lost, right.length) + 0.4 ** 2 * spread(rates.gained, wrong.length);
  const between = (0.6 * 0.4 * (rates.lost + rates.gained) ** 2) / (total - 1);
  assert.deepEqual(flips, { gained: 90, lost: 150 });
  assert.equal(method, 't');
  assert.deepEqual(readDocsTable(page, 'borrowing'), [
    ['right before, of those asked; lost', `${right.length}; 150`],
    ['wrong before, of those asked; gained', `${wrong.length}; 90`],
    ['difference of the asked alone', percent(plain, 2)],
    ['its standard error', percent(plainSe, 3)],
    ['difference', percent(-0.6 * rates.lost + 0.4 * rates.gained, 2)],
    ['variance within cells, times 10,000', (1e4 * within).toFixed(3)],
    ['variance between cells, times 10,000', (1e4 * between).toFixed(3)],
    ['standard error', percent(Math.sqrt(within + between), 3)],
    ['variance, of that of the asked alone', `${percent(borrowed!.varianceRatio!, 0)}%`],
    ['baseline and candidate', `${percent(baseline.score!, 2)} and ${percent(candidate.score!, 2)}`],
  ]);
  assert.equal(percent(delta.estimate!, 6), percent(-0.6 * rates.lost + 0.4 * rates.gained, 6));
  assert.equal(percent(delta.se!, 6), percent(Math.sqrt(within + between), 6));
});

test('boundaries and endings of five looks are those of the page', () => {
  const fractions = [0.2, 0.4, 0.6, 0.8, 1];
  const { drift, efficacy, futility } = designFactor(fractions, { alpha: 0.025, missed: 0.2, familySize: 3 });
  const lower = futility.map((bound, look) => drift * Math.sqrt(fractions[look]!) - bound);
  const endings = [0, drift].map((own) =>
    endingsOf(fractions, { efficacy: efficacy[0]!, lower, drift: own }),
  );
  const upTo = (values: readonly number[], look: number) =>
    `${percent(
      values.slice(0, look + 1).reduce((sum, value) => sum + value, 0),
      1,
    )}%`;
  assert.deepEqual(
    readDocsTable(page, 'looks'),
    fractions.map((_, look) => [
      String(look + 1),
      ...efficacy.map((own) => own[look]!.toFixed(3)),
      futility[look]!.toFixed(3),
      ...endings.flatMap(({ crossed, futile }) => [upTo(crossed, look), upTo(futile, look)]),
    ]),
  );
});

test('the presets turn the example ranking round as the page says', () => {
  const safety = CATALOGUE.filter((benchmark) => benchmark.factor === 'safety');
  const score = (preset: 'paper' | 'effective' | 'macro', bbq: number, others: number) =>
    factorMean(
      safety.map(({ id, items }) => ({
        id,
        n: items,
        estimate: { estimate: id === 'bbq' ? bbq : others, se: 0, df: 1, units: items },
      })),
      preset,
    )!.estimate;
  const expected = (['paper', 'effective', 'macro'] as const).map((preset) => {
    const weights = safety.map(({ id, items }) => weigh({ id, n: items }, preset));
    const total = weights.reduce((a, b) => a + b, 0);
    const share = weights[safety.findIndex(({ id }) => id === 'bbq')]! / total;
    return [
      `\`${preset}\``,
      percent(share, 1),
      percent(score(preset, 0.8, 0.6), 1),
      percent(score(preset, 0.6, 0.72), 1),
    ];
  });
  assert.deepEqual(readDocsTable(page, 'presets'), expected);
});
