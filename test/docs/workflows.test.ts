/** The ready workflows and the actions' own pages, as files: what they give is what the actions take. */
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { parse } from 'yaml';

const ROOT = join(import.meta.dirname, '..', '..');
const FOLDER = join(ROOT, 'docs', 'workflows');
const read = (...path: string[]) => readFileSync(join(ROOT, ...path), 'utf8');

interface Step {
  uses?: string;
  with?: Record<string, unknown>;
}
interface Job {
  steps?: Step[];
  permissions?: Record<string, string>;
  'timeout-minutes'?: number;
}
interface Workflow {
  permissions?: object;
  jobs: Record<string, Job>;
}

const names = readdirSync(FOLDER).filter((name) => name.endsWith('.yml'));

test('there are ready workflows, and the page lists each', () => {
  const page = read('docs', 'workflows', 'README.md');
  assert.ok(names.length >= 13);
  for (const name of names) assert.match(page, new RegExp(`\\[${name}\\]\\(${name}\\)`));
});

for (const name of names) {
  const text = readFileSync(join(FOLDER, name), 'utf8');
  const { jobs, permissions } = parse(text) as Workflow;
  const own = Object.values(jobs).flatMap(({ steps = [] }) =>
    steps.flatMap((step) => {
      const found = /^OWNER\/REPO(?:\/([\w-]+))?@REF$/.exec(step.uses ?? '');
      return found === null ? [] : [{ action: found[1] ?? '.', inputs: Object.keys(step.with ?? {}) }];
    }),
  );

  test(`${name}: every input it gives is one that the action declares`, () => {
    for (const { action, inputs } of own) {
      const declared = Object.keys((parse(read(action, 'action.yml')) as { inputs: object }).inputs);
      assert.deepEqual(
        inputs.filter((input) => !declared.includes(input)),
        [],
        action,
      );
    }
  });

  if (name === 'call-reusable.yml') continue;
  test(`${name}: jobs name their permissions, each with its reason, and a time limit`, () => {
    assert.deepEqual(permissions, {});
    for (const job of Object.values(jobs)) {
      assert.ok(job.permissions !== undefined && job['timeout-minutes'] !== undefined);
      for (const [scope, level] of Object.entries(job.permissions))
        assert.match(text, new RegExp(`${scope}: ${level} # \\w`), scope);
    }
  });
}

for (const action of ['plan', 'run', 'report', 'gate', 'bot', 'conclude']) {
  test(`${action}/README.md says its triggers and permissions`, () => {
    const page = read(action, 'README.md');
    assert.match(page, /\*\*Triggers\*\*/);
    assert.match(page, /\*\*Permissions\*\*/);
  });
}
