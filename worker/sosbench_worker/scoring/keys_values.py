"""Keys and values of what was read, kept so that several texts go on from them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from transformers import DynamicCache

if TYPE_CHECKING:
    import torch


@dataclass(frozen=True)
class KeysValues:
    """By layer, keys and values [1, heads, `length`, size of a head]. Never changed."""

    layers: tuple[tuple[torch.Tensor, torch.Tensor], ...]
    length: int


def empty_cache(config: Any) -> DynamicCache:
    """As the model would make it itself: layers of the kinds that its configuration says."""
    return DynamicCache(config=config)


def going_on_from(past: KeysValues, config: Any) -> DynamicCache:
    """A cache that begins with `past` and leaves it as it is: what is appended goes into new tensors."""
    cache = empty_cache(config)
    for layer, (keys, values) in zip(cache.layers, past.layers, strict=True):
        layer.lazy_initialization(keys, values)
        layer.keys, layer.values = keys, values
    return cache


def taken_from(cache: DynamicCache) -> KeysValues:
    layers = tuple((layer.keys, layer.values) for layer in cache.layers)
    return KeysValues(layers, int(cache.get_seq_length()))
