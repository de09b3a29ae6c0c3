"""Which models read what is shared once, and which go the harness's way: `python -m unittest test_branching`."""

from __future__ import annotations

import tempfile
import unittest
from types import SimpleNamespace
from unittest import mock

import torch
import transformers
from lm_eval.models.huggingface import HFLM
from sosbench_worker.scoring import generate, self_check
from sosbench_worker.scoring.branching import why_not, why_not_positions
from sosbench_worker.scoring.engine import Engine
from sosbench_worker.scoring.reading import SharedReading, limits_of
from tiny_models import folder_of, load

SHARED = ["Llama", "GPT-2", "Qwen 2", "Qwen 3", "Gemma", "Mixtral", "OPT", "GPT-NeoX", "Phi 3", "GPT-Neo without a window",
          "OLMo 2", "DeepSeek V3 with YaRN", "GPT-OSS without windows"]  # fmt: skip

# Why each goes the harness's way.
HARNESS = {
    "Gemma 2": "its cache has layers that cannot branch (DynamicSlidingWindowLayer)",
    "Gemma 3": "its cache has layers that cannot branch (DynamicSlidingWindowLayer)",
    "Mistral with a window": "its cache has layers that cannot branch (DynamicSlidingWindowLayer)",
    "GPT-Neo": "its attention looks back over a window (window_size)",
    "Recurrent Gemma": "its cache has layers that cannot branch (DynamicSlidingWindowLayer, LinearAttentionLayer)",
    "Qwen 3 Next": "its cache has layers that cannot branch (LinearAttentionLayer)",
    "GPT-OSS": "its cache has layers that cannot branch (DynamicSlidingWindowLayer)",
    "Cohere 2": "its cache has layers that cannot branch (DynamicSlidingWindowLayer)",
    "Llama 4": "its cache has layers that cannot branch (DynamicSlidingWindowLayer)",
    "Llama 4 without chunks": "its attention is scaled by where a token lies in a row (attn_temperature_tuning)",
    "Phi 3 with LongRoPE": "its positions (longrope) depend on how long a text is",
    "Jamba": "its cache has layers that cannot branch (LinearAttentionLayer)",
    "Falcon H1": "its cache has layers that cannot branch (LinearAttentionAndFullAttentionLayer)",
    "Granite hybrid": "its forward takes no use_cache",
    "Mamba 2": "its forward takes no position_ids",
    "Mamba": "its forward takes no position_ids",
    "Bloom": "its forward takes no position_ids",
    "T5": "an encoder reads the whole prompt before the answer",
}


class Branch(unittest.TestCase):
    # Every kind in one of the two precisions; the first in both.
    LOADS = [(kind, ("float32", "bfloat16")[place % 2]) for place, kind in enumerate(SHARED)] + [(SHARED[0], "bfloat16")]

    def test_models_whose_cache_branches(self):
        for kind, dtype in self.LOADS:
            with self.subTest(f"{kind} in {dtype}"):
                engine = Engine.choose(load(kind, dtype=dtype))
                self.assertEqual((engine.name, engine.reason), ("shared", None))


class Kinds(unittest.TestCase):
    def test_ways_of_loading_that_branch(self):
        for how in ({"attn_implementation": "eager"}, {"mixed_precision_dtype": "bfloat16"}):
            with self.subTest(str(how)):
                engine = Engine.choose(load("Llama", **how))
                self.assertEqual((engine.name, engine.reason), ("shared", None))

    def test_a_model_with_an_adapter(self):
        from peft import LoraConfig, get_peft_model
        from transformers import AutoModelForCausalLM

        folder = tempfile.mkdtemp(prefix="adapter-")
        torch.manual_seed(1)
        config = LoraConfig(task_type="CAUSAL_LM", target_modules=["q_proj", "v_proj"], init_lora_weights=False)
        get_peft_model(AutoModelForCausalLM.from_pretrained(folder_of("Llama")), config).save_pretrained(folder)
        lm, plain = load("Llama", peft=folder), load("Llama")
        engine = Engine.choose(lm)
        self.assertEqual((engine.name, engine.reason), ("shared", None))
        requests = [(("", ""), [5, 6, 7], [8, 9]), (("", ""), [5, 6, 7], [10])]
        ours = SharedReading(lm).answer(requests, limits=limits_of(lm), disable_tqdm=True)
        theirs = HFLM._loglikelihood_tokens(lm, requests, disable_tqdm=True)
        without = HFLM._loglikelihood_tokens(plain, requests, disable_tqdm=True)
        for (value, _), (expected, _), (other, _) in zip(ours, theirs, without, strict=True):
            self.assertAlmostEqual(value, expected, delta=1e-4)
            self.assertNotAlmostEqual(value, other, delta=1e-2)

    def test_models_that_go_the_harness_way(self):
        for kind, reason in HARNESS.items():
            with self.subTest(kind):
                lm = load(kind)
                engine = Engine.choose(lm)
                self.assertEqual((engine.name, engine.reason), ("harness", reason))
                with engine.scoring(lm, SimpleNamespace(OUTPUT_TYPE="multiple_choice"), "task", 8192):
                    self.assertEqual(lm._loglikelihood_tokens.__func__, HFLM._loglikelihood_tokens)

    def test_positions_that_depend_on_how_long_a_text_is(self):
        kind = "Llama with stretched positions"
        self.assertEqual(why_not(load(kind, max_length=512)), "its positions (dynamic) depend on how long a text is")
        # No text is longer than what they were made for.
        self.assertIsNone(why_not(load(kind)))

    def test_positions_by_whatever_name_a_configuration_has_for_them(self):
        stretched = "its positions ({}) depend on how long a text is"
        # What the configuration says, and for texts of how many tokens: why not.
        for said, longest, reason in [
            ({"rope_scaling": {"type": "dynamic", "factor": 2.0}}, 257, stretched.format("dynamic")),
            ({"rope_scaling": {"type": "longrope", "original_max_position_embeddings": 128}}, 129, stretched.format("longrope")),
            ({"rope_scaling": {"type": "longrope", "original_max_position_embeddings": 128}}, 128, None),
            ({"rope_scaling": {"type": "su"}, "original_max_position_embeddings": 128}, 129, stretched.format("su")),
            ({"rope_parameters": {"rope_type": "dynamic_ntk"}}, 257, stretched.format("dynamic_ntk")),
            (
                {"rope_parameters": {"full_attention": {"rope_type": "longrope", "original_max_position_embeddings": 64}}},
                65,
                stretched.format("longrope"),
            ),
            ({"rope_scaling": {"type": "yarn", "factor": 4.0}}, 4096, None),
            ({"rope_parameters": {"rope_type": "linear", "factor": 4.0}}, 4096, None),
            (
                {"attn_temperature_tuning": True, "floor_scale": 200},
                201,
                "its attention is scaled by where a token lies in a row (attn_temperature_tuning)",
            ),
            ({"attn_temperature_tuning": True, "floor_scale": 200}, 200, None),
        ]:
            with self.subTest(f"{said} {longest}"):
                text = SimpleNamespace(**{"max_position_embeddings": 256, **said})
                self.assertEqual(why_not_positions(text, longest), reason)

    def test_what_is_not_known_goes_the_harness_way(self):
        lm = load("Llama")
        other = load("Llama")
        other.__class__ = type("Other", (HFLM,), {})
        self.assertEqual(why_not(other), "the model class Other reads in its own way")
        cases = [
            (
                mock.patch("sosbench_worker.scoring.branching.empty_cache", side_effect=KeyError("new_kind")),
                "its kind of cache is not known (KeyError)",
            ),
            (
                mock.patch.object(lm.model.config, "_attn_implementation_internal", "flash_attention_2"),
                "its attention (flash_attention_2) takes no mask of which token sees which",
            ),
            (
                mock.patch.object(lm.model, "hf_device_map", {"model.layers.0": 0, "model.layers.1": 1}, create=True),
                "its layers are spread over several devices",
            ),
            (
                mock.patch.object(lm.model, "peft_config", {"a": SimpleNamespace(is_prompt_learning=True)}, create=True),
                "its adapter puts tokens of its own before each prompt",
            ),
        ]
        for patch, reason in cases:
            with self.subTest(reason), patch:
                self.assertEqual(why_not(lm), reason)
        self.assertIsNone(why_not(lm))

    def test_a_transformers_without_such_layers_goes_the_harness_way(self):
        lm = load("Llama")
        with mock.patch("transformers.cache_utils.DynamicLayer"):
            del transformers.cache_utils.DynamicLayer
            self.assertEqual(why_not(lm), "its kind of cache is not known (ImportError)")
        self.assertIsNone(why_not(lm))


class Written(unittest.TestCase):
    def test_a_transformers_whose_own_loop_has_other_parts_writes_in_the_harness_s_way(self):
        lm = load("Llama")
        self.assertIsNone(generate.why_not(lm))
        # As up to 5.2.
        with mock.patch.object(lm.model, "_prefill", lambda input_ids, generation_config, model_kwargs: None):
            self.assertEqual(generate.why_not(lm), "its transformers version takes no loop from outside")


class SelfCheck(unittest.TestCase):
    def test_it_looks_at_requests_of_all_shapes(self):
        questions = self_check.shapes(list(range(200)), 48)
        options = [(len(context), len(option)) for context, options in questions for option in options]
        self.assertGreaterEqual(len(options), 12)
        self.assertTrue(any(context + option > 49 for context, option in options), "one that is cut")
        self.assertTrue(any(context + option == 48 for context, option in options), "the longest that fits")
        self.assertTrue({1, 5} <= {option for _, option in options})

    def test_a_model_that_does_not_mind_the_mask_fails_it(self):
        lm = load("Llama")
        forward = lm.model.forward

        def blind(*arguments, attention_mask=None, **named):
            return forward(*arguments, **named)

        with mock.patch.object(lm.model, "forward", blind), mock.patch(
            "sosbench_worker.scoring.branching.takes_argument", lambda _model, _name: True
        ), mock.patch("sosbench_worker.scoring.reading.takes_argument", lambda _model, name: True):
            self.assertRegex(Engine.choose(lm).reason, r"^self-check: log-probabilities differ from the harness's by ")

    def test_code_of_a_model_s_own_is_checked_in_rows_as_long_as_they_will_be(self):
        # Short texts do not show a window of 256 tokens that is counted over the row, nor a table of 512 positions.
        with mock.patch("sosbench_worker.scoring.branching.WINDOWS", ()):
            lm = load("GPT-Neo")
            lm.model.__class__ = type("OwnModel", (type(lm.model),), {"__module__": "transformers_modules.folder.modeling"})
            self.assertRegex(Engine.choose(lm).reason, r"^self-check: log-probabilities differ from the harness's by ")
            lm = load("GPT-Neo without a window", max_length=500)
            lm.model.__class__ = type("OwnModel", (type(lm.model),), {"__module__": "transformers_modules.folder.modeling"})
            self.assertEqual(Engine.choose(lm).name, "shared")
            for layer in lm.model.transformer.h:
                layer.attn.attention.bias = layer.attn.attention.bias[:, :, :512, :512]
            self.assertRegex(Engine.choose(lm).reason, r"^self-check: it failed \(RuntimeError: ")

    def test_rows_of_the_check_are_full(self):
        for max_length, row in [(2048, 512), (300, 512), (48, 4096), (8192, 4096)]:
            with self.subTest(f"{max_length} in rows of {row}"):
                contexts = [context for context, _ in self_check.full_row(list(range(120)), max_length, row)]
                half = (min(max_length, row) - 4) // 2
                self.assertGreaterEqual(sum(len(context) - half for context in contexts), row)
                self.assertTrue(all(len(context) == min(max_length, row) - 4 for context in contexts))
                self.assertEqual(len({tuple(context[:half]) for context in contexts}), 1)

    def test_a_model_that_fails_is_read_the_harness_way(self):
        lm = load("Llama")
        with mock.patch.object(SharedReading, "_call", side_effect=RuntimeError("no kernel\nfor this")):
            self.assertEqual(Engine.choose(lm).reason, "self-check: it failed (RuntimeError: no kernel for this)")

    def test_it_leaves_the_model_as_it_was(self):
        lm = load("Llama")
        before = (lm.max_length, lm._max_length, lm.batch_size_per_gpu, dict(vars(lm)).keys())
        self.assertIsNone(self_check.check(lm, SharedReading(lm), limits_of(lm)))
        self.assertEqual((lm.max_length, lm._max_length, lm.batch_size_per_gpu, dict(vars(lm)).keys()), before)

    def test_how_much_may_differ(self):
        questions = [([1], [[2], [3]])]
        theirs = [(-1.0, False), (-2.0, False)]
        for ours, nats, near_tie, expected in [
            ([-1.00005, -2.0], 1e-4, 1e-3, None),
            ([-1.0002, -2.0], 1e-4, 1e-3, "log-probabilities differ from the harness's by 0.0002 (0.0001 are allowed)"),
            ([float("nan"), -2.0], 1e-4, 1e-3, "log-probabilities differ from the harness's by nan (0.0001 are allowed)"),
            ([-2.1, -2.0], 2.0, 0.1, "another answer is the likeliest than in the harness's way"),
        ]:
            with self.subTest(str(ours)):
                answers = [(value, False) for value in ours]
                self.assertEqual(self_check.differs(questions, theirs, [answers], nats, 0, near_tie), expected)

    def test_a_model_whose_sums_lose_digits_may_differ_as_much_as_the_harness_does_from_itself(self):
        questions = [([1], [[2], [3]])]
        theirs = [(-163.0, False), (-2.0, False)]
        # Ours, the harness's own difference between batches of 8 and 1, what is said.
        for ours, noise, expected in [
            (5e-4, 2.6e-4, None),
            (5e-4, 1e-5, "log-probabilities differ from the harness's by 0.0005 (0.0001 are allowed)"),
            (9.9e-4, 2.6e-4, "log-probabilities differ from the harness's by 0.00099 (0.00078 are allowed)"),
            # A near-tie is the most, whatever the harness does.
            (2e-3, 1.0, "log-probabilities differ from the harness's by 0.002 (0.001 are allowed)"),
        ]:
            with self.subTest(f"{ours} {noise}"), mock.patch.object(
                self_check,
                "_harness",
                lambda lm, requests, rows, noise=noise: theirs if rows == 8 else [(-163.0 + noise, False), theirs[1]],
            ), mock.patch.object(self_check, "is_half", lambda lm: False):
                answers = [(-163.0 - ours, False), theirs[1]]
                self.assertEqual(self_check._fault(None, questions, [answers]), expected)


if __name__ == "__main__":
    unittest.main()
