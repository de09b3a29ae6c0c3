import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { renderComment } from '../../src/report/comment/comment.ts';
import { compare } from '../../src/verdict/compare.ts';
import type { Waiver } from '../../src/verdict/schema.ts';
import { after, HALF, of, row } from '../support/comparisons.ts';

const now = new Date('2026-03-04T00:00:00Z');
/** The 6 points that BBQ, the one benchmark of Safety here, lost when it was accepted. */
const LOST = ['safety', 'bbq', 'gpqa'].map((id) => ({ id, loss: 0.06, limit: 0.08 }));
const waiver = (target: string, expires = '2026-04-01T00:00:00Z', accepted = LOST): Waiver => ({
  id: 'comment-1',
  target: target === 'safety' ? { kind: 'factor', id: target } : { kind: 'benchmark', id: target },
  commit: 'a'.repeat(40),
  reason: 'refusals are tuned in #12 | next week',
  by: '@lead',
  created: '2026-03-01T00:00:00Z',
  expires,
  pull: 7,
  accepted,
});
const judge = (...list: ReturnType<typeof waiver>[]) =>
  compare(
    of('main', { bbq: { scores: HALF }, gpqa: { scores: HALF } }),
    of('pr', { bbq: { scores: after(60) }, gpqa: { scores: HALF } }),
    { waivers: { list, now } },
  );

describe('a waiver', () => {
  const cases = [
    { title: 'none: the drop counts', waivers: [], verdict: 'regressed' },
    {
      title: 'for the factor: its benchmarks are covered too',
      waivers: [waiver('safety')],
      verdict: 'equivalent',
    },
    {
      title: 'for the benchmark alone: its factor still counts',
      waivers: [waiver('bbq')],
      verdict: 'regressed',
    },
    { title: 'for another benchmark: the drop counts', waivers: [waiver('gpqa')], verdict: 'regressed' },
    {
      title: 'that has expired: the drop counts',
      waivers: [waiver('safety', '2026-03-03T23:59:59Z')],
      verdict: 'regressed',
    },
  ];
  const lossOf = (id: string, limit: number) => ({ id, loss: limit / 2, limit });
  for (const [title, accepted, verdict] of [
    ['of a loss that reaches just as far', [lossOf('safety', 0.06), lossOf('bbq', 0.06)], 'equivalent'],
    ['of a smaller loss', [lossOf('safety', 0.0599), lossOf('bbq', 0.0599)], 'regressed'],
    ['of the factor, when that benchmark had not dropped', [lossOf('safety', 0.08)], 'regressed'],
    ['of nothing', [], 'regressed'],
  ] as [string, typeof LOST, string][]) {
    cases.push({ title, waivers: [waiver('safety', undefined, accepted)], verdict });
  }
  for (const { title, waivers, verdict } of cases) {
    test(`${title} (${verdict})`, () => {
      const found = judge(...waivers);
      assert.equal(found.verdict, verdict);
      assert.equal(row(found, 'bbq').outcome, 'regressed', 'what happened stays said');
    });
  }

  test('in force is shown, whether it was needed or not; one that has expired is not', () => {
    const { waivers } = judge(waiver('safety'), waiver('gpqa'), waiver('wk', '2026-01-01T00:00:00Z'));
    assert.deepEqual(
      waivers.map(({ target, applied }) => [target, applied]),
      [
        ['safety', true],
        ['gpqa', false],
      ],
    );
  });

  test('that is exceeded says so, and by what', () => {
    const comment = renderComment(judge(waiver('safety', undefined, [])), {
      now,
      reproduce: null,
      budget: 3000,
    });
    assert.match(comment, /Not accepted: Safety and BBQ, which lost more than that/);
  });

  test('stands in the comment: what, by whom, until when, why; and pings nobody', () => {
    const comment = renderComment(judge(waiver('safety')), { now, reproduce: null, budget: 3000 });
    assert.match(
      comment,
      /Safety: this drop is accepted up to 8\.0 points by .*lead for #7 until 2026-04-01: refusals/,
    );
    assert.doesNotMatch(comment, /(?<![\w&;#])@lead/);
  });
});
