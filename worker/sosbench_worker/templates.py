"""Prompt templates compiled once instead of once per document."""

from __future__ import annotations

from functools import lru_cache

import lm_eval.utils

# A task has a handful; one that keeps templates in its documents must not fill the memory.
MAX_TEMPLATES = 512


def keep_compiled() -> None:
    """Has the harness keep the templates it compiles.

    It compiles each of them again for every document (2 ms, two thirds of what preparing a multiple-choice item
    costs). What a template renders depends on its text and the document alone, so prompts stay the same bytes.
    """
    environment = lm_eval.utils.env
    if not hasattr(environment.from_string, "cache_info"):
        environment.from_string = lru_cache(maxsize=MAX_TEMPLATES)(environment.from_string)
