/** The files that `sos-bench init` writes, in every combination of its choices: what makes their verdict worth something. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { parse } from 'yaml';
import { trains } from '../../src/init/choices.ts';
import { filesFor, WORKFLOWS } from '../../src/init/files.ts';
import { allChoices, PLAIN_CHOICES } from '../support/init-choices.ts';

interface Job {
  'runs-on'?: unknown;
  uses?: string;
  if?: string;
  permissions?: Record<string, string>;
  steps?: { uses?: string; run?: string; env?: Record<string, string>; with?: Record<string, unknown> }[];
}
interface Workflow {
  on: unknown;
  permissions: object;
  jobs: Record<string, Job>;
}

/** Inputs of our actions, by folder. */
const declared = new Map<string, object>();
const readInputs = (action: string) =>
  (parse(readFileSync(join(ROOT, action, 'action.yml'), 'utf8')) as { inputs: object }).inputs;

const ROOT = join(import.meta.dirname, '..', '..');
const all = [...allChoices()].map(([name, choices]) => ({
  name,
  choices,
  workflows: filesFor(choices)
    .filter(({ path }) => path.startsWith(WORKFLOWS))
    .map(({ path, content }) => ({ path, content, ...(parse(content) as Workflow) })),
}));
const jobs = all.flatMap(({ name, choices, workflows }) =>
  workflows.flatMap(({ path, content, jobs: found }) =>
    Object.entries(found).map(([id, job]) => ({
      where: `${name}: ${path}: ${id}`,
      id,
      job,
      choices,
      content,
      path,
    })),
  ),
);
const steps = jobs.flatMap(({ job, ...rest }) => (job.steps ?? []).map((step) => ({ ...rest, job, step })));
const usesOwn = (job: Job, action: string) =>
  (job.steps ?? []).some(({ uses = '' }) => uses.startsWith(`octo/sos-bench/${action}@`));

describe('every combination of choices', () => {
  test('there are as many as the flags give', () => assert.equal(all.length, 4 * 2 * 2 ** 4));

  test('has a workflow for pull requests, one for the default branch, and what was asked for', () => {
    for (const { name, choices, workflows } of all) {
      const { names, forks, nightly, gate, bot } = choices;
      const expected = [
        names.pullRequest,
        names.main,
        ...(nightly ? [names.nightly] : []),
        ...(gate ? [names.gate] : []),
        ...(bot ? [names.bot] : []),
        ...(bot || forks ? [names.onDemand] : []),
        ...(forks ? [names.forkEvaluate, names.forkReusable, names.forkReport] : []),
      ];
      assert.deepEqual(
        workflows.map(({ path }) => path),
        expected.map((file) => `${WORKFLOWS}/${file}`),
        name,
      );
    }
  });

  test('gives a workflow no permission, and each job its own, with the reason beside it', () => {
    for (const { workflows } of all)
      for (const { permissions } of workflows) assert.deepEqual(permissions, {});
    for (const { where, job, content } of jobs) {
      assert.ok(job.permissions !== undefined, where);
      for (const [scope, level] of Object.entries(job.permissions))
        assert.match(content, new RegExp(`${scope}: ${level} # \\w`), `${where}: ${scope}`);
    }
  });

  test('has the code of a change, the evaluation and the report in jobs of their own', () => {
    for (const { where, job, choices } of jobs) {
      const kinds = [
        job.steps?.some(({ run }) => run === choices.train) ?? false,
        usesOwn(job, 'run'),
        usesOwn(job, 'report'),
      ];
      assert.ok(kinds.filter(Boolean).length <= 1, where);
    }
    for (const { name, choices, workflows } of all)
      assert.deepEqual(
        ['train', 'evaluate', 'report'].filter((id) => id in workflows[0]!.jobs),
        trains(choices) ? ['train', 'evaluate', 'report'] : ['evaluate', 'report'],
        name,
      );
  });

  test('lets only the report and the bot write more than checks', () => {
    for (const { where, job } of jobs) {
      const writes = Object.entries(job.permissions ?? {}).filter(([, level]) => level === 'write');
      if (usesOwn(job, 'report') || usesOwn(job, 'bot')) continue;
      assert.deepEqual(
        writes.filter(
          ([scope]) => scope !== 'checks' || !(usesOwn(job, 'open-check') || usesOwn(job, 'conclude-check')),
        ),
        [],
        where,
      );
    }
  });

  test('checks out nothing but where it trains, and leaves no token there', () => {
    for (const { where, job, step, choices } of steps) {
      if (!step.uses?.startsWith('actions/checkout@')) continue;
      assert.equal(step.with!['persist-credentials'], false, where);
      assert.ok(!usesOwn(job, 'run') && !usesOwn(job, 'report'), where);
      assert.ok(trains(choices), where);
    }
  });

  test('pins every action to a whole commit, ours with its version', () => {
    for (const { where, content, job } of jobs) {
      const uses = [...content.matchAll(/uses: (\S+)(?: # (v\S+))?/g)];
      for (const [, use, version] of uses.filter(([, use]) => use !== job.uses)) {
        if (use!.startsWith('octo/models/.github/')) continue;
        assert.match(use!, /@[0-9a-f]{40}$/, where);
        assert.match(version ?? '', /^v\d+\.\d+\.\d+$/, where);
      }
    }
  });

  test('never starts this program by a name that anybody could publish', () => {
    for (const { where, content } of jobs)
      assert.doesNotMatch(content, /npx|npm |@v\d|@main\b(?<!yml@main)/, where);
  });

  test('puts no expression into a script', () => {
    for (const { where, step } of steps) assert.doesNotMatch(step.run ?? '', /\$\{\{/, where);
  });

  test('gives secrets to the evaluation alone, and none to what a fork reaches', () => {
    for (const { where, job, path, choices } of jobs) {
      const named = JSON.stringify(job).includes('secrets.');
      if (named) assert.ok(usesOwn(job, 'run'), where);
      if (path.endsWith(choices.names.forkReusable)) assert.ok(!named, where);
    }
  });

  test('knows the record by the digest that the evaluating job hands over', () => {
    for (const { where, job, path, choices } of jobs) {
      if (!usesOwn(job, 'report') || path.endsWith(choices.names.forkReport)) continue;
      assert.equal(
        job.steps!.at(-1)!.with!['record-digest'],
        `\${{ toJSON(needs.evaluate.outputs) }}`,
        where,
      );
    }
  });

  test('gives our actions inputs that they declare', () => {
    for (const { where, step } of steps) {
      const [, action] = /^octo\/sos-bench\/([\w-]+)@/.exec(step.uses ?? '') ?? [];
      if (action === undefined) continue;
      const inputs = declared.get(action) ?? readInputs(action);
      declared.set(action, inputs);
      for (const name of Object.keys(step.with ?? {})) assert.ok(name in inputs, `${where}: ${name}`);
    }
  });

  test('lets forks into their own runner group alone, by a workflow of the default branch that takes no input', () => {
    for (const { name, choices, workflows } of all.filter(({ choices: { forks } }) => forks)) {
      const of = (file: string) => workflows.find(({ path }) => path === `${WORKFLOWS}/${file}`)!;
      const { forkEvaluate, forkReusable } = choices.names;
      assert.equal(
        of(forkEvaluate).jobs.fork!.uses,
        `octo/models/${WORKFLOWS}/${forkReusable}@${choices.branch}`,
        name,
      );
      assert.deepEqual(of(forkReusable).on, { workflow_call: null }, name);
      const machines = Object.entries(of(forkReusable).jobs).filter(([id]) => id !== 'hand-over');
      for (const [id, { 'runs-on': on }] of machines)
        assert.equal((on as { group: string }).group, 'forks', id);
    }
  });

  test('never lets a fork reach the disk that the models of main lie on', () => {
    const { content } = filesFor({
      ...PLAIN_CHOICES,
      modelFrom: 'disk',
      model: '/shared/models',
      forks: true,
    }).find(({ path }) => path.endsWith('fork-reusable.yml'))!;
    assert.doesNotMatch(content, /\/shared|SHARED_MODELS/);
    assert.match(content, /model: artifact:model/);
  });
});

test('a second call with more wishes leaves what the first wrote as it is', () => {
  const more = new Map(
    filesFor({ ...PLAIN_CHOICES, forks: true, nightly: true, gate: true, bot: true }).map(
      ({ path, content }) => [path, content],
    ),
  );
  for (const { path, content } of filesFor(PLAIN_CHOICES)) assert.equal(more.get(path), content, path);
});

test('a folder of the repository: training runs there, and the artifact is taken from there', () => {
  const { content } = filesFor({ ...PLAIN_CHOICES, folder: 'packages/my model', model: 'out' })[0]!;
  const { jobs: found } = parse(content) as Workflow;
  const [, train, upload] = found.train!.steps!;
  assert.equal((train as { 'working-directory'?: string })['working-directory'], 'packages/my model');
  assert.equal(upload!.with!.path, 'packages/my model/out');
});

test('texts that YAML would read otherwise come back as they were given', () => {
  for (const train of [
    './train.sh',
    'echo "a: b" # c',
    "it's: 'x'",
    '- x',
    '{ a }',
    '"$X" --y',
    'make: ',
    '@a',
    '%b',
    'a\\b',
    '!x',
    '*x',
    '? x',
    'true',
    'null',
    '.5',
    '.inf',
    'yes "é"',
  ]) {
    const { content } = filesFor({ ...PLAIN_CHOICES, train, model: 'a b/yes' })[0]!;
    const { jobs: found } = parse(content) as Workflow;
    assert.equal(found.train!.steps![1]!.run, train);
    assert.equal(found.train!.steps![2]!.with!.path, 'a b/yes');
  }
});

test('a folder of any letters comes back as it was given: for training, the artifact and the evaluation', () => {
  const read = (choices: Partial<typeof PLAIN_CHOICES>) =>
    (parse(filesFor({ ...PLAIN_CHOICES, ...choices })[0]!.content) as Workflow).jobs;
  for (const folder of ['modèle+lora', '+a', '@a', '=a', '-', 'größe, 7B', '模型']) {
    assert.equal(read({ model: folder }).train!.steps![2]!.with!.path, folder);
    const { train, evaluate } = read({ modelFrom: 'disk', model: `/srv/${folder}` });
    assert.equal(train!.steps![1]!.env!.SHARED_MODELS, `/srv/${folder}`);
    assert.equal(evaluate!.steps![0]!.with!.model, `/srv/${folder}/\${{ github.run_id }}`);
  }
});

test('the workflows of this repository use the same versions of the actions of others', () => {
  const pins = new Map<string, string>();
  for (const { content } of filesFor(PLAIN_CHOICES))
    for (const [, name, rest] of content.matchAll(/uses: (actions\/[\w-]+)@(.*)/g)) pins.set(name!, rest!);
  assert.equal(pins.size, 3);
  for (const name of ['ci.yml', 'release.yml'])
    for (const [, action, rest] of readFileSync(join(ROOT, WORKFLOWS, name), 'utf8').matchAll(
      /uses: (actions\/[\w-]+)@(.*)/g,
    ))
      if (pins.has(action!)) assert.equal(rest, pins.get(action!), `${name}: ${action}`);
});
