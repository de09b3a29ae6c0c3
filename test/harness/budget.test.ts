import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { execa } from 'execa';
import { packageRoot } from '../../src/system/paths.ts';
import { testPython } from '../support/python.ts';

// The worker's own Python. A GPU is a number of bytes here: what is looked at is the reckoning.

const GIB = 2 ** 30;
const LLAMA_8B = {
  num_hidden_layers: 32,
  num_attention_heads: 32,
  num_key_value_heads: 8,
  head_dim: 128,
  hidden_size: 4096,
  intermediate_size: 14336,
  vocab_size: 128256,
};
const GPT2 = { n_layer: 12, n_head: 12, n_embd: 768, vocab_size: 50257 };

/** Configuration, bytes of a number, bytes of a token's keys and values and of a position's logits; null where it tells nothing. */
const SHAPES: [what: string, config: object, number: number, bytes: [number, number] | null][] = [
  ['Llama 3 8B in bfloat16', LLAMA_8B, 2, [32 * 8 * 128 * 2 * 2, 128256 * 6]],
  ['the same in float32: twice as much', LLAMA_8B, 4, [32 * 8 * 128 * 2 * 4, 128256 * 8]],
  ["GPT-2's names, and a head for each", GPT2, 4, [12 * 12 * 64 * 2 * 4, 50257 * 8]],
  ['heads listed by layer: the most', { ...LLAMA_8B, num_key_value_heads: [4, 8, 2] }, 2, [131072, 769536]],
  ['no attention', { num_hidden_layers: 24, hidden_size: 768, vocab_size: 50280 }, 2, null],
  ['nothing', {}, 2, null],
];

/** Memory, weights, and the tokens of a batch. */
const FITS: [what: string, memory: number, weights: number, tokens: number][] = [
  ['an H100 with 80 GB', 79.1 * GIB, 16e9, 65536],
  ['a card with 24 GB', 23.7 * GIB, 16e9, 8192],
  ['another one of the kind that tells some megabytes less', 23.6 * GIB, 16e9, 8192],
  ['hardly more than the weights', 17 * GIB, 16e9, 512],
  ['less than the weights', 8 * GIB, 16e9, 512],
];

const SPLITS: [what: string, sizes: number[], budget: number, batches: number[][]][] = [
  ['longest first, as many as fit', [1, 5, 3, 2], 6, [[1], [2, 3], [0]]],
  [
    'equal ones in their order',
    [2, 2, 2, 2],
    4,
    [
      [0, 1],
      [2, 3],
    ],
  ],
  ['one that is larger than the budget alone', [9, 1, 1], 2, [[0], [1, 2]]],
  ['a budget of nothing: one at a time', [1, 2], 0, [[1], [0]]],
  ['none', [], 8, []],
];

const script = `
import json, sys
from types import SimpleNamespace
import torch
from sosbench_worker.scoring import budget

shapes, fits, splits, llama = json.load(sys.stdin)
def reckon(config, number):
    shape = budget.shape_of(SimpleNamespace(**config), number)
    return None if shape is None else [budget.keys_values_bytes(shape), budget.logits_bytes(shape)]
shape = budget.shape_of(SimpleNamespace(**llama), 2)
eager = budget.shape_of(SimpleNamespace(**llama, _attn_implementation="eager"), 2)
model = torch.nn.Linear(4, 4)
print(json.dumps({
    "shapes": [reckon(*one) for one in shapes],
    "fits": [budget.tokens_that_fit(int(memory), int(weights), shape) for memory, weights in fits],
    "eager": budget.token_bytes(eager) > 1.5 * budget.token_bytes(shape),
    "splits": [budget.split(*one) for one in splits],
    "cpu": [budget.token_budget(one) for one in (SimpleNamespace(model=model, device="cpu"), SimpleNamespace())],
    "constant": budget.CPU_TOKENS,
}))
`;
const { stdout } = await execa(await testPython(), ['-c', script], {
  env: { PYTHONPATH: join(packageRoot(), 'worker'), PYTHONDONTWRITEBYTECODE: '1' },
  input: JSON.stringify([
    SHAPES.map(([, config, number]) => [config, number]),
    FITS.map(([, memory, weights]) => [memory, weights]),
    SPLITS.map(([, sizes, budget]) => [sizes, budget]),
    LLAMA_8B,
  ]),
});
const found = JSON.parse(stdout);

for (const [index, [what, , , bytes]] of SHAPES.entries())
  test(`bytes of a token's keys and values, and of logits: ${what}`, () => {
    assert.deepEqual(found.shapes[index], bytes);
  });

for (const [index, [what, , , tokens]] of FITS.entries())
  test(`Llama 3 8B in bfloat16 on ${what}: ${tokens} tokens in a batch`, () => {
    assert.equal(found.fits[index], tokens);
  });

test('eager attention, which writes every score, takes half as much again', () => {
  assert.equal(found.eager, true);
});

for (const [index, [what, , , batches]] of SPLITS.entries())
  test(`batches: ${what}`, () => {
    assert.deepEqual(found.splits[index], batches);
  });

test('a CPU, and what does not tell its device, have a constant', () => {
  assert.deepEqual(found.cpu, [found.constant, found.constant]);
});
