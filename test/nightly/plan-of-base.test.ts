/** The built action where a change edits the plan that says which questions it is asked. */
import assert from 'node:assert/strict';
import { mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { execa } from 'execa';
import { recordPaths } from '../../src/record/paths.ts';
import { readRecord } from '../../src/record/read.ts';
import { hashPlan, type Plan } from '../../src/suite/plan/plan.ts';
import { writeAnsweredQuestions } from '../support/answered-questions.ts';
import { testCache } from '../support/cli.ts';
import { makeTinyModel } from '../support/datasets.ts';
import { temporaryFolder } from '../support/folder.ts';
import { startGitHub, type TestGitHub } from '../support/github.ts';
import { testPython } from '../support/python.ts';
import { startStep } from '../support/runner.ts';

const REPOSITORY = { full_name: 'octo/models', default_branch: 'main' };
const FILE = '.github/plan.json';

describe('a plan that a pull request edits', () => {
  const folder = temporaryFolder();
  const models = { main: join(folder, 'models', 'main'), damaged: join(folder, 'models', 'damaged') };
  const baseline = join(folder, 'baseline');
  const cache = testCache(folder);
  let github: TestGitHub;
  let token: string;
  let base: string;
  let data: string;
  /** What the base has, and what is left of it without the questions that the damaged model answers wrong. */
  let plan: Plan;
  let easier: Plan;
  let runs = 0;

  before(async () => {
    github = await startGitHub();
    token = await github.emulator.appToken();
    const python = await testPython();
    await makeTinyModel(python, models.main, 4);
    await makeTinyModel(python, models.damaged, 1);
    data = await writeAnsweredQuestions(models.main, folder, 240, cache);
    for (const [model, output] of [
      [models.main, baseline],
      [models.damaged, join(folder, 'damaged')],
    ] as const) {
      const workspace = join(folder, `push-${++runs}`);
      mkdirSync(workspace);
      const inputs = { ...evaluation(model), store: 'none', suite: 'pr', output };
      const { exitCode, stdout } = await startStep({ workspace, inputs, environment: cache }).result;
      assert.equal(exitCode, 0, stdout);
    }
    plan = JSON.parse(readFileSync(recordPaths(baseline).plan, 'utf8'));
    const { items } = await readRecord(join(folder, 'damaged'));
    easier = only(plan, new Set(items.flatMap(({ docId, score }) => (score === 1 ? [docId] : []))));
    const { commit } = await github.emulator.api<{ commit: { sha: string } }>(
      'PUT',
      `/repos/octo/models/contents/${FILE}`,
      { message: 'A plan', content: Buffer.from(JSON.stringify(plan)).toString('base64'), branch: 'main' },
    );
    base = commit.sha;
  });
  after(() => github.close());

  const evaluation = (model: string) => ({
    model,
    'model-args': 'dtype=float32',
    device: 'cpu',
    'datasets-dir': data,
    benchmarks: 'xstest',
  });

  /** The job of a pull request whose checkout has these files; those of `made` are put there by an earlier step. */
  async function pull(
    files: Record<string, string>,
    {
      made = {},
      link,
      ...inputs
    }: { made?: Record<string, string>; link?: string; [input: string]: unknown } = {},
    action = 'action',
  ) {
    const workspace = join(folder, `pull-${++runs}`);
    const git = (...args: string[]) => execa('git', args, { cwd: workspace });
    mkdirSync(join(workspace, '.github'), { recursive: true });
    for (const [name, content] of Object.entries(files)) writeFileSync(join(workspace, name), content);
    if (link !== undefined) symlinkSync(link, join(workspace, FILE));
    await git('init', '--quiet');
    await git('add', '.');
    const identity = ['-c', 'user.name=test', '-c', 'user.email=test@example.org'];
    await git(...identity, 'commit', '--quiet', '--allow-empty', '-m', 'change');
    for (const [name, content] of Object.entries(made)) writeFileSync(join(workspace, name), content);
    const event = join(folder, `event-${runs}.json`);
    const head = { sha: 'a'.repeat(40), ref: 'change', repo: REPOSITORY };
    writeFileSync(
      event,
      JSON.stringify({
        pull_request: {
          ...{ number: 1, state: 'open', user: { login: 'writer' }, head },
          base: { sha: base, ref: 'main', repo: REPOSITORY },
        },
        repository: REPOSITORY,
      }),
    );
    const output = join(folder, `record-${runs}`);
    const judging =
      action === 'action'
        ? { 'github-token': token, baseline, store: 'none', comment: 'false', check: 'false' }
        : {};
    const step = await startStep({
      workspace,
      action,
      inputs: {
        ...evaluation(models.damaged),
        plan: FILE,
        output,
        ...judging,
        ...(inputs as Record<string, string>),
      },
      environment: {
        ...cache,
        GITHUB_EVENT_NAME: 'pull_request',
        GITHUB_EVENT_PATH: event,
        GITHUB_API_URL: github.proxy.url,
      },
    }).result;
    return { ...step, planHash: async () => (await readRecord(output)).record.planHash };
  }

  test('is followed as its base has it: leaving out what it gets wrong does not let it pass', async () => {
    const { exitCode, stdout, outputs, summary, planHash } = await pull({ [FILE]: JSON.stringify(easier) });
    assert.equal(exitCode, 1, stdout);
    assert.equal(outputs.verdict, 'regressed');
    assert.equal(await planHash(), plan.planHash);
    // The whole action ends early, and its report confirms it.
    assert.match(stdout, /Look [1-4] of 5: safety has regressed/);
    assert.match(summary, /Decided after [1-4] of 5 looks, \d+(\.\d)?% of the plan/);
    assert.match(
      summary,
      /This change edits \.github\/plan\.json\. It was evaluated on the plan of its base/,
    );
  });

  test('and one that it does not edit is followed without a word', async () => {
    const { exitCode, summary } = await pull({ [FILE]: JSON.stringify(plan) });
    assert.equal(exitCode, 1);
    assert.doesNotMatch(summary, /This change edits/);
  });

  test('one that an earlier step of the job made is followed where the workflow names its hash', async () => {
    const { exitCode, stdout, planHash } = await pull(
      {},
      { made: { [FILE]: JSON.stringify(easier) }, 'plan-hash': easier.planHash },
    );
    assert.equal(exitCode, 0, stdout);
    assert.equal(await planHash(), easier.planHash);
  });

  const REFUSED: [string, () => ReturnType<typeof pull>, RegExp][] = [
    [
      'one that the base does not have is refused',
      () => pull({ 'plan.json': JSON.stringify(easier) }, { plan: 'plan.json' }),
      /plan plan\.json is part of the pull request's own checkout, and the base \([0-9a-f]{12}\) has no such file \[claimed-path\]\. Hint: .*merge the plan first/,
    ],
    [
      'where nothing can be asked of the base (run without a token), it is refused, and how to give one is said',
      () => pull({ [FILE]: JSON.stringify(plan) }, {}, 'run'),
      /plan \.github\/plan\.json is part of the pull request's own checkout, and the base cannot be read \[claimed-path\]\. Hint: .*plan-hash/,
    ],
  ];
  for (const [what, start, message] of REFUSED) {
    test(what, async () => {
      const { exitCode, stdout } = await start();
      assert.equal(exitCode, 2, stdout);
      assert.match(stdout, message);
      assert.doesNotMatch(stdout, /::group::Evaluate/);
    });
  }

  test('a link in its place is what the base has under that name', async () => {
    const elsewhere = join(folder, 'easier.json');
    writeFileSync(elsewhere, JSON.stringify(easier));
    const { exitCode, planHash } = await pull({}, { link: elsewhere });
    assert.equal(exitCode, 1);
    assert.equal(await planHash(), plan.planHash);
  });
});

/** A plan of those documents alone, with a hash that is right. */
function only(plan: Plan, kept: ReadonlySet<number>): Plan {
  const pick = <Value>(values: readonly Value[], docIds: readonly number[]) =>
    values.filter((_, place) => kept.has(docIds[place]!));
  const part = {
    ...plan,
    benchmarks: plan.benchmarks.map((benchmark) => ({
      ...benchmark,
      tasks: benchmark.tasks.map((task) => {
        const own = pick(task.docIds, task.docIds);
        return {
          ...task,
          docIds: own,
          docHashes: pick(task.docHashes, task.docIds),
          clusters: pick(task.clusters, task.docIds),
          inclusionP: own.map(() => own.length / task.available),
        };
      }),
    })),
    chunks: plan.chunks
      .map((chunk) => ({ ...chunk, docIds: pick(chunk.docIds, chunk.docIds) }))
      .filter(({ docIds }) => docIds.length > 0),
  };
  return { ...part, planHash: hashPlan(part) };
}
