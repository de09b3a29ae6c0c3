import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { Grader } from '../../../src/harness/livebench/grade/grade.ts';
import { refuseCode, type ScoreOptions, scoreAnswers } from '../../../src/harness/livebench/grade/score.ts';
import type { LiveBenchQuestion } from '../../../src/harness/livebench/question.ts';
import { findSandbox } from '../../../src/system/sandbox/find.ts';
import type { Sandbox } from '../../../src/system/sandbox/sandbox.ts';
import { temporaryFolder } from '../../support/folder.ts';
import {
  fakeLiveBench,
  machinePython,
  makeCodeQuestion,
  makeInstructionQuestion,
  makeQuestion,
} from '../../support/livebench.ts';
import { categoryMeans, showTable } from '../../support/livebench-table.ts';
import { marked, within } from '../../support/process.ts';
import { rejectsWith } from '../../support/reject.ts';

// A fake of LiveBench runs in what this machine has for a sandbox: `answer` in its scorer says what it does.

const folder = temporaryFolder();
const mark = randomUUID();
// The only way into a grader's environment, so that what it leaves running can be found.
const environment = { ...process.env, OPENBLAS_MARK: mark };
const sandbox = await findSandbox(machinePython, environment);
/** No machine is so slow that an answer comes later. */
const PATIENT = { timeout: 120_000, startTimeout: 120_000 };

/** What was killed may take a moment to be gone, where the machine is busy. */
async function assertGone(): Promise<void> {
  await within(60, () => marked(mark).length === 0);
  assert.deepEqual(marked(mark), [], 'it left something running');
}

async function score(
  answers: Record<string, string>,
  rest: Partial<ScoreOptions> & { make?: (id: string) => LiveBenchQuestion } = {},
) {
  const questions = rest.questions ?? Object.keys(answers).map((id) => (rest.make ?? makeQuestion)(id));
  const notes: string[] = [];
  const outcomes = await scoreAnswers({
    environment: fakeLiveBench(),
    questions,
    answers: new Map(Object.entries(answers).map(([id, text]) => [id, [text]])),
    release: '2024-07-26',
    scratchParent: folder,
    sandbox,
    parallel: 1,
    ...PATIENT,
    note: (text) => notes.push(text),
    ...rest,
  });
  await assertGone();
  const left = readdirSync(folder).filter((name) => name.startsWith('.'));
  assert.deepEqual(left, [], 'it left a folder');
  return { outcomes: Object.fromEntries(outcomes), notes };
}

async function openGrader(used: Sandbox): Promise<Grader> {
  const grader = await Grader.open({
    environment: fakeLiveBench(),
    sandbox: used,
    release: '2024-07-26',
    scratchParent: folder,
    largest: 4096,
    codeOnly: false,
    ...PATIENT,
  });
  assert.ok(grader instanceof Grader, JSON.stringify(grader));
  return grader;
}

const right = { score: 1 };

const faults: Record<string, { answer: string; outcome: { score: number } | { failure: string } }> = {
  'a score between': { answer: 'half', outcome: { score: 0.5 } },
  'a score that is true': { answer: 'true', outcome: right },
  'a wrong answer': { answer: 'wrong', outcome: { score: 0 } },
  'lines that are no judgments beside the right one': { answer: 'right among garbage', outcome: right },
  'a judgment of another question': { answer: 'forge', outcome: { score: 0 } },
  'nothing but lines that are no judgments': {
    answer: 'garbage',
    outcome: { failure: 'the grader left no judgment and reports no error' },
  },
  'no judgment': {
    answer: 'silent',
    outcome: { failure: 'the grader left no judgment and reports no error' },
  },
  'an end with exit code 0': {
    answer: 'exit 0',
    outcome: { failure: 'the grader left no judgment and reports no error' },
  },
  'an exception': { answer: 'raise', outcome: { failure: 'the grader raised ValueError' } },
  'an exception the first time only': { answer: 'raise in company', outcome: { score: 0 } },
  eval_error: { answer: 'eval_error', outcome: { failure: 'the grader reports an error (eval_error)' } },
  'two scores': { answer: 'twice', outcome: { failure: 'the grader gave two different scores' } },
  'a score of 7': { answer: 'seven', outcome: { failure: 'its score is not a fraction of 1' } },
  'a signal that kills it': { answer: 'killed', outcome: { failure: 'the grader was killed by signal 9' } },
  'much that it printed before a signal kills it': {
    answer: 'flood and die',
    outcome: { failure: 'the grader was killed by signal 9' },
  },
  'an error of a program that wants more memory than there may be': {
    answer: 'memory at once',
    outcome: { score: 0 },
  },
  'no room for files': {
    answer: 'fill the disk',
    outcome: { failure: 'the grader ran out of room: its scratch folder or /tmp is full' },
  },
  'processes without end': {
    answer: 'fork',
    outcome: { failure: 'the grader was ended: it started more than 128 processes' },
  },
  "LiveBench's mark of a failed request": {
    answer: '$ERROR$',
    outcome: { failure: 'its answer is the mark of a failed request ($ERROR$)' },
  },
};
for (const [name, { answer, outcome }] of Object.entries(faults)) {
  // Without a sandbox it is the machine's disk.
  const skip = answer === 'fill the disk' && sandbox.kind === 'none';
  test(`a question whose grader leaves ${name} is named, and those around it are scored`, {
    skip,
  }, async () => {
    const { outcomes, notes } = await score({ a: 'right', b: answer, c: 'right', d: 'wrong' });
    // Where the kernel counts a user's processes it refuses the next one, before we see too many.
    const refused = JSON.stringify(outcomes.b) === '{"failure":"the grader raised BlockingIOError"}';
    if (answer === 'fork' && refused) return;
    assert.deepEqual(outcomes, { a: right, b: outcome, c: right, d: { score: 0 } });
    const failed = 'failure' in outcome && answer !== '$ERROR$';
    assert.deepEqual(notes, failed ? [`LiveBench question b: ${outcome.failure}`] : []);
    assert.doesNotMatch(JSON.stringify(outcomes), /secret/i);
  });
}

test('a task that is graded all at once loses only the question that stops it', async () => {
  const answers = { a: 'right', b: 'right', c: 'raise', d: 'wrong', e: 'right' };
  const { outcomes } = await score(answers, { make: makeInstructionQuestion });
  assert.deepEqual(outcomes, {
    a: right,
    b: right,
    c: { failure: 'the grader raised KeyError' },
    d: { score: 0 },
    e: right,
  });
});

test('a task whose grader fails again and again is given up; others are scored', async () => {
  const ids = Array.from({ length: 21 }, (_, index) => `bad${index}`);
  const questions = [
    ...ids.map((id) => makeQuestion(id)),
    ...['a', 'b', 'c', 'd', 'e'].map((id) => makeQuestion(id, { task: 'zebra_puzzle' })),
  ];
  const answers = Object.fromEntries(questions.map(({ id }) => [id, ids.includes(id) ? 'raise' : 'right']));
  const { outcomes } = await score(answers, { questions });
  for (const id of ['a', 'b', 'c', 'd', 'e']) assert.deepEqual(outcomes[id], right, id);
  assert.deepEqual(outcomes.bad0, { failure: 'the grader raised ValueError' });
  assert.deepEqual(outcomes.bad20, {
    failure: 'not graded: 20 runs of the grader of spatial came to nothing',
  });
});

test('several tasks at several graders, in the order of the questions', async () => {
  const ids = Array.from({ length: 12 }, (_, index) => `q${index}`);
  const makers = [makeQuestion, makeCodeQuestion, makeInstructionQuestion];
  const questions = ids.map((id, index) => makers[index % 3]!(id));
  const answers = Object.fromEntries(ids.map((id, index) => [id, index % 2 === 0 ? 'right' : 'wrong']));
  const seen: [number, number][] = [];
  const { outcomes } = await score(answers, {
    questions,
    parallel: 2,
    progress: (done, total) => seen.push([done, total]),
    ...(sandbox.kind === 'none' ? { allowUnsafeCode: true } : {}),
  });
  assert.deepEqual(
    Object.entries(outcomes),
    ids.map((id, index) => [id, { score: index % 2 === 0 ? 1 : 0 }]),
  );
  assert.deepEqual(seen.at(-1), [12, 12]);
});

test('a question without an answer, and one of a release the scorer does not know', async () => {
  const questions = [makeQuestion('a'), makeQuestion('b', { livebench_release_date: '2024-07-01' })];
  const { outcomes } = await score({ b: 'right' }, { questions });
  assert.deepEqual(outcomes, {
    a: { failure: 'it has no answer' },
    b: { failure: 'the grader left no judgment and reports no error' },
  });
});

test('without a sandbox code is not run, and the rest is scored', async () => {
  const unprotected = await findSandbox(machinePython, environment, []);
  const questions = [makeQuestion('a'), makeCodeQuestion('b')];
  const options = { questions, sandbox: { ...unprotected, detail: 'bubblewrap: not installed' } };
  const { outcomes } = await score({ a: 'right', b: 'right' }, options);
  const reason = refuseCode(options.sandbox, false);
  assert.match(String(reason), /there is no sandbox here \(bubblewrap: not installed\).*allow-unsafe-code/);
  assert.deepEqual(outcomes, { a: right, b: { failure: reason } });
  const unsafe = await score({ a: 'right', b: 'right' }, { ...options, allowUnsafeCode: true });
  assert.deepEqual(unsafe.outcomes, { a: right, b: right });
});

for (const [where, kinds] of [
  ['in the sandbox', undefined],
  ['without a sandbox', []],
] as const) {
  for (const answer of ['hang', 'leave a daemon and hang']) {
    test(`${where} a grader with the answer '${answer}' is ended, nothing of it is left, and the next question is graded`, async () => {
      const used = kinds === undefined ? sandbox : await findSandbox(machinePython, environment, kinds);
      const grader = await openGrader(used);
      try {
        // Only the one that never answers is short of time.
        const { outcome, trouble } = await grader.grade(makeQuestion('a'), [answer], 1000);
        assert.equal(outcome, null);
        assert.equal(trouble, 'the grader was ended: it gave no sign for 1 s');
        const runs = () => marked(mark).some(({ command }) => command.includes('time.sleep'));
        assert.ok(await within(60, () => !runs()), 'its daemon still runs');
        assert.deepEqual((await grader.grade(makeQuestion('b'), ['right'])).outcome, right);
      } finally {
        await grader.close();
      }
      await assertGone();
    });
  }
}

test('a scorer that does not start is said at once, with what may be the cause', async () => {
  const broken = fakeLiveBench(folder);
  const script = join(broken.checkout.folder, 'livebench', 'gen_ground_truth_judgment.py');
  writeFileSync(script, 'import a_package_that_is_not_there\n');
  await rejectsWith(
    () => score({ a: 'right', b: 'right' }, { environment: broken }),
    'worker-failed',
    "LiveBench's scorer does not start: the grader raised ModuleNotFoundError",
    'a_package_that_is_not_there',
    'it is a fake',
  );
});

test('an interruption ends the graders and leaves nothing', async () => {
  const stop = new AbortController();
  const scoring = score({ a: 'leave a daemon and hang', b: 'right' }, { signal: stop.signal });
  const refused = rejectsWith(() => scoring, 'interrupted');
  const isUp = () => marked(mark).some(({ command }) => command.includes('time.sleep'));
  assert.ok(await within(120, isUp), 'it never started');
  stop.abort();
  await refused;
  await assertGone();
});

test("our category means are those of LiveBench's table", async () => {
  const questions = [
    makeQuestion('a'),
    makeQuestion('b', { task: 'zebra_puzzle' }),
    makeQuestion('c', { task: 'zebra_puzzle' }),
    makeInstructionQuestion('d'),
  ];
  const scores = new Map([
    ['a', 1],
    ['b', 0.25],
    ['c', 0.5],
    ['d', 0],
  ]);
  const table = await showTable(scores, {
    environment: fakeLiveBench(),
    questions,
    release: '2024-07-26',
    scratchParent: folder,
    sandbox,
  });
  assert.deepEqual(table, {
    categories: new Map([
      ['reasoning', 68.8],
      ['instruction_following', 0],
    ]),
    tasks: new Map([
      ['spatial', 100],
      ['zebra_puzzle', 37.5],
      ['summarize', 0],
    ]),
    average: 34.4,
  });
  assert.deepEqual(
    categoryMeans(questions, scores),
    new Map([
      ['reasoning', 0.6875],
      ['instruction_following', 0],
    ]),
  );
});
