"""Shared reading with a fake vLLM that has a real prefix cache of blocks: its log-probabilities are a function of all tokens before."""

from __future__ import annotations

import hashlib
import math
import sys
import types
import unittest
from dataclasses import dataclass
from typing import Any

from sosbench_worker.scoring.engine import Engine
from sosbench_worker.scoring.tree import different_tokens, grow
from sosbench_worker.scoring.vllm import MAX_TOKENS_TOLD, VllmReading
from sosbench_worker.scoring.vllm_check import check_vllm

BLOCK = 16


def value(before: tuple[int, ...], token: int) -> float:
    """Fake: the log-probability of a token after others."""
    digest = hashlib.sha256(repr((before, token)).encode()).digest()
    return -1 - int.from_bytes(digest[:4], "big") / 2**32 * 9


@dataclass
class FakeParams:
    temperature: float
    max_tokens: int
    detokenize: bool
    logprob_token_ids: list[int]
    prompt_logprobs: int | None = None
    skip_reading_prefix_cache: bool | None = None


class FakeEngine:
    """Fake: keeps whole blocks of what it has read, from one call to the next.

    `leaves_out`: which of vLLM's model runners it takes after. Of what was cached one tells nothing, the other what was in memory before.
    """

    def __init__(self, likeliest: int, leaves_out: bool = False, block: int = BLOCK) -> None:
        self.likeliest = likeliest
        self.block = block
        self.leaves_out = leaves_out
        self.cached: set[tuple[int, ...]] = set()
        self.calls: list[list[tuple[int, ...]]] = []

    def generate(self, prompts: Any, *, sampling_params: Any, use_tqdm: bool, lora_request: Any) -> list[Any]:
        assert lora_request == "the adapter" and not use_tqdm
        before = set(self.cached)
        outputs = []
        self.calls.append([tuple(prompt["prompt_token_ids"]) for prompt in prompts])
        for read, params in zip(self.calls[-1], sampling_params, strict=True):
            assert params.temperature == 0 and params.max_tokens == 1
            assert 0 < len(params.logprob_token_ids) <= MAX_TOKENS_TOLD
            assert params.prompt_logprobs is None or params.skip_reading_prefix_cache is False
            blocks = range(self.block, len(read) + 1, self.block)
            hit = max((end for end in blocks if read[:end] in before and end < len(read)), default=0)
            self.cached |= {read[:end] for end in blocks}
            told = {token: types.SimpleNamespace(logprob=value(read, token)) for token in params.logprob_token_ids}
            completion = types.SimpleNamespace(token_ids=[self.likeliest], logprobs=[told])
            prompt = None if params.prompt_logprobs is None else self.prompt(read, hit)
            outputs.append(types.SimpleNamespace(outputs=[completion], num_cached_tokens=hit, prompt_logprobs=prompt))
        return outputs

    def prompt(self, read: tuple[int, ...], hit: int) -> list[Any]:
        rows: list[Any] = [None]
        for index in range(hit + 1 if self.leaves_out else 1, len(read)):
            told = -99.0 if index <= hit else value(read[:index], read[index])
            row = {read[index]: types.SimpleNamespace(logprob=told)}
            if self.likeliest != read[index]:
                row[self.likeliest] = types.SimpleNamespace(logprob=0.0)
            rows.append(row)
        return rows


class FakeHook:
    def __init__(self) -> None:
        self.kept: list[Any] = []

    def add_partial(self, *what: Any) -> None:
        self.kept.append(what)


def fake_lm(max_length: int = 1000, likeliest: int = -1, leaves_out: bool = False) -> Any:
    engine = FakeEngine(likeliest, leaves_out)
    return types.SimpleNamespace(
        model=engine, max_length=max_length, lora_request="the adapter", cache_hook=FakeHook()
    )


class CheckedLm:
    """Fake: the harness's class over the fake vLLM. `noise`: what its own sums differ by between batches; `offset`: from ours."""

    def __init__(self, dtype: str = "torch.float32", noise: float = 0.0, block: int = BLOCK) -> None:
        self.model = FakeEngine(-1, block=block)
        config = types.SimpleNamespace(dtype=dtype, quantization=None)
        self.model.llm_engine = types.SimpleNamespace(model_config=config)
        self.model.reset_prefix_cache = self.model.cached.clear
        self.lora_request, self.cache_hook, self.batch_size = "the adapter", FakeHook(), 8
        self._max_length = 2048
        self.noise, self.offset = noise, 0.0

    @property
    def max_length(self) -> int:
        return self._max_length

    def tok_encode(self, text: str) -> list[int]:
        return [sum(map(ord, word)) for word in text.split()]

    def _loglikelihood_tokens(self, requests: Any, disable_tqdm: bool) -> list[Any]:
        more = self.offset + (self.noise if self.batch_size == 1 else 0)
        return [(expected(context, option, self.max_length) + more, False) for _, context, option in requests]


def request(context: list[int], option: list[int]) -> Any:
    return (("context", "option"), context, option)


def expected(context: list[int], option: list[int], max_length: int = 1000) -> float:
    """As the harness's class reads it: cut from the left to all but one token of what the model reads."""
    tokens = (context + option)[-(max_length - 1) :]
    first = len(tokens) - len(option)
    return sum(value(tuple(tokens[:end]), tokens[end]) for end in range(first, len(tokens)))


class SharedReadingTest(unittest.TestCase):
    def setUp(self) -> None:
        fake = types.ModuleType("vllm")
        fake.SamplingParams = FakeParams  # type: ignore[attr-defined]
        fake.TokensPrompt = dict  # type: ignore[attr-defined]
        sys.modules["vllm"] = fake
        self.addCleanup(sys.modules.pop, "vllm")

    def same(self, pairs: list[tuple[list[int], list[int]]], lm: Any = None, max_length: int = 1000) -> VllmReading:
        lm = lm or fake_lm(max_length)
        reading = VllmReading(lm)
        answers = reading.answer([request(*pair) for pair in pairs])
        for (context, option), (found, _) in zip(pairs, answers, strict=True):
            self.assertAlmostEqual(found, expected(context, option, max_length), places=9)
        return reading

    def test_options_of_one_token_and_of_many(self) -> None:
        context = list(range(40))
        self.same([(context, [7]), (context, [8]), (context, [7, 9, 3]), (context, [5, 1, 2, 3, 4])])

    def test_tokens_inside_of_an_option_are_told_on_the_way_to_its_end(self) -> None:
        # A block of the cache ends with the second context, and the third is long: those are read by a request of their own.
        for length, requests in ((40, 1), (48, 2), (200, 2)):
            for leaves_out in (False, True):
                pairs = [(list(range(1000, 1000 + length)), [7, 8, 9, 10, 11, 12])]
                self.assertEqual(self.same(pairs, fake_lm(leaves_out=leaves_out)).questions_asked, requests)

    def test_what_the_cache_had_of_an_option_is_asked_for_alone(self) -> None:
        context, options = list(range(40)), [[*range(50, 80)], [*range(50, 60), *range(100, 120)], [*range(50, 57), 9, 9]]
        for leaves_out in (False, True):
            lm = fake_lm(leaves_out=leaves_out)
            for _ in range(2):
                self.same([(context, option) for option in options], lm)

    def test_options_of_many_tokens_read_no_more_than_a_block_a_request_beside_what_differs(self) -> None:
        pairs = []
        for question in range(20):
            context = [1000 + question * 50 + index for index in range(45 + question)]
            pairs += [(context, [option * 10 + index for index in range(6)]) for option in range(3)]
        reading = self.same(pairs)
        different = different_tokens(grow([(*context, *option)[:-1] for context, option in pairs]))
        self.assertLessEqual(reading.tokens_read, different + BLOCK * len(pairs))

    def test_what_is_not_a_number_stays_that_and_is_not_the_likeliest(self) -> None:
        lm = fake_lm(likeliest=9)
        whole = lm.model.prompt

        def spoilt(*args: Any) -> list[Any]:
            rows = whole(*args)
            for told in rows[-1].values():
                told.logprob = float("nan")
            return rows

        lm.model.prompt = spoilt
        ((found, greedy), (other, _)) = VllmReading(lm).answer([request([1, 2, 3], [9, 9, 9]), request([4, 5, 6], [9])])
        self.assertTrue(math.isnan(found) and not greedy)
        self.assertAlmostEqual(other, expected([4, 5, 6], [9]))

    def test_one_that_is_the_beginning_of_another_and_equal_ones(self) -> None:
        context = list(range(40))
        self.same([(context, [7]), (context, [7, 8]), (context, [7]), (context[:20], [20, 21]), (context[:21], [21])])

    def test_a_context_that_goes_on_where_another_has_its_option(self) -> None:
        context = list(range(30))
        self.same([(context, [30, 31, 32]), ([*context, 30], [31]), ([*context, 30, 31, 32], [33])])

    def test_too_long_ones_lose_their_beginning_as_in_the_harness(self) -> None:
        self.same([(list(range(50)), [1, 2]), (list(range(29)), [1]), (list(range(30)), [1])], max_length=32)

    def test_an_empty_option_is_certain_as_in_the_harness(self) -> None:
        self.same([([1, 2], [])])
        self.same([([1, 2], [3]), ([1, 2], []), ([1, 2], [4, 5])])
        self.assertEqual(VllmReading(fake_lm()).answer([request([1, 2], [])]), [(0.0, True)])

    def test_an_empty_context_is_refused(self) -> None:
        with self.assertRaisesRegex(ValueError, "a context has no tokens"):
            self.same([([], [1])])

    def test_two_hundred_options_are_asked_in_two_pieces(self) -> None:
        context = list(range(1000, 1040))
        lm = fake_lm()
        self.same([(context, [option]) for option in range(200)], lm)
        self.assertEqual(sum(map(len, lm.model.calls)), 2)

    def test_an_option_is_greedy_where_each_of_its_tokens_is_the_likeliest(self) -> None:
        reading = VllmReading(fake_lm(likeliest=7))
        requests = [request([1, 2], option) for option in ([7], [7, 7], [7, 8], [8])]
        self.assertEqual([greedy for _, greedy in reading.answer(requests)], [True, True, False, False])

    def test_each_answer_goes_to_the_harness_s_cache(self) -> None:
        lm = fake_lm()
        ((answer),) = VllmReading(lm).answer([request([1, 2], [3])])
        self.assertEqual(lm.cache_hook.kept, [("loglikelihood", ("context", "option"), answer)])

    def test_what_is_shared_is_read_once_and_no_more_than_a_block_a_question_beside_it(self) -> None:
        examples = list(range(100, 300))
        pairs = []
        for question in range(20):
            context = examples + [1000 + question * 50 + place for place in range(45)]
            pairs += [(context, [option]) for option in range(4)]
        lm = fake_lm()
        reading = self.same(pairs, lm)
        different = different_tokens(grow([(*context, *option)[:-1] for context, option in pairs]))
        self.assertEqual(reading.questions_asked, 20)
        self.assertLessEqual(reading.tokens_read, different + BLOCK * reading.questions_asked)
        # The first call has one question for the beginning that all share.
        self.assertEqual([len(call) for call in lm.model.calls], [1, 19])

    def test_the_check_at_load_passes_where_both_ways_give_the_same(self) -> None:
        self.assertIsNone(self.checked(CheckedLm()))

    def test_the_check_finds_a_cache_that_changes_what_comes_out_however_large_its_blocks_are(self) -> None:
        for block, max_length, is_found in ((16, 2048, True), (32, 2048, True), (128, 2048, True), (1056, 4096, True), (128, 100, False)):
            with self.subTest(f"blocks of {block}, a model of {max_length}"):
                lm = CheckedLm(block=block)
                lm._max_length = max_length
                whole = lm.model.generate

                def changed_where_cached(prompts: Any, whole: Any = whole, **options: Any) -> list[Any]:
                    outputs = whole(prompts, **options)
                    for output in outputs:
                        for told in output.outputs[0].logprobs[0].values():
                            told.logprob += 0.01 if output.num_cached_tokens else 0
                    return outputs

                lm.model.generate = changed_where_cached
                if is_found:
                    self.assertRegex(self.checked(lm) or "", r"differ from the harness's by 0\.0\d+")
                else:
                    # No text has a whole block, neither here nor later.
                    self.assertIsNone(self.checked(lm))

    def test_in_half_precision_the_harness_s_own_noise_is_allowed(self) -> None:
        for noise, passes in ((0.08, True), (0.0, False)):
            lm = CheckedLm(dtype="torch.bfloat16", noise=noise)
            lm.offset = 0.2
            self.assertEqual(self.checked(lm) is None, passes)

    def test_in_float32_three_times_the_harness_s_own_difference_is_allowed_and_no_more_than_a_near_tie(self) -> None:
        # As for hf: nothing is allowed for where the harness does not differ from itself.
        for noise, offset, passes in ((0.0, 2e-4, False), (1e-4, 2e-4, True), (1e-4, 4e-4, False), (1e-2, 2e-3, False)):
            lm = CheckedLm(noise=noise)
            lm.offset = offset
            self.assertEqual(self.checked(lm) is None, passes)

    def test_an_engine_that_died_is_a_fault_of_loading_and_no_reason_for_the_harness_s_way(self) -> None:
        class EngineDeadError(Exception):
            pass

        def die(*_: Any, **__: Any) -> Any:
            raise EngineDeadError("EngineCore encountered an issue")

        lm = type("VLLM", (CheckedLm,), {"__module__": "lm_eval.models.vllm_causallms"})()
        lm.model.llm_engine.vllm_config = types.SimpleNamespace(
            cache_config=types.SimpleNamespace(enable_prefix_caching=True)
        )
        sys.modules["vllm"].SamplingParams = lambda **_: types.SimpleNamespace(logprob_token_ids=None)  # type: ignore[attr-defined]
        lm.model.generate = die
        with self.assertRaises(EngineDeadError):
            Engine.choose(lm)

    def checked(self, lm: CheckedLm) -> str | None:
        length = lm.max_length
        fault = check_vllm(lm, VllmReading(lm))
        self.assertEqual(lm.max_length, length)
        return fault

    def test_the_order_of_requests_changes_nothing(self) -> None:
        context = list(range(40))
        pairs = [(context, [7]), (context, [8, 9]), ([*context, 3], [4]), (list(range(500, 530)), [1, 2])]
        asked = []
        for order in (pairs, pairs[::-1]):
            lm = fake_lm()
            self.same(order, lm)
            asked.append(lm.model.calls)
        self.assertEqual(*asked)


if __name__ == "__main__":
    unittest.main()
