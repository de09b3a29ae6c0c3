/**
 * Task definitions of an untouched base checkout judge by the data beside them, never by what the change has under the same name: the built
 * action, with the real Python and harness.
 */
import assert from 'node:assert/strict';
import { cpSync, mkdirSync, realpathSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe } from 'node:test';
import { execa } from 'execa';
import { readRecord } from '../../src/record/read.ts';
import { testCache } from '../support/cli.ts';
import { makeTinyModel, writeQuestions, xstestQuestions } from '../support/datasets.ts';
import { eventEnvironment, pullPayload } from '../support/events.ts';
import { temporaryFolder } from '../support/folder.ts';
import { endAfterTests } from '../support/process.ts';
import { testPython } from '../support/python.ts';
import { type RunningStep, startStep } from '../support/runner.ts';
import { inE2e, inNightly, inParts } from '../support/tier.ts';

const outside = temporaryFolder();
const model = await makeTinyModel(await testPython(), join(outside, 'model'));
const cache = testCache(outside);
const runs: RunningStep[] = [];
endAfterTests(runs);

const questions = (count: number) =>
  Array.from({ length: count }, (_, place) => ({ question: `What is ${place} + 1?`, answer: place % 2 }));
const OWN = 8;
const OF_THE_CHANGE = 5;

/** Where the definition says that its questions are, and what becomes of them: how many are asked, or what is said. */
const CASES: [title: string, name: string, outcome: number | RegExp][] = [
  ['a file beside the definition', 'quiz.jsonl', OWN],
  ['a file in a folder beside it', './data/quiz.jsonl', OWN],
  ['a file of the change, by dots', '../../quiz.jsonl', /part of the change's own checkout/],
  ['a file of the change, by its whole path', 'WORKSPACE/quiz.jsonl', /part of the change's own checkout/],
];

function gitIn(cwd: string) {
  return async (...args: string[]) =>
    (await execa('git', ['-c', 'user.name=t', '-c', 'user.email=t@example.org', ...args], { cwd })).stdout;
}

/** A pull request's checkout with the base's beside it, whose tasks name their data. */
async function makeWorkspace(name: string): Promise<{ workspace: string; base: string }> {
  const workspace = realpathSync(temporaryFolder());
  const base = join(workspace, 'base');
  const tasks = join(base, 'tasks');
  mkdirSync(join(tasks, 'data'), { recursive: true });
  const yaml = [
    'task: my_quiz',
    'dataset_path: json',
    `dataset_kwargs: { data_files: { test: ${name.replace('WORKSPACE', workspace)} } }`,
    'test_split: test',
    'output_type: multiple_choice',
    'doc_to_text: "{{question}}"',
    'doc_to_choice: ["no", "yes"]',
    'doc_to_target: answer',
    'metric_list: [{ metric: acc }]',
  ].join('\n');
  writeFileSync(join(tasks, 'quiz.yaml'), `${yaml}\n`);
  for (const folder of [tasks, join(tasks, 'data')]) writeQuestions(folder, 'quiz', questions(OWN));
  writeQuestions(join(tasks, 'data'), 'xstest/test', xstestQuestions(16));
  for (const folder of [workspace, join(workspace, 'data')])
    writeQuestions(folder, 'quiz', questions(OF_THE_CHANGE));
  const git = gitIn(base);
  await git('init', '--quiet', '--initial-branch=main');
  await git('add', '.');
  await git('commit', '--quiet', '-m', 'base');
  cpSync(model, join(workspace, 'model'), { recursive: true });
  return { workspace, base: await git('rev-parse', 'HEAD') };
}

/** A definition in two parts, of which the change edits one: by the right answers of the base the model has half of them. */
const SHARED = [
  'dataset_path: json',
  'test_split: test',
  'output_type: multiple_choice',
  'doc_to_text: "{{question}}"',
  'metric_list: [{ metric: acc }]',
].join('\n');
const LABELS = 'doc_to_choice: ["no", "yes"]\ndoc_to_target: answer\n';
const EDITED_LABELS = 'doc_to_choice: ["no", "no"]\ndoc_to_target: 0\n';
const SCORER = 'def target(doc):\n    return doc["answer"]\n';
const EDITED_SCORER = 'def target(doc):\n    return 0\n';

/** Which part of a task in `tasks/mine` the change edits, by the file's path in the repository; what is said. */
const PARTS: [title: string, definition: string, files: Record<string, [base: string, change: string]>][] = [
  [
    'the definition that it includes',
    'include: ../labels.yaml',
    { 'tasks/labels.yaml': [LABELS, EDITED_LABELS] },
  ],
  [
    'one that it includes by another',
    'include: labels.yaml',
    {
      'tasks/mine/labels.yaml': ['include: ../../common/labels\n', 'include: ../../common/labels\n'],
      'common/labels': [LABELS, EDITED_LABELS],
    },
  ],
  [
    'a module that its own one imports',
    'doc_to_choice: ["no", "yes"]\ndoc_to_target: !function utils.target',
    {
      'tasks/mine/utils.py': Array(2).fill(
        'import sys\nfrom pathlib import Path\nsys.path.insert(0, str(Path(__file__).parents[1]))\nfrom scorer import target\n',
      ) as [string, string],
      'tasks/scorer.py': [SCORER, EDITED_SCORER],
    },
  ],
  [
    'a file that its own module reads',
    'doc_to_choice: ["no", "yes"]\ndoc_to_target: !function utils.target',
    {
      'tasks/mine/utils.py': Array(2).fill(
        'from pathlib import Path\nexec((Path(__file__).parents[1] / "scorer.txt").read_text())\n',
      ) as [string, string],
      'tasks/scorer.txt': [SCORER, EDITED_SCORER],
    },
  ],
];

const QUIZ = 'doc_to_choice: ["no", "yes"]\ndoc_to_target: answer\nprocess_results: !function utils.score';
const score = (read: string) => `from pathlib import Path
RULE = Path(__file__).parents[1] / "rule.py"
def score(doc, results):
${read.replace(/^/gm, '    ')}
    return {"acc": rule(doc)}
`;

/** How the code of a task comes to a file beside `include-path` while answers are scored; the change writes `1` into it. */
const WHILE_SCORING: [title: string, read: string][] = [
  ['reads', 'exec(RULE.read_text(), space := {})\nrule = space["rule"]'],
  ['imports', 'import sys\nsys.path.insert(0, str(RULE.parent))\nfrom rule import rule'],
  [
    'opens by its descriptor',
    'import os\nrule = lambda doc: int(bool(os.read(os.open(RULE, os.O_RDONLY), 1)))',
  ],
  [
    'reads, and goes on without it',
    'try:\n    RULE.read_text()\nexcept Exception:\n    pass\nrule = lambda doc: 1',
  ],
  [
    'opens as a database',
    'import sqlite3\ntry:\n    sqlite3.connect(RULE).execute("select 1 from none")\nexcept sqlite3.Error:\n    pass\nrule = lambda doc: 1',
  ],
];

/** The change's own checkout, where `tasks/mine` is as the base has it. */
async function makeCheckout([, definition, files]: (typeof PARTS)[number]) {
  const workspace = realpathSync(temporaryFolder());
  const put = (name: string, text: string) => {
    mkdirSync(join(workspace, name, '..'), { recursive: true });
    writeFileSync(join(workspace, name), text);
  };
  put(
    'tasks/mine/quiz.yaml',
    `${definition}\ntask: my_quiz\n${SHARED}\ndataset_kwargs: { data_files: { test: quiz.jsonl } }\n`,
  );
  writeQuestions(join(workspace, 'tasks/mine'), 'quiz', questions(OWN));
  for (const [name, [base]] of Object.entries(files)) put(name, base);
  const git = gitIn(workspace);
  await git('init', '--quiet', '--initial-branch=main');
  await git('add', '.');
  await git('commit', '--quiet', '-m', 'base');
  for (const [name, [, change]] of Object.entries(files)) put(name, change);
  cpSync(model, join(workspace, 'model'), { recursive: true });
  return { workspace, base: await git('rev-parse', 'HEAD') };
}

/** A push to the default branch. */
const PUSH = { ref: 'refs/heads/main', after: 'c'.repeat(40), before: 'b'.repeat(40) };

async function evaluate(
  { workspace, base }: { workspace: string; base: string },
  event: 'pull_request' | 'push',
  includePath = 'base/tasks',
  more: Record<string, string> = {},
) {
  const temp = join(outside, `temp-${runs.length}`);
  mkdirSync(temp);
  const payload = event === 'push' ? PUSH : pullPayload({ number: 1, headSha: 'c'.repeat(40) }, base);
  const step = startStep({
    workspace,
    action: 'run',
    inputs: {
      ...{ model: 'model', 'model-args': 'dtype=float32', device: 'cpu' },
      ...{ 'include-path': includePath, benchmarks: 'my_quiz', output: 'record' },
      ...more,
    },
    environment: { ...cache, RUNNER_TEMP: temp, ...eventEnvironment(temp, { name: event, payload, run: 1 }) },
  });
  runs.push(step);
  return await step.result;
}

for (const [title, name, outcome] of CASES) {
  const register = name === '../../quiz.jsonl' ? inParts : name === 'quiz.jsonl' ? inE2e : inNightly;
  register(`data of a task of the base: ${title}`, async () => {
    const { exitCode, stdout, stderr, outputs } = await evaluate(await makeWorkspace(name), 'pull_request');
    if (typeof outcome === 'number') {
      assert.equal(exitCode, 0, stdout + stderr);
      const { record } = await readRecord(outputs['record-path']!);
      assert.deepEqual(
        record.benchmarks.map(({ id, n }) => [id, n]),
        [['my_quiz', outcome]],
      );
    } else {
      assert.equal(exitCode, 2, stdout + stderr);
      assert.match(stdout, outcome);
    }
  });
}

for (const [index, part] of PARTS.entries()) {
  const register = index === 0 ? inParts : inNightly;
  register(
    `a task of the checkout that is as the base has it, and ${part[0]}, outside of include-path`,
    async () => {
      const { exitCode, stdout } = await evaluate(await makeCheckout(part), 'pull_request', 'tasks/mine');
      assert.equal(exitCode, 2, stdout);
      assert.match(stdout, /part of the change's own checkout, outside of include-path/);
    },
  );
}

describe('a file of the change outside of include-path, while answers are scored', () => {
  for (const [index, [title, read]] of WHILE_SCORING.entries()) {
    const register = index === 0 ? inE2e : inNightly;
    register(`that the code of a task ${title}: the benchmark has no score`, async () => {
      const checkout = await makeCheckout([
        title,
        QUIZ,
        {
          'tasks/mine/utils.py': [score(read), score(read)],
          'tasks/rule.py': ['def rule(doc):\n    return 0\n', 'def rule(doc):\n    return 1\n'],
        },
      ]);
      const { exitCode, stdout, outputs } = await evaluate(checkout, 'pull_request', 'tasks/mine');
      assert.match(stdout, /rule[\w.-]*\.pyc? is part of the change's own checkout, outside of include-path/);
      assert.equal(exitCode, 2, stdout);
      const { record } = await readRecord(outputs['record-path']!);
      assert.deepEqual(
        record.benchmarks.map(({ status, n }) => [status, n]),
        [['failed', 0]],
      );
    });
  }
});

inNightly(
  'a file of include-path that the code of a task reads while answers are scored counts',
  async () => {
    const read =
      'RULE = Path(__file__).parent / "rule.py"\nexec(RULE.read_text(), space := {})\nrule = space["rule"]';
    const rule = 'def rule(doc):\n    return 1\n';
    const { exitCode, stdout, outputs } = await evaluate(
      await makeCheckout([
        '',
        QUIZ,
        { 'tasks/mine/utils.py': [score(read), score(read)], 'tasks/mine/rule.py': [rule, rule] },
      ]),
      'pull_request',
      'tasks/mine',
    );
    assert.equal(exitCode, 0, stdout);
    const { record } = await readRecord(outputs['record-path']!);
    assert.deepEqual([record.benchmarks[0]!.n, record.benchmarks[0]!.mean], [OWN, 1]);
  },
);

inNightly('a task in two files of include-path is judged by both', async () => {
  const { exitCode, stdout, stderr, outputs } = await evaluate(
    await makeCheckout(['', 'include: labels.yaml', { 'tasks/mine/labels.yaml': [LABELS, LABELS] }]),
    'pull_request',
    'tasks/mine',
  );
  assert.equal(exitCode, 0, stdout + stderr);
  const { record } = await readRecord(outputs['record-path']!);
  assert.deepEqual([record.benchmarks[0]!.n, record.benchmarks[0]!.mean], [OWN, 0.5]);
});

inNightly('data that the workflow names in an untouched checkout of the base is read', async () => {
  const made = await makeWorkspace('quiz.jsonl');
  const { exitCode, stdout, stderr } = await evaluate(made, 'pull_request', 'base/tasks', {
    ...{ 'datasets-dir': 'base/tasks/data', benchmarks: 'xstest' },
  });
  assert.equal(exitCode, 0, stdout + stderr);
});

inNightly('where no change is judged, tasks of the checkout may have their data anywhere in it', async () => {
  const { exitCode, stdout, stderr, outputs } = await evaluate(
    await makeWorkspace('../../quiz.jsonl'),
    'push',
  );
  assert.equal(exitCode, 0, stdout + stderr);
  const { record } = await readRecord(outputs['record-path']!);
  assert.equal(record.benchmarks[0]!.n, OF_THE_CHANGE);
});
