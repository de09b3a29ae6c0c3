import assert from 'node:assert/strict';
import { appendFileSync, readFileSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import type { Answer } from '../../../src/harness/livebench/answer/answer-file.ts';
import { AnswerFile } from '../../../src/harness/livebench/answer/answer-file.ts';
import { temporaryFolder } from '../../support/folder.ts';
import { rejectsWith } from '../../support/reject.ts';

const folder = temporaryFolder();
const names = { displayName: 'm', apiName: 'a' };
const answer = (questionId: string, text = 'x'): Answer => ({
  questionId,
  turns: [text],
  promptTokens: null,
  outputTokens: 1,
  seconds: 1,
});

async function filled(name: string, ...answers: Answer[]): Promise<string> {
  const path = join(folder, name);
  const { file } = await AnswerFile.open(path);
  await Promise.all(answers.map((one) => file.append(one, names, new Date())));
  await file.close();
  return path;
}

async function readBack(path: string): Promise<Answer[]> {
  const { file, answers } = await AnswerFile.open(path);
  await file.close();
  return [...answers.values()];
}

test('answers come back as they were; of two to one question the last counts', async () => {
  const path = await filled('back', answer('1'), answer('2', 'a\nb\u2028\ud800'), answer('1', 'later'));
  assert.deepEqual(await readBack(path), [answer('1', 'later'), answer('2', 'a\nb\u2028\ud800')]);
});

test('a last line torn at any byte is cut off, and the next answer stands on a line of its own', async () => {
  const whole = await filled('whole', answer('1'), answer('2'));
  const bytes = readFileSync(whole);
  const second = bytes.indexOf(0x0a) + 1;
  for (let end = second; end < bytes.length; end += 7) {
    const path = join(folder, 'torn');
    writeFileSync(path, bytes);
    truncateSync(path, end);
    assert.deepEqual(await readBack(path), [answer('1')]);
    const { file } = await AnswerFile.open(path);
    await file.append(answer('3'), names, new Date());
    await file.close();
    assert.deepEqual(await readBack(path), [answer('1'), answer('3')]);
  }
});

test('a torn line longer than any block is cut off', async () => {
  const path = await filled('long', answer('1'));
  appendFileSync(path, 'x'.repeat(200_000));
  assert.deepEqual(await readBack(path), [answer('1')]);
  assert.equal(readFileSync(path).at(-1), 0x0a);
});

test('a file that is all one torn line becomes empty', async () => {
  const path = join(folder, 'only-torn');
  writeFileSync(path, '{"question_id": "1"');
  assert.deepEqual(await readBack(path), []);
});

test('an unreadable line in the middle is named, and the file left as it is', async () => {
  const path = await filled('broken', answer('1'));
  appendFileSync(path, 'nonsense\n');
  const before = readFileSync(path);
  await rejectsWith(() => AnswerFile.open(path), 'journal-invalid', `${path} line 2`, '--fresh');
  assert.ok(readFileSync(path).equals(before));
});

test("LiveBench's own failures are no answers of ours: a file that holds one is refused", async () => {
  const path = join(folder, 'theirs');
  writeFileSync(path, '{"question_id":"1","choices":[{"index":0,"turns":[]}]}\n');
  await rejectsWith(() => AnswerFile.open(path), 'journal-invalid', 'line 1');
});

test('a folder that is not there', async () => {
  await rejectsWith(() => AnswerFile.open(join(folder, 'no', 'answers.jsonl')), 'permission-denied');
});
