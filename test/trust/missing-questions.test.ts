/**
 * A change that does away with the questions it lost, through the built report action against an emulated GitHub: they count as
 * wrong, and the check fails and names them.
 */
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { after as afterAll, before, describe, test } from 'node:test';
import { writeRecord } from '../../src/record/write.ts';
import { chooseDocuments } from '../../src/suite/plan/sample.ts';
import { HALF, after as lost } from '../support/comparisons.ts';
import { eventEnvironment } from '../support/events.ts';
import { temporaryFolder } from '../support/folder.ts';
import { startGitHub, type TestGitHub } from '../support/github.ts';
import { keepBaseline } from '../support/keep-baseline.ts';
import { makeRecord, type Row } from '../support/records.ts';
import { runStep } from '../support/runner.ts';

const [DIAMOND, MAIN] = ['sosb_gpqa_diamond', 'sosb_gpqa_main'] as const;

/** Main's model: half of 1,000 questions right, in two tasks. */
const ASKED: Row = {
  scores: HALF,
  task: (index) => (index % 2 ? MAIN : DIAMOND),
  docId: (index) => Math.floor(index / 2),
};

/** The questions at these indexes alone; they move up in their tasks, as the lines of a file do. */
function only(scores: readonly number[], keep: (index: number) => boolean): Row {
  const indexes = scores.flatMap((_, index) => (keep(index) ? [index] : []));
  const before = (index: number) =>
    indexes.filter((other) => other < index && other % 2 === index % 2).length;
  return {
    scores: indexes.map((index) => scores[index]!),
    task: (i) => ASKED.task!(indexes[i]!),
    docId: (i) => before(indexes[i]!),
    document: (i) => Math.floor(indexes[i]! / 2),
  };
}

const WORSE = lost(100);

/** Two of five questions of each task, as a sample of the record's seed draws them, but for some. */
function drawn(scores: readonly number[], without: (index: number) => boolean = () => false): Row {
  const { items } = makeRecord({ model: 'hashes', benchmarks: { gpqa: ASKED } });
  const indexes = [DIAMOND, MAIN].flatMap((task) => {
    const own = items.flatMap((item, index) => (item.task === task ? [{ item, index }] : []));
    const hashes = own.map(({ item }) => BigInt.asUintN(64, item.docHash).toString(16).padStart(16, '0'));
    return chooseDocuments(hashes, 200, 1234).map((docId) => own[docId]!.index);
  });
  const left = indexes.filter((index) => !without(index));
  return {
    scores: left.map((index) => scores[index]!),
    task: (i) => ASKED.task!(left[i]!),
    docId: (i) => Math.floor(left[i]! / 2),
    inclusionP: () => 0.4,
  };
}

describe('a change that lost 100 of 1,000 questions', () => {
  const workspace = temporaryFolder();
  let github: TestGitHub;
  let token: string;
  let pull: { number: number; headSha: string };
  let reports = 0;

  before(async () => {
    github = await startGitHub();
    token = await github.emulator.appToken();
    pull = await github.emulator.openPull();
    const { object } = await github.emulator.api<{ object: { sha: string } }>(
      'GET',
      '/repos/octo/models/git/ref/heads/main',
    );
    await keepBaseline(github, workspace, object.sha, ASKED);
  });
  afterAll(() => github.close());

  /** Reports a record of the change's, as the second job of a run does. */
  async function report(row: Row, plan = 'plan-b', inputs: Record<string, string> = {}) {
    const name = `Report ${++reports}`;
    const { record, items } = makeRecord({
      model: 'change',
      benchmarks: { gpqa: row },
      edit: (made) =>
        Object.assign(made, {
          commit: pull.headSha,
          planHash: plan,
          suite: inputs.suite ?? 'full',
          seed: 1234,
        }),
    });
    const folder = `record-${reports}`;
    await writeRecord(join(workspace, folder), record, items);
    const { exitCode, outputs, stdout, summary } = await runStep({
      workspace,
      action: 'report',
      inputs: {
        ...{ 'github-token': token, store: 'branch', record: `./${folder}`, pull: String(pull.number) },
        ...{ sha: pull.headSha, 'report-id': name, 'check-name': name },
        ...inputs,
      },
      environment: {
        ...eventEnvironment(workspace, { name: 'workflow_dispatch', payload: { inputs: {} }, run: 77 }),
        GITHUB_REF: 'refs/heads/main',
        GITHUB_API_URL: github.proxy.url,
      },
    });
    const check = (await github.checks(pull.headSha)).find((found) => found.name === name);
    return { exitCode, verdict: outputs.verdict, conclusion: check?.conclusion, summary, stdout };
  }

  const cases: { title: string; row: Row; verdict: string; names: RegExp[] }[] = [
    { title: 'and answers them all', row: { ...ASKED, scores: WORSE }, verdict: 'regressed', names: [] },
    {
      title: 'and drops those from its data',
      row: only(WORSE, (index) => index >= 100),
      verdict: 'incomplete',
      names: [/100 of 1,000 questions of GPQA/, /450 documents here, 500 in the baseline/],
    },
    {
      title: 'and drops six of each task',
      row: only(WORSE, (index) => index >= 12),
      verdict: 'incomplete',
      names: [/12 of 1,000 questions of GPQA/],
    },
    {
      title: 'and relabels those',
      row: {
        ...ASKED,
        scores: HALF,
        document: (index) => Math.floor(index / 2) + (index < 100 ? 10_000 : 0),
      },
      verdict: 'incomplete',
      names: [/100 of 1,000 questions of GPQA/, /50 documents replaced by others/],
    },
    {
      title: 'and relabels every question',
      row: { ...ASKED, document: (index) => Math.floor(index / 2) + 10_000 },
      verdict: 'incomplete',
      names: [/500 documents replaced by others/],
    },
    {
      title: 'and leaves out a task',
      row: only(WORSE, (index) => index % 2 === 0),
      verdict: 'incomplete',
      names: [/500 of 1,000 questions of GPQA/, /the whole task/],
    },
    {
      title: 'and leaves out the benchmark',
      row: { scores: [], status: 'skipped', reason: 'no file data/gpqa' },
      verdict: 'incomplete',
      names: [/no file data\/gpqa/],
    },
  ];
  for (const { title, row, verdict, names } of cases) {
    test(`${title}: ${verdict}, and the check fails`, async () => {
      const found = await report(row);
      assert.deepEqual(
        [found.exitCode, found.verdict, found.conclusion],
        [1, verdict, 'failure'],
        found.stdout,
      );
      for (const name of names) assert.match(found.summary, name);
    });
  }

  test('and drops them, where the policy fails on regressions alone: they count as wrong', async () => {
    const found = await report(
      only(WORSE, (index) => index >= 100),
      'plan-b',
      { 'fail-on': 'regressed' },
    );
    assert.deepEqual([found.exitCode, found.conclusion], [1, 'failure'], found.stdout);
    assert.match(found.summary, /With the missing questions counted as wrong: World knowledge fell/);
  });

  test('and answers a sample of them: the answers of the baseline to the others are borrowed', async () => {
    const found = await report(drawn(WORSE), 'plan-b', { suite: 'pr' });
    assert.deepEqual([found.exitCode, found.verdict], [1, 'regressed'], found.stdout);
    assert.match(
      found.summary,
      /In 1 benchmark the baseline answered 1,000 questions, and 400 of them, drawn at random,/,
    );
  });

  test('and drops those from a sample: nothing is borrowed over them', async () => {
    const found = await report(
      drawn(WORSE, (index) => index < 100),
      'plan-b',
      { suite: 'pr' },
    );
    assert.deepEqual(
      [found.exitCode, found.verdict, found.conclusion],
      [1, 'incomplete', 'failure'],
      found.stdout,
    );
    assert.match(found.summary, /With the missing questions counted as wrong: World knowledge fell/);
  });

  test('an honest change, of which one question could not be scored, passes', async () => {
    const found = await report(
      only(HALF, (index) => index !== 700),
      'plan-a',
    );
    assert.deepEqual([found.exitCode, found.conclusion], [0, 'success'], found.stdout);
    assert.match(found.summary, /1 of 500/);
  });
});
