/** Which questions were lost or gained between two records, as `flips` lists them. */
import assert from 'node:assert/strict';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { writeRecord } from '../../src/record/write.ts';
import { CATALOGUE } from '../../src/suite/catalogue.ts';
import { whyTextIsWithheld } from '../../src/suite/withheld-text.ts';
import { type FlipList, FlipListSchema } from '../../src/verdict/signs/flip-list.ts';
import { temporaryFolder } from '../support/folder.ts';
import { assertGolden } from '../support/golden.ts';
import { firstTask, flipped, makeRecord, rightThenWrong } from '../support/records.ts';
import { runMain } from '../support/runtime.ts';

const folder = temporaryFolder();
mkdirSync(join(folder, 'data'));
const BEFORE = rightThenWrong(20, 20);
const TASKS = ['sosb_bbq_age', 'sosb_bbq_religion'];
const bbq = (scores: readonly number[], answer: number) => ({
  scores,
  task: (index: number) => TASKS[index % 2]!,
  docId: (index: number) => Math.floor(index / 2),
  document: (index: number) => index,
  answer: () => answer,
});
const records = {
  main: makeRecord({
    model: 'main',
    benchmarks: { gpqa: { scores: BEFORE }, bbq: bbq(BEFORE, 0), wmdp: { scores: BEFORE } },
  }),
  pr: makeRecord({
    model: 'pr',
    benchmarks: {
      gpqa: { scores: flipped(BEFORE, 3) },
      bbq: bbq(flipped(BEFORE, 0, 1, 4, 30), 2),
      wmdp: { scores: BEFORE },
    },
  }),
};
// Item 4 changed most, item 1 least.
const MARGINS: Record<number, [before: number, after: number]> = {
  0: [1, -1],
  1: [0.1, -0.1],
  4: [5, -3],
  30: [-0.2, 0.2],
};
for (const [index, [was, is]] of Object.entries(MARGINS)) {
  const id = (item: { benchmark: string; task: string; docId: number }) =>
    item.benchmark === 'bbq' &&
    item.task === TASKS[Number(index) % 2] &&
    item.docId === Math.floor(Number(index) / 2);
  records.main.items.find(id)!.margin = was;
  records.pr.items.find(id)!.margin = is;
}
for (const [name, { record, items }] of Object.entries(records))
  await writeRecord(join(folder, name), record, items);

const flips = (...argv: string[]) =>
  runMain(['flips', '--baseline', 'main', '--candidate', 'pr', ...argv], { cwd: folder });
async function list(...argv: string[]): Promise<FlipList> {
  const { exitCode, stdout, stderr } = await flips('--json', ...argv);
  assert.equal(exitCode, 0, stderr);
  return FlipListSchema.parse(JSON.parse(stdout));
}

test('the table reads as its golden file', async () => {
  const { stdout } = await flips();
  assertGolden('table-flips.txt', stdout);
});

test('lists what was lost and gained, those first that changed most', async () => {
  const { flips: all, total, benchmarks } = await list('--benchmark', 'bbq');
  assert.equal(total, 4);
  assert.deepEqual(
    all.map(({ task, docId, change }) => [task, docId, change]),
    [
      ['sosb_bbq_age', 2, 'lost'],
      ['sosb_bbq_age', 0, 'lost'],
      ['sosb_bbq_age', 15, 'gained'],
      ['sosb_bbq_religion', 0, 'lost'],
    ],
  );
  assert.deepEqual(benchmarks, [{ id: 'bbq', n: 40, lost: 3, gained: 1 }]);
  const { before: was, after: is } = all[0]!;
  assert.deepEqual(
    [was, is],
    [
      { score: 1, prediction: '0', margin: 5 },
      { score: 0, prediction: '2', margin: -3 },
    ],
  );
});

const CHOICES: [argv: string[], total: number, shown: number][] = [
  [[], 5, 5],
  [['--lost'], 4, 4],
  [['--gained'], 1, 1],
  [['--task', 'sosb_bbq_religion'], 1, 1],
  [['--benchmark', 'gpqa', '--benchmark', 'bbq', '--lost'], 4, 4],
  [['--benchmark', 'gpqa,bbq', '--limit', '2'], 5, 2],
  [['--benchmark', 'wmdp'], 0, 0],
  [['--limit', 'all'], 5, 5],
];
for (const [argv, total, shown] of CHOICES) {
  test(`flips ${argv.join(' ')} has ${total}, and shows ${shown}`, async () => {
    const found = await list(...argv);
    assert.deepEqual([found.total, found.flips.length], [total, shown]);
  });
}

test('says how many there are beside those it shows', async () => {
  const { stdout } = await flips('--limit', '1');
  assert.match(stdout, /The first 1 of 5; --limit N shows more\./);
});

const REFUSED: [what: string, argv: string[], said: string[]][] = [
  ['an unknown benchmark', ['--benchmark', 'bqb'], ["no benchmark 'bqb'", "did you mean 'bbq'?"]],
  ['an unknown task', ['--task', 'sosb_bbq_aga'], ["no task 'sosb_bbq_aga'", "did you mean 'sosb_bbq_age'?"]],
  ['both directions', ['--lost', '--gained'], ['--lost', 'cannot be used with', '--gained']],
  ['a limit of nothing', ['--limit', '0'], ['whole number above 0']],
  [
    'texts of a gated set',
    ['--benchmark', 'gpqa', '--text', 'data'],
    ['the questions of GPQA are not shown: its data is gated', 'leave --text out'],
  ],
  [
    'texts of a harmful set',
    ['--benchmark', 'wmdp', '--text', 'data'],
    ['the questions of WMDP are not shown: its questions are harmful'],
  ],
  [
    'texts of a folder that is not there',
    ['--benchmark', 'bbq', '--text', 'none'],
    ['there is no folder', 'none'],
  ],
];
for (const [what, argv, said] of REFUSED) {
  test(`${what} is exit code 2, with a hint and nothing on stdout`, async () => {
    const { exitCode, stdout, stderr } = await flips(...argv);
    assert.equal(exitCode, 2, stderr);
    assert.equal(stdout, '');
    for (const text of said) assert.ok(stderr.includes(text), `${stderr} does not say ${text}`);
  });
}

describe('what is never shown', () => {
  const withheld = CATALOGUE.filter(({ id }) => whyTextIsWithheld(id) !== null).map(({ id }) => id);

  test('is every gated set, and every harmful one', () => {
    for (const { id, dataset } of CATALOGUE.filter((benchmark) => benchmark.dataset.gated))
      assert.ok(withheld.includes(id), `${id}: ${dataset.id}`);
    for (const id of ['gpqa', 'wmdp', 'strongreject', 'beavertails']) assert.ok(withheld.includes(id), id);
    assert.equal(whyTextIsWithheld('a-task-of-somebody'), 'the catalogue does not know it');
  });

  test('leaves those to be shown that anybody may read', () => {
    const shown = CATALOGUE.filter(({ id }) => !withheld.includes(id)).map(({ id }) => id);
    for (const id of ['mmlu-pro', 'bbh', 'musr', 'math', 'ifeval', 'bbq']) assert.ok(shown.includes(id), id);
  });

  test('is left out with a line where all sets are asked for, and no Python is started for it', async () => {
    const { exitCode, stdout, stderr } = await flips(
      '--task',
      firstTask('gpqa'),
      '--text',
      'data',
      '--python',
      '/nowhere',
    );
    assert.equal(exitCode, 0, stderr);
    assert.match(stdout, /GPQA: no text, its data is gated/);
  });
});

test('records of means have no questions: one line says so', async () => {
  const means = makeRecord({
    model: 'means',
    benchmarks: { bbq: { scores: BEFORE, items: false } },
    edit: (record) =>
      Object.assign(record, { imported: { from: 'lm-eval', files: [], repairs: [], notes: [] } }),
  });
  await writeRecord(join(folder, 'means'), means.record, means.items);
  const { exitCode, stdout, stderr } = await runMain(['flips', '--baseline', 'means', '--candidate', 'pr'], {
    cwd: folder,
  });
  assert.equal(exitCode, 0, stderr);
  assert.match(stdout, /^Not compared question by question \(.*\): BBQ$/m);
});

test('a name in a record sends nothing to the terminal, in an error neither', async () => {
  const task = 'own\u001b[31m\u009btask\u0007\u202e';
  const { record, items } = makeRecord({
    model: 'main',
    benchmarks: { bbq: { scores: BEFORE, task: () => task } },
  });
  await writeRecord(join(folder, 'hostile'), record, items);
  const argv = ['flips', '--baseline', 'hostile', '--candidate', 'hostile', '--task', 'owntask'];
  const { exitCode, stderr } = await runMain(argv, { cwd: folder });
  assert.equal(exitCode, 2);
  assert.match(stderr, /\nhint: did you mean 'own.*task/);
  assert.doesNotMatch(stderr, /(?!\n)[\p{Cc}\p{Cf}]/u);
});
