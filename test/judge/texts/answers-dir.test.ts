import assert from 'node:assert/strict';
import { appendFileSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, test } from 'node:test';
import {
  type AnswerManner,
  type AnswersKey,
  answeringModel,
  answersFile,
  digestQuestionSet,
  KeptAnswers,
  readKeptAnswers,
} from '../../../src/judge/texts/answers-dir.ts';
import { readAnswerTexts } from '../../../src/judge/texts/read-texts.ts';
import { temporaryFolder } from '../../support/folder.ts';
import { makeIdentity } from '../../support/records.ts';
import { rejectsWith } from '../../support/reject.ts';

const manner: AnswerManner = { maxTokens: 4096, enableThinking: null, reasoningEnd: null };
const questions = [
  { id: 'q1', question: 'What is one and one?' },
  { id: 'q2', question: 'And two and two?' },
];
const key: AnswersKey = {
  model: answeringModel(makeIdentity('weights'))!,
  questionSet: digestQuestionSet(questions, manner),
};

/** A folder with these lines as the answers of `key`. */
function folderWith(lines: string): string {
  const root = join(temporaryFolder(), 'answers');
  const path = answersFile(root, key);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, lines);
  return root;
}

test('answers come back as they were kept, in a later run too, for their owner alone', async () => {
  const root = join(temporaryFolder(), 'state', 'answers');
  const texts = { q1: 'two\n\u2028lines, "quoted"', q2: '' };
  const kept = await KeptAnswers.open(root, key);
  for (const [id, answer] of Object.entries(texts)) await kept.append(id, answer);
  await kept.close();
  assert.deepEqual(Object.fromEntries(await readKeptAnswers(root, key)), texts);
  const again = await KeptAnswers.open(root, key);
  assert.deepEqual(Object.fromEntries(again.answers), texts);
  await again.close();
  const path = answersFile(root, key);
  assert.equal(path, join(root, key.model, `${key.questionSet}.jsonl`));
  assert.equal(statSync(path).mode & 0o777, 0o600);
  for (const folder of [root, dirname(path)]) assert.equal(statSync(folder).mode & 0o777, 0o700);
  // The command for two files of answers takes it as one.
  assert.deepEqual(Object.fromEntries((await readAnswerTexts(path)).answers), texts);
});

test('nobody has answers where there is no file', async () => {
  assert.equal((await readKeptAnswers(temporaryFolder(), key)).size, 0);
});

const ONE = '{"id":"q1","answer":"two"}\n';
const LINES: [what: string, lines: string, answers: Record<string, string>][] = [
  ['a last line cut short by a crash', `${ONE}{"id":"q2","ans`, { q1: 'two' }],
  ['a second answer to a question', `${ONE}{"id":"q1","answer":"three"}\n`, { q1: 'two' }],
  ['a line with more than is needed', '{"id":"q1","answer":"two","model":"m","tokens":3}\n', { q1: 'two' }],
];
for (const [what, lines, answers] of LINES) {
  test(`${what}: the answers before it count, and the file is resumed`, async () => {
    const root = folderWith(lines);
    assert.deepEqual(Object.fromEntries(await readKeptAnswers(root, key)), answers);
    const kept = await KeptAnswers.open(root, key);
    await kept.append('q9', 'nine');
    await kept.append('q1', 'another');
    await kept.close();
    assert.deepEqual(Object.fromEntries(await readKeptAnswers(root, key)), { ...answers, q9: 'nine' });
  });
}

for (const [what, line] of [
  ['no JSON', 'two\n'],
  ['no answer', '{"id":"q1"}\n'],
  ['a number for an answer', '{"id":"q1","answer":2}\n'],
] as const) {
  test(`a line in the middle that is ${what} is journal-invalid, naming it`, async () => {
    const root = folderWith(line + ONE);
    await rejectsWith(() => readKeptAnswers(root, key), 'journal-invalid', 'line 1', 'remove the file');
    const before = readFileSync(answersFile(root, key), 'utf8');
    await rejectsWith(() => KeptAnswers.open(root, key), 'journal-invalid', 'line 1');
    assert.equal(readFileSync(answersFile(root, key), 'utf8'), before);
  });
}

test('two runs do not write one file at a time, and reading goes on meanwhile', async () => {
  const root = folderWith(ONE);
  const kept = await KeptAnswers.open(root, key);
  await rejectsWith(() => KeptAnswers.open(root, key), 'run-locked');
  appendFileSync(answersFile(root, key), '{"id":"q2",');
  assert.deepEqual([...(await readKeptAnswers(root, key)).keys()], ['q1']);
  await kept.close();
  await (await KeptAnswers.open(root, key)).close();
});

test('a file is named by digests alone', () => {
  for (const bad of ['../../etc', '', 'A'.repeat(64), 'a'.repeat(63)]) {
    assert.throws(() => answersFile('/answers', { ...key, model: bad }));
    assert.throws(() => answersFile('/answers', { ...key, questionSet: bad }));
  }
});

describe('what answers belong to', () => {
  const set = (changes: Partial<AnswerManner> = {}, of = questions) =>
    digestQuestionSet(of, { ...manner, ...changes });
  const OTHERS: [what: string, digest: string][] = [
    ['another text of a question', set({}, [{ id: 'q1', question: 'What?' }, questions[1]!])],
    ['one question less', set({}, questions.slice(1))],
    ['a shorter limit of an answer', set({ maxTokens: 64 })],
    ['reasoning', set({ enableThinking: true })],
    ['another end of reasoning', set({ reasoningEnd: '</think>' })],
  ];
  for (const [what, digest] of OTHERS) test(`${what} is another set`, () => assert.notEqual(digest, set()));
  test('the same questions in another order are the same set', () => {
    assert.equal(set({}, [...questions].reverse()), set());
  });

  const model = makeIdentity('weights', { template: 'one' });
  test('the same weights with another template are another model, whether or not benchmarks apply it', () => {
    const other = { ...model, parts: { ...model.parts, template: 'two' } };
    assert.notEqual(answeringModel(other), answeringModel(model));
  });
  test('a model of which not everything is known has no answers', () => {
    assert.equal(answeringModel({ ...model, digest: null }), null);
    assert.equal(answeringModel(null), null);
  });
});
