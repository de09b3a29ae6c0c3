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
  needs?: string | string[];
  if?: string;
  steps?: Step[];
  permissions?: Record<string, string>;
  'timeout-minutes'?: number;
}
interface Workflow {
  on: string | object;
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

const workflow = (name: string) => parse(read('docs', 'workflows', name)) as Workflow;
const usesAction = ({ steps = [] }: Job, action: string) =>
  steps.some(({ uses }) => uses === `OWNER/REPO${action === '.' ? '' : `/${action}`}@REF`);
const jobsWith = (name: string, action: string) =>
  Object.values(workflow(name).jobs).filter((job) => usesAction(job, action));
const CHECK_ALONE = { checks: 'write' };

const checked = names.filter((name) => {
  const { on } = workflow(name);
  const isPull = on === 'pull_request' || (typeof on === 'object' && 'pull_request' in on);
  return (isPull && jobsWith(name, '.').length > 0) || jobsWith(name, 'open').length > 0;
});
assert.deepEqual(checked, ['fetched.yml', 'pull-request.yml', 'reusable.yml', 'trained-earlier.yml']);
for (const name of checked) {
  test(`${name}: a job that can do no more than write checks concludes the check, whatever happened`, () => {
    const [conclude, second] = jobsWith(name, 'conclude');
    assert.equal(second, undefined);
    assert.match(conclude!.if ?? '', /^always\(\)/);
    assert.deepEqual(conclude!.permissions, CHECK_ALONE);
    const needed = [conclude!.needs!].flat().map((job) => workflow(name).jobs[job]!);
    assert.ok(needed.some((job) => usesAction(job, '.') || usesAction(job, 'report')));
  });
}

test('reusable.yml: the check is opened before anything else, by a job that can do no more', () => {
  const [open] = jobsWith('reusable.yml', 'open');
  assert.deepEqual([open!.needs, open!.permissions], [undefined, CHECK_ALONE]);
  const [report] = jobsWith('reusable.yml', 'report');
  assert.ok([report!.needs!].flat().includes('open'), 'it finds the check that was opened');
});

test('call-reusable.yml is at most ten lines, and gives every permission that a job of reusable.yml asks for', () => {
  assert.ok(read('docs', 'workflows', 'call-reusable.yml').trimEnd().split('\n').length <= 10);
  const [caller] = Object.values(workflow('call-reusable.yml').jobs);
  for (const { permissions = {} } of Object.values(workflow('reusable.yml').jobs)) {
    for (const [scope, level] of Object.entries(permissions))
      assert.ok([level, 'write'].includes(caller!.permissions![scope]!), `${scope}: ${level}`);
  }
});

for (const action of ['plan', 'run', 'report', 'gate', 'bot', 'open', 'conclude']) {
  test(`${action}/README.md says its triggers and permissions`, () => {
    const page = read(action, 'README.md');
    assert.match(page, /\*\*Triggers\*\*/);
    assert.match(page, /\*\*Permissions\*\*/);
  });
}
