"""Which models several texts can go on from one reading of."""

from __future__ import annotations

from typing import Any

from sosbench_worker.scoring.keys_values import empty_cache
from sosbench_worker.scoring.reading import takes_argument

# Kinds of attention that take a mask of which token sees which.
MASKED_ATTENTION = ("sdpa", "eager")

# Positions that are stretched by how long the longest text of a call is: texts read together would change one another.
# Every kind that has "dynamic" in its name, and these; `su` is what older configurations call `longrope`.
STRETCHED = ("longrope", "su")

# How configurations outside of transformers' own kinds of layers call a window. Such code counts it over what lies in a row, and not
# over positions: texts side by side would push one another out of it.
WINDOWS = ("window_size", "attention_window", "attention_window_size", "local_window_size", "local_attention")


def why_not(lm: Any) -> str | None:
    """Why requests to this model have to be read one by one; None where they can share what they begin with.

    Told from classes and configuration: what only shows in what comes out is for the self-check.
    """
    # A class derived from it may read in a way of its own.
    if f"{type(lm).__module__}.{type(lm).__name__}" != "lm_eval.models.huggingface.HFLM":
        return f"the model class {type(lm).__name__} reads in its own way"
    if lm.backend != "causal":
        return "an encoder reads the whole prompt before the answer"
    if getattr(lm, "world_size", 1) > 1:
        return "several processes share the requests"
    devices = {str(device) for device in (getattr(lm.model, "hf_device_map", None) or {}).values()}
    if len(devices) > 1:
        return "its layers are spread over several devices"
    adapters = getattr(lm.model, "peft_config", None) or {}
    if isinstance(adapters, dict) and any(one.is_prompt_learning for one in adapters.values()):
        return "its adapter puts tokens of its own before each prompt"
    for name in ("attention_mask", "position_ids", "past_key_values", "use_cache"):
        if not takes_argument(lm.model, name):
            return f"its forward takes no {name}"
    text = lm.model.config.get_text_config(decoder=True)
    attention = getattr(text, "_attn_implementation", None)
    if attention not in MASKED_ATTENTION:
        return f"its attention ({attention}) takes no mask of which token sees which"
    return why_not_positions(text, lm.max_length) or _why_not_cache(lm.model.config) or _why_not_window(text)


def why_not_positions(text: Any, max_length: int) -> str | None:
    """Why texts of up to `max_length` tokens would change one another's positions; None where they do not."""
    for rope in _ropes(text):
        # Configurations that other code reads have the older name.
        kind = str(rope.get("rope_type") or rope.get("type") or "")
        if "dynamic" not in kind and kind not in STRETCHED:
            continue
        lengths = [
            rope.get("original_max_position_embeddings"),
            getattr(text, "original_max_position_embeddings", None),
            getattr(text, "max_position_embeddings", None),
        ]
        original = next((length for length in lengths if isinstance(length, int)), None)
        if original is None or max_length > original:
            return f"its positions ({kind}) depend on how long a text is"
    # Llama 4 scales queries by the position in the row (transformers 5.23), in layers without rotary positions.
    scaled = getattr(text, "attn_temperature_tuning", None)
    if scaled and max_length > getattr(text, "floor_scale", 0):
        return "its attention is scaled by where a token lies in a row (attn_temperature_tuning)"
    return None


def _ropes(text: Any) -> list[dict[str, Any]]:
    """What a configuration says of rotary positions: for all layers, or for each kind of layer."""
    told = [getattr(text, name, None) for name in ("rope_parameters", "rope_scaling")]
    whole = [one for one in told if isinstance(one, dict)]
    return [*whole, *(part for one in whole for part in one.values() if isinstance(part, dict))]


def _why_not_window(text: Any) -> str | None:
    # GPT-Neo says which layers have one.
    kinds = getattr(text, "attention_layers", None)
    if isinstance(kinds, (list, tuple)) and kinds and "local" not in kinds:
        return None
    name = next((one for one in WINDOWS if getattr(text, one, None)), None)
    return None if name is None else f"its attention looks back over a window ({name})"


def _why_not_cache(config: Any) -> str | None:
    try:
        # Not above: a Transformers that has none would keep workers from starting.
        from transformers.cache_utils import DynamicLayer

        layers = empty_cache(config).layers
    except Exception as error:  # noqa: BLE001 - a configuration of a kind that is not known
        return f"its kind of cache is not known ({type(error).__name__})"
    # Sliding windows, states of recurrent layers, indices of sparse attention: of those no part can be taken.
    others = sorted({type(layer).__name__ for layer in layers if type(layer) is not DynamicLayer})
    if others:
        return f"its cache has layers that cannot branch ({', '.join(others)})"
    return None if layers else "its configuration does not say which layers its cache has"
