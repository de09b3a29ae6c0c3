"""Contexts tokenised once instead of once per option."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

# The harness asks for whole, context, whole, context, ...: the last few are enough.
KEPT = 4


def keep_encoded(lm: Any) -> None:
    """Has a loaded model remember the last few texts it tokenised.

    To score an option the harness tokenises context and option together and then the context alone, which is the
    same for all options of a question.
    """
    original = getattr(lm, "tok_encode", None)
    if original is None:
        return
    remembered = lru_cache(maxsize=KEPT)(original)

    def encode(string: Any, *args: Any, **kwargs: Any) -> Any:
        if not isinstance(string, str):
            return original(string, *args, **kwargs)
        tokens = remembered(string, *args, **kwargs)
        # A copy: what one caller does to it must not reach the next.
        return list(tokens) if isinstance(tokens, list) else tokens

    lm.tok_encode = encode
