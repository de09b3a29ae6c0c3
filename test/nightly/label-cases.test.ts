/** Every own task through the real harness with a scripted model; the cases are made by label_cases.py. */
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { before, describe, test } from 'node:test';
import { execa } from 'execa';
import { cacheRoot } from '../../src/system/paths.ts';
import { managedPython } from '../../src/system/python/managed.ts';

interface LabelCase {
  task: string;
  title: string;
  expected: unknown;
  got: unknown;
}

describe('own task definitions', () => {
  let cases: LabelCase[] = [];

  before(async () => {
    const python = await managedPython({
      cache: cacheRoot(process.env),
      environment: process.env,
      note: () => undefined,
    });
    const { stdout } = await execa(
      python,
      [join(import.meta.dirname, '..', 'support', 'label_cases.py'), 'tasks/lm-eval'],
      {
        env: { HF_HUB_OFFLINE: '1', PYTHONDONTWRITEBYTECODE: '1' },
      },
    );
    cases = JSON.parse(stdout).cases;
  });

  test('there is a case for every own task', () => {
    const tasks = new Set(cases.map(({ task }) => task));
    for (const row of [
      'bbq_age',
      'xstest',
      'beavertails',
      'cdna',
      'strongreject',
      'dttoxicity',
      'jailbreakhub',
    ]) {
      assert.ok(tasks.has(`sosb_${row}`), row);
    }
    for (const row of ['sgxstest', 'wildguardtest', 'saladbench', 'gpqa_main'])
      assert.ok(tasks.has(`sosb_${row}`), row);
  });

  test('the right answer scores 1, the wrong one 0, null labels are dropped and counted', async (context) => {
    assert.ok(cases.length > 300, `${cases.length} cases`);
    for (const { task, title, expected, got } of cases) {
      await context.test(`${task}: ${title}`, () => assert.deepEqual(got, expected));
    }
  });
});
