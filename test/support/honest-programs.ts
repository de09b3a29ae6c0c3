import { createHash } from 'node:crypto';
import { deflateSync } from 'node:zlib';
import type { LiveBenchQuestion } from '../../src/harness/livebench/question.ts';
import { makeQuestion } from './livebench.ts';

// Coding questions with right answers, as LiveBench's are: programs that read stdin and methods of `Solution`, whole ones and completions,
// public tests in plain text and private ones packed as the data set packs them.

/** Numbers that are the same in every run. */
type Draw = (below: number) => number;

interface Kind {
  /** The answer; with `partial`, what goes on from there. */
  code: string;
  partial?: string;
  /** Name of the method; a program where left out. */
  method?: string;
  /** One test's input and what is expected. `size` is 1 for a large one. */
  test(draw: Draw, size: number): { input: string; output: string };
}

const list = (count: number, draw: Draw, below: number) => Array.from({ length: count }, () => draw(below));
const json = (...values: unknown[]) => values.map((value) => JSON.stringify(value)).join('\n');

const KINDS: Record<string, Kind> = {
  sum: {
    code: 'n = int(input())\nprint(sum(map(int, input().split())))',
    test(draw, size) {
      const numbers = list(size ? 20_000 : 20, draw, 1_000_000);
      return {
        input: `${numbers.length}\n${numbers.join(' ')}\n`,
        output: `${numbers.reduce((a, b) => a + b, 0)}\n`,
      };
    },
  },
  'lines in order, by sys.stdin': {
    code: 'import sys\ndef main():\n    lines = sys.stdin.read().split()\n    for line in sorted(lines):\n        sys.stdout.write(line + "\\n")\nif __name__ == "__main__":\n    main()',
    test(draw, size) {
      const words = list(size ? 5_000 : 10, draw, 1e6).map((n) => `w${n}`);
      return { input: `${words.join('\n')}\n`, output: `${[...words].sort().join('\n')}\n` };
    },
  },
  'a mean, to many digits': {
    code: 'numbers = list(map(int, input().split()))\nprint(f"{sum(numbers) / 4:.4f}")',
    test(draw) {
      const numbers = list(7, draw, 1000);
      const sum = numbers.reduce((a, b) => a + b, 0);
      // The expected output has fewer zeros: equal as numbers only.
      return { input: `${numbers.join(' ')}\n`, output: `${sum / 4}\n` };
    },
  },
  'an end in the middle': {
    code: 'import sys\nn = int(input())\nif n % 2:\n    print("odd")\n    sys.exit()\nprint("even")',
    test(draw) {
      const n = draw(1000);
      return { input: `${n}\n`, output: n % 2 ? 'odd\n' : 'even\n' };
    },
  },
  'the rest of a program': {
    partial: 'numbers = list(map(int, input().split()))',
    code: 'print(max(numbers), min(numbers))',
    test(draw, size) {
      const numbers = list(size ? 10_000 : 9, draw, 1e9);
      const [most, least] = [Math.max(...numbers), Math.min(...numbers)];
      return { input: `${numbers.join(' ')}\n`, output: `${most} ${least}\n` };
    },
  },
  'a method that returns a number': {
    method: 'countPrimes',
    code: 'class Solution:\n    def countPrimes(self, n: int) -> int:\n        sieve = [True] * (n + 1)\n        found = 0\n        for i in range(2, n + 1):\n            if sieve[i]:\n                found += 1\n                for j in range(i * i, n + 1, i):\n                    sieve[j] = False\n        return found',
    test(draw, size) {
      const n = size ? 20_000 : 10 + draw(200);
      const sieve = new Uint8Array(n + 1);
      let found = 0;
      for (let i = 2; i <= n; i++) {
        if (sieve[i]) continue;
        found++;
        for (let j = i * i; j <= n; j += i) sieve[j] = 1;
      }
      return { input: json(n), output: json(found) };
    },
  },
  'a method that returns a tuple for a list': {
    method: 'twoLargest',
    code: 'class Solution:\n    def twoLargest(self, values: List[int], twice: bool) -> List[int]:\n        a, b = heapq.nlargest(2, values)\n        return (2 * a, 2 * b) if twice else (a, b)',
    test(draw, size) {
      const values = list(size ? 5_000 : 8, draw, 1e6);
      const twice = draw(2) === 1;
      const [a, b] = [...values].sort((x, y) => y - x) as [number, number];
      return { input: json(values, twice), output: json(twice ? [2 * a, 2 * b] : [a, b]) };
    },
  },
  'a method that returns text, lists, truth values and fractions': {
    method: 'describe',
    code: 'try:\n    import numpy\n    four = numpy.int64(4)\nexcept ImportError:\n    four = 4\nclass Solution:\n    def describe(self, words: List[str]) -> List:\n        counts = Counter(words)\n        word = min(counts, key=lambda w: (-counts[w], w))\n        return [word, [len(w) for w in words[:3]], len(words) > 5, len(words) / four]',
    test(draw, size) {
      const words = list(size ? 2_000 : 9, draw, 7).map((n) => `wörd${n}`);
      const counts = new Map<string, number>();
      for (const word of words) counts.set(word, (counts.get(word) ?? 0) + 1);
      const [word] = [...counts.keys()].sort((a, b) => counts.get(b)! - counts.get(a)! || (a < b ? -1 : 1));
      const lengths = words.slice(0, 3).map((one) => one.length);
      return { input: json(words), output: json([word, lengths, words.length > 5, words.length / 4]) };
    },
  },
};

/** So many questions and right answers to them, of each kind in turn. */
export function honestAnswers(count: number): {
  questions: LiveBenchQuestion[];
  answers: Map<string, string[]>;
  kinds: Map<string, string>;
} {
  const kinds = new Map<string, string>();
  const answers = new Map<string, string[]>();
  const questions = Array.from({ length: count }, (_, index) => {
    const [name, kind] = Object.entries(KINDS)[index % Object.keys(KINDS).length]!;
    const id = createHash('sha256').update(`${name} ${index}`).digest('hex');
    kinds.set(id, name);
    answers.set(id, [`Here it is.\n\n\`\`\`python\n${kind.code}\n\`\`\`\n`]);
    return makeQuestionOf(id, kind, index);
  });
  return { questions, answers, kinds };
}

function makeQuestionOf(id: string, kind: Kind, index: number): LiveBenchQuestion {
  const draw = drawFrom(id);
  const testtype = kind.method === undefined ? 'stdin' : 'functional';
  const tests = (numbers: number[]) =>
    JSON.stringify(numbers.map((number) => ({ ...kind.test(draw, number % 5 === 4 ? 1 : 0), testtype })));
  const privately = tests(Array.from({ length: 15 }, (_, number) => number));
  return makeQuestion(id, {
    category: 'coding',
    task: kind.partial === undefined ? 'LCB_generation' : 'coding_completion',
    public_test_cases: tests([0, 1]),
    private_test_cases: index % 3 === 0 ? privately : pack(privately),
    original_json: { metadata: JSON.stringify(kind.method === undefined ? {} : { func_name: kind.method }) },
    ...(kind.partial === undefined ? {} : { partial_solution: kind.partial }),
  });
}

/** As the data set has private tests: a pickled text, compressed, in base64. */
export function pack(text: string): string {
  const bytes = Buffer.from(text);
  const length = Buffer.alloc(4);
  length.writeUInt32LE(bytes.length);
  const pickled = Buffer.concat([
    Buffer.from([0x80, 3]),
    Buffer.from('X'),
    length,
    bytes,
    Buffer.from('q\0.'),
  ]);
  return deflateSync(pickled).toString('base64');
}

function drawFrom(seed: string): Draw {
  let state = Number.parseInt(seed.slice(0, 8), 16);
  return (below) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}
