import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { parquetWriteBuffer } from 'hyparquet-writer';
import { describeQuestions, hashQuestion } from '../../../src/harness/livebench/question.ts';
import { readLiveBenchQuestions } from '../../../src/harness/livebench/read-questions.ts';
import type { TaskSource } from '../../../src/harness/lm-eval/data.ts';
import { findBenchmark } from '../../../src/suite/catalogue.ts';
import { temporaryFolder } from '../../support/folder.ts';
import { makeQuestion, ownAnswers, ownQuestions } from '../../support/livebench.ts';
import { rejectsWith } from '../../support/reject.ts';

const folder = temporaryFolder();
const reasoning = findBenchmark('livebench-reasoning')!;
const spatial = reasoning.tasks.find(({ name }) => name === 'spatial')!;
const row = (id: string, fields: Record<string, unknown> = {}) => ({ ...makeQuestion(id).raw, ...fields });

let files = 0;
function file(lines: (string | object)[]): TaskSource {
  const path = join(folder, `${files++}.jsonl`);
  writeFileSync(
    path,
    lines.map((line) => `${typeof line === 'string' ? line : JSON.stringify(line)}\n`).join(''),
  );
  return { kind: 'file', path, fewshotPath: null, label: 'datasets-dir' };
}
const read = (source: TaskSource, release = '2024-07-26') =>
  readLiveBenchQuestions(reasoning, spatial, source, release);
const ids = async (source: TaskSource, release?: string) => (await read(source, release)).map(({ id }) => id);

test('the questions of a release: those released by then and not removed by then, in the order found', async () => {
  const source = file([
    row('z'),
    row('new', { livebench_release_date: '2024-08-31' }),
    row('gone', { livebench_removal_date: '2024-07-26' }),
    '',
    row('a', { livebench_removal_date: '2024-08-31' }),
    row('null', { livebench_removal_date: null }),
  ]);
  assert.deepEqual(await ids(source), ['z', 'a', 'null']);
  assert.deepEqual(await ids(source, '2024-06-24'), ['z', 'gone', 'a', 'null']);
  assert.deepEqual(await ids(source, '2024-08-31'), ['z', 'new', 'null']);
});

const problems: Record<string, { lines: (string | object)[]; says: string }> = {
  'a line that is not JSON': { lines: [row('a'), '{'], says: 'line 2: it is not JSON' },
  'a line that is not an object': { lines: ['[1]'], says: 'line 1: it is not a JSON object' },
  'a question twice': { lines: [row('a'), row('a')], says: 'line 2: question_id a is there twice' },
  'no id': {
    lines: [{ ...row('a'), question_id: undefined }],
    says: 'question_id is missing or of another type',
  },
  'no message': { lines: [row('a', { turns: [] })], says: 'turns has no message' },
  'an empty message': { lines: [row('a', { turns: [''] })], says: 'turns.0 is empty' },
  'no right answer': { lines: [row('a', { ground_truth: null })], says: 'ground_truth' },
  'a date of another form': {
    lines: [row('a', { livebench_release_date: '26.7.2024' })],
    says: 'livebench_release_date is not a date like 2024-07-26',
  },
  "another task's question": { lines: [row('a', { task: 'zebra_puzzle' })], says: 'task is not spatial' },
  "another category's": { lines: [row('a', { category: 'math' })], says: 'category is not reasoning' },
  'an instruction without its settings': {
    lines: [row('a', { category: 'instruction_following', instruction_id_list: ['x', 'y'], kwargs: [{}] })],
    says: 'kwargs does not have one entry for each instruction',
  },
  'code without tests': { lines: [row('a', { task: 'LCB_generation' })], says: 'public_test_cases' },
};
for (const [name, { lines, says }] of Object.entries(problems)) {
  test(`${name} is said with file and line`, async () => {
    const source = file(lines);
    await rejectsWith(() => read(source), 'data-invalid', says, /\d\.jsonl, line \d/, 'question.jsonl');
  });
}

test('of a file without a question of the release there are none; dates that are no release count as LiveBench counts them', async () => {
  const later = row('a', { livebench_release_date: '2024-07-26' });
  const between = row('b', { livebench_release_date: '2024-06-30' });
  assert.deepEqual(await read(file([later]), '2024-06-24'), []);
  assert.deepEqual(
    (await read(file([later, between]), '2024-08-31')).map(({ id }) => id),
    ['a'],
  );
});

test('a data set of the Hub gives the same questions as JSONL: dates become text, nulls are absent', async () => {
  const snapshot = join(folder, 'snapshot');
  mkdirSync(join(snapshot, 'data'), { recursive: true });
  const day = (text: string) => new Date(`${text}T00:00:00Z`);
  const buffer = parquetWriteBuffer({
    columnData: [
      { name: 'question_id', data: ['a', 'b', 'other', 'later'], type: 'STRING' },
      { name: 'category', data: Array(4).fill('reasoning'), type: 'STRING' },
      { name: 'task', data: ['spatial', 'spatial', 'zebra_puzzle', 'spatial'], type: 'STRING' },
      { name: 'turns', data: [['Question a'], ['Question b'], [''], ['']], type: 'JSON' },
      { name: 'ground_truth', data: ['right', 'right', null, null], type: 'STRING', nullable: true },
      {
        name: 'livebench_release_date',
        data: [day('2024-06-24'), day('2024-06-24'), day('2024-06-24'), day('2024-08-31')],
        type: 'TIMESTAMP',
      },
      { name: 'livebench_removal_date', data: ['', '2024-11-25', '', ''], type: 'STRING' },
      { name: 'subtask', data: [null, null, null, null], type: 'STRING', nullable: true },
    ],
  });
  writeFileSync(join(snapshot, 'data', 'test-00000-of-00001.parquet'), new Uint8Array(buffer));
  const found = await read({ kind: 'hub', path: snapshot, label: 'hub:livebench/reasoning@x' });
  assert.deepEqual(found, await read(file([row('a'), row('b', { livebench_removal_date: '2024-11-25' })])));
  assert.ok(!('subtask' in found[0]!.raw));
});

test("a question's hash is of its content: not of the order of fields, of nulls or of the day of removal", () => {
  const hash = hashQuestion(makeQuestion('a'));
  assert.match(hash, /^[0-9a-f]{16}$/);
  assert.equal(
    hashQuestion(makeQuestion('a', { livebench_removal_date: '2025-04-25', subtask: null })),
    hash,
  );
  const reversed = Object.fromEntries(Object.entries(makeQuestion('a').raw).reverse());
  assert.equal(hashQuestion({ ...makeQuestion('a'), raw: reversed }), hash);
  assert.notEqual(hashQuestion(makeQuestion('a', { ground_truth: 'left' })), hash);
  assert.notEqual(hashQuestion(makeQuestion('b')), hash);
});

test('temperature and system prompt are the question’s own', () => {
  const plain = makeQuestion('a');
  assert.deepEqual([plain.temperature, 'systemPrompt' in plain], [0, false]);
  const special = makeQuestion('a', { required_temperature: 0.7, system_prompt: 'Be brief.' });
  assert.deepEqual([special.temperature, special.systemPrompt], [0.7, 'Be brief.']);
});

test('a plan sees hashes, lengths of all messages, and free text', () => {
  const questions = [makeQuestion('a', { turns: ['12345', '678'], system_prompt: '90' }), makeQuestion('b')];
  const inventory = describeQuestions(questions, 4096);
  assert.deepEqual(inventory.lengths, [10, 10]);
  assert.deepEqual(inventory.hashes, questions.map(hashQuestion));
  assert.deepEqual([inventory.readings, inventory.exampleLength], [[1, 1], 0]);
  assert.equal(inventory.maxNewTokens, 4096);
});

test('our own questions: two of each benchmark in the mini suite, and one for every task of the catalogue', async () => {
  const questions = await ownQuestions();
  assert.equal(new Set(questions.map(({ id }) => id)).size, questions.length);
  assert.equal(new Set(questions.map(hashQuestion)).size, questions.length);
  const tasks = new Set(questions.map(({ category, task }) => `${category}/${task}`));
  assert.equal(tasks.size, 18);
  for (const { id } of questions)
    for (const which of ['right', 'wrong'] as const) assert.ok(ownAnswers(which).has(id));
});
