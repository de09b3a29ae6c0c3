import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { z } from 'zod';
import { encodeBadge } from '../../src/history/badge.ts';
import type { Entry } from '../../src/history/store/entry.ts';
import { entryOf, shaOf } from '../support/entries.ts';

/** What shields.io takes of an endpoint, by its documentation; it refuses a document with anything else. */
const ENDPOINT = z.strictObject({
  schemaVersion: z.literal(1),
  label: z.string(),
  message: z.string().min(1),
  color: z.enum(['brightgreen', 'green', 'yellowgreen', 'yellow', 'orange', 'red', 'lightgrey', 'blue']),
});

const badgeOf = (change: Partial<Entry>) => ENDPOINT.parse(JSON.parse(encodeBadge(entryOf(1, change))));
const score = (id: 'wk' | 'if' | 'safety', value: number | null) => ({
  ...{ id, score: value, ci: null, se: null, n: 1 },
});

describe('the message has the factors in points', () => {
  const cases: [string, Entry['factors'], string][] = [
    [
      'all of them, in their order',
      [score('safety', 0.509), score('wk', 0.634), score('if', 0.441)],
      'wk 63.4 · if 44.1 · safety 50.9',
    ],
    ['those that were measured', [score('wk', null), score('if', 0.5)], 'if 50.0'],
    ['none', [], 'no scores'],
    ['within 0 and 100', [score('wk', -0.01), score('if', 1)], 'wk 0.0 · if 100.0'],
  ];
  for (const [what, factors, message] of cases)
    test(what, () => assert.equal(badgeOf({ factors }).message, message));
});

test('a suite of other questions is named, by fixed words', () =>
  assert.deepEqual(
    ['full', 'pr', 'mini', '<img src=x>'].map((suite) => badgeOf({ suite }).label),
    ['SOS-Bench', 'SOS-Bench', 'SOS-Bench mini', 'SOS-Bench, own suite'],
  ));

describe('its colour is the verdict', () => {
  const cases: [Entry['verdict'], string][] = [
    [null, 'blue'],
    [{ verdict: 'no-baseline', passed: true, baseline: null }, 'blue'],
    [{ verdict: 'improved', passed: true, baseline: shaOf(0) }, 'brightgreen'],
    [{ verdict: 'equivalent', passed: true, baseline: shaOf(0) }, 'brightgreen'],
    [{ verdict: 'held', passed: true, baseline: shaOf(0) }, 'brightgreen'],
    [{ verdict: 'inconclusive', passed: true, baseline: shaOf(0) }, 'yellow'],
    [{ verdict: 'regressed', passed: true, baseline: shaOf(0) }, 'yellow'],
    [{ verdict: 'regressed', passed: false, baseline: shaOf(0) }, 'red'],
    [{ verdict: 'equivalent', passed: false, baseline: shaOf(0) }, 'red'],
  ];
  for (const [verdict, colour] of cases)
    test(`${verdict?.verdict ?? 'compared with nothing'}, ${verdict?.passed === false ? 'failed' : 'passed'}: ${colour}`, () =>
      assert.equal(badgeOf({ verdict }).color, colour));
});
