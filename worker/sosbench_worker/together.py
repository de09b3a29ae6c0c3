"""Several requests of `transformers serve` at a time: its continuous batching, where that gives the answers that it gives one at a time.

Transformers keeps one set of generation settings for all requests of a batch, drops what it cannot apply to several, and reads keys and
values in another way. So it is used for answers at temperature 0 alone, with settings that it can apply, and after it has written what
`generate` writes: each token in float32, what is likely in half precision.
"""

from __future__ import annotations

import copy
import time
from typing import Any

# Of the processor's free memory for keys and values; on a GPU transformers decides.
CPU_SHARE = 0.25
CHECKED_TOKENS = 12
CHECK_SECONDS = 300.0
PROMPTS = (
    "Say hello.",
    "Count from one to ten, and write each number on a line of its own.",
    "Name three rivers, the countries that they flow through, and the sea that each of them ends in.",
)


class Refused(Exception):
    """Why requests go one at a time."""


def config_for(at_a_time: int, device: str) -> Any:
    """What Transformers is told.

    The attention stays the model's own: kernels that it would switch to come from the Hub.
    """
    try:
        from transformers import ContinuousBatchingConfig

        share = {"max_memory_percent": CPU_SHARE} if device == "cpu" else {}
        return ContinuousBatchingConfig(auto_switch_to_flash=False, max_requests_per_batch=at_a_time, **share)
    except (ImportError, TypeError) as error:
        raise Refused("this version of transformers cannot") from error


def batch_requests(state: Any, manager: Any, path: str, at_a_time: int, device: str) -> None:
    """Has a server's generation state answer several requests at a time.

    Raises:
        Refused: where the model, its settings or this version of Transformers do not allow it; the state is as before.
    """
    state._cb_config = config_for(at_a_time, device)
    state._continuous_batching = True
    try:
        model_id = manager.process_model_name(path)
        model, processor = manager.load_model_and_processor(model_id)
        if not state.use_continuous_batching(model, manager.get_model_modality(model, processor=processor)):
            raise Refused(f"transformers cannot for {type(model).__name__}")
        settings = greedy(model.generation_config)
        require_applicable(model, settings)
        check(model, processor, settings, state.get_manager(model_id, use_cb=True))
        refuse_sampling()
    except Exception as error:
        state.shutdown()
        state._continuous_batching = False
        if isinstance(error, Refused):
            raise
        first = str(error).strip().split("\n")[0]
        raise Refused(f"it failed when it was tried ({type(error).__name__}: {first})") from error


def greedy(own: Any) -> Any:
    settings = copy.deepcopy(own)
    settings.do_sample = False
    settings.use_cache = False
    settings.max_new_tokens = CHECKED_TOKENS
    return settings


def require_applicable(model: Any, settings: Any) -> None:
    """Transformers drops what it cannot apply to a batch, with a warning in a log."""
    for processor in model._get_logits_processor(settings):
        if not getattr(processor, "supports_continuous_batching", False):
            raise Refused(f"the model's generation settings ask for what a batch cannot do ({type(processor).__name__})")


def check(model: Any, processor: Any, settings: Any, manager: Any) -> None:
    """Has it written some tokens one at a time, then at once."""
    import torch

    prompts = [
        processor.apply_chat_template(
            [{"role": "user", "content": text}], add_generation_prompt=True, tokenize=True, return_dict=True
        )["input_ids"]
        for text in PROMPTS
    ]
    alone = []
    for prompt in prompts:
        own = copy.deepcopy(settings)
        own.use_cache = True
        ids = torch.tensor([prompt], device=model.device)
        written = model.generate(ids, attention_mask=torch.ones_like(ids), generation_config=own)
        alone.append(written[0, len(prompt) :].tolist())
    manager.init_cb(model, settings)
    together = at_once(manager._cb, prompts, settings)
    same = [left == right for left, right in zip(alone, together, strict=True)]
    # In half precision near-ties may fall either way; nonsense does not agree at all.
    if not (all(same) if model.dtype == torch.float32 else any(same)):
        raise Refused("the answers were not those of one at a time when it was tried")


def at_once(batching: Any, prompts: list[list[int]], settings: Any) -> list[list[int]]:
    names = [f"check-{index}" for index in range(len(prompts))]
    for name, prompt in zip(names, prompts, strict=True):
        batching.add_request(
            prompt, request_id=name, max_new_tokens=settings.max_new_tokens, eos_token_id=settings.eos_token_id
        )
    done: dict[str, list[int]] = {}
    end = time.monotonic() + CHECK_SECONDS
    while len(done) < len(names):
        if time.monotonic() > end:
            raise Refused(f"it was not done within {CHECK_SECONDS:.0f} s when it was tried")
        result = batching.get_result(timeout=1)
        if result is None:
            fatal = batching.background_thread_status.fatal_error
            if fatal is not None:
                raise fatal
        elif result.error is not None:
            raise RuntimeError(result.error)
        elif result.is_finished():
            done[result.request_id] = list(result.generated_tokens)
    return [done[name] for name in names]


def refuse_sampling() -> None:
    """All requests share the settings of the first, which do not sample."""
    from transformers.cli.serving.utils import CBGenerateManager

    begin = CBGenerateManager.init_cb

    def unsampled(self: Any, model: Any, settings: Any) -> None:
        if settings.do_sample:
            from fastapi import HTTPException

            raise HTTPException(
                status_code=400, detail="Several requests at a time are answered at temperature 0 alone."
            )
        begin(self, model, settings)

    CBGenerateManager.init_cb = unsampled
