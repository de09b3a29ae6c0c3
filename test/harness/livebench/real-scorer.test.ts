import assert from 'node:assert/strict';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { execa } from 'execa';
import { MODEL } from '../../../src/harness/livebench/answer/answer-file.ts';
import { findLiveBench } from '../../../src/harness/livebench/checkout/checkout.ts';
import {
  type LiveBenchEnvironment,
  liveBenchPython,
} from '../../../src/harness/livebench/checkout/environment.ts';
import { Judgments } from '../../../src/harness/livebench/grade/judgment.ts';
import { scoreAnswers } from '../../../src/harness/livebench/grade/score.ts';
import type { LiveBenchQuestion } from '../../../src/harness/livebench/question.ts';
import { cacheRoot, packageRoot } from '../../../src/system/paths.ts';
import { findSandbox } from '../../../src/system/sandbox/find.ts';
import type { Sandbox } from '../../../src/system/sandbox/sandbox.ts';
import { temporaryFolder } from '../../support/folder.ts';
import { honestAnswers } from '../../support/honest-programs.ts';
import { makeCodeQuestion, modelAnswers, ownAnswers, ownQuestions } from '../../support/livebench.ts';
import { categoryMeans, showTable } from '../../support/livebench-table.ts';

// Needs a checkout of LiveBench: SOS_BENCH_LIVEBENCH_DIR. RECORD_LIVEBENCH=1 writes what it says as fixtures.

const dir = process.env.SOS_BENCH_LIVEBENCH_DIR ?? null;
const skip = dir === null && 'no checkout of LiveBench (SOS_BENCH_LIVEBENCH_DIR)';
const FIXTURES = join(packageRoot(), 'test', 'fixtures', 'livebench');
const RELEASE = '2024-07-26';
const folder = temporaryFolder();

async function setUp(): Promise<{ environment: LiveBenchEnvironment; sandbox: Sandbox }> {
  const common = { cache: cacheRoot(process.env), environment: process.env, note: () => {} };
  const checkout = await findLiveBench({ ...common, dir, ref: null, cwd: process.cwd() });
  assert.ok(checkout.kind === 'checkout');
  const environment = { ...(await liveBenchPython(common)), checkout };
  return { environment, sandbox: await findSandbox(environment.python, process.env) };
}

for (const which of ['right', 'wrong', 'model'] as const) {
  test(`the real scorer on ${which === 'model' ? "a real model's" : which} answers to our questions, and its own table`, {
    skip,
  }, async () => {
    const answers = which === 'model' ? modelAnswers() : ownAnswers(which);
    const questions = (await ownQuestions()).filter(({ id }) => answers.has(id));
    const common = { ...(await setUp()), questions, release: RELEASE, scratchParent: folder };
    let judgments = '';
    const outcomes = await scoreAnswers({
      ...common,
      onJudgments: (lines) => {
        judgments += lines;
      },
      answers,
      parallel: 2,
      timeout: 120_000,
      allowUnsafeCode: true,
      note: () => {},
    });
    const scores = new Map([...outcomes].flatMap(([id, one]) => ('score' in one ? [[id, one.score]] : [])));
    assert.equal(scores.size, questions.length, JSON.stringify([...outcomes.values()]));
    if (process.env.RECORD_LIVEBENCH === '1') {
      mkdirSync(join(FIXTURES, 'judgments'), { recursive: true });
      writeFileSync(join(FIXTURES, 'judgments', `${which}.jsonl`), judgments);
    }
    for (const { id, task } of questions) {
      if (which === 'right') assert.equal(scores.get(id), 1, task);
      else if (which === 'wrong') assert.ok(scores.get(id)! < 0.5, task);
    }
    assert.deepEqual(scores, recordedScores(which, questions));
    const table = await showTable(scores, common);
    for (const [category, mean] of categoryMeans(questions, scores))
      assert.ok(Math.abs(table.categories.get(category)! - 100 * mean) <= 0.05, category);
  });
}

const REACH =
  'def reach():\n    try:\n        return socket.socket().connect_ex(("192.0.2.1", 80)) in (0, 11, 110, 115)\n    except OSError:\n        return False\n';

test('the real grader of code runs a hostile answer: what it could see', { skip }, async (context) => {
  const { environment, sandbox } = await setUp();
  if (sandbox.kind === 'none') return context.skip(sandbox.detail);
  // Its answer to each question is `True` where the way out is open.
  const probes = {
    'a secret in the environment': 'any("secret" in value for value in os.environ.values())',
    'the home folder': `os.path.exists(${JSON.stringify(join(homedir(), '.cache', 'sos-bench', 'logs'))})`,
    'other processes': `any(b"test/harness" in open(f"/proc/{p}/cmdline", "rb").read() for p in os.listdir("/proc") if p.isdigit() and os.path.exists(f"/proc/{p}/cmdline"))`,
    'the network': 'reach()',
    'the checkout, to write': `os.access(${JSON.stringify(environment.checkout.folder)}, os.W_OK) and os.access(${JSON.stringify(join(environment.checkout.folder, 'livebench'))}, os.W_OK)`,
    'the other questions’ answers': 'os.path.exists("data/live_bench/math")',
  };
  const questions = Object.entries(probes).map(([name, test]) => ({ name, test, question: makeProbe(name) }));
  const answers = questions.map(({ question, test }): [string, string[]] => [
    question.id,
    [`\`\`\`python\nimport os, socket\n${REACH}print(${test})\n\`\`\``],
  ]);
  const outcomes = await scoreAnswers({
    environment,
    questions: questions.map(({ question }) => question),
    answers: new Map(answers),
    release: RELEASE,
    scratchParent: folder,
    sandbox: { ...sandbox, environment: { ...sandbox.environment, HF_TOKEN: 'secret' } },
    parallel: 2,
    timeout: 120_000,
    note: () => {},
  });
  // The tests expect `False`: a score of 1 means that the way is closed.
  const open = questions.filter(
    ({ question }) => JSON.stringify(outcomes.get(question.id)) !== '{"score":1}',
  );
  assert.deepEqual(
    open.map(({ name, question }) => [name, outcomes.get(question.id)]),
    [],
  );
});

test('hostile answers that fork, fill disk or memory, or never end cost their own score only', {
  skip,
}, async (context) => {
  const { environment, sandbox } = await setUp();
  if (sandbox.kind === 'none') return context.skip(sandbox.detail);
  const programs = {
    good: 'print(False)',
    forks:
      'import _posixsubprocess, posix, time\nfor _ in range(1000):\n  if posix.fork() == 0: time.sleep(3600)\nprint(False)',
    fills: 'for i in range(10000):\n  open(f"/tmp/{i}", "wb").write(bytes(10**7))\nprint(False)',
    ends: 'import os\nos._exit(0)',
    loops: 'while True: pass',
    asks: 'kept = b"x" * 6_900_000_000\nprint(False)',
    collects: 'kept = []\nwhile True:\n  kept.append(b"x" * 50_000_000)',
    shares:
      'import _posixsubprocess, posix, time\nkept = b"x" * 300_000_000\nfor _ in range(30):\n  if posix.fork() == 0: time.sleep(1); posix._exit(0)\nprint(False)',
    good2: 'print(False)',
  };
  const entries = Object.entries(programs).map(([name, text]) => ({ question: makeProbe(name), name, text }));
  const outcomes = await scoreAnswers({
    environment,
    questions: entries.map(({ question }) => question),
    answers: new Map(entries.map(({ question, text }) => [question.id, [`\`\`\`python\n${text}\n\`\`\``]])),
    release: RELEASE,
    scratchParent: folder,
    sandbox,
    parallel: 1,
    timeout: 60_000,
    startTimeout: 60_000,
    note: () => {},
  });
  const told = Object.fromEntries(entries.map(({ name, question }) => [name, outcomes.get(question.id)]));
  context.diagnostic(JSON.stringify(told));
  assert.deepEqual([told.good, told.good2], [{ score: 1 }, { score: 1 }]);
  for (const name of ['fills', 'ends', 'loops', 'asks', 'collects'] as const)
    assert.deepEqual(told[name], { score: 0 }, name);
  assert.ok('score' in told.shares!, 'what 30 forks share is counted 30 times');
  assert.ok('score' in told.forks! && told.forks.score === 0);
});

function recordedScores(which: 'right' | 'wrong' | 'model', questions: readonly LiveBenchQuestion[]) {
  const judgments = new Judgments(MODEL);
  judgments.addLines(readFileSync(join(FIXTURES, 'judgments', `${which}.jsonl`), 'utf8'));
  return new Map(
    questions.map(({ id }) => {
      const outcome = judgments.get(id);
      return [id, outcome !== undefined && 'score' in outcome ? outcome.score : Number.NaN];
    }),
  );
}

/** A question whose one test expects the output `False`. */
function makeProbe(name: string) {
  const question = makeCodeQuestion(`probe ${name}`);
  const tests = JSON.stringify([{ input: '', output: 'False\n', testtype: 'stdin' }]);
  return { ...question, raw: { ...question.raw, public_test_cases: tests } };
}

test('what confirms an answer runs it as the real grader does', { skip }, async () => {
  const { environment } = await setUp();
  const { questions, answers } = honestAnswers(24);
  const texts = questions.map(({ id, raw }) => [answers.get(id)![0], raw.partial_solution ?? null]);
  const script = [
    'import json, sys',
    `sys.path[:0] = [${JSON.stringify(environment.checkout.folder)}, ${JSON.stringify(join(packageRoot(), 'worker', 'sosbench_graders'))}]`,
    'import program_outputs as ours',
    'from livebench.lcb_runner.evaluation import testing_util as theirs',
    'from livebench.lcb_runner.utils.extraction_utils import extract_code',
    'assert ours.PRELUDE == theirs.import_string',
    'hard = ["", "`x`", "```", "a\\n```", "```\\na\\n```\\nb\\n```\\nc\\n```", "if __name__ == \'__main__\':\\n  print(1)", "import os\\nx = 1\\nfrom re import *", "def f(:"]',
    'texts = json.loads(sys.stdin.read()) + [[text, None] for text in hard]',
    'for text, partial in texts:',
    '    assert ours.extract(text) == extract_code(text, None), text',
    '    code = ours.code_of(text, partial)',
    '    assert ours.without_main_guard(code) == theirs.clean_if_name(code), code',
    '    assert ours.as_function(code) == theirs.make_function(code), code',
    'print("same")',
  ].join('\n');
  const { stdout, stderr } = await execa(environment.python, ['-c', script], {
    input: JSON.stringify(texts),
    reject: false,
  });
  assert.equal(stdout, 'same', stderr);
});
