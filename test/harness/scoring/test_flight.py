"""Chunks of written answers in flight together: the harness's own class for vLLM over a fake engine, and the worker's own session."""

from __future__ import annotations

import functools
import hashlib
import importlib.metadata
import itertools
import json
import sys
import types
import unittest
from collections import deque
from pathlib import Path
from typing import Any
from unittest import mock

from sosbench_worker.evaluate import evaluate_chunk
from sosbench_worker.flight import Flight, chunks_in_flight
from sosbench_worker.generation import Thinking
from sosbench_worker.model import OpenModel
from sosbench_worker.session import Session
from sosbench_worker.tasks import TaskShelf
from tiny_models import folder_of
from transformers import AutoTokenizer

ROOT = Path(__file__).parents[3]
SEED = 1234
SPEC = {
    "task": "leaderboard_ifeval",
    "overrides": {
        "dataset_path": "json", "dataset_name": None,
        "dataset_kwargs": {"data_files": {"train": str(ROOT / "tasks" / "mini" / "ifeval" / "train.jsonl")}},
    },
    "clusterFields": [], "generation": {"max_gen_toks": 8},
}  # fmt: skip


@functools.cache
def harness_over_a_fake() -> Any:
    """The harness's module for vLLM, which imports that; here it is a fake that has names alone."""
    names = {
        "vllm": {"LLM": None, "SamplingParams": FakeParams, "TokensPrompt": dict}, "vllm.lora": {}, "vllm.renderers": {},
        "vllm.lora.request": {"LoRARequest": None}, "vllm.renderers.hf": {"resolve_chat_template": None},
        "vllm.tokenizers": {"get_tokenizer": None},
    }  # fmt: skip
    fakes = {name: types.ModuleType(name) for name in names}
    for name, fake in fakes.items():
        vars(fake).update(names[name])
    version = importlib.metadata.version
    with (
        mock.patch.dict(sys.modules, fakes),
        mock.patch("importlib.metadata.version", lambda name: "0.32.0" if name == "vllm" else version(name)),
    ):
        return importlib.import_module("lm_eval.models.vllm_causallms")


class FakeParams:
    """Fake: vLLM's parameters of a request, as the harness fills them."""

    def __init__(self, **values: Any) -> None:
        self.values = values
        self.temperature = values.get("temperature", 1)

    def __repr__(self) -> str:
        return repr(sorted(self.values.items()))


def written(prompt: list[int]) -> str:
    """Fake: the answer to a prompt; some have more of it than others."""
    digest = hashlib.sha256(repr(prompt).encode()).hexdigest()
    return f" {digest[: 4 + int(digest[0], 16)]}"


class FakeEngine:
    """Fake: each step ends the answers of one token more. `fails_at`: the step that ends the engine."""

    vllm_config = types.SimpleNamespace(scheduler_config=types.SimpleNamespace(max_num_seqs=256))

    def __init__(self) -> None:
        self.running: dict[str, list[int]] = {}
        self.most, self.steps, self.fails_at = 0, 0, -1
        self.names = itertools.count()

    def step(self) -> list[Any]:
        self.steps += 1
        if self.steps == self.fails_at:
            raise RuntimeError("EngineCore encountered an issue")
        self.most = max(self.most, len(self.running))
        ended = [name for name, prompt in self.running.items() if len(written(prompt)) <= 4 + self.steps]
        return [self.output(name, self.running.pop(name)) for name in ended]

    @staticmethod
    def output(name: str, prompt: list[int]) -> Any:
        completion = types.SimpleNamespace(text=written(prompt), finish_reason="stop")
        return types.SimpleNamespace(request_id=name, finished=True, outputs=[completion])


class FakeLlm:
    """Fake: vLLM's own class. Names of requests get what makes them unique, as in vLLM 0.32."""

    def __init__(self) -> None:
        self.llm_engine = FakeEngine()
        self.refuses = ""

    def enqueue(self, prompts: Any, *, sampling_params: Any, lora_request: Any, use_tqdm: bool) -> list[str]:
        assert lora_request == "the adapter" and len(prompts) == len(sampling_params)
        names = [str(next(self.llm_engine.names)) for _ in prompts]
        self.llm_engine.running |= zip(names, (prompt["prompt_token_ids"] for prompt in prompts), strict=True)
        return [f"{name}-abcdef" for name in names]

    def generate(self, prompts: Any, **_: Any) -> list[Any]:
        return [self.llm_engine.output("", prompt["prompt_token_ids"]) for prompt in prompts]


class FakeChannel:
    """Fake: requests that are there from the beginning, and what is sent."""

    def __init__(self, *requests: dict[str, Any]) -> None:
        self.waiting = deque([*requests, {"type": "shutdown"}])
        self.sent: list[dict[str, Any]] = []

    def next(self) -> dict[str, Any]:
        return self.waiting.popleft()

    def next_together(self) -> dict[str, Any] | None:
        return self.waiting.popleft() if self.waiting[0].get("together") else None

    def is_cancelled(self, chunk: str) -> bool:
        return chunk == "cancelled"

    def send(self, message: dict[str, Any]) -> None:
        self.sent.append(message)

    def kinds(self) -> list[str]:
        return [f"{one['type']} {one.get('chunk')}" for one in self.sent if one["type"] != "progress"]


def chunk(name: str, items: list[int], **more: Any) -> dict[str, Any]:
    return {"type": "evaluate", "chunk": name, "spec": SPEC, "metric": "prompt_level_strict_acc", "items": items,
            "batchSize": "8", **more}  # fmt: skip


def together(name: str, items: list[int], **more: Any) -> dict[str, Any]:
    return chunk(name, items, together=True, **more)


class FlightTest(unittest.TestCase):
    def setUp(self) -> None:
        harness = harness_over_a_fake()
        lm = harness.VLLM.__new__(harness.VLLM)
        super(harness.VLLM, lm).__init__()
        lm.tokenizer = AutoTokenizer.from_pretrained(folder_of("Llama, long"))
        lm.model, lm.lora_request, lm.batch_size = FakeLlm(), "the adapter", 8
        lm.custom_prefix_token_id = lm.add_bos_token = lm.think_end_token = lm.enable_thinking = None
        lm._max_length, lm._max_gen_toks, lm.truncation_side, lm.data_parallel_size = 4096, 8, "left", 1
        self.model = OpenModel(lm, "vllm", False, None, 8, SEED, Thinking())
        self.shelf = TaskShelf([str(ROOT / "tasks" / "lm-eval")], SEED)
        self.engine = lm.model.llm_engine

    def session(self, *requests: dict[str, Any]) -> FakeChannel:
        channel = FakeChannel(*requests)
        session = Session(channel)  # type: ignore[arg-type]
        session._shelf, session._model = self.shelf, self.model
        session.serve()
        return channel

    def alone(self, items: list[int], **more: Any) -> str:
        return json.dumps(evaluate_chunk(chunk("c", items, **more), self.shelf, self.model, FakeChannel())["items"])

    def test_the_answers_are_those_of_one_chunk_after_the_other(self) -> None:
        parts = {"a": [0, 1, 2], "b": [3, 4], "c": [5, 6, 7, 8]}
        for order in itertools.permutations(parts):
            channel = self.session(*(together(name, parts[name]) for name in order))
            results = {one["chunk"]: json.dumps(one["items"]) for one in channel.sent if one["type"] == "result"}
            self.assertEqual(results, {name: self.alone(items) for name, items in parts.items()})
            self.assertNotIn("_model_generate", vars(self.model.lm))

    def test_all_are_in_the_engine_at_once_and_each_is_told_when_its_last_answer_ends(self) -> None:
        channel = self.session(together("a", [0, 1, 2]), together("b", [3]))
        self.assertEqual(self.engine.most, 4)
        # That of one question does not wait for the other's last.
        self.assertEqual({*channel.kinds()}, {"result a", "result b"})
        seconds = [one["seconds"] for one in channel.sent if one["type"] == "result"]
        self.assertTrue(all(one >= 0 for one in seconds))
        progress = [one for one in channel.sent if one["type"] == "progress" and one["total"] == 3]
        self.assertTrue(progress and progress[0]["chunk"] == "a")

    def test_a_chunk_whose_task_fails_says_nothing_of_the_others(self) -> None:
        broken = together("bad", [0]) | {"spec": SPEC | {"task": "no_such_task"}}
        self.assertEqual(self.session(broken, together("a", [0])).kinds(), ["error bad", "result a"])

    def test_an_engine_that_ends_is_a_fault_of_all_in_flight_and_of_the_device(self) -> None:
        self.engine.fails_at = 1
        channel = self.session(together("a", [0]), together("b", [1]))
        self.assertEqual(channel.kinds(), ["error a", "error b"])
        self.assertEqual({one["kind"] for one in channel.sent if one["type"] == "error"}, {"device"})

    def test_other_requests_wait_until_all_have_landed(self) -> None:
        later = {"type": "expand", "name": "no_such_task"}
        self.assertEqual(self.session(together("a", [0]), later, together("b", [1])).kinds()[0], "result a")

    def test_answers_that_are_drawn_are_written_chunk_by_chunk(self) -> None:
        drawn = SPEC | {"generation": {"max_gen_toks": 8, "do_sample": True, "temperature": 0.7}}
        channel = self.session(together("drawn", [0, 1]) | {"spec": drawn}, together("a", [0]))
        self.assertEqual(channel.kinds(), ["result a", "result drawn"])
        self.assertEqual(self.engine.most, 1)

    def test_a_chunk_that_is_no_longer_wanted_is_not_begun(self) -> None:
        self.assertEqual(self.session(together("cancelled", [0]), together("a", [0])).kinds(), ["cancelled cancelled", "result a"])

    def test_other_prompts_the_second_time_are_a_fault(self) -> None:
        flight = Flight(self.shelf, self.model, FakeChannel())  # type: ignore[arg-type]
        request = together("a", [0])
        self.assertTrue(flight.add(request))
        while not (landed := flight.step()):
            pass
        self.model.system_instruction = "Be another."
        with self.assertRaisesRegex(RuntimeError, "other prompts"):
            flight.land(landed[0])

    def test_so_many_chunks_that_the_engine_never_waits(self) -> None:
        self.assertEqual(chunks_in_flight(self.model.lm, by_tokens=True), 8)
        # `batch-size: 8` asks for the harness's batches.
        self.assertEqual(chunks_in_flight(self.model.lm, by_tokens=False), 1)
        self.assertEqual(chunks_in_flight(types.SimpleNamespace(), by_tokens=True), 1)


if __name__ == "__main__":
    unittest.main()
