import assert from 'node:assert/strict';
import { test } from 'node:test';
import { formatCount, plural } from '../../src/count.ts';
import * as format from '../../src/report/format.ts';

const shown: [string, string, string][] = [
  ['a score', format.formatPoints(0.61234), '61.2'],
  ['a negative number has a true minus sign', format.formatPoints(-0.0341), '−3.4'],
  ['an unknown number', format.formatPoints(null), '–'],
  ['a gain has its sign', format.formatSigned(0.012), '+1.2'],
  ['a drop has its sign', format.formatSigned(-0.012), '−1.2'],
  ['nothing has no sign', format.formatSigned(0), '0.0'],
  ['a drop that rounds to nothing has no sign', format.formatSigned(-0.0004), '0.0'],
  ['a gain that rounds to nothing has no sign', format.formatSigned(0.0004), '0.0'],
  ['a score with interval', format.formatScore({ score: 0.5, ci: [0.4, 0.6] }), '50.0 [40.0, 60.0]'],
  ['a score without interval', format.formatScore({ score: 0.5, ci: null }), '50.0'],
  [
    'a difference with interval',
    format.formatDelta({ estimate: -0.034, ci: [-0.05, 0.018] }),
    '−3.4 [−5.0, +1.8]',
  ],
  ['an unknown difference', format.formatDelta({ estimate: null, ci: null }), '–'],
  ['a small p', format.formatP(0.00001), '< 0.001'],
  ['a p', format.formatP(0.0437), '0.044'],
  ['an unknown p', format.formatP(null), '–'],
  ['a share', format.formatShare(0.456), '46%'],
  ['a share that is not quite all', format.formatShare(0.999), '> 99%'],
  ['a share that is not quite nothing', format.formatShare(0.001), '< 1%'],
  ['a large count', formatCount(152380), '152,380'],
  ['one of a thing', plural(1, 'question'), '1 question'],
  ['two names', format.formatList(['A', 'B']), 'A and B'],
  ['too many names', format.formatList(['A', 'B', 'C', 'D', 'E']), 'A, B, C and 2 more'],
];
for (const [title, actual, expected] of shown) {
  test(`${title}: ${expected}`, () => assert.equal(actual, expected));
}

const ages: [string, string][] = [
  ['2026-03-04T11:59:00Z', '1 minute'],
  ['2026-03-04T09:00:00Z', '3 hours'],
  ['2026-03-02T13:00:00Z', '47 hours'],
  ['2026-02-01T12:00:00Z', '31 days'],
  ['2026-03-05T12:00:00Z', '0 minutes'],
];
for (const [then, age] of ages) {
  test(`from ${then} it is ${age}`, () => {
    assert.equal(format.formatAge(then, new Date('2026-03-04T12:00:00Z')), age);
  });
}
