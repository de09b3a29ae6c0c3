"""Whether log-probabilities mean anything: a probe of the model, and what a chunk's answers were chosen by."""

from __future__ import annotations

import math
from typing import Any

# A chunk with fewer items may be alike by chance.
MIN_ITEMS = 8

# Nobody has it by heart, so that no part of it is certain: only how values relate is looked at, never what a model knows.
PROBE_TEXT = (
    "A green ladder counted nine quiet umbrellas under the copper lake, while seven violins melted into sand "
    "and the tallest of their shadows sold buttons to a careful whale."
)
CONTEXT_TOKENS = 6
PART_TOKENS = 3

# Sums over one token more or less in a batch differ by rounding: bfloat16 keeps three digits.
TOLERATED_NATS = 1.0
TOLERATED_SHARE = 0.1

# What the harness raises over an answer that holds none, or over a server that gives no answer.
UNREADABLE = (
    ArithmeticError, AssertionError, AttributeError, LookupError, NotImplementedError, OSError, TypeError, ValueError,
)


class MeaninglessLogProbabilities(RuntimeError):
    """A fault of the model or its server, which another try does not mend."""


def probe(lm: Any) -> str | None:
    """What is wrong with the model's log-probabilities; None where nothing is.

    Sums over parts of one short text: they have to be finite, differ between texts of as many tokens, and add up over tokens.
    """
    ask = getattr(lm, "_loglikelihood_tokens", None)
    if ask is None:
        return None
    try:
        tokens = list(lm.tok_encode(PROBE_TEXT))
        if len(tokens) < CONTEXT_TOKENS + 6 * PART_TOKENS:
            return None
        context, rest = tokens[:CONTEXT_TOKENS], tokens[CONTEXT_TOKENS:]
        # Texts of other tokens: a model that minds no order gives one sum to all orders of the same.
        texts = [rest[start : start + 2 * PART_TOKENS] for start in range(0, 6 * PART_TOKENS, 2 * PART_TOKENS)]
        first, second = texts[0][:PART_TOKENS], texts[0][PART_TOKENS:]
        answers = [*ask([(("", ""), list(context), list(text)) for text in [*texts, first]], disable_tqdm=True)]
        # The harness would take it for the first, whose tokens it shares, were they asked together.
        answers += ask([(("", ""), context + first, second)], disable_tqdm=True)
        sums = [float(answer[0]) for answer in answers]
    except UNREADABLE as error:
        text = " ".join(str(error).split())[:200]
        return f"it gives no log-probabilities ({type(error).__name__}: {text})"
    return _fault(sums, additive=getattr(lm, "backend", "causal") != "seq2seq")


def _fault(sums: list[float], *, additive: bool) -> str | None:
    """`sums`: of three texts of as many tokens, and of the first one's two halves."""
    if len(sums) != 5:
        return f"it gives {len(sums)} log-probabilities for 5 texts"
    if not all(math.isfinite(value) for value in sums):
        return "its log-probabilities are not finite"
    if all(value == 0 for value in sums):
        return "its log-probabilities are all 0"
    whole, *others, first, second = sums
    if all(value == whole for value in others):
        return f"its log-probabilities are the same for different texts ({whole:.6g})"
    if additive and abs(first + second - whole) > max(TOLERATED_NATS, TOLERATED_SHARE * abs(whole)):
        return (
            "its log-probabilities do not add up over tokens: "
            f"{first:.4g} and {second:.4g} for the halves of a text, {whole:.4g} for the whole"
        )
    return None


def take_null_for_nan(lm: Any) -> None:
    """A server cannot write NaN as JSON: it writes null, which the harness cannot add up, and the whole chunk would fail with it."""
    parse = getattr(lm, "parse_logprobs", None)
    if parse is None:
        return

    def parse_without_null(outputs: Any, **kwargs: Any) -> Any:
        for output in outputs if isinstance(outputs, list) else [outputs]:
            for choice in output["choices"]:
                told = choice["logprobs"]
                told["token_logprobs"] = [_number_or_nan(value) for value in told["token_logprobs"]]
                told["top_logprobs"] = [
                    {token: _number_or_nan(value) for token, value in (top or {"": None}).items()}
                    for top in told["top_logprobs"]
                ]
        return parse(outputs=outputs, **kwargs)

    lm.parse_logprobs = parse_without_null


def _number_or_nan(value: Any) -> Any:
    return math.nan if value is None else value


def advice(backend: str) -> str:
    """What to check."""
    if backend.startswith("local-"):
        return (
            "check that the server gives log-probabilities of the prompt (echo with logprobs) and not only of what it "
            "generates, and that base_url is its completions endpoint (/v1/completions)"
        )
    return "check the weights (a training that diverged leaves NaN) and the dtype they are loaded in"


def split_meaningless(
    samples: list[dict[str, Any]], backend: str
) -> tuple[list[dict[str, Any]], list[tuple[dict[str, Any], str]]]:
    """Samples that can be scored, and those with a value that is not finite, each with the reason.

    Raises `MeaninglessLogProbabilities` where more than half of a chunk of at least 8 have values that are not finite, all 0 or
    alike for all options.
    """
    kept: list[dict[str, Any]] = []
    lost: list[tuple[dict[str, Any], str]] = []
    reasons: dict[str, int] = {}
    for sample in samples:
        fault = _choice_fault(sample)
        if fault is not None:
            reasons[fault] = reasons.get(fault, 0) + 1
        if fault == NOT_FINITE:
            lost.append((sample, "a log-probability is not finite"))
        else:
            kept.append(sample)
    bad = sum(reasons.values())
    if len(samples) >= MIN_ITEMS and 2 * bad > len(samples):
        counts = ", ".join(f"{count} {reason}" for reason, count in reasons.items())
        raise MeaninglessLogProbabilities(
            f"the log-probabilities of {bad} of {len(samples)} questions mean nothing ({counts}); {advice(backend)}"
        )
    return kept, lost


NOT_FINITE = "not finite"


def _choice_fault(sample: dict[str, Any]) -> str | None:
    values = [value for response in sample["resps"] for value in _numbers(response)]
    if any(not math.isfinite(value) for value in values):
        return NOT_FINITE
    if values and all(value == 0 for value in values):
        return "all 0"
    texts = {str(arguments[1]) for arguments in sample["arguments"] if len(arguments) > 1}
    # Options with one text have one value.
    if len(values) > 1 and len(texts) > 1 and len(set(values)) == 1:
        return "the same for all options"
    return None


def _numbers(response: Any) -> list[float]:
    """Log-probabilities of one request: the harness has them as numbers, or as pairs with whether it was the likeliest."""
    first = response[0]
    return [float(first[0] if isinstance(first, (list, tuple)) else first)]
