"""Requests that are read together, each with attention to its own keys alone.

Transformers' continuous batching on a processor reads the keys of all its requests for each of them, and masks what is another's: with
eight requests eight times the work, which costs more than reading the weights once saves. Here each request is a segment of its own. The sums are
the model's: Transformers' own function, called once a request.
"""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise
from typing import Any

import torch

NAME = "sdpa"


def read_in_segments(model: Any) -> None:
    """Has a model's attention read the requests of a batch in segments, where its version of Transformers allows it."""
    if getattr(model.config, "_attn_implementation", None) != NAME:
        return
    try:
        from transformers.integrations.sdpa_attention import PagedAttentionCache, sdpa_attention_forward
        from transformers.modeling_utils import ALL_ATTENTION_FUNCTIONS
    except ImportError:
        return
    ALL_ATTENTION_FUNCTIONS.register(NAME, in_segments(sdpa_attention_forward, PagedAttentionCache))


def in_segments(whole: Callable[..., Any], cache_class: type) -> Callable[..., Any]:
    """Transformers' own function, with what it does for a batch of requests done for each of them.

    Shapes: queries, keys and values (1, heads, tokens of all requests, size); what comes back (1, tokens, heads, size).
    """

    def attend(
        module: Any,
        query: torch.Tensor,
        key: torch.Tensor,
        value: torch.Tensor,
        attention_mask: torch.Tensor | None,
        cache: Any = None,
        **kwargs: Any,
    ) -> tuple[torch.Tensor, None]:
        if not isinstance(cache, cache_class) or not separable(module, cache, kwargs):
            return whole(module, query, key, value, attention_mask, cache=cache, **kwargs)
        key, value = cache.update(key_states=key, value_states=value, layer_idx=module.layer_idx, kwargs=kwargs)
        queries, keys = (kwargs[name].tolist() for name in ("cu_seq_lens_q", "cu_seq_lens_k"))
        if (queries[-1], keys[-1]) != (query.shape[2], key.shape[2]):
            return whole(module, query, key, value, attention_mask, **kwargs)
        numbers = {name: kwargs[name] for name in ("dropout", "scaling") if name in kwargs}
        parts = []
        for (begin, end), (first, last) in zip(pairwise(queries), pairwise(keys), strict=True):
            own = [held[:, :, first:last] for held in (key, value)]
            mask = mask_of(end - begin, last - first, query.device)
            parts.append(whole(module, query[:, :, begin:end], *own, mask, is_causal=mask is None, **numbers)[0])
        return torch.cat(parts, dim=1), None

    return attend


def separable(module: Any, cache: Any, kwargs: dict[str, Any]) -> bool:
    """Whether a token sees all that stands before it in its request, and nothing else decides."""
    layer = getattr(module, "layer_idx", None)
    known = getattr(cache, "layer_to_allocator", {})
    try:
        kind = known[layer].layer_type
    except (KeyError, IndexError, TypeError, AttributeError):
        return False
    others = ("position_bias", "block_table", "sliding_window", "s_aux", "softcap")
    return (
        kind == "full_attention"
        and getattr(module, "is_causal", True)
        and "cu_seq_lens_q" in kwargs
        and all(kwargs.get(name) is None for name in others)
    )


def mask_of(asked: int, known: int, device: torch.device) -> torch.Tensor | None:
    """Which of a request's keys each of its new tokens sees; None where that is all before it and no past, or a single token."""
    if asked in (1, known):
        return None
    return torch.ones(asked, known, dtype=torch.bool, device=device).tril(known - asked)[None, None]
