"""Counts the tokens a chunk cost: prompt and continuation, per item."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable


class TokenCount:
    """Watches the harness's tokenised log-likelihood requests, so nothing is tokenised twice."""

    def __init__(self, lm: Any) -> None:
        self._lm = lm
        self._requests: list[int] = []
        self._original = getattr(lm, "_loglikelihood_tokens", None)

    def __enter__(self) -> TokenCount:
        if self._original is not None:
            self._lm._loglikelihood_tokens = self._watch
        return self

    def __exit__(self, *_: object) -> None:
        if self._original is not None:
            self._lm._loglikelihood_tokens = self._original

    def _watch(self, requests: Any, *args: Any, **kwargs: Any) -> Any:
        self._requests += [len(context) + len(continuation) for _, context, continuation in requests]
        return self._original(requests, *args, **kwargs)

    def per_item(self, samples: list[dict[str, Any]], whole: Callable[[int], list[str]]) -> list[int | None]:
        """Tokens per sample; None where the backend does not show its tokens.

        `whole`: by document, what was generated, where that is more than what is scored.
        """
        sizes = [len(sample["arguments"]) for sample in samples]
        if len(self._requests) == sum(sizes):
            counts = iter(self._requests)
            return [sum(next(counts) for _ in range(size)) for size in sizes]
        return [self._generated(sample, whole(sample["doc_id"])) for sample in samples]

    def _generated(self, sample: dict[str, Any], whole: list[str]) -> int | None:
        encode = getattr(self._lm, "tok_encode", None)
        if encode is None:
            return None
        try:
            prompt = sample["arguments"][0][0]
            return len(encode(prompt)) + sum(len(encode(str(text))) for text in whole or sample["filtered_resps"])
        except Exception:  # noqa: BLE001 - a count for information must not fail a chunk
            return None
