/** Every step of the ready workflows, and of the examples in the pages: what a user copies. */
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { runInNewContext } from 'node:vm';
import { execa } from 'execa';
import { parse } from 'yaml';
import { ACTIONS } from '../../src/settings/action-inputs.ts';
import { temporaryFolder } from '../support/folder.ts';

const ROOT = join(import.meta.dirname, '..', '..');

interface Step {
  uses?: string;
  run?: string;
  env?: Record<string, string>;
  with?: Record<string, unknown>;
}

/** The workflows of a file: itself, or the examples of a page, which may be parts of one. */
function workflowsOf(path: string): object[] {
  const text = readFileSync(join(ROOT, path), 'utf8');
  const texts = path.endsWith('.md')
    ? [...text.matchAll(/^```yaml\n(.*?)^```$/gms)].map(([, block]) => block!)
    : [text];
  return texts.map((block) => parse(block) as object);
}

function stepsIn(value: unknown): Step[] {
  if (typeof value !== 'object' || value === null) return [];
  const own = 'uses' in value || 'run' in value ? [value as Step] : [];
  return [...own, ...Object.values(value).flatMap(stepsIn)];
}

/** Whether the commit of a pull request may be what it is about; a part of a workflow may be copied into one. */
function isOfPulls(workflow: object): boolean {
  return !('on' in workflow) || /pull_request|workflow_call/.test(JSON.stringify(workflow.on));
}

const files = [
  ...readdirSync(join(ROOT, 'docs'), { recursive: true, encoding: 'utf8' }).map((name) => `docs/${name}`),
  ...ACTIONS.map((action) => join(action, 'README.md')),
].filter((path) => /\.(yml|md)$/.test(path));
const using = (workflow: object, action: string) =>
  stepsIn(workflow).filter(({ uses = '' }) => uses.startsWith(`${action}@`));

test('there are steps to look at, in workflows and in pages', () => {
  const withCheckout = files.filter((path) =>
    workflowsOf(path).some((workflow) => using(workflow, 'actions/checkout').length > 0),
  );
  assert.ok(withCheckout.filter((path) => path.endsWith('.yml')).length >= 6);
  assert.ok(withCheckout.filter((path) => path.endsWith('.md')).length >= 4);
});

const expression = (text: string) => `\${{ ${text} }}`;
const HEAD = expression('github.event.pull_request.head.sha');
const HEAD_OR_OWN = expression('github.event.pull_request.head.sha || github.sha');

for (const path of files) {
  for (const workflow of workflowsOf(path)) {
    const own = using(workflow, 'actions/checkout').filter(({ with: given }) => !given?.repository);
    if (own.length === 0 || !isOfPulls(workflow)) continue;
    // A fork's workflow is called for pull requests alone.
    const isPullOnly = path.includes('fork-') || ('on' in workflow && workflow.on === 'pull_request');
    const expected = isPullOnly ? HEAD : HEAD_OR_OWN;
    test(`${path}: checks out a pull request's head, not its test merge`, () => {
      for (const { with: given } of own) assert.equal(given?.ref, expected);
    });
  }
}

test('no checkout leaves the token where the code that is checked out can read it', () => {
  for (const path of [...files, '.github/workflows/ci.yml']) {
    for (const { with: given } of workflowsOf(path).flatMap((workflow) =>
      using(workflow, 'actions/checkout'),
    ))
      assert.equal(given?.['persist-credentials'], false, path);
  }
});

test('an artifact can be uploaded again by a later attempt: it is replaced, or has the attempt in its name', () => {
  for (const path of files) {
    for (const { with: given } of workflowsOf(path).flatMap((workflow) =>
      using(workflow, 'actions/upload-artifact'),
    ))
      assert.ok(given?.overwrite === true || /attempt/.test(String(given?.name)), `${path}: ${given?.name}`);
  }
});

for (const [name, ref] of [
  ['on-demand.yml', 'inputs.sha'],
  ['fork-reusable.yml', 'github.event.pull_request.head.sha'],
] as const) {
  test(`${name}: checks out the commit that it is about`, () => {
    const [checkout, second] = workflowsOf(`docs/workflows/${name}`).flatMap((workflow) =>
      using(workflow, 'actions/checkout'),
    );
    assert.equal(second, undefined);
    assert.equal(checkout!.with?.ref, expression(ref));
  });
}

test('no script calls a program that a runner does not have', () => {
  for (const path of files) {
    for (const { run = '' } of workflowsOf(path).flatMap(stepsIn))
      assert.doesNotMatch(run, /^\s*sos-bench\b/m, path);
  }
});

test('what follows the evaluation of a fork follows the workflow of that name', () => {
  const [{ name: evaluation }] = workflowsOf('docs/workflows/fork-evaluate.yml') as [{ name: string }];
  const following = files.flatMap((path) =>
    workflowsOf(path).flatMap((workflow) => {
      const { on } = workflow as { on?: { workflow_run?: { workflows: string[] } } };
      return on?.workflow_run === undefined ? [] : [[path, ...on.workflow_run.workflows]];
    }),
  );
  assert.deepEqual(following.toSorted(), [
    ['docs/permissions.md', evaluation],
    ['docs/workflows/fork-report.yml', evaluation],
  ]);
});

test('no script has an expression in it: what others may write could end it and begin another', () => {
  for (const path of files) {
    for (const { run = '' } of workflowsOf(path).flatMap(stepsIn)) assert.doesNotMatch(run, /\$\{\{/, path);
  }
});

const REPOSITORY = 'octo/models';
const PULLS: [
  string,
  { repository: string | null; actor: string },
  'fork-evaluate.yml' | 'pull-request.yml',
][] = [
  ['of the repository itself', { repository: REPOSITORY, actor: 'octo' }, 'pull-request.yml'],
  ['from a fork', { repository: 'guest/models', actor: 'guest' }, 'fork-evaluate.yml'],
  ['from a fork that was deleted', { repository: null, actor: 'guest' }, 'fork-evaluate.yml'],
  [
    "that Dependabot pushed, with a token as a fork's",
    { repository: REPOSITORY, actor: 'dependabot[bot]' },
    'fork-evaluate.yml',
  ],
];
for (const [what, { repository, actor }, expected] of PULLS) {
  test(`a pull request ${what} is evaluated by ${expected} alone`, () => {
    const head = { repo: repository === null ? null : { full_name: repository } };
    const github = {
      ...{ event_name: 'pull_request', event: { pull_request: { head } } },
      ...{ repository: REPOSITORY, actor },
    };
    const evaluating = {
      'pull-request.yml': 'train',
      'fetched.yml': 'evaluate',
      'shared-disk.yml': 'train',
      'fork-evaluate.yml': 'fork',
    };
    for (const [name, job] of Object.entries(evaluating)) {
      const [workflow] = workflowsOf(`docs/workflows/${name}`) as [{ jobs: Record<string, { if: string }> }];
      // As GitHub's expressions have it, what there is none of has no fields either.
      const condition = workflow.jobs[job]!.if.replaceAll(/\.(?=[a-z])/g, '?.');
      const takes = name === 'fork-evaluate.yml' ? expected === name : expected === 'pull-request.yml';
      assert.equal(runInNewContext(condition, { github }), takes, name);
    }
  });
}

test('fork-report.yml reports a run that failed, and none that was skipped, whose pull request is not its own', () => {
  const [workflow] = workflowsOf('docs/workflows/fork-report.yml') as [
    { jobs: Record<string, { if: string }> },
  ];
  const reports = (conclusion: string) => {
    const github = { event: { workflow_run: { event: 'pull_request', conclusion } } };
    return runInNewContext(workflow.jobs.report!.if, { github }) as boolean;
  };
  assert.deepEqual(['success', 'failure', 'cancelled', 'skipped'].map(reports), [true, true, true, false]);
});

test('a merge group is evaluated by pull-request.yml', () => {
  const [workflow] = workflowsOf('docs/workflows/pull-request.yml') as [
    { jobs: Record<string, { if: string }> },
  ];
  const github = { event_name: 'merge_group', event: {}, repository: REPOSITORY, actor: 'octo' };
  assert.equal(runInNewContext(workflow.jobs.train!.if, { github }), true);
});

const PAYLOADS: [string, boolean][] = [
  ['/shared/models/0123abcd', true],
  ['hf:org/model-7b@0123abcd', true],
  ['artifact:model', true],
  ['command:touch pwned', false],
  [' command:touch pwned', false],
  ['\ncommand:touch pwned', false],
  ['/shared/$(touch pwned)', false],
  ['/shared/a\ncommand:touch pwned', false],
  ['models/here', false],
  ['org/model', false],
  ['', false],
];
for (const [model, isTaken] of PAYLOADS) {
  test(`external-cluster.yml: a payload with model ${JSON.stringify(model)} is ${isTaken ? 'taken' : 'refused before anything else'}`, async () => {
    const steps = workflowsOf('docs/workflows/external-cluster.yml').flatMap(stepsIn);
    const { run, env } = steps[0]!;
    assert.deepEqual(env, { MODEL: expression('github.event.client_payload.model') });
    const cwd = temporaryFolder();
    const options = { cwd, env: { MODEL: model }, reject: false } as const;
    // As runners do: bash, or sh where there is none.
    for (const shell of ['bash', 'sh']) {
      const { exitCode, stdout } = await execa(shell, ['-e', '-c', run!], options);
      assert.equal(exitCode, isTaken ? 0 : 1, shell);
      assert.match(stdout, isTaken ? /^$/ : /^::error::client_payload\.model is neither/);
    }
    assert.deepEqual(readdirSync(cwd), []);
  });
}
