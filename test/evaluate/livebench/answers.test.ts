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
  {
    places: slots = 1,
    mode = 'good',
    folder = mkdtempSync(join(root, 'answers-')),
    omit = 0,
    parallel = 1 as number | null,
    temperature = 0,
  } = {},
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
    readyTimeout: 120_000,
    key: null,
  });
  const collected = await collectAnswers({
    questions: prompts
      .map((prompt, number) =>
        makeQuestion(`q${number}`, { turns: [prompt], required_temperature: temperature }),
      )
      .slice(omit),
    serverSlots: Array.from({ length: slots }, (_, number) => slot(number)),
    folder,
    parallel,
    maxTokens: 16,
    retryPolicy: { requestTimeout: 60_000, backoff: [1] },
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

const AT_A_TIME: [what: string, asked: Parameters<typeof collect>[1], told: number, atATime: number][] = [
  ['a server that takes several', { mode: 'several', parallel: null }, 16, 4],
  ['one that takes one', { mode: 'in-line', parallel: null }, 16, 1],
  ['one that does not say', { parallel: null }, 16, 16],
  ['server-parallel 1', { mode: 'several', parallel: 1 }, 1, 1],
  ['server-parallel 3', { mode: 'several', parallel: 3 }, 3, 3],
  ['answers that are drawn', { mode: 'in-line', parallel: null, temperature: 0.7 }, 1, 1],
];
for (const [what, asked, told, atATime] of AT_A_TIME)
  test(`questions at a time, ${what}: the server is told ${told}, and asked ${atATime}`, async () => {
    const collected = await collect(['one', 'two'], asked);
    // A fake's answer is its command line.
    for (const { turns } of collected.answers.values())
      assert.equal(/--at-a-time (\d+)/.exec(turns[0]!)?.[1] ?? '1', String(told));
    assert.deepEqual([collected.answers.size, collected.atATime], [2, atATime]);
    const reasons = collected.notes.filter((note) => note.includes('one question at a time'));
    assert.deepEqual(
      reasons,
      asked?.mode === 'in-line'
        ? ['LiveBench: the server is asked one question at a time: the model cannot']
        : [],
    );
  });

test('a server that ended over several at a time is started once more for one', async () => {
  const { starts, notes, answers } = await collect(['one', 'die', 'three'], {
    mode: 'several',
    parallel: null,
  });
  assert.deepEqual(starts, ['transformers', 'transformers'], notes.join());
  const told = [...answers.values()].map(({ turns }) => /--at-a-time (\d+)/.exec(turns[0]!)?.[1] ?? '1');
  assert.ok(
    told.every((number) => number === '16' || number === '1'),
    told.join(),
  );
});

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
