"""How many tokens a batch may hold: from the device's total memory, the model's size and its type of numbers.

Total memory and not what is free: a budget decides batches, and with them last digits, so that it must not depend on what else
the device does at the moment. Powers of two, since two devices of one kind tell totals that differ by some megabytes.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Sequence

GIB = 2**30

# On a CPU, and where a device does not tell its memory: results of one model are then the same everywhere.
CPU_TOKENS = 8192
# Beyond it a device is no faster, below it batches are single requests.
MAX_TOKENS = 65_536
MIN_TOKENS = 512

# What PyTorch's allocator loses in pieces that nothing fits into.
USABLE = 0.9
# The driver's own, and the libraries' workspaces.
RESERVED = GIB
# Keys and values are there twice while rows are dropped, branched or appended to.
COPIES = 2
# Logits are kept of options and last tokens, not of all that is read.
SHARE_WITH_LOGITS = 0.25
# Eager attention writes scores of every token to every other one, of which this many are assumed.
EAGER_TOKENS = 2048


@dataclass(frozen=True)
class Shape:
    """What of a model decides the memory that a token takes. `number`: bytes of one number of keys, values and activations."""

    layers: int
    heads: int
    kv_heads: int
    head_size: int
    hidden: int
    intermediate: int
    vocabulary: int
    number: int
    eager: bool = False


def shape_of(config: Any, number: int) -> Shape | None:
    """The shape of a model with this configuration (of its text part); None where it does not say it in the usual names."""
    text = config.get_text_config() if hasattr(config, "get_text_config") else config
    layers = _first(text, "num_hidden_layers", "n_layer", "num_layers")
    heads = _first(text, "num_attention_heads", "n_head")
    hidden = _first(text, "hidden_size", "n_embd", "d_model")
    vocabulary = _first(text, "vocab_size")
    if layers is None or heads is None or hidden is None or vocabulary is None:
        return None
    return Shape(
        layers=layers,
        heads=heads,
        kv_heads=_first(text, "num_key_value_heads") or heads,
        head_size=_first(text, "head_dim") or hidden // heads,
        hidden=hidden,
        intermediate=_first(text, "intermediate_size", "n_inner", "ffn_dim") or 4 * hidden,
        vocabulary=vocabulary,
        number=number,
        eager=getattr(text, "_attn_implementation", None) == "eager",
    )


def keys_values_bytes(shape: Shape) -> int:
    """Bytes of one token's keys and values: layers x heads of them x head size x 2 x bytes of a number."""
    return shape.layers * shape.kv_heads * shape.head_size * 2 * shape.number


def logits_bytes(shape: Shape) -> int:
    """Bytes of one position's logits: as the model gives them, and in float32 as their log-softmax is taken."""
    return shape.vocabulary * (shape.number + 4)


def activation_bytes(shape: Shape) -> int:
    """Bytes of one token on its way through a layer: six vectors of the model's width, three of its inner one."""
    eager = shape.heads * EAGER_TOKENS * (shape.number + 4) if shape.eager else 0
    return (6 * shape.hidden + 3 * shape.intermediate) * shape.number + eager


def token_bytes(shape: Shape) -> float:
    """Bytes that one token of a batch takes."""
    logits = SHARE_WITH_LOGITS * logits_bytes(shape)
    return COPIES * keys_values_bytes(shape) + activation_bytes(shape) + logits


def tokens_that_fit(memory: int, weights: int, shape: Shape) -> int:
    """Tokens of a batch, a power of two. `memory`: all that the device has, in bytes; `weights`: the model's own bytes."""
    free = USABLE * memory - RESERVED - weights
    fit = int(max(0.0, free) / token_bytes(shape))
    return min(MAX_TOKENS, max(MIN_TOKENS, _power_of_two_below(fit)))


def token_budget(lm: Any) -> int:
    """Tokens (rows times their padded length, answers to come included) that a batch of this loaded model may hold.

    `CPU_TOKENS` on a CPU, and where device or model do not tell what has to be known.
    """
    model = getattr(lm, "model", None)
    memory = _device_memory(lm, model)
    shape = None if memory is None else shape_of(getattr(model, "config", None), _number_bytes(model))
    if memory is None or shape is None:
        return CPU_TOKENS
    return tokens_that_fit(memory, _weight_bytes(model), shape)


def split(sizes: Sequence[int], budget: int) -> list[list[int]]:
    """Indices in batches, largest first, so that rows times the largest one's size stay within `budget`; one row at least.

    Equal sizes keep their order: the batches are a function of `sizes` and `budget` alone.
    """
    batches: list[list[int]] = []
    for index in sorted(range(len(sizes)), key=lambda one: -sizes[one]):
        if batches and sizes[batches[-1][0]] * (len(batches[-1]) + 1) <= budget:
            batches[-1].append(index)
        else:
            batches.append([index])
    return batches


def _first(config: Any, *names: str) -> int | None:
    for name in names:
        value = getattr(config, name, None)
        # Some have a list, one number a layer: the largest is on the safe side.
        if isinstance(value, (list, tuple)):
            value = max((one for one in value if isinstance(one, int)), default=None)
        if isinstance(value, int) and not isinstance(value, bool) and value > 0:
            return value
    return None


def _power_of_two_below(value: int) -> int:
    return 1 << (value.bit_length() - 1) if value > 0 else 0


def _device_memory(lm: Any, model: Any) -> int | None:
    """Bytes of all GPUs that hold a part of the model, the smallest one's times their number; None where one is no GPU."""
    import torch

    try:
        devices = {parameter.device for parameter in model.parameters()} or {torch.device(str(lm.device))}
        if any(device.type != "cuda" for device in devices):
            return None
        return len(devices) * min(torch.cuda.get_device_properties(device).total_memory for device in devices)
    except (AttributeError, RuntimeError, AssertionError, TypeError, ValueError):
        return None


def _weight_bytes(model: Any) -> int:
    return sum(tensor.numel() * tensor.element_size() for tensor in [*model.parameters(), *model.buffers()])


def _number_bytes(model: Any) -> int:
    dtype = getattr(model, "dtype", None)
    # Quantised weights are whole numbers; what is computed with them is half precision.
    return dtype.itemsize if dtype is not None and dtype.is_floating_point else 2
