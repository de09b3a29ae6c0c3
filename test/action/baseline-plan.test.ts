/** Which plan a step follows where the baseline was asked a sample; the built action does it in test/e2e. */
import assert from 'node:assert/strict';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { findBaselinePlan } from '../../src/action/steps/evaluate/baseline-plan.ts';
import { recordPaths } from '../../src/record/paths.ts';
import type { LoadedRecord } from '../../src/record/schema.ts';
import { hashPlan, type Plan, restrictPlan } from '../../src/suite/plan/plan.ts';
import { temporaryFolder } from '../support/folder.ts';
import { fullPlan } from '../support/full-plan.ts';
import { recordOfPlan } from '../support/planned-records.ts';

const folder = temporaryFolder();
const runtime = {
  environment: { RUNNER_TEMP: folder },
  cwd: folder,
  now: () => new Date(),
  onInterrupt: () => () => {},
};

/** The plan of a baseline's sample, of two benchmarks. */
const plan: Plan = (() => {
  const part = { ...restrictPlan(fullPlan(), new Set(['xstest', 'sgxstest'])), suite: 'pr' as const };
  return { ...part, planHash: hashPlan(part) };
})();
const made = recordOfPlan(plan);
const baseline: LoadedRecord = {
  ...made,
  path: join(folder, 'baseline'),
  record: { ...made.record, suite: 'pr' },
};
mkdirSync(baseline.path);
writeFileSync(recordPaths(baseline.path).plan, JSON.stringify(plan));

const CHANGE = { sha: 'a'.repeat(40), base: { sha: 'b'.repeat(40), branch: 'main' } };
const PUSH = { sha: 'a'.repeat(40), base: null };

const CASES: [
  title: string,
  given: { benchmarks?: string[]; suite?: 'pr' | 'full'; subject?: typeof CHANGE | typeof PUSH },
  followed: string[] | null,
][] = [
  ['a change is asked what the baseline was asked', {}, ['xstest', 'sgxstest']],
  ['a change that only some benchmarks are asked for is asked these', { benchmarks: ['xstest'] }, ['xstest']],
  [
    'a change is asked for one that the baseline has not: a plan of its own',
    { benchmarks: ['xstest', 'bbq'] },
    null,
  ],
  ['a change is asked in full: no sample is followed', { suite: 'full' }, null],
  ['a push chooses again: what it is asked, later changes are asked', { subject: PUSH }, null],
];

for (const [
  title,
  { benchmarks = ['xstest', 'sgxstest'], suite = 'pr', subject = CHANGE },
  followed,
] of CASES)
  test(title, async () => {
    const path = await findBaselinePlan(baseline, { suite, plan: undefined, benchmarks }, runtime, subject);
    const asked = path === null ? null : (JSON.parse(readFileSync(path, 'utf8')) as Plan);
    assert.deepEqual(asked?.benchmarks.map(({ id }) => id).sort() ?? null, followed?.sort() ?? null);
    if (followed?.length === 2) assert.equal(asked!.planHash, plan.planHash);
  });
