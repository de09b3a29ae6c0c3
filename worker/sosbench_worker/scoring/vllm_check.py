"""Whether a loaded vLLM gives the same log-probabilities by its prefix cache as the harness's own class gets of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sosbench_worker.replaced import replaced
from sosbench_worker.scoring.self_check import CHECKED_LENGTH, TEXT, fault_of, requests_of, shapes, shortened

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sosbench_worker.scoring.vllm import Answer, Request, VllmReading


def check_vllm(lm: Any, reading: VllmReading) -> str | None:
    """What differs between the two ways, with a cold and a warm cache; None where nothing does.

    The cache keeps whole blocks, of 16 tokens or of hundreds: texts are made longer until something of them was kept.
    """
    tokens = list(lm.tok_encode(TEXT))
    if len(tokens) < 2 * CHECKED_LENGTH // 3:
        return "its tokenizer makes too few tokens of the text that is to be checked with"
    longest, length = lm.max_length, CHECKED_LENGTH
    while True:
        kept = reading.tokens_kept
        fault = _fault(lm, reading, tokens, min(length, longest))
        if fault is not None or reading.tokens_kept > kept or length >= longest:
            return fault
        length *= 2


def _fault(lm: Any, reading: VllmReading, tokens: list[int], length: int) -> str | None:
    """With texts of up to so many tokens."""
    text = tokens * (1 + length // len(tokens))
    with shortened(lm, length, "lm_eval.models.vllm_causallms"):
        # It leaves room for a token that is generated, and reads one less than others.
        questions = shapes(text, lm.max_length - 2)
        requests = requests_of(questions)
        lm.model.reset_prefix_cache()
        ours = [reading.answer(requests), reading.answer(requests)]
        return fault_of(questions, ours, lambda rows: _harness(lm, requests, rows), is_half=not is_float32(lm))


def is_float32(lm: Any) -> bool:
    config = lm.model.llm_engine.model_config
    return str(config.dtype) == "torch.float32" and config.quantization is None


def _harness(lm: Any, requests: Sequence[Request], rows: int) -> list[Answer]:
    with replaced(lm, batch_size=rows):
        return lm._loglikelihood_tokens(list(requests), disable_tqdm=True)
