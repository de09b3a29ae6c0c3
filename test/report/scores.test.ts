import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { COMMENT_BUDGET } from '../../src/markdown/limits.ts';
import { renderTrend } from '../../src/report/comment/trend.ts';
import { renderScores } from '../../src/report/tables/scores.ts';
import { summarise } from '../../src/verdict/summary.ts';
import { HALF } from '../support/comparisons.ts';
import { assertGolden } from '../support/golden.ts';
import { indexes, makeRecord, type Row } from '../support/records.ts';
import * as scenarios from '../support/scenarios.ts';

const commit = 'c0ffee'.padEnd(40, '0');
const now = { label: 'PR', scores: { wk: 0.5, if: 0.5, safety: 0.5 } };
const trend = renderTrend([{ ...now, label: 'aaaaaaa' }], now);
const notes = ['No baseline: there is no history yet.'];

test('the scores of a run without a baseline read as their golden file', () => {
  const text = renderScores(summarise(scenarios.regression.candidate), { commit, trend, notes });
  assertGolden('comment-no-baseline.md', text);
});

test('a policy that fails without a baseline is named in the first lines', () => {
  const summary = summarise(scenarios.regression.candidate);
  assert.match(
    renderScores(summary, { fails: true }),
    /^### .*\n\n> \[!WARNING\]\n> .*\*\*This fails the check\.\*\*/,
  );
  assert.doesNotMatch(renderScores(summary), /fails the check/);
});

describe('scores that would be too long', () => {
  const rows: Record<string, Row> = Object.fromEntries(
    indexes(3000).map((number) => [`team_task_number_${number}`, { scores: HALF.slice(495, 505) }]),
  );
  const summary = summarise(makeRecord({ model: 'many-tasks', benchmarks: rows }));
  const render = (budget?: number) =>
    renderScores(summary, { commit, trend, notes, ...(budget === undefined ? {} : { budget }) });
  const bytes = (text: string) => Buffer.byteLength(text);

  test('stay within the budget of a comment', () => {
    assert.ok(bytes(render(Number.POSITIVE_INFINITY)) > 100_000);
    assert.ok(bytes(render()) <= COMMENT_BUDGET);
    assert.match(render(), /<summary>The first 100 of 3,000 benchmarks<\/summary>/);
  });

  test('drop trend and benchmarks, and say so; factors, commit and notes stay whatever the budget', () => {
    for (let budget = 20_000; budget >= 0; budget -= 1_000) {
      const text = render(budget);
      assert.match(text, /^### SOS-Bench: no baseline\n\n> \[!NOTE\]\n> \*\*No baseline\.\*\*/);
      for (const kept of [/World knowledge/, /c0ffee000000/, /there is no history yet/])
        assert.match(text, kept);
      assert.ok(bytes(text) <= Math.max(budget, 1_500), `${bytes(text)} of ${budget}`);
    }
    assert.match(render(0), /Left out for length: trend, benchmarks\./);
  });
});
