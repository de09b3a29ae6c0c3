"""How many tokens go through the model together: `python -m unittest test_budget`. A GPU is a number of bytes here."""

from __future__ import annotations

import unittest
from types import SimpleNamespace

import torch
from sosbench_worker.scoring import budget

GIB = 2**30
LLAMA_8B = {
    "num_hidden_layers": 32,
    "num_attention_heads": 32,
    "num_key_value_heads": 8,
    "head_dim": 128,
    "hidden_size": 4096,
    "intermediate_size": 14336,
    "vocab_size": 128256,
}
GPT2 = {"n_layer": 12, "n_head": 12, "n_embd": 768, "vocab_size": 50257}

# Configuration, bytes of a number, bytes of a token's keys and values and of a position's logits; None where it tells nothing.
SHAPES = [
    ("Llama 3 8B in bfloat16", LLAMA_8B, 2, (32 * 8 * 128 * 2 * 2, 128256 * 6)),
    ("the same in float32: twice as much", LLAMA_8B, 4, (32 * 8 * 128 * 2 * 4, 128256 * 8)),
    ("GPT-2's names, and a head for each", GPT2, 4, (12 * 12 * 64 * 2 * 4, 50257 * 8)),
    ("heads listed by layer: the most", {**LLAMA_8B, "num_key_value_heads": [4, 8, 2]}, 2, (131072, 769536)),
    ("no attention", {"num_hidden_layers": 24, "hidden_size": 768, "vocab_size": 50280}, 2, None),
    ("nothing", {}, 2, None),
]

# Memory, weights, and the tokens of a batch.
FITS = [
    ("an H100 with 80 GB", 79.1 * GIB, 16e9, 65536),
    ("a card with 24 GB", 23.7 * GIB, 16e9, 8192),
    ("another one of the kind that tells some megabytes less", 23.6 * GIB, 16e9, 8192),
    ("hardly more than the weights", 17 * GIB, 16e9, 512),
    ("less than the weights", 8 * GIB, 16e9, 512),
]

SPLITS = [
    ("longest first, as many as fit", [1, 5, 3, 2], 6, [[1], [2, 3], [0]]),
    ("equal ones in their order", [2, 2, 2, 2], 4, [[0, 1], [2, 3]]),
    ("one that is larger than the budget alone", [9, 1, 1], 2, [[0], [1, 2]]),
    ("a budget of nothing: one at a time", [1, 2], 0, [[1], [0]]),
    ("none", [], 8, []),
]


class Budget(unittest.TestCase):
    def test_bytes_of_a_token_s_keys_and_values_and_of_logits(self):
        for title, config, number, expected in SHAPES:
            with self.subTest(title):
                shape = budget.shape_of(SimpleNamespace(**config), number)
                told = None if shape is None else (budget.keys_values_bytes(shape), budget.logits_bytes(shape))
                self.assertEqual(told, expected)

    def test_tokens_in_a_batch_of_llama_3_8b_in_bfloat16(self):
        shape = budget.shape_of(SimpleNamespace(**LLAMA_8B), 2)
        for title, memory, weights, tokens in FITS:
            with self.subTest(title):
                self.assertEqual(budget.tokens_that_fit(int(memory), int(weights), shape), tokens)

    def test_eager_attention_which_writes_every_score_takes_half_as_much_again(self):
        plain = budget.shape_of(SimpleNamespace(**LLAMA_8B), 2)
        eager = budget.shape_of(SimpleNamespace(**LLAMA_8B, _attn_implementation="eager"), 2)
        self.assertGreater(budget.token_bytes(eager), 1.5 * budget.token_bytes(plain))

    def test_batches(self):
        for title, sizes, most, batches in SPLITS:
            with self.subTest(title):
                self.assertEqual(budget.split(sizes, most), batches)

    def test_a_cpu_and_what_does_not_tell_its_device_have_a_constant(self):
        for lm in (SimpleNamespace(model=torch.nn.Linear(4, 4), device="cpu"), SimpleNamespace()):
            self.assertEqual(budget.token_budget(lm), budget.CPU_TOKENS)


if __name__ == "__main__":
    unittest.main()
