import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { compare } from '../../src/verdict/compare.ts';
import { DEFAULT_POLICY, type Policy } from '../../src/verdict/policy.ts';
import { type Verdict, VerdictSchema } from '../../src/verdict/schema.ts';
import { after, HALF, of } from '../support/comparisons.ts';
import { type Row, rightThenWrong } from '../support/records.ts';

describe('the verdict of the whole', () => {
  const cases: {
    title: string;
    baseline?: Record<string, Row>;
    candidate: Record<string, Row>;
    policy?: Partial<Policy>;
    verdict: Verdict['verdict'];
    passed: boolean;
  }[] = [
    {
      title: 'a factor fell',
      candidate: { gpqa: { scores: after(60, 10) } },
      verdict: 'regressed',
      passed: false,
    },
    {
      title: 'a factor rose',
      candidate: { gpqa: { scores: after(10, 60) } },
      verdict: 'improved',
      passed: true,
    },
    {
      title: 'as many lost as gained',
      candidate: { gpqa: { scores: after(40, 40) } },
      verdict: 'inconclusive',
      passed: true,
    },
    {
      title: 'hardly anything moved',
      candidate: { gpqa: { scores: after(2, 2) } },
      verdict: 'equivalent',
      passed: true,
    },
    {
      title: 'a benchmark fell, its factor did not',
      baseline: { 'mmlu-pro': { scores: HALF }, gpqa: { scores: HALF } },
      candidate: { 'mmlu-pro': { scores: after(30, 38) }, gpqa: { scores: after(60, 10) } },
      verdict: 'regressed',
      passed: false,
    },
    {
      title: 'a benchmark at level warn fell, its factor did not',
      baseline: { 'mmlu-pro': { scores: HALF }, gpqa: { scores: HALF } },
      candidate: { 'mmlu-pro': { scores: after(30, 38) }, gpqa: { scores: after(60, 10) } },
      policy: { thresholds: { gpqa: { level: 'warn' } } },
      verdict: 'inconclusive',
      passed: true,
    },
    { title: 'a benchmark is missing', candidate: {}, verdict: 'incomplete', passed: false },
    {
      title: 'a benchmark failed',
      candidate: { gpqa: { scores: [], status: 'failed' } },
      verdict: 'incomplete',
      passed: false,
    },
    {
      title: 'a benchmark was skipped',
      candidate: { gpqa: { scores: [], status: 'skipped' } },
      verdict: 'incomplete',
      passed: false,
    },
    {
      title: 'a benchmark was cut short',
      candidate: { gpqa: { scores: HALF.slice(0, 900), status: 'partial', planned: 1000 } },
      verdict: 'incomplete',
      passed: false,
    },
    {
      title: 'a benchmark failed on both sides, another is fine',
      baseline: { gpqa: { scores: HALF }, bbq: { scores: [], status: 'failed' } },
      candidate: { gpqa: { scores: after(1, 1) }, bbq: { scores: [], status: 'failed' } },
      verdict: 'equivalent',
      passed: true,
    },
    {
      title: 'nothing was measured on either side',
      baseline: { gpqa: { scores: [], status: 'failed' } },
      candidate: { gpqa: { scores: [], status: 'failed' } },
      verdict: 'incomplete',
      passed: false,
    },
    {
      title: 'only benchmarks the baseline lacks',
      baseline: { bbq: { scores: [], status: 'skipped' } },
      candidate: { gpqa: { scores: HALF } },
      verdict: 'no-baseline',
      passed: true,
    },
    {
      title: 'both incomplete and regressed, and only regressions fail',
      baseline: { gpqa: { scores: HALF }, bbq: { scores: HALF } },
      candidate: { gpqa: { scores: after(60) } },
      policy: { failOn: ['regressed'] },
      verdict: 'incomplete',
      passed: false,
    },
    {
      title: 'one factor rose, another stayed',
      baseline: { gpqa: { scores: HALF }, bbq: { scores: HALF } },
      candidate: { gpqa: { scores: after(0, 60) }, bbq: { scores: after(1, 1) } },
      verdict: 'equivalent',
      passed: true,
    },
    {
      title: 'every answer turned wrong',
      baseline: { gpqa: { scores: rightThenWrong(40, 0) } },
      candidate: { gpqa: { scores: rightThenWrong(0, 40) } },
      verdict: 'regressed',
      passed: false,
    },
    {
      title: 'every answer turned wrong, of too few',
      baseline: { gpqa: { scores: rightThenWrong(9, 0) } },
      candidate: { gpqa: { scores: rightThenWrong(0, 9) } },
      verdict: 'inconclusive',
      passed: true,
    },
    {
      title: 'a benchmark without a factor fell',
      baseline: { gpqa: { scores: HALF }, own_task: { scores: HALF } },
      candidate: { gpqa: { scores: after(1, 1) }, own_task: { scores: after(60) } },
      verdict: 'regressed',
      passed: false,
    },
    {
      title: 'only benchmarks without a factor',
      baseline: { own_task: { scores: HALF } },
      candidate: { own_task: { scores: after(1, 1) } },
      verdict: 'equivalent',
      passed: true,
    },
  ];
  for (const { title, baseline = { gpqa: { scores: HALF } }, candidate, policy, verdict, passed } of cases) {
    test(`${title}: ${verdict}, ${passed ? 'passed' : 'failed'}`, () => {
      const found = compare(of('main', baseline), of('pr', candidate), {
        policy: { ...DEFAULT_POLICY, ...policy },
      });
      assert.equal(found.verdict, verdict);
      assert.equal(found.passed, passed);
      assert.deepEqual(VerdictSchema.parse(JSON.parse(JSON.stringify(found))), found);
    });
  }
});
