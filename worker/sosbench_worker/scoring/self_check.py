"""Whether a loaded model gives the same log-probabilities when what requests share is read once."""

from __future__ import annotations

import contextlib
import logging
import math
from typing import TYPE_CHECKING, Any

import torch

from sosbench_worker.replaced import replaced
from sosbench_worker.scoring.packs import Limits
from sosbench_worker.scoring.reading import Beginning

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from sosbench_worker.scoring.reading import Answer, Request, SharedReading

    # A context and its options.
    Question = tuple[list[int], list[list[int]]]

# The model's context during the check: what is too long for it is then short, and a small model on a CPU is checked in seconds.
CHECKED_LENGTH = 48

# Nobody has it by heart; see `log_probabilities.py`.
TEXT = (
    "Seven lanterns were counted twice before the ferry left, and the clerk wrote the wrong number in both of his books. "
    "A merchant from the hills bought four of them, paid with pears, and asked which of the rivers was the shorter one. "
    "Nobody answered him, since the bridge had been sold on Tuesday to a man who collects keys without locks. "
    "When the rain stopped, three goats crossed the square in a line and the mayor began to read his letter aloud. "
    "It said that copper would be cheaper in autumn, that the school needs a roof, and that his sister keeps bees again."
)

# Of summed log-probabilities, in float32: nats, and for large sums a share of them.
FLOAT32_NATS = 1e-4
FLOAT32_SHARE = 1e-6
# In half precision.
HALF_NATS = 0.1
# Or so many times what the harness itself differs by between batches of 1 and 8.
OWN_TIMES = 3
# A choice that is nearer than this may turn.
NEAR_TIE_FLOAT32 = 1e-3
NEAR_TIE_HALF = 0.1


def check(lm: Any, reading: SharedReading, limits: Limits) -> str | None:
    """What differs between the two ways; None where nothing does.

    @param reading: goes the shared way with `lm`, whose `_loglikelihood_tokens` is the harness's own.
    @param limits: of the packs that will be read.
    """
    tokens = list(lm.tok_encode(TEXT))
    if len(tokens) < 2 * CHECKED_LENGTH // 3:
        return "its tokenizer makes too few tokens of the text that is to be checked with"
    with _checked(lm, min(CHECKED_LENGTH, lm.max_length)):
        questions = shapes(tokens, lm.max_length)
        fault = _fault(lm, questions, _ways(reading, requests_of(questions), tokens))
    if fault is not None or is_of_transformers(lm.model):
        return fault
    # What code of its own makes of long rows is not known: windows and tables of positions show there alone.
    with _checked(lm, lm.max_length):
        questions = full_row(tokens, lm.max_length, limits.tokens)
        return _fault(lm, questions, [reading.answer(requests_of(questions), limits=limits, disable_tqdm=True)])


def _fault(lm: Any, questions: Sequence[Question], ours: Sequence[Sequence[Answer]]) -> str | None:
    requests = requests_of(questions)
    return fault_of(questions, ours, lambda rows: _harness(lm, requests, rows), is_half=is_half(lm))


def fault_of(
    questions: Sequence[Question], ours: Sequence[Sequence[Answer]], harness: Callable[[int], Sequence[Answer]], *, is_half: bool
) -> str | None:
    """What differs between our ways and the harness's; None where nothing does.

    @param ours: the answers of each way.
    @param harness: its answers in batches of so many requests.
    @param is_half: whether the model computes in less than float32.
    """
    theirs = harness(8)
    if is_half:
        noise = largest(theirs, harness(1))
        return differs(questions, theirs, ours, max(HALF_NATS, OWN_TIMES * noise), 0, NEAR_TIE_HALF)
    fault = differs(questions, theirs, ours, FLOAT32_NATS, FLOAT32_SHARE, NEAR_TIE_FLOAT32)
    if fault is None:
        return None
    # Large activations, such as those of a model whose training went wrong, lose digits in any order of adding up.
    nats = min(NEAR_TIE_FLOAT32, OWN_TIMES * largest(theirs, harness(1)))
    if nats <= FLOAT32_NATS:
        return fault
    return differs(questions, theirs, ours, nats, FLOAT32_SHARE, NEAR_TIE_FLOAT32)


def requests_of(questions: Sequence[Question]) -> list[Request]:
    return [(("", ""), context, option) for context, options in questions for option in options]


def is_of_transformers(model: Any) -> bool:
    """Whether a model, or the one that its adapter is put on, is a class that came with transformers."""
    inner = model.get_base_model() if hasattr(model, "get_base_model") else model
    # Code that a model folder brings is in `transformers_modules`.
    return type(inner).__module__.startswith("transformers.")


def full_row(tokens: Sequence[int], max_length: int, row: int) -> list[Question]:
    """Contexts as long as the model or a row takes, which share their first half; together they fill a row that goes on from it."""
    length = max(4, min(max_length, row) - 4)
    half = length // 2
    text = list(tokens) * (2 + (length + row) // len(tokens))
    contexts = [[*text[:half], *text[start : start + length - half]] for start in range(1, row + 1, max(1, length - half))]
    return [(context, [text[number + 3 : number + 5], text[number + 7 : number + 8]]) for number, context in enumerate(contexts)]


def shapes(tokens: Sequence[int], max_length: int) -> list[Question]:
    """Contexts with their options, of all shapes: long and too long, options of one token and of many, shared beginnings."""
    text = list(tokens)
    length = min(max_length, len(text))
    third = max(4, length // 3)
    words = [text[start : start + 6] for start in range(third, third + 24, 6)]
    beginning = text[:third]
    return [
        # Options of one token that share their context, and one of many beside them.
        (beginning, [words[0][:1], words[1][:1], words[2][:4]]),
        # Options that share a beginning; the last is the beginning of the others.
        ([*beginning, *words[3]], [[*words[0][:2], *words[1][:2]], [*words[0][:2], *words[2]], words[0][:2]]),
        # A context that goes on from another one, and the same once more.
        ([*beginning, *words[3], *words[1]], [words[2][:1], words[0]]),
        ([*beginning, *words[3]], [words[0][:2], words[2][:3]]),
        # Nothing shared, and one token only.
        (text[1 : third // 2 + 2], [words[0][:3], words[3][:1]]),
        (text[2:3], [words[1][:2], words[2][:1]]),
        # The longest that fits, and one that loses its beginning.
        (text[: length - 3], [text[length - 3 : length], words[0][:2]]),
        ((text * 2)[: max_length + 7], [words[1][:5], words[2][:5]]),
    ]


def _ways(reading: SharedReading, requests: Sequence[Request], tokens: list[int]) -> list[list[Answer]]:
    """All in one row; and apart in small rows, of which some go on from a beginning that was read before."""
    begun = tuple(tokens[: max(2, len(requests[0][1]) - 4)])
    begun_once = reading.read_beginning(begun)
    beginning = Beginning(begun, lambda: begun_once)
    one_row, small_rows = Limits(4096, 4096), Limits(12, 4, spare=0)
    return [
        reading.answer(requests, limits=one_row, disable_tqdm=True),
        reading.answer(requests, limits=small_rows, beginning=beginning, disable_tqdm=True),
    ]


def _harness(lm: Any, requests: Sequence[Request], rows: int) -> list[Answer]:
    with replaced(lm, batch_size_per_gpu=rows):
        return lm._loglikelihood_tokens(list(requests), disable_tqdm=True)


def differs(
    questions: Sequence[Question],
    theirs: Sequence[Answer],
    ways: Sequence[Sequence[Answer]],
    nats: float,
    share: float,
    near_tie: float,
) -> str | None:
    for ours in ways:
        for (expected, _), (value, _) in zip(theirs, ours, strict=True):
            if not math.isfinite(expected) and not math.isfinite(value):
                continue
            # Not "greater": a comparison with NaN is never true.
            if not abs(value - expected) <= nats + share * abs(expected):
                return f"log-probabilities differ from the harness's by {abs(value - expected):.2g} ({nats:.2g} are allowed)"
        start = 0
        for _, options in questions:
            end = start + len(options)
            before = [value for value, _ in theirs[start:end]]
            after = [value for value, _ in ours[start:end]]
            chosen = max(range(len(after)), key=after.__getitem__)
            if max(before) - before[chosen] > near_tie:
                return "another answer is the likeliest than in the harness's way"
            start = end
    return None


def largest(first: Sequence[Answer], second: Sequence[Answer]) -> float:
    differences = [abs(one - other) for (one, _), (other, _) in zip(first, second, strict=True)]
    return max((one for one in differences if math.isfinite(one)), default=0.0)


def is_half(lm: Any) -> bool:
    """Whether a model computes in less than float32; quantised weights do."""
    types = {getattr(lm.model, "dtype", None), getattr(lm, "mixed_precision_dtype", None) or torch.float32}
    return types != {torch.float32} or bool(getattr(lm.model, "is_quantized", False))


def _checked(lm: Any, length: int) -> contextlib.AbstractContextManager[None]:
    # Sums in bfloat16 are told to 0.125 from 16 on: that is no difference between the ways.
    return shortened(lm, length, "lm_eval.models.huggingface", softmax_dtype=torch.float32)


@contextlib.contextmanager
def shortened(lm: Any, length: int, logger: str, **values: Any) -> Iterator[None]:
    """While it is entered, the model's context has `length` tokens, and `lm` these other attributes.

    @param logger: of the harness's class, which warns of each request that is cut.
    """
    log = logging.getLogger(logger)
    level = log.level
    log.setLevel(logging.ERROR)
    try:
        with replaced(lm, _max_length=length, **values):
            yield
    finally:
        log.setLevel(level)
