"""Requests read in segments: beside Transformers' own function with its mask, and by its own continuous batching."""

from __future__ import annotations

import copy
import random
import types
import unittest
from typing import Any

import torch
from sosbench_worker.segments import NAME, in_segments, mask_of
from sosbench_worker.together import at_once
from transformers import ContinuousBatchingConfig, GenerationConfig, LlamaConfig, LlamaForCausalLM
from transformers.integrations.sdpa_attention import PagedAttentionCache, sdpa_attention_forward
from transformers.modeling_utils import ALL_ATTENTION_FUNCTIONS

HEADS, KEY_HEADS, SIZE = 4, 2, 8


class Held:
    """Keys and values of all requests, as the cache gives them after it took what is new."""

    def __init__(self, key: torch.Tensor, value: torch.Tensor, lengths: list[int], kind: str = "full_attention") -> None:
        self.key, self.value, self.lengths = key, value, lengths
        self.layer_to_allocator = {0: types.SimpleNamespace(layer_type=kind)}

    def update(self, key_states: Any, value_states: Any, layer_idx: int, kwargs: dict[str, Any]) -> Any:
        kwargs["cu_seq_lens_k"] = cumulative(self.lengths)
        return self.key, self.value


def cumulative(lengths: list[int]) -> torch.Tensor:
    return torch.tensor([sum(lengths[:index]) for index in range(len(lengths) + 1)], dtype=torch.int32)


def whole_mask(asked: list[int], known: list[int]) -> torch.Tensor:
    blocks = [torch.ones(q, k, dtype=torch.bool).tril(k - q) for q, k in zip(asked, known, strict=True)]
    return torch.block_diag(*[block.int() for block in blocks]).bool()[None, None]


class Segments(unittest.TestCase):
    def test_any_requests_are_attended_to_as_with_the_mask_over_all(self) -> None:
        draw = random.Random(1)
        torch.manual_seed(1)
        module = types.SimpleNamespace(layer_idx=0, is_causal=True, num_key_value_groups=HEADS // KEY_HEADS)
        for _ in range(200):
            asked = [draw.choice([1, 1, draw.randrange(1, 9)]) for _ in range(draw.randrange(1, 7))]
            known = [q + draw.choice([0, draw.randrange(12)]) for q in asked]
            query = torch.randn(1, HEADS, sum(asked), SIZE)
            key, value = (torch.randn(1, KEY_HEADS, sum(known), SIZE) for _ in range(2))
            mask = whole_mask(asked, known)
            usual, _ = sdpa_attention_forward(module, query, key, value, mask, scaling=0.3, is_causal=False)
            held = Held(key, value, known)
            ours, _ = in_segments(sdpa_attention_forward, Held)(
                *(module, query, torch.empty(0), torch.empty(0), mask),
                **{"cache": held, "scaling": 0.3, "is_causal": False, "cu_seq_lens_q": cumulative(asked)},
            )
            self.assertEqual(ours.shape, usual.shape)
            torch.testing.assert_close(ours, usual, rtol=1e-5, atol=1e-6, msg=f"{asked} {known}")

    def test_what_sees_less_than_all_before_it_goes_to_transformers_own_function(self) -> None:
        module = types.SimpleNamespace(layer_idx=0, is_causal=True)
        tensor = torch.zeros(1, 1, 2, SIZE)
        usual = {"cache": Held(tensor, tensor, [2]), "cu_seq_lens_q": cumulative([2])}
        for title, layer, change in (
            ("no cache of several requests", module, {"cache": None}),
            ("a sliding window", module, {"cache": Held(tensor, tensor, [2], "sliding_attention")}),
            ("a window that the layer tells", module, {"sliding_window": 4}),
            ("sinks", module, {"s_aux": tensor}),
            ("a bias by position", module, {"position_bias": tensor}),
            ("a table of blocks", module, {"block_table": tensor}),
            ("a layer that looks ahead", types.SimpleNamespace(layer_idx=0, is_causal=False), {}),
            ("a layer that the cache does not know", types.SimpleNamespace(layer_idx=7), {}),
        ):
            with self.subTest(title):
                calls: list[Any] = []

                def whole(*_: Any, calls: list[Any] = calls, **kwargs: Any) -> tuple[torch.Tensor, None]:
                    calls.append(kwargs)
                    return tensor, None

                asked = {**usual, **change}
                in_segments(whole, Held)(layer, tensor, tensor, tensor, None, **asked)
                self.assertEqual(calls, [asked])

    def test_a_mask_only_where_a_past_and_several_tokens_meet(self) -> None:
        self.assertIsNone(mask_of(1, 9, torch.device("cpu")))
        self.assertIsNone(mask_of(4, 4, torch.device("cpu")))
        self.assertEqual(mask_of(2, 3, torch.device("cpu"))[0, 0].int().tolist(), [[1, 1, 0], [1, 1, 1]])

    def test_a_model_writes_together_what_it_writes_alone(self) -> None:
        torch.manual_seed(3)
        sizes = {"hidden_size": 32, "intermediate_size": 64, "num_hidden_layers": 2, "vocab_size": 64}
        heads = {"num_attention_heads": HEADS, "num_key_value_heads": KEY_HEADS}
        model = LlamaForCausalLM(LlamaConfig(**sizes, **heads, max_position_embeddings=256)).eval()
        settings = GenerationConfig(do_sample=False, max_new_tokens=8, eos_token_id=None, pad_token_id=0)
        draw = random.Random(2)
        prompts = [[draw.randrange(1, 64) for _ in range(length)] for length in (3, 40, 17, 64, 5)]
        alone = []
        for prompt in prompts:
            ids = torch.tensor([prompt])
            written = model.generate(ids, attention_mask=torch.ones_like(ids), generation_config=settings)
            alone.append(written[0, len(prompt) :].tolist())
        calls: list[int] = []

        def counted(*arguments: Any, **kwargs: Any) -> Any:
            calls.append(arguments[1].shape[2])
            return sdpa_attention_forward(*arguments, **kwargs)

        ALL_ATTENTION_FUNCTIONS.register(NAME, in_segments(counted, PagedAttentionCache))
        self.addCleanup(lambda: ALL_ATTENTION_FUNCTIONS.register(NAME, sdpa_attention_forward))
        # The default takes a quarter of the free memory.
        small = ContinuousBatchingConfig(num_blocks=16, page_size=32, max_batch_tokens=96, max_requests_per_batch=4)
        batching = model.init_continuous_batching(
            generation_config=copy.deepcopy(settings), continuous_batching_config=small
        )
        batching.start()
        try:
            together = at_once(batching, prompts, settings)
        finally:
            batching.stop(block=True)
        self.assertEqual(together, alone)
        self.assertGreater(len(calls), 2 * 8 * 2, "each request by itself, in each layer")


if __name__ == "__main__":
    unittest.main()
