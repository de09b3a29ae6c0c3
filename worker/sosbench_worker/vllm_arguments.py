"""What vLLM is told beside a model's own arguments."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

# Whatever a model's arguments say: what is told is what the model computed, before penalties, temperature and the like.
ENFORCED = {"logprobs_mode": "raw_logprobs"}
# The largest ranks of adapters that vLLM can be told; the harness tells it 16.
LORA_RANKS = (16, 32, 64, 128, 256, 320, 512)


def vllm_arguments(args: dict[str, Any]) -> dict[str, Any]:
    """`args`: the harness's arguments for its class `VLLM`, which stay."""
    rank = lora_rank(args.get("lora_local_path"))
    wanted = None if "max_lora_rank" in args or rank is None else next((most for most in LORA_RANKS if most >= rank), None)
    return {**args, **({} if wanted is None else {"max_lora_rank": wanted}), **ENFORCED}


def lora_rank(adapter: str | None) -> int | None:
    """The largest rank in an adapter's configuration; None where it does not say one, and vLLM is to say what is wrong with it."""
    if not adapter:
        return None
    try:
        config = json.loads(Path(adapter, "adapter_config.json").read_text(encoding="utf-8"))
        return max(map(int, [config["r"], *(config.get("rank_pattern") or {}).values()]))
    except (OSError, ValueError, TypeError, KeyError, AttributeError):
        return None
