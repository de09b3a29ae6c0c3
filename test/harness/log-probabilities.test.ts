import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { execa } from 'execa';
import { packageRoot } from '../../src/system/paths.ts';
import { testPython } from '../support/python.ts';

// The worker's own Python, with a fake model that gives a token the log-probability which an expression says.

const python = await testPython();

/** What gives a token's log-probability (`t`: its id, `n`: tokens asked for), and what is wrong with it; null for nothing. */
const MODELS: [what: string, value: string, fault: RegExp | null][] = [
  ['of tokens, each its own', '-3 - t % 7', null],
  ['very sure of everything, right or wrong', '-1e-4 * (1 + t % 3)', null],
  ['rounded as bfloat16 rounds', 'round(-3 - t % 7, 1) + 0.1 * (n % 2)', null],
  ['all 0, as where only generated tokens have one', '0.0', /are all 0$/],
  ['NaN, as weights that diverged give', 'float("nan")', /not finite/],
  ['infinite', 'float("-inf")', /not finite/],
  ['of one value for every token', '-1.0', /the same for different texts \(-6\)/],
  ['means over tokens', '(-3 - t % 7) / n', /do not add up over tokens/],
  ['other at every look', '-10.0 * next(looks)', /do not add up over tokens/],
  ['missing', 'None + t', /gives no log-probabilities \(TypeError: /],
  ['of a server that is not there', 'refuse()', /gives no log-probabilities \(ConnectionError: refused/],
];

/** Log-probabilities of a question's options (several questions by their number), and what becomes of a chunk of them. */
const CHUNKS: [what: string, questions: (readonly [number, string])[], outcome: RegExp | string][] = [
  ['usable answers', [[8, '[-1.0, -2.0]']], '8 kept'],
  [
    'one NaN of 16',
    [
      [1, '[nan, -2.0]'],
      [15, '[-1.0, -2.0]'],
    ],
    '15 kept, 1 lost',
  ],
  [
    'one minus infinity of 16',
    [
      [1, '[-1.0, -inf]'],
      [15, '[-1.0, -2.0]'],
    ],
    '15 kept, 1 lost',
  ],
  [
    'NaN in half of 8',
    [
      [4, '[nan, nan]'],
      [4, '[-1.0, -2.0]'],
    ],
    '4 kept, 4 lost',
  ],
  [
    'NaN in more than half of 8',
    [
      [5, '[nan, nan]'],
      [3, '[-1.0, -2.0]'],
    ],
    /5 of 8 questions mean nothing \(5 not finite\); check the weights/,
  ],
  [
    'all 0 in more than half of 8',
    [
      [5, '[0.0, 0.0]'],
      [3, '[-1.0, -2.0]'],
    ],
    /5 all 0/,
  ],
  [
    'alike in more than half of 8',
    [
      [5, '[-7.5, -7.5]'],
      [3, '[-1.0, -2.0]'],
    ],
    /5 the same for all options/,
  ],
  [
    'three kinds that are together more than half',
    [
      [2, '[nan, -1.0]'],
      [2, '[0.0, 0.0]'],
      [1, '[-3.0, -3.0]'],
      [4, '[-1.0, -2.0]'],
    ],
    /5 of 9 questions mean nothing \(2 not finite, 2 all 0, 1 the same/,
  ],
  [
    'alike in half of 8: ties happen',
    [
      [4, '[-7.5, -7.5]'],
      [4, '[-1.0, -2.0]'],
    ],
    '8 kept',
  ],
  ['7 questions, all alike: too few to say', [[7, '[-7.5, -7.5]']], '7 kept'],
  ['7 questions, all NaN', [[7, '[nan, nan]']], '0 kept, 7 lost'],
];

const script = `
import json, sys, itertools
from math import inf, nan
from sosbench_worker.log_probabilities import MeaninglessLogProbabilities, probe, split_meaningless

looks = itertools.count(1)
def refuse(): raise ConnectionError("refused")

class FakeModel:
    def __init__(self, value): self._value = eval("lambda t, n: " + value)
    def tok_encode(self, text): return list(text.encode())
    def _loglikelihood_tokens(self, requests, disable_tqdm=False):
        return [(sum(self._value(t, len(after)) for t in after), False) for _, _, after in requests]

def chunk(questions):
    samples = [
        {"doc_id": 0, "resps": [[(value, False)] for value in eval(values)], "arguments": [("q", " yes"), ("q", " no")]}
        for count, values in questions for _ in range(count)
    ]
    try:
        kept, lost = split_meaningless(samples, "hf")
        return f"{len(kept)} kept" + (f", {len(lost)} lost" if lost else "")
    except MeaninglessLogProbabilities as error:
        return str(error)

models, chunks = json.load(sys.stdin)
print(json.dumps([[probe(FakeModel(value)) for value in models], [chunk(questions) for questions in chunks]]))
`;
const { stdout } = await execa(python, ['-c', script], {
  env: { PYTHONPATH: join(packageRoot(), 'worker'), PYTHONDONTWRITEBYTECODE: '1' },
  input: JSON.stringify([MODELS.map(([, value]) => value), CHUNKS.map(([, questions]) => questions)]),
});
const [probes, chunks] = JSON.parse(stdout) as [(string | null)[], string[]];

for (const [index, [what, , fault]] of MODELS.entries())
  test(`log-probabilities ${what}: ${fault === null ? 'usable' : 'a fault'}`, () => {
    if (fault === null) assert.equal(probes[index], null);
    else assert.match(probes[index] ?? 'none', fault);
  });

for (const [index, [what, , outcome]] of CHUNKS.entries())
  test(`a chunk with ${what}: ${typeof outcome === 'string' ? outcome : 'a fault of the model'}`, () => {
    if (typeof outcome === 'string') assert.equal(chunks[index], outcome);
    else assert.match(chunks[index]!, outcome);
  });
