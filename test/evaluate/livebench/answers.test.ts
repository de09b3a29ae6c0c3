/** Servers of our own, which are fakes that can be asked to die; asking, keeping and starting again are real. */
import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { collectAnswers } from '../../../src/evaluate/livebench/answers.ts';
import { makeFakePython } from '../../support/fake-python.ts';
import { temporaryFolder } from '../../support/folder.ts';
import { makeQuestion } from '../../support/livebench.ts';

const root = temporaryFolder();
const model = join(root, 'model');
mkdirSync(model);
writeFileSync(join(model, 'chat_template.jinja'), '{{ messages }}');
const SERVING = { transformers: '5', torch: '2', fastapi: '1', uvicorn: '1', openai: '1' };

/** @param prompts in the order they are asked, one at a time at each place. */
async function collect(
  prompts: string[],
  { places: slots = 1, mode = 'good', folder = mkdtempSync(join(root, 'answers-')), omit = 0 } = {},
) {
  const starts: string[] = [];
  const asked: string[] = [];
  const notes: string[] = [];
  const slot = (number: number) => ({
    server: 'auto',
    python: makeFakePython(root, SERVING, mode),
    model: { path: model, args: {}, digest: 'fake', name: null },
    environment: { PATH: process.env.PATH ?? '' },
    devices: [],
    threads: null,
    tensorParallel: null,
    cache: join(root, 'cache'),
    log: join(folder, `server-${number}.log`),
    readyTimeout: 30_000,
    key: null,
  });
  const collected = await collectAnswers({
    questions: prompts.map((prompt, number) => makeQuestion(`q${number}`, { turns: [prompt] })).slice(omit),
    serverSlots: Array.from({ length: slots }, (_, number) => slot(number)),
    folder,
    parallel: 1,
    maxTokens: 16,
    retryPolicy: { requestTimeout: 5000, backoff: [1] },
    signal: new AbortController().signal,
    now: () => new Date(),
    note: (text) => notes.push(text),
    onServer: async ({ kind }) => void starts.push(kind),
    onAnswer: (id) => void asked.push(id),
  });
  const lines = (name: string) => readFileSync(join(folder, name), 'utf8').trim().split('\n').length;
  return {
    ...collected,
    answered: [...collected.answers.keys()].sort(),
    asked,
    starts,
    notes,
    lines,
    folder,
  };
}

test('a server that ends is started once more; what is unanswered after that says why', async () => {
  const { answered, failures, starts } = await collect(['one', 'two', 'die', 'four', 'five']);
  assert.deepEqual(starts, ['transformers', 'transformers']);
  assert.deepEqual(answered, ['q0', 'q1']);
  assert.deepEqual([...failures.keys()].sort(), ['q2', 'q3', 'q4']);
  for (const reason of failures.values())
    assert.match(reason, /ended with code 3|cannot be reached|ECONNRESET/);
});

test('two places have a server each, and share the questions', async () => {
  const { answered, failures, starts, lines } = await collect(['one', 'two', 'three', 'four', 'five'], {
    places: 2,
  });
  assert.deepEqual([starts.length, answered.length, failures.size], [2, 5, 0]);
  assert.deepEqual([lines('answers.jsonl'), lines('answers-1.jsonl')], [3, 2]);
});

test('a server that does not start leaves no answer, and its last words as the reason', async () => {
  const { answered, failures, notes } = await collect(['one', 'two'], { mode: 'ends' });
  assert.deepEqual([answered, failures.size], [[], 2]);
  assert.match([...failures.values()][0]!, /no such architecture/);
  assert.match(notes.join('\n'), /no such architecture/);
});

test('what is answered is not asked again: with fewer places, more of them, or fewer questions open', async () => {
  const prompts = ['one', 'two', 'three', 'four', 'five'];
  const { folder } = await collect(prompts, { places: 2 });
  const more = [...prompts, 'six', 'seven', 'eight'];
  const fewer = await collect(prompts, { places: 1, folder });
  assert.deepEqual([fewer.asked, fewer.starts, fewer.answered.length], [[], [], 5]);
  const shifted = await collect(more, { places: 2, folder, omit: 1 });
  assert.deepEqual([shifted.asked.sort(), shifted.answered.length], [['q5', 'q6', 'q7'], 7]);
  const third = await collect(more, { places: 3, folder });
  assert.deepEqual([third.asked, third.answered.length], [[], 8]);
});
