import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, test } from 'node:test';
import { z } from 'zod';
import { findJudgeBenchmark } from '../../src/suite/judge-benchmarks.ts';
import { packageRoot } from '../../src/system/paths.ts';

const text = z.string().min(1);
const QuestionSchema = z.strictObject({
  id: text.regex(/^[a-z0-9-]+$/),
  category: text,
  question: text,
  /** Ours, and right. */
  answer: text,
  /** A phrase with a number of the answer that makes it right, and the same with another that makes it wrong. */
  number: z.strictObject({ right: text, wrong: text }),
  /** A claim of the answer that is true, and its negation. */
  claim: z.strictObject({ true: text, false: text }),
});

const questions = readFileSync(`${packageRoot()}/tasks/judge-mini/questions.jsonl`, 'utf8')
  .trim()
  .split('\n')
  .map((line) => QuestionSchema.parse(JSON.parse(line)));

const days = (year: number) => (Date.UTC(year + 1, 0) - Date.UTC(year, 0)) / 86_400_000;
const isPrime = (n: number) =>
  n > 1 && !Array.from({ length: n }, (_, d) => d).some((d) => d > 1 && n % d === 0);
const numbers = (to: number) => Array.from({ length: to }, (_, n) => n);
const count = (word: string, letters: RegExp) => word.match(letters)?.length ?? 0;
const dice = numbers(36).filter((n) => Math.floor(n / 6) + 1 + (n % 6) + 1 === 7).length;
const clock = (minutes: number) => `${Math.floor(minutes / 60)}:${String(minutes % 60).padStart(2, '0')}`;

/** What each number is by another way than the answer's; those that are facts of nature or of a program stand as they are known. */
const COMPUTED: Record<string, string | number> = {
  'primes-below-30': numbers(30).filter(isPrime).length,
  'discount-twice': 80 * 0.75 * 0.9,
  'train-meeting': 240 / (70 + 50),
  'rectangle-fence': 12 + 7 + 12 + 7,
  'average-speed': (2 * 30) / (30 / 15 + 30 / 30),
  handshakes: numbers(9).reduce((sum, n) => sum + n, 0),
  'two-dice': `${dice}/36`,
  'leap-century': [1900, 2000, 2023, 2024].reduce((sum, year) => sum + days(year), 0),
  'weekday-2024': (Date.UTC(2024, 2, 1) - Date.UTC(2024, 1, 1)) / 86_400_000,
  'minutes-of-week': (7 * 24 * 60).toLocaleString('en'),
  'time-zones': clock(15 * 60 + 30 - 7 * 60),
  'meeting-plan': clock(10 * 60 + 45 + 4 * 25 + 3 * 10),
  'python-slice': [1, 2, 3, 4, 5].slice(1, 4).length,
  'js-sort': [10, 9, 1].sort().length,
  'binary-search': Math.ceil(Math.log2(1000)),
  'integer-division': Math.floor(-7 / 2),
  'float-sum': 53,
  'sql-null': 5 - 2,
  'git-lost-commit': 30,
  'hex-255': Math.log2(16),
  'freezing-fahrenheit': (0 * 9) / 5 + 32,
  'light-from-sun': Math.floor(150e6 / 300e3 / 60),
  'water-molecule': 2 + 1,
  'half-life': 80 * 0.5 ** (24 / 6),
  'boiling-altitude': 100,
  chromosomes: 2 * 23,
  'sound-thunder': Math.round((6 * 340) / 1000),
  planets: 8,
  'alphabet-vowels': 'nevertheless'.length,
  'its-its': 2,
  palindrome: 'level'.length,
  'summary-sentence': 3,
  'passive-active': 3,
  'sort-words': 5,
  'triangle-angles': 180 - 35 - 65,
  'socks-drawer': 2 + 1,
  'all-some': 2,
  'river-crossing': 2 * 5 - 3,
  'password-safe': 2,
  'mix-cleaners': 1,
};

describe('judge-mini: 40 questions with right answers', () => {
  test('there are 40, each with an id of its own', () => {
    assert.equal(new Set(questions.map(({ id }) => id)).size, 40);
    assert.equal(findJudgeBenchmark('judge-mini')!.questions, 40);
  });

  test('each has under 100 words', () => {
    for (const { id, answer } of questions) assert.ok(answer.split(/\s+/).length < 100, id);
  });

  for (const { id, answer, number, claim } of questions) {
    test(`${id}: the number is right, and what is changed stands there once`, () => {
      assert.equal(answer.split(number.right).length, 2, number.right);
      assert.equal(answer.split(claim.true).length, 2, claim.true);
      assert.ok(!answer.includes(number.wrong) && !answer.includes(claim.false));
      const shown = String(COMPUTED[id]);
      const isIn = (phrase: string) =>
        phrase.split(/[^\d,.:/-]+/).some((word) => word.replace(/[.,]$/, '') === shown);
      assert.ok(isIn(number.right), `${number.right} does not say ${shown}`);
      assert.ok(!isIn(number.wrong), number.wrong);
    });
  }

  test('what answers say beside the numbers', () => {
    const day = (month: number) => new Date(Date.UTC(2024, month, 1)).toUTCString().slice(0, 3);
    assert.deepEqual([day(1), day(2)], ['Thu', 'Fri']);
    assert.deepEqual([10, 9, 1].sort(), [1, 10, 9]);
    assert.equal(count('nevertheless', /[aeiou]/g), count('nevertheless', /e/g));
    assert.equal(0.1 + 0.2, 0.30000000000000004);
    assert.deepEqual(['pear', 'apple', 'peach', 'plum', 'apricot'].sort(), [
      'apple',
      'apricot',
      'peach',
      'pear',
      'plum',
    ]);
  });
});
