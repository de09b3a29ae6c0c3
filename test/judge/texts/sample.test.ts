import assert from 'node:assert/strict';
import { test } from 'node:test';
import { sampleQuestions } from '../../../src/judge/texts/sample.ts';

const questions = Array.from({ length: 600 }, (_, index) => ({
  id: `q${index}`,
  question: 'Why?',
  category: index < 400 ? 'hard' : index < 590 ? 'creative' : index < 598 ? 'rare' : null,
}));
const ids = (size: number, seed = 1, of = questions) => sampleQuestions(of, size, seed).map(({ id }) => id);

test('a sample has each category by its share, and as many questions as it is to have', () => {
  for (const size of [1, 7, 250, 599]) {
    const drawn = sampleQuestions(questions, size, 1);
    assert.equal(drawn.length, size);
    for (const category of ['hard', 'creative', 'rare', null]) {
      const of = (list: typeof questions) => list.filter((one) => one.category === category).length;
      assert.ok(Math.abs(of(drawn as typeof questions) - (of(questions) * size) / 600) < 1, `${category}`);
    }
  }
});

test('it is the same for whatever order the questions are in, and another with another seed', () => {
  assert.deepEqual(ids(250, 1, [...questions].reverse()).sort(), ids(250).sort());
  assert.notDeepEqual(ids(250, 2), ids(250));
});

test('a larger sample has nearly all of a smaller one', () => {
  const large = new Set(ids(300));
  assert.ok(ids(250).filter((id) => !large.has(id)).length <= 4);
});

test('no more questions than that are all taken, in their order', () => {
  assert.deepEqual(
    ids(600),
    questions.map(({ id }) => id),
  );
});
