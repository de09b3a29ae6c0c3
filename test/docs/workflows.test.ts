/** The ready workflows and the actions' own pages, as files: what they give is what the actions take. */
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { parse } from 'yaml';
import { pinnedAction } from '../support/pinned-actions.ts';

const ROOT = join(import.meta.dirname, '..', '..');
const FOLDER = join(ROOT, 'docs', 'workflows');
const read = (...path: string[]) => readFileSync(join(ROOT, ...path), 'utf8');

interface Step {
  uses?: string;
  run?: string;
  with?: Record<string, unknown>;
}
interface Job {
  uses?: string;
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

  test(`${name}: the workflow itself has no permissions`, () => assert.deepEqual(permissions, {}));

  if (name === 'call-reusable.yml') continue;
  test(`${name}: jobs name their permissions, each with its reason, and a time limit`, () => {
    for (const job of Object.values(jobs)) {
      assert.ok(job.permissions !== undefined);
      assert.ok(job.uses !== undefined || job['timeout-minutes'] !== undefined);
      for (const [scope, level] of Object.entries(job.permissions))
        assert.match(text, new RegExp(`${scope}: ${level} # \\w`), scope);
    }
  });
}

const pages = ['README.md', ...readdirSync(join(ROOT, 'docs'), { recursive: true, encoding: 'utf8' })]
  .filter((name) => name.endsWith('.md'))
  .map((name) => (name === 'README.md' ? name : join('docs', name)));
for (const page of new Set(pages)) {
  test(`${page}: the actions of others in its examples are pinned, each by the sha that the ready workflows have`, () => {
    const used = [...read(page).matchAll(/^[ -]*uses: *["']?([\w-]+\/[\w./-]+)@(\S+?)["']?(?: #.*)?$/gm)];
    const others = used.filter(([, name]) => !/^(OWNER\/REPO|ORG\/ci)\b/.test(name!));
    assert.deepEqual(
      others.filter(([, name, ref]) => `${name}@${ref}` !== pinnedAction(name!)).map(([line]) => line),
      [],
    );
  });
}

const workflow = (name: string) => parse(read('docs', 'workflows', name)) as Workflow;
const usesAction = ({ steps = [] }: Job, action: string) =>
  steps.some(({ uses }) => uses === `OWNER/REPO${action === '.' ? '' : `/${action}`}@REF`);
const jobsWith = (name: string, action: string) =>
  Object.values(workflow(name).jobs).filter((job) => usesAction(job, action));
const CHECK_ALONE = { checks: 'write' };

const checked = names.filter((name) => jobsWith(name, 'open-check').length > 0);
assert.deepEqual(checked, [
  'fetched.yml',
  'matrix.yml',
  'pull-request.yml',
  'reusable.yml',
  'shared-disk.yml',
]);
for (const name of checked) {
  test(`${name}: a job that can do no more than write checks concludes the check, whatever happened`, () => {
    const [conclude, second] = jobsWith(name, 'conclude-check');
    assert.equal(second, undefined);
    assert.match(conclude!.if ?? '', /^always\(\)/);
    assert.deepEqual(conclude!.permissions, CHECK_ALONE);
    const needed = [conclude!.needs!].flat().map((job) => workflow(name).jobs[job]!);
    assert.ok(needed.some((job) => usesAction(job, 'report')));
  });
}

for (const name of checked) {
  test(`${name}: the check is opened before anything else, by a job that can do no more`, () => {
    const [open] = jobsWith(name, 'open-check');
    assert.deepEqual([open!.needs, open!.permissions], [undefined, CHECK_ALONE]);
    const [report] = jobsWith(name, 'report');
    assert.ok([report!.needs!].flat().includes('open'), 'it finds the check that was opened');
  });
}

const evaluating = names.filter((name) => jobsWith(name, 'run').length > 0);
test('every workflow that evaluates is looked at', () => assert.ok(evaluating.length >= 9));

for (const name of evaluating) {
  const jobs = Object.values(workflow(name).jobs);
  const runsCode = (job: Job) => job.steps?.some(({ run = '' }) => run.includes('./train.sh')) ?? false;

  test(`${name}: the change's code, the evaluation and the report are in jobs of their own`, () => {
    for (const job of jobs) {
      const kinds = [runsCode(job), usesAction(job, 'run'), usesAction(job, 'report')];
      assert.ok(kinds.filter(Boolean).length <= 1);
      assert.ok(!usesAction(job, '.'), 'the whole action is one job');
    }
  });

  test(`${name}: only the report writes, beside the jobs that see to the check`, () => {
    for (const job of jobs) {
      const writes = Object.entries(job.permissions ?? {}).filter(([, level]) => level === 'write');
      if (usesAction(job, 'report') || writes.length === 0) continue;
      assert.deepEqual(job.permissions, CHECK_ALONE);
      assert.ok(usesAction(job, 'open-check') || usesAction(job, 'conclude-check'));
    }
  });

  test(`${name}: nothing is checked out where the model is evaluated or reported on`, () => {
    for (const job of jobs.filter((job) => !runsCode(job)))
      assert.ok(!job.steps?.some(({ uses = '' }) => uses.startsWith('actions/checkout@')));
  });

  test(`${name}: the evaluation reads the base's settings with a token that can only read`, () => {
    for (const job of jobs.filter((job) => usesAction(job, 'run'))) {
      assert.deepEqual(job.permissions, { contents: 'read' });
      const [step] = job.steps!.filter(({ uses }) => uses === 'OWNER/REPO/run@REF');
      assert.equal(step!.with!['github-token'], `\${{ github.token }}`);
    }
  });
}

const reported = evaluating.filter((name) => jobsWith(name, 'report').length > 0);
for (const name of reported) {
  test(`${name}: the report knows the record by its digest, which the evaluating job hands over`, () => {
    const [job] = jobsWith(name, 'report');
    const step = job!.steps!.find(({ uses }) => uses === 'OWNER/REPO/report@REF')!;
    assert.match(
      String(step.with!['record-digest']),
      name === 'matrix.yml'
        ? /^\$\{\{ needs\.evaluate\.outputs\[matrix\.model\] \|\| '\{\}' \}\}$/
        : /^\$\{\{ toJSON\(needs\.(evaluate|shard)\.outputs\) \}\}$/,
    );
  });
}

test('matrix.yml: its three matrices are the same, and each model has an output and a store of its own', () => {
  const { jobs } = workflow('matrix.yml');
  const matrixOf = (name: string) =>
    (jobs[name] as { strategy: { matrix: { model: string[] }; 'fail-fast': boolean } }).strategy;
  for (const name of ['train', 'evaluate', 'report']) {
    assert.deepEqual(matrixOf(name), matrixOf('train'), name);
    assert.equal(matrixOf(name)['fail-fast'], false);
  }
  const { outputs } = jobs.evaluate as { outputs: object };
  assert.deepEqual(Object.keys(outputs), matrixOf('train').matrix.model);
  const [report] = jobsWith('matrix.yml', 'report');
  assert.equal(report!.steps!.at(-1)!.with!.store, `branch:sos-bench-\${{ matrix.model }}`);
});

test('forks: what they can call takes no input, holds no secret, and can only read', () => {
  const { on, jobs } = workflow('fork-reusable.yml') as Workflow & { on: { workflow_call: unknown } };
  assert.equal(on.workflow_call, null);
  for (const job of Object.values(jobs)) {
    const { contents = 'read', ...others } = job.permissions!;
    assert.deepEqual([contents, others], ['read', {}]);
  }
  assert.doesNotMatch(read('docs', 'workflows', 'fork-reusable.yml'), /secrets\.|actions\/cache/);
});

test("forks: a job after the evaluation hands its outputs over, under each attempt's own name", () => {
  const { steps, needs, if: condition } = workflow('fork-reusable.yml').jobs['hand-over']!;
  assert.deepEqual([needs, condition], ['evaluate', 'always()']);
  assert.match(JSON.stringify(steps), /toJSON\(needs\.evaluate\.outputs\)/);
  assert.equal(steps!.at(-1)!.with!.name, `sos-bench-record-handover-\${{ github.run_attempt }}`);
});

test('reusable.yml: a caller, who may be the change, gives nothing that judges or runs', () => {
  const { on } = workflow('reusable.yml') as { on: { workflow_call: { inputs: object } } } & Workflow;
  assert.deepEqual(Object.keys(on.workflow_call.inputs), ['model', 'shards']);
});

test('every action of others is pinned by sha, with its version beside it', () => {
  for (const path of [
    ...names.map((name) => ['docs', 'workflows', name]),
    ['.github', 'workflows', 'ci.yml'],
  ])
    for (const [, use] of read(...path).matchAll(/uses: (actions\/.*)/g))
      assert.match(use!, /^actions\/[\w-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/, path.at(-1));
});

test('runs of the bot and of the main branch are never dropped: these have no concurrency', () => {
  for (const name of ['bot.yml', 'main.yml', 'nightly.yml'])
    assert.ok(!('concurrency' in workflow(name)), name);
});

for (const name of names.filter(
  (name) =>
    /^\s*pull_request:?|on: pull_request/m.test(read('docs', 'workflows', name)) &&
    name !== 'call-reusable.yml',
)) {
  test(`${name}: runs for an earlier head of the same pull request are cancelled`, () => {
    const { concurrency } = workflow(name) as { concurrency?: Record<string, unknown> };
    assert.match(String(concurrency?.group), /github\.event\.pull_request\.number/);
    assert.equal(concurrency!['cancel-in-progress'], true);
  });
}

test('call-reusable.yml is at most ten lines beside its comment, and gives every permission that a job of reusable.yml asks for', () => {
  assert.ok(
    read('docs', 'workflows', 'call-reusable.yml')
      .trimEnd()
      .split('\n')
      .filter((line) => !line.startsWith('#')).length <= 10,
  );
  const [caller] = Object.values(workflow('call-reusable.yml').jobs);
  for (const { permissions = {} } of Object.values(workflow('reusable.yml').jobs)) {
    for (const [scope, level] of Object.entries(permissions))
      assert.ok([level, 'write'].includes(caller!.permissions![scope]!), `${scope}: ${level}`);
  }
});

for (const action of ['plan', 'run', 'report', 'gate', 'bot', 'open-check', 'conclude-check']) {
  test(`${action}/README.md says its triggers and permissions`, () => {
    const page = read(action, 'README.md');
    assert.match(page, /\*\*Triggers\*\*/);
    assert.match(page, /\*\*Permissions\*\*/);
  });
}
