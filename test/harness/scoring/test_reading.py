"""Log-probabilities of the shared way beside the harness's own: `python -m unittest test_reading`."""

from __future__ import annotations

import math
import random
import unittest
from unittest import mock

import torch
from lm_eval.models.huggingface import HFLM
from sosbench_worker.scoring.packs import Limits
from sosbench_worker.scoring.reading import Beginning, SharedReading, limits_of
from sosbench_worker.scoring.tree import different_tokens, grow, reading_of
from tiny_models import load

TOLERANCE = 1e-4


def random_tokens(draw: random.Random, count: int) -> list[int]:
    return [draw.randrange(2, 250) for _ in range(count)]


def requests_of(questions: list[tuple[list[int], list[list[int]]]]) -> list:
    return [
        ((f"context {number}", f"option {option}"), context, option)
        for number, (context, options) in enumerate(questions)
        for option in options
    ]


def all_shapes(draw: random.Random, length: int) -> list[tuple[str, list[tuple[list[int], list[list[int]]]]]]:
    """Each kind of question that a chunk may hold, by name."""
    tokens = lambda count: random_tokens(draw, count)  # noqa: E731
    begun, story = tokens(40), tokens(60)
    return [
        ("options of one token", [(begun + tokens(5), [tokens(1) for _ in range(4)])]),
        ("a one-token option beside a five-token one", [(tokens(9), [tokens(1), tokens(5)])]),
        ("options that share beginnings", [(tokens(9), [[5, 6, 7], [5, 6, 8], [5, 6], [5], [9]])]),
        ("an option twice", [(tokens(9), [[5, 6], [5, 6], [7]])]),
        ("duplicate contexts", [(story, [[5, 6], [7]]), (story, [[5, 6], [8, 9]]), (story, [[7]])]),
        ("a context that is a beginning of another", [(story[:30], [[5, 6]]), (story, [[5], [6]]), (story[:31], [[7]])]),
        (
            "a context that is a beginning of another with its option",
            [(story[:30], [story[30:33], [7]]), (story[:33], [story[33:34], [8]])],
        ),
        ("30 options", [(tokens(12), [tokens(1 + number % 4) for number in range(30)])]),
        ("one story, several questions", [(story + tokens(8), [tokens(2), tokens(1)]) for _ in range(3)]),
        ("a context longer than the model's", [(tokens(length + 50), [tokens(1), tokens(5)])]),
        ("one that just fits", [(tokens(length - 3), [tokens(3), tokens(4), tokens(5)])]),
        ("an option that leaves one token of the context", [(tokens(30), [tokens(length)])]),
        ("options of which nothing is left, beside some of one token", [(begun, [[], [5], [], [6, 7]]), (tokens(9), [[5], []])]),
        ("a context of one token", [([0], [tokens(3), tokens(1)])]),
        ("what a tokenizer merged across context and option", [(begun[:-1], [[251, 5]]), (begun, [[5]])]),
    ]


class Beside(unittest.TestCase):
    def assert_equal(self, lm, requests, *, limits, beginning=None, theirs=None):
        theirs = theirs or HFLM._loglikelihood_tokens(lm, requests, disable_tqdm=True)
        ours = SharedReading(lm).answer(requests, limits=limits, beginning=beginning, disable_tqdm=True)
        self.assertEqual(len(ours), len(theirs))
        for (value, greedy), (expected, likeliest) in zip(ours, theirs, strict=True):
            self.assertLess(abs(value - expected), TOLERANCE)
            self.assertEqual(greedy, likeliest)

class Shapes(Beside):
    # One with positions that turn, one with positions of a table, one with attention sinks.
    KINDS = ["Llama", "GPT-2", "GPT-OSS without windows"]

    def test_each_shape_alone_and_all_together(self):
        for kind in self.KINDS:
            lm = load(kind)
            shapes = all_shapes(random.Random(4), lm.max_length)
            for title, questions in shapes:
                with self.subTest(f"{kind}: {title}"):
                    self.assert_equal(lm, requests_of(questions), limits=limits_of(lm))
            together = requests_of([question for _, questions in shapes for question in questions])
            theirs = HFLM._loglikelihood_tokens(lm, together, disable_tqdm=True)
            # The smallest is a call for each node of the tree.
            smallest = [(1, 1, 0)] if kind in ("Llama", "GPT-2") else []
            for tokens, scored, spare in [(4096, 4096, 32), (300, 20, 32), (50, 4, 0), *smallest]:
                with self.subTest(f"{kind}: all in packs of {tokens}"):
                    self.assert_equal(lm, together, limits=Limits(tokens, scored, spare), theirs=theirs)


class Equal(Beside):
    """Models that branch, in float32."""

    def test_what_greedy_decoding_gives_is_told(self):
        lm = load("Llama")
        context = random_tokens(random.Random(5), 20)
        option: list[int] = []
        for _ in range(4):
            logits = lm.model(torch.tensor([context + option])).logits[0, -1]
            option.append(int(logits.argmax()))
        other = [*option[:-1], (option[-1] + 1) % 250]
        requests = requests_of([(context, [option, option[:2], other, option[:1]])])
        told = [greedy for _, greedy in SharedReading(lm).answer(requests, limits=limits_of(lm), disable_tqdm=True)]
        self.assertEqual(told, [True, True, False, True])
        self.assert_equal(lm, requests, limits=limits_of(lm))

    def test_going_on_from_a_beginning_that_was_read_before(self):
        lm = load("Llama")
        draw = random.Random(6)
        begun = random_tokens(draw, 40)
        questions = [(begun + random_tokens(draw, 7), [random_tokens(draw, 2), random_tokens(draw, 1)]) for _ in range(6)]
        # It ends where the beginning does, before it does, and elsewhere; one is cut, and loses it.
        questions += [(begun, [[5], [6, 7]]), (begun[:20], [[5]]), (random_tokens(draw, 9), [[5, 6]])]
        questions += [(begun + random_tokens(draw, lm.max_length), [[5], [6, 7]])]
        reading = SharedReading(lm)
        read = reading.read_beginning(begun)
        copies = [tensor.clone() for layer in read.layers for tensor in layer]
        for limits in (limits_of(lm), Limits(12, 3, 0)):
            self.assert_equal(lm, requests_of(questions), limits=limits, beginning=Beginning(tuple(begun), lambda: read))
        # Others go on from it later.
        for tensor, copy in zip([tensor for layer in read.layers for tensor in layer], copies, strict=True):
            self.assertTrue(torch.equal(tensor, copy))

    def test_logits_of_a_model_that_keeps_all_of_them(self):
        lm = load("Llama")
        requests = requests_of([question for _, questions in all_shapes(random.Random(4), 256) for question in questions])
        with mock.patch("sosbench_worker.scoring.reading.takes_argument", lambda _model, _name: False):
            self.assert_equal(lm, requests, limits=limits_of(lm))

    def test_half_precision_adds_up_as_the_harness_does(self):
        lm = load("Llama", dtype="bfloat16")
        requests = requests_of([question for _, questions in all_shapes(random.Random(4), 256) for question in questions])
        theirs = HFLM._loglikelihood_tokens(lm, requests, disable_tqdm=True)
        ours = SharedReading(lm).answer(requests, limits=limits_of(lm), disable_tqdm=True)
        for (value, _), (expected, _) in zip(ours, theirs, strict=True):
            self.assertLess(abs(value - expected), 0.5 + 0.02 * abs(expected))
            # Sums of bfloat16 are bfloat16.
            self.assertEqual(value, float(torch.tensor(value, dtype=torch.bfloat16)))


class Same(unittest.TestCase):
    """To the last bit."""

    def test_the_order_of_requests_does_not_matter(self):
        lm = load("Llama")
        draw = random.Random(7)
        requests = requests_of([question for _, questions in all_shapes(draw, 256) for question in questions])
        expected = SharedReading(lm).answer(requests, limits=limits_of(lm), disable_tqdm=True)
        order = draw.sample(range(len(requests)), len(requests))
        told = SharedReading(lm).answer([requests[index] for index in order], limits=limits_of(lm), disable_tqdm=True)
        self.assertEqual(told, [expected[index] for index in order])

    def test_each_token_goes_through_the_model_once(self):
        lm = load("Llama")
        requests = requests_of([question for _, questions in all_shapes(random.Random(4), 256) for question in questions])
        different = different_tokens(grow([reading_of(context, option, 256).read for _, context, option in requests if option]))
        reading = SharedReading(lm)
        reading.answer(requests, limits=Limits(4096, 4096), disable_tqdm=True)
        self.assertEqual((reading.tokens_read, reading.calls), (different, 1))
        reading.answer(requests, limits=Limits(128, 64), disable_tqdm=True)
        self.assertLess(reading.tokens_read - different, 1.15 * different)


class Told(unittest.TestCase):
    def test_the_cache_of_answers_and_progress(self):
        lm = load("Llama")
        seen = []
        lm.cache_hook = mock.Mock(add_partial=lambda *arguments: seen.append(arguments))
        requests = [*requests_of([([5, 6], [[7], [8, 9]])]), (None, [5], [6])]
        answers = SharedReading(lm).answer(requests, limits=limits_of(lm), disable_tqdm=True)
        # The parts of a rolling log-likelihood have no text; the harness keeps their sum itself.
        self.assertEqual(seen, [("loglikelihood", text, answer) for (text, _, _), answer in zip(requests[:2], answers)])

    def test_what_cannot_be_read_is_named(self):
        lm = load("Llama")
        for context, option, message in [([5], [], "an option has no tokens"), ([], [5], "a context has no tokens")]:
            with self.assertRaisesRegex(ValueError, message):
                SharedReading(lm).answer([(("", ""), context, option)], limits=limits_of(lm), disable_tqdm=True)

    def test_nothing_asked(self):
        lm = load("Llama")
        self.assertEqual(SharedReading(lm).answer([], limits=limits_of(lm), disable_tqdm=True), [])

    def test_what_is_not_a_number_stays_with_its_own_question(self):
        lm = load("GPT-2")
        draw = random.Random(8)
        bad = 77
        questions = [([one for one in random_tokens(draw, 20) if one != bad], [[5], [6, 7]]) for _ in range(6)]
        questions[2][0][4] = bad
        # An option of several tokens, of which the first spoils the second.
        questions[4][1].append([bad, 9])
        with torch.no_grad():
            lm.model.transformer.wte.weight[bad] = math.nan
            # Logits come from another matrix.
            lm.model.lm_head.weight = torch.nn.Parameter(lm.model.lm_head.weight.nan_to_num(0.1))
        requests = requests_of(questions)
        theirs = HFLM._loglikelihood_tokens(lm, requests, disable_tqdm=True)
        ours = SharedReading(lm).answer(requests, limits=Limits(4096, 4096), disable_tqdm=True)
        self.assertEqual(sum(math.isnan(value) for value, _ in theirs), 3)
        for (value, _), (expected, _) in zip(ours, theirs, strict=True):
            self.assertEqual(math.isnan(value), math.isnan(expected))
            self.assertTrue(math.isnan(value) or abs(value - expected) < TOLERANCE)


if __name__ == "__main__":
    unittest.main()
