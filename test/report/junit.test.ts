import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { parse, type TestCase, type TestSuite } from 'junit2json';
import { renderJunit } from '../../src/report/tables/junit.ts';
import { compare } from '../../src/verdict/compare.ts';
import type { Verdict } from '../../src/verdict/schema.ts';
import { assertGolden } from '../support/golden.ts';
import * as scenarios from '../support/scenarios.ts';

/** As a CI reads it: by a parser that is not ours. */
async function read(verdict: Verdict) {
  const xml = renderJunit(verdict);
  const read = await parse(xml);
  assert.ok(read && 'testsuite' in read, xml);
  const cases = (read.testsuite as TestSuite[]).flatMap(({ testcase }) => testcase ?? []);
  const named = (has: (each: TestCase) => unknown) => cases.filter(has).map(({ name }) => name);
  return {
    ...read,
    cases,
    failed: named(({ failure }) => failure),
    skipped: named(({ skipped }) => skipped),
  };
}

const judge = ({ baseline, candidate }: scenarios.Scenario) => compare(baseline, candidate);

test('a regression reads as its golden file', () => {
  assertGolden('compare-regression.junit.xml', renderJunit(judge(scenarios.regression)));
});

test('what the policy fails on has failed, what did not run is skipped, and counts say so', async () => {
  const verdict = judge(scenarios.regression);
  const found = await read(verdict);
  assert.deepEqual(found.failed, ['SOS-Bench', 'Safety', 'BBQ']);
  assert.ok(found.skipped.includes('XSTest'), found.skipped.join());
  assert.deepEqual(
    [found.tests, found.failures, found.skipped.length],
    [verdict.benchmarks.length + 4, 3, found.cases.filter(({ skipped }) => skipped).length],
  );
});

describe('fails exactly where the policy does', () => {
  for (const [name, scenario] of Object.entries(scenarios)) {
    if (typeof scenario !== 'object' || !('baseline' in scenario)) continue;
    test(name, async () => {
      const verdict = judge(scenario);
      const { failures, failed } = await read(verdict);
      assert.equal(failures, failed.length);
      assert.equal(failed.includes('SOS-Bench'), !verdict.passed);
      if (verdict.passed) assert.deepEqual(failed, []);
    });
  }
});

test('a drop that was accepted is no failure', async () => {
  const verdict = judge(scenarios.regression);
  const { cases } = await read({ ...verdict, passed: true });
  assert.deepEqual(
    cases.filter(({ failure }) => failure),
    [],
  );
});

test('names cannot write markup, and no character breaks the document', async () => {
  const verdict = judge(scenarios.regression);
  const name = `</testcase><failure/>"'&\0\u001b[31m\u{1f4a5}\ud800]]>\nline`;
  verdict.benchmarks[0]!.name = name;
  const { cases, failed } = await read(verdict);
  assert.deepEqual(failed, ['SOS-Bench', 'Safety', 'BBQ']);
  assert.equal(cases[4]!.name, `</testcase><failure/>"'&\ufffd\ufffd[31m\u{1f4a5}\ud800]]> line`);
});
