/**
 * Both stages in one command, with the real LiveBench: our questions, a real model, lm-eval's workers, then a real server and
 * LiveBench's own scorer. The record has all 24 benchmarks; LiveBench's own table script, on the same scores, has to print our
 * category scores.
 *
 *     npm run e2e:livebench -- --livebench-dir DIR [--model FOLDER] [--max-gen-toks N] [--output DIR] [--record]
 *
 * `--record` keeps what the model answered and what LiveBench made of it as fixtures of the contract tests.
 */
import assert from 'node:assert/strict';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { execa } from 'execa';
import { prepareDemoModels } from '../src/demo/models.ts';
import { prepareLiveBench, type ReadyLiveBench } from '../src/evaluate/livebench/prepare.ts';
import { findSources } from '../src/evaluate/questions/sources.ts';
import { AnswerFile } from '../src/harness/livebench/answer/answer-file.ts';
import { scoreAnswers } from '../src/harness/livebench/grade/score.ts';
import type { LiveBenchQuestion } from '../src/harness/livebench/question.ts';
import { categoryOf, readLiveBenchQuestions } from '../src/harness/livebench/read-questions.ts';
import { readRecord } from '../src/record/read.ts';
import { CATALOGUE } from '../src/suite/catalogue.ts';
import { LIVEBENCH_RELEASE } from '../src/suite/livebench.ts';
import { cacheRoot, packageRoot } from '../src/system/paths.ts';
import { workerEnvironment } from '../src/system/process/child-environment.ts';
import { createProgress } from '../src/system/progress.ts';
import { managedPython } from '../src/system/python/managed.ts';
import { showTable } from '../test/support/livebench-table.ts';

const say = (text: string) => void process.stderr.write(`${text}\n`);
const print = (text: string) => void process.stdout.write(`${text}\n`);

const { values } = parseArgs({
  options: {
    'livebench-dir': { type: 'string' },
    'max-gen-toks': { type: 'string', default: '64' },
    model: { type: 'string' },
    output: { type: 'string' },
    record: { type: 'boolean', default: false },
  },
});
const dir = values['livebench-dir'];
if (dir === undefined) {
  say('give --livebench-dir: a checkout of LiveBench');
  process.exit(2);
}
const environment = process.env;
const cache = cacheRoot(environment);
const signal = new AbortController().signal;

const scratch = await mkdtemp(join(tmpdir(), 'sos-bench-e2e-livebench-'));
try {
  const python = await managedPython({ cache, environment, note: say, signal });
  const model =
    values.model ?? (await prepareDemoModels({ python, cache, environment, note: say, signal })).main;
  const output = resolve(values.output ?? join(scratch, 'record'));
  const run = ['--model', model, '--suite', 'mini', '--livebench-dir', dir];
  const cli = join(packageRoot(), 'src', 'cli', 'bin.ts');
  await execa(
    'node',
    [
      cli,
      'run',
      ...run,
      '--output',
      output,
      '--model-args',
      'dtype=float32',
      '--max-gen-toks',
      values['max-gen-toks'],
    ],
    {
      stdout: 'ignore',
      stderr: 'inherit',
    },
  );

  const { record, items } = await readRecord(output);
  let lacking = 0;
  print('benchmark                              status       n  reason');
  for (const { id, status, n, reason } of record.benchmarks) {
    if (status !== 'done' && (status !== 'skipped' || reason === null)) lacking++;
    print(`${id.padEnd(32)} ${status.padEnd(8)} ${String(n).padStart(5)}  ${reason ?? ''}`);
  }
  if (record.benchmarks.length !== CATALOGUE.length) lacking++;
  print(
    `${record.benchmarks.length} benchmarks; ${lacking === 0 ? 'each is done or says why not' : `${lacking} are not`}`,
  );

  const rows = CATALOGUE.filter(({ harness }) => harness === 'livebench');
  const own = { cache: cacheRoot(environment), note: () => {} };
  const hub = { python, source: '', environment: workerEnvironment(environment), token: null, ...own };
  const sourced = await findSources(rows, { suite: 'mini', datasetsDir: null, cwd: process.cwd(), hub });
  const scores = new Map<string, number>();
  const questions = [];
  for (const { benchmark, tasks } of sourced) {
    for (const { task, source } of tasks) {
      if (source.kind === 'unavailable') continue;
      for (const [docId, question] of (
        await readLiveBenchQuestions(benchmark, task, source, LIVEBENCH_RELEASE)
      ).entries()) {
        const item = items.find((one) => one.task === task.name && one.docId === docId);
        assert.ok(item, `${task.name} ${docId} has no score`);
        questions.push(question);
        scores.set(question.id, item.score);
      }
    }
  }
  const context = { cwd: process.cwd(), environment, progress: createProgress(process.stderr), signal };
  const livebench = { dir, ref: null, release: LIVEBENCH_RELEASE, allowUnsafeCode: false };
  const ready = await prepareLiveBench({ livebench }, context, { cache, serverSlot: null });
  assert.ok(ready.kind === 'ready', 'LiveBench is not ready');
  const again = await scoreAgain(join(output, 'livebench', 'answers.jsonl'), questions, ready);
  for (const [id, score] of scores) assert.deepEqual(again.get(id), { score }, `${id} is scored otherwise`);
  const table = await showTable(scores, {
    environment: ready.environment,
    sandbox: ready.sandbox,
    questions,
    release: LIVEBENCH_RELEASE,
    scratchParent: scratch,
    signal,
  });
  print('benchmark                               n    ours  LiveBench');
  let differ = 0;
  for (const row of rows) {
    const own = record.benchmarks.find(({ id }) => id === row.id);
    const theirs = table.categories.get(categoryOf(row));
    const ours = own?.mean == null ? null : Math.round(own.mean * 1000) / 10;
    if (ours === null || theirs === undefined || Math.abs(ours - theirs) > 0.051) differ++;
    print(
      `${row.id.padEnd(32)} ${String(own?.n ?? 0).padStart(2)} ${String(ours).padStart(7)} ${String(theirs).padStart(10)}`,
    );
  }
  print(
    `sandbox: ${ready.sandbox.kind}; ${differ === 0 ? 'every benchmark agrees' : `${differ} benchmarks differ`}`,
  );
  // A small model's answers are mostly wrong: right and wrong ones to every task are scored by a test of their own.
  const scorer = join(packageRoot(), 'test', 'harness', 'livebench', 'real-scorer.test.ts');
  const test = await execa('node', ['--test', scorer], {
    env: { SOS_BENCH_LIVEBENCH_DIR: dir },
    stdout: 'inherit',
    stderr: 'inherit',
    reject: false,
  });
  process.exitCode = lacking === 0 && differ === 0 && test.exitCode === 0 ? 0 : 1;
} finally {
  await rm(scratch, { recursive: true, force: true });
}

/** LiveBench's scores of the same answers once more; kept, with the answers, where they are to be recorded. */
async function scoreAgain(path: string, questions: readonly LiveBenchQuestion[], ready: ReadyLiveBench) {
  const { file, answers } = await AnswerFile.open(path);
  await file.close();
  let judgments = '';
  const outcomes = await scoreAnswers({
    ...ready,
    questions,
    answers: new Map([...answers].map(([id, { turns }]) => [id, turns])),
    release: LIVEBENCH_RELEASE,
    scratchParent: scratch,
    parallel: 1,
    timeout: 120_000,
    onJudgments: (lines) => {
      judgments += lines;
    },
    signal,
    note: say,
  });
  if (values.record) {
    const fixtures = join(packageRoot(), 'test', 'fixtures', 'livebench');
    const lines = (await readFile(path, 'utf8')).trim().split('\n').sort();
    await mkdir(fixtures, { recursive: true });
    await writeFile(join(fixtures, 'model-answers.jsonl'), `${lines.join('\n')}\n`);
    await writeFile(join(fixtures, 'judgments', 'model.jsonl'), judgments);
  }
  return outcomes;
}
