"""What vLLM is told beside a model's own arguments."""

from __future__ import annotations

import json
import tempfile
import unittest
from pathlib import Path

from sosbench_worker.vllm_arguments import vllm_arguments


def told(config: object, **args: object) -> dict[str, object]:
    with tempfile.TemporaryDirectory() as folder:
        Path(folder, "adapter_config.json").write_text(config if isinstance(config, str) else json.dumps(config), encoding="utf-8")
        return vllm_arguments({"lora_local_path": folder, **args})


class VllmArguments(unittest.TestCase):
    def test_log_probabilities_are_the_models_own_whatever_is_asked_for(self) -> None:
        self.assertEqual(vllm_arguments({"logprobs_mode": "processed_logprobs"}), {"logprobs_mode": "raw_logprobs"})

    def test_the_rank_of_an_adapter_is_told(self) -> None:
        for config, wanted in (
            ({"r": 8}, 16),
            ({"r": 64}, 64),
            ({"r": 17}, 32),
            ({"r": 16, "rank_pattern": {"q_proj": 48}}, 64),
            ({"r": 8, "rank_pattern": None}, 16),
        ):
            with self.subTest(config=config):
                self.assertEqual(told(config)["max_lora_rank"], wanted)

    def test_a_rank_that_is_given_stays(self) -> None:
        self.assertEqual(told({"r": 64}, max_lora_rank=128)["max_lora_rank"], 128)

    def test_what_cannot_be_read_is_left_to_vllm(self) -> None:
        for config in ("{", "[]", {}, {"r": "many"}, {"r": 4096}):
            with self.subTest(config=config):
                self.assertNotIn("max_lora_rank", told(config))
        self.assertNotIn("max_lora_rank", vllm_arguments({"lora_local_path": "/nowhere"}))
