"""Has whoever waits for vLLM's answers told that its engine is no more.

An engine that fails says so with its last message. One that is killed, by the kernel for memory or by anybody, sends none: vLLM (0.32) notices
the end of its process, and its client for one thread, which the harness has, goes on waiting for an answer.
"""

from __future__ import annotations

import threading
import time
from typing import Any

POLL_SECONDS = 1.0


class EngineDeadError(RuntimeError):
    """As vLLM's own, which is told apart by its name."""

    def __init__(self) -> None:
        super().__init__("EngineCore encountered an issue: its process has ended")


def tell_end(lm: Any) -> bool:
    """Watches the engine of a loaded model of the harness from a thread of its own; False where it has none that can be watched."""
    core = getattr(getattr(getattr(lm, "model", None), "llm_engine", None), "engine_core", None)
    answers, resources = getattr(core, "outputs_queue", None), getattr(core, "resources", None)
    if answers is None or not hasattr(resources, "engine_dead"):
        return False

    def watch() -> None:
        while not resources.engine_dead:
            time.sleep(POLL_SECONDS)
        answers.put_nowait(EngineDeadError())

    threading.Thread(target=watch, name="engine", daemon=True).start()
    return True
