"""A task whose code has the worker killed while it reads the tree of a chunk: from outside nobody could tell that moment."""

from __future__ import annotations

import gc
import os
import signal
import sys
from pathlib import Path
from typing import Any

# By then some of the chunk's questions have been read, and others have not.
KILLED_AT = 3


def doc_to_text(doc: dict[str, Any]) -> str:
    if doc["marker"]:
        watch(Path(doc["marker"]))
    return doc["prompt"]


def watch(marker: Path) -> None:
    """Kills this process before it reads the third piece of a tree, once: the marker says that it has happened."""
    is_loaded = any(type(thing).__name__ == "OpenModel" for thing in gc.get_objects())
    # Questions are described before a model is loaded, and loading it reads a tree for the self-check.
    if not is_loaded or marker.exists():
        return
    reading = sys.modules["sosbench_worker.scoring.reading"]
    read = reading.SharedReading._read_pack
    if read.__name__ == "watched":
        return
    pieces = 0

    def watched(self: Any, *args: Any) -> Any:
        nonlocal pieces
        pieces += 1
        if pieces == KILLED_AT:
            marker.touch(exist_ok=False)
            os.kill(os.getpid(), signal.SIGKILL)
        return read(self, *args)

    reading.SharedReading._read_pack = watched
