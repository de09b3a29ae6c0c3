/**
 * A plan that a job of the change left, with the hash that the workflow carries: what the hash does not cover is not believed. By the built
 * `run`, with the real Python and harness.
 */
import assert from 'node:assert/strict';
import { cpSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { recordPaths } from '../../src/record/paths.ts';
import { readRecord } from '../../src/record/read.ts';
import { hashPlan, type Plan } from '../../src/suite/plan/plan.ts';
import { testCache } from '../support/cli.ts';
import { makeTinyModel, writeQuestions, xstestQuestions } from '../support/datasets.ts';
import { eventEnvironment, pullPayload } from '../support/events.ts';
import { temporaryFolder } from '../support/folder.ts';
import { testPython } from '../support/python.ts';
import { startStep } from '../support/runner.ts';

test('a plan of the right hash that says of all questions that they are one: each stands alone in the record', async () => {
  const disk = temporaryFolder();
  const workspace = temporaryFolder();
  const model = join(disk, 'model');
  await makeTinyModel(await testPython(), model);
  cpSync(model, join(workspace, 'model'), { recursive: true });
  writeQuestions(join(disk, 'data'), 'xstest/test', xstestQuestions(64));
  const payload = pullPayload({ number: 1, headSha: 'a'.repeat(40) }, 'b'.repeat(40));
  const event = { name: 'pull_request', payload, run: 1 };
  const run = async (inputs: Record<string, string>) => {
    const given = { model: 'model', device: 'cpu', 'datasets-dir': join(disk, 'data'), benchmarks: 'xstest' };
    const environment = { ...testCache(disk), ...eventEnvironment(disk, event) };
    const { exitCode, stdout, stderr, outputs } = await startStep({
      ...{ workspace, action: 'run', inputs: { ...given, ...inputs }, environment },
    }).result;
    assert.equal(exitCode, 0, stdout + stderr);
    return outputs['record-path']!;
  };
  const honest = await run({});
  const plan = JSON.parse(readFileSync(recordPaths(honest).plan, 'utf8')) as Plan;
  // Fewer than ten independent questions are never called regressed.
  const task = plan.benchmarks[0]!.tasks[0]!;
  task.clusters = task.docIds.map(() => '0123456789abcdef');
  assert.equal(hashPlan(plan), plan.planHash);
  writeFileSync(join(workspace, 'plan.json'), JSON.stringify(plan));
  const forged = await run({ plan: 'plan.json', 'plan-hash': plan.planHash });
  const [before, after] = [await readRecord(honest), await readRecord(forged)];
  assert.ok(after.items.length === 64 && after.items.every(({ cluster }) => cluster === null));
  assert.deepEqual(after.items, before.items);
  assert.deepEqual(after.record.benchmarks, before.record.benchmarks);
});
