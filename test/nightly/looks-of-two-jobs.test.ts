/** Looks where one job evaluates, and ends early, and another reports: the report goes through them itself, on the answers that came. */
import assert from 'node:assert/strict';
import { cpSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { before, describe, test } from 'node:test';
import { execa } from 'execa';
import { recordPaths } from '../../src/record/paths.ts';
import { readRecord } from '../../src/record/read.ts';
import type { LoadedRecord } from '../../src/record/schema.ts';
import { writeRecord } from '../../src/record/write.ts';
import type { Plan } from '../../src/suite/plan/plan.ts';
import { runCli, testCache } from '../support/cli.ts';
import { makeTinyModel, writeQuestions, xstestQuestions } from '../support/datasets.ts';
import { temporaryFolder } from '../support/folder.ts';
import { answersTo } from '../support/looked-run.ts';
import { testPython } from '../support/python.ts';
import { runStep } from '../support/runner.ts';

const REPOSITORY = { full_name: 'octo/models', default_branch: 'main' };
/** Seven of a hundred: no first look shows that, and all looks together do. */
const [QUESTIONS, LOST] = [240, 17];

describe('a run of one job that ended early, reported by another', () => {
  const folder = temporaryFolder();
  const workspace = join(folder, 'workspace');
  const data = join(folder, 'data');
  const environment = testCache(folder);
  const model = (name: string) => join(folder, 'models', name);
  const evaluation = (name: string) => ({
    ...{ model: model(name), 'model-args': 'dtype=float32', device: 'cpu', backend: 'hf' },
    ...{ 'datasets-dir': data, benchmarks: 'xstest', suite: 'pr' },
  });
  const git = async (...args: string[]) => (await execa('git', args, { cwd: workspace })).stdout.trim();
  const commit = async (message: string) => {
    const person = ['-c', 'user.name=test', '-c', 'user.email=test@example.org'];
    await git(...person, 'commit', '--quiet', '--allow-empty', '-m', message);
    return await git('rev-parse', 'HEAD');
  };
  const store = `folder:${join(folder, 'store')}`;
  let base: string;
  let head: string;
  let steps = 0;

  /** A step of a push to main, or of the pull request. */
  async function step(event: 'push' | 'pull', inputs: Record<string, string>, action?: string) {
    const payload = join(folder, `event-${++steps}.json`);
    const side = (sha: string, ref: string) => ({ sha, ref, repo: REPOSITORY });
    const pull_request = {
      ...{ number: 1, state: 'open', user: { login: 'writer' } },
      ...{ head: side(head, 'change'), base: side(base, 'main') },
    };
    const ofPush = { after: base, ref: 'refs/heads/main' };
    writeFileSync(
      payload,
      JSON.stringify({ ...(event === 'push' ? ofPush : { pull_request }), repository: REPOSITORY }),
    );
    return await runStep({
      workspace,
      ...(action !== undefined && { action }),
      inputs,
      environment: {
        ...environment,
        GITHUB_EVENT_NAME: event === 'push' ? 'push' : 'pull_request',
        GITHUB_EVENT_PATH: payload,
        GITHUB_SHA: event === 'push' ? base : head,
        GITHUB_REF: event === 'push' ? 'refs/heads/main' : 'refs/pull/1/merge',
      },
    });
  }
  const report = async (record: string) => {
    const { model: _, device: __, ...asked } = evaluation('other');
    return await step('pull', { ...asked, store, record, comment: 'false', check: 'false' }, 'report');
  };

  let plan: Plan;
  let left: LoadedRecord;
  let endedAt: number;

  /** What the job might hand on in place of what it left. */
  async function reportOf(name: string, change: (honest: LoadedRecord) => LoadedRecord) {
    const made = change(left);
    const path = join(workspace, name);
    await writeRecord(path, made.record, made.items);
    cpSync(recordPaths(left.path).plan, recordPaths(path).plan);
    return await report(`./${name}`);
  }

  before(async () => {
    const python = await testPython();
    await makeTinyModel(python, model('main'), 4);
    await makeTinyModel(python, model('other'), 1);
    const pool = xstestQuestions(500) as { label: string }[];
    writeQuestions(data, 'xstest/test', pool);
    const answersOf = async (name: string) => {
      const output = join(folder, `pool-${name}`);
      const { exitCode, stderr } = await runCli(
        Object.entries({ ...evaluation(name), suite: 'full', output }).reduce(
          (args, [key, value]) => args.concat(`--${key}`, value),
          ['run'],
        ),
        { environment },
      );
      assert.equal(exitCode, 0, stderr);
      return new Map((await readRecord(output)).items.map(({ docId, score }) => [docId, score === 1]));
    };
    const [main, other] = [await answersOf('main'), await answersOf('other')];
    const differs = pool.map((_, docId) => main.get(docId) !== other.get(docId));
    const chosen = [true, false].flatMap((lost) =>
      pool
        .flatMap((question, docId) => {
          const label = question.label === 'safe' ? 'unsafe' : 'safe';
          return differs[docId] === lost ? [main.get(docId) ? question : { ...question, label }] : [];
        })
        .slice(0, lost ? LOST : QUESTIONS - LOST),
    );
    assert.equal(chosen.length, QUESTIONS, `${differs.filter(Boolean).length} of ${pool.length} differ`);
    writeQuestions(data, 'xstest/test', chosen);
    mkdirSync(workspace);
    await git('init', '--quiet', '--initial-branch', 'main');
    base = head = await commit('main');
    const pushed = await step('push', { ...evaluation('main'), store, output: join(folder, 'pushed') });
    assert.equal(pushed.exitCode, 0, pushed.stdout);
    await git('switch', '--quiet', '--create', 'change');
    head = await commit('change');

    const ran = await step(
      'pull',
      { ...evaluation('other'), 'reuse-store': store, output: join(folder, 'ran') },
      'run',
    );
    assert.equal(ran.exitCode, 0, ran.stdout);
    const found = /Look ([1-5]) of 5: safety has regressed/.exec(ran.stdout);
    assert.ok(found, ran.stdout);
    endedAt = Number(found[1]);
    assert.ok(endedAt > 1 && endedAt < 5, String(endedAt));
    left = await readRecord(ran.outputs['record-path']!);
    plan = JSON.parse(readFileSync(recordPaths(left.path).plan, 'utf8')) as Plan;
    assert.ok(left.items.length < QUESTIONS);
    assert.deepEqual(left.record.looks, { count: 5, decided: { safety: endedAt } });
  });

  const through = (look: number) => plan.chunks.filter((chunk) => (chunk.look ?? 1) <= look);
  const withItems = (honest: LoadedRecord, items: LoadedRecord['items']) => {
    const asked = new Set(items.map(({ docId }) => docId));
    const chunks = plan.chunks.map((chunk) => ({
      ...chunk,
      docIds: chunk.docIds.filter((id) => asked.has(id)),
    }));
    return { ...answersTo(honest, chunks), items };
  };

  test('is decided at the look at which it ended: the report finds the same', async () => {
    const { exitCode, outputs, summary, stdout } = await reportOf('honest', (honest) => honest);
    assert.deepEqual([outputs.verdict, outputs.passed, exitCode], ['regressed', 'false', 1], stdout);
    assert.match(summary, new RegExp(`Decided after ${endedAt} of 5 looks, \\d+(\\.\\d)?% of the plan`));
  });

  test('is decided the same where one answer is missing: it counts as wrong', async () => {
    const { outputs, summary } = await reportOf('one-less', (honest) =>
      withItems(
        honest,
        honest.items.filter((_, index) => index !== 5),
      ),
    );
    assert.equal(outputs.verdict, 'regressed');
    assert.match(summary, /1 of \d+ questions/);
  });

  const unsupported: [string, (honest: LoadedRecord) => LoadedRecord][] = [
    [
      'one look earlier than its answers decide',
      (honest) => {
        const made = answersTo(honest, through(endedAt - 1));
        const looks = { count: 5, decided: { safety: endedAt - 1 } };
        return { ...made, record: { ...made.record, complete: true, looks } };
      },
    ],
    [
      'without the questions of its last look that it got wrong',
      (honest) => {
        const last = answersTo(
          honest,
          plan.chunks.filter(({ look }) => look === endedAt),
        ).items.map(({ docId }) => docId);
        const isKept = ({ docId, score }: LoadedRecord['items'][number]) =>
          score === 1 || !last.includes(docId);
        return withItems(honest, honest.items.filter(isKept));
      },
    ],
  ];
  for (const [index, [title, change]] of unsupported.entries())
    test(`is incomplete where it ends ${title}`, async () => {
      const { exitCode, outputs, stdout } = await reportOf(`unsupported-${index}`, change);
      assert.deepEqual([outputs.verdict, outputs.passed, exitCode], ['incomplete', 'false', 1], stdout);
    });
});
