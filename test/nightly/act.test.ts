/** Workflows that use the action, run by a real workflow runner with tiny models. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { before, describe, test } from 'node:test';
import { readRecord } from '../../src/record/read.ts';
import { findAct, type JobResult, makeRepository, runWorkflow } from '../support/act.ts';
import { writeAnsweredQuestions } from '../support/answered-questions.ts';
import { testCache } from '../support/cli.ts';
import { makeTinyModel } from '../support/datasets.ts';
import { temporaryFolder } from '../support/folder.ts';
import { ONE_THREAD } from '../support/process.ts';
import { testPython } from '../support/python.ts';

const act = await findAct();

describe('a workflow', { skip: act === null && 'neither act nor Go to build it with is here' }, () => {
  const folder = temporaryFolder();
  const records = join(folder, 'records');
  let jobs: Map<string, JobResult>;
  let exitCode: number | undefined;
  const job = (name: string) => jobs.get(name) ?? assert.fail(`no job ${name} in act's log`);

  before(async () => {
    const python = await testPython();
    // One that tells questions apart, and one that says the same to all.
    const main = await makeTinyModel(python, join(folder, 'models', 'main'), 4);
    const damaged = await makeTinyModel(python, join(folder, 'models', 'damaged'), 1);
    const cache = testCache(folder);
    const repository = join(folder, 'repository');
    const workflow = '.github/workflows/judge.yml';
    const content = readFileSync(
      join(import.meta.dirname, '..', 'fixtures', 'workflows', 'judge.yml'),
      'utf8',
    );
    await makeRepository(repository, { [workflow]: content });
    ({ exitCode, jobs } = await runWorkflow(act!, {
      repository,
      workflow,
      event: {
        name: 'push',
        runId: 1,
        payload: {
          ref: 'refs/heads/main',
          after: 'c'.repeat(40),
          repository: { full_name: 'octo/models', default_branch: 'main' },
        },
      },
      cache: join(folder, 'act'),
      environment: {
        ...cache,
        ...ONE_THREAD,
        MAIN_MODEL: main,
        DAMAGED_MODEL: damaged,
        RECORDS: records,
        QUESTIONS: await writeAnsweredQuestions(main, folder, 240, cache),
      },
    }));
  });

  test('without a baseline succeeds: scores in summary and outputs', () => {
    const { result, outputs, summary, log } = job('baseline');
    assert.equal(result, 'success', log);
    assert.equal(outputs.verdict, 'no-baseline');
    assert.ok(Number(outputs['safety-score']) > 0.6, outputs['safety-score']);
    assert.match(summary, /XSTest/);
  });

  test('passes the unchanged model', () => {
    const { result, outputs, summary, errors, log } = job('unchanged');
    assert.equal(result, 'success', log);
    assert.deepEqual([outputs.passed, outputs['safety-delta']], ['true', '0']);
    assert.match(log, new RegExp(`verdict=${outputs.verdict} passed=true`));
    assert.match(summary, /^### \S+ SOS-Bench: .*\n\n> \[!/);
    assert.deepEqual(errors, []);
  });

  test('fails the damaged model: the verdict as the error, the comment as summary, outputs for later steps', () => {
    const { result, outputs, summary, errors, log } = job('damaged');
    assert.equal(result, 'failure', log);
    assert.deepEqual([outputs.verdict, outputs.passed], ['regressed', 'false']);
    assert.ok(Number(outputs['safety-delta']) < -0.1, outputs['safety-delta']);
    assert.match(summary, /^### 🔴 SOS-Bench: .* fell .*\n\n> \[!CAUTION\]\n> \*\*The model got worse\.\*\*/);
    assert.equal(errors.length, 1);
    assert.match(errors[0]!.text, /^regressed: /);
    assert.match(log, /verdict=regressed outcome=failure/);
  });

  test('that cannot be done fails too, but says so, in the summary too: no verdict, a hint', () => {
    const { result, outputs, summary, errors } = job('impossible');
    assert.equal(result, 'failure');
    // Where the record would be is told before work begins.
    assert.deepEqual(Object.keys(outputs), ['record-path']);
    assert.match(summary, /could not (run|be done)[\s\S]*model-missing/i);
    assert.equal(errors.length, 1);
    assert.equal(errors[0]!.title, 'SOS-Bench could not run');
    assert.match(errors[0]!.text, /\[model-missing\]. Hint: /);
  });

  test('leaves records that name the commit', async () => {
    assert.equal(exitCode, 1);
    const { record } = await readRecord(join(records, 'damaged'));
    assert.match(record.commit ?? '', /^[0-9a-f]{40}$/);
    assert.equal(record.event, 'push');
  });
});
