"""Chunks through the worker's own parts and the real harness: `python -m unittest test_chunks`."""

from __future__ import annotations

import json
import unittest
from pathlib import Path
from typing import Any

from sosbench_worker.evaluate import evaluate_chunk
from sosbench_worker.model import OpenModel
from sosbench_worker.scoring.beginning import find_beginning
from sosbench_worker.scoring.reading import limits_of
from sosbench_worker.tasks import TaskShelf
from tiny_models import folder_of

ROOT = Path(__file__).parents[3]
SEED = 1234
LETTERS = "".join(f"{letter}. {letter}\n" for letter in "ABCDEFGHIJ")
TEMPLATE = "{% for message in messages %}<{{ message.role }}>{{ message.content }}</s>{% endfor %}<assistant>"
CHUNKS = [[0, 1, 2], [3], [4, 5, 6, 7]]


class Silence:
    def send(self, message: dict[str, Any]) -> None:
        pass


def spec_of(name: str, task: str, examples: str | None = None, **overrides: Any) -> dict[str, Any]:
    mini = ROOT / "tasks" / "mini"
    files = {"test": str(mini / f"{name}.jsonl"), **({"validation": str(mini / f"{examples}.jsonl")} if examples else {})}
    data = {"dataset_path": "json", "dataset_name": None, "dataset_kwargs": {"data_files": files}}
    return {"task": task, "overrides": {**data, "training_split": None, "validation_split": None, **overrides}, "clusterFields": []}


# The same five examples before each question.
WITH_EXAMPLES = spec_of("mmlu-pro/test", "leaderboard_mmlu_pro", "mmlu-pro/test.fewshot")
ZERO_SHOT = spec_of("xstest/test", "sosb_xstest")


def shelf() -> TaskShelf:
    return TaskShelf([str(ROOT / "tasks" / "lm-eval")], SEED)


def opened(batch_size: str = "tokens", max_length: int | None = None, **more: Any) -> OpenModel:
    args = {"pretrained": folder_of("Llama, long"), "dtype": "float32", **({"max_length": max_length} if max_length else {})}
    request = {"backend": "hf", "args": args, "batchSize": batch_size, "device": "cpu", "applyChatTemplate": False}
    return OpenModel.load({**request, "seed": SEED, **more})


def evaluated(model: OpenModel, tasks: TaskShelf, spec: dict, items: list[int], tokens: int | None = 8192) -> str:
    request = {"chunk": "c", "spec": spec, "metric": "acc_norm", "items": items, "batchSize": "8"}
    if tokens is not None:
        request["batchTokens"] = tokens
    return json.dumps(evaluate_chunk(request, tasks, model, Silence())["items"])


class Orders(unittest.TestCase):
    # Chunks backwards, and one that was in the middle first.
    ORDERS = [(2, 1, 0), (1, 2, 0)]

    def test_the_same_bits_in_any_order_and_with_a_fresh_worker_for_each(self):
        for spec in (WITH_EXAMPLES, ZERO_SHOT):
            fresh = [evaluated(opened(), shelf(), spec, chunk) for chunk in CHUNKS]
            model, tasks = opened(), shelf()
            self.assertEqual(model.engine.name, "shared")
            for order in self.ORDERS:
                for index in order:
                    self.assertEqual(evaluated(model, tasks, spec, CHUNKS[index]), fresh[index])


class Chunks(unittest.TestCase):
    def test_the_same_answers_as_the_harness_gives(self):
        ours, theirs, tasks = opened(), opened("8"), shelf()
        self.assertEqual((theirs.engine.name, theirs.engine.reason), ("harness", "batch-size 8 asks for the harness's batches"))
        for spec in (WITH_EXAMPLES, ZERO_SHOT):
            items = [json.loads(evaluated(ours, tasks, spec, [0, 1, 2, 3])), json.loads(evaluated(theirs, tasks, spec, [0, 1, 2, 3], None))]
            for one, other in zip(*items, strict=True):
                self.assertAlmostEqual(one.pop("margin"), other.pop("margin"), delta=1e-4)
                # Tokens of each request, as ever: what they cost is another matter.
                self.assertEqual(one, other)

    def test_the_same_answers_with_a_template_and_in_a_context_that_is_too_short_for_the_examples(self):
        tasks = shelf()
        # The first holds the examples and cuts some of the questions, the second cuts all.
        for template, max_length in [(TEMPLATE, None), (None, 640), (None, 200)]:
            items = []
            for batch_size, tokens in (("tokens", 8192), ("8", None)):
                model = opened(batch_size, max_length)
                model.lm.tokenizer.chat_template = template
                model.apply_chat_template = template is not None
                self.assertEqual(model.engine.name, "harness" if tokens is None else "shared")
                items.append(json.loads(evaluated(model, tasks, WITH_EXAMPLES, [0, 1, 2], tokens)))
            for one, other in zip(*items, strict=True):
                self.assertAlmostEqual(one.pop("margin"), other.pop("margin"), delta=1e-4)
                self.assertEqual(one, other)

    def test_what_questions_share_is_read_once_for_all_chunks(self):
        model, tasks = opened(), shelf()
        task = tasks.get(WITH_EXAMPLES)
        prompt = {"system_instruction": None, "apply_chat_template": False, "fewshot_as_multiturn": False}
        beginning = find_beginning(task.task, task.docs, model.lm, prompt)
        # All five examples, and nothing of a question.
        self.assertTrue(model.lm.tok_decode(list(beginning)).endswith('letter of "jar"?\nAnswer: J\n' + LETTERS + "Answer: J\n\n"))
        reading = model.engine._reading
        costs = []
        for chunk in CHUNKS:
            before = reading.tokens_read
            evaluated(model, tasks, WITH_EXAMPLES, chunk)
            costs.append(reading.tokens_read - before)
        self.assertGreater(costs[0], len(beginning))
        self.assertLess(costs[1] + costs[2], len(beginning))

    def test_half_the_budget_after_out_of_memory(self):
        model, tasks = opened(), shelf()
        full = model.batch_tokens
        packs = [limits_of(model.lm, tokens, full).tokens for tokens in (2 * full, full, full // 2, full // 4, 1)]
        self.assertEqual(packs, [512, 512, 256, 128, 64])
        items = [json.loads(evaluated(model, tasks, ZERO_SHOT, list(range(8)), tokens)) for tokens in (8192, 128, 1)]
        for other in items[1:]:
            for one, same in zip(items[0], other, strict=True):
                self.assertAlmostEqual(one["margin"], same["margin"], delta=1e-4)

    def test_out_of_memory_in_mid_tree_gives_the_memory_back_and_the_harness_its_method(self):
        model, tasks = opened(), shelf()
        expected = evaluated(model, tasks, WITH_EXAMPLES, CHUNKS[0])
        forward, calls = model.lm.model.forward, []

        def run_out(*arguments: Any, **named: Any) -> Any:
            calls.append(1)
            raise MemoryError("CUDA out of memory")

        model.lm.model.forward = run_out
        with self.assertRaises(MemoryError):
            evaluated(model, tasks, WITH_EXAMPLES, CHUNKS[0])
        model.lm.model.forward = forward
        self.assertEqual(len(calls), 1)
        self.assertEqual(model.engine._beginnings.kept_tokens, 0)
        self.assertNotIn("_loglikelihood_tokens", vars(model.lm))
        self.assertEqual(evaluated(model, tasks, WITH_EXAMPLES, CHUNKS[0]), expected)

    def test_a_run_that_went_the_harness_way_stays_there(self):
        model = opened(engine="harness")
        self.assertEqual((model.engine.name, model.engine.reason), ("harness", "answers that the run has already were read that way"))


class Beginning(unittest.TestCase):
    PROMPT = {"system_instruction": None, "apply_chat_template": False, "fewshot_as_multiturn": False}

    def test_examples_drawn_at_random_are_the_same_for_the_questions_whether_it_was_looked_for_or_not(self):
        model = opened()
        spec = spec_of("xstest/test", "sosb_xstest", fewshot_split="test", num_fewshot=2)
        drawn = []
        for looks in (False, True):
            task = shelf().get(spec)
            if looks:
                # Each question has examples of its own; what is left is the task's first words, if anything.
                find_beginning(task.task, task.docs, model.lm, self.PROMPT)
            drawn.append([task.task.fewshot_context(doc, 2) for doc in list(task.docs)[:3]])
        self.assertEqual(*drawn)

    def test_there_is_none_where_a_document_cannot_be_asked(self):
        model, task = opened(), shelf().get(WITH_EXAMPLES)

        def broken(doc: Any, *_: Any) -> str:
            raise KeyError("input")

        task.task.doc_to_text = broken
        self.assertIsNone(find_beginning(task.task, task.docs, model.lm, self.PROMPT))


if __name__ == "__main__":
    unittest.main()
