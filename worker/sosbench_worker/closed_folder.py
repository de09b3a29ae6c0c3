"""The folder of the change under test, of which a task's definition may use nothing but what was checked."""

from __future__ import annotations

import os
import sys
import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

_watched = threading.local()
_is_hooked = False


class ClaimedFile(Exception):
    """A task would be made of a file that the change under test brings."""


class ClosedFolder:
    """`folder` is closed (None for nothing), but for what lies below `include_paths`."""

    def __init__(self, folder: str | None, include_paths: list[str]) -> None:
        self._folder = None if folder is None else os.path.realpath(folder)
        self._open = [os.path.realpath(path) for path in include_paths]
        self._refused: ClaimedFile | None = None

    def require(self, path: str, what: str) -> None:
        """Raises `ClaimedFile` for a path that is closed, also by a link."""
        real = os.path.realpath(path)
        if self._folder is None or not is_in(real, self._folder) or any(is_in(real, one) for one in self._open):
            return
        self._refused = ClaimedFile(
            f"{what} {path} is part of the change's own checkout, outside of include-path: what judges a change must not be its own "
            "to edit; put it into the folder of the task, or let include-path name the folder that has both"
        )
        raise self._refused

    @contextmanager
    def watch(self, besides: list[str] | None = None) -> Iterator[None]:
        """Refuses every closed file that this thread opens meanwhile: what definitions include, the modules of their functions.

        `besides` are files and folders that are open too.
        """
        if self._folder is None:
            yield
            return
        _hook()
        self._open += [os.path.realpath(path) for path in besides or []]
        before = getattr(_watched, "closed", None)
        _watched.closed = self
        try:
            yield
        finally:
            _watched.closed = before

    def raise_refused(self) -> None:
        """Raises again what the harness passed over in silence, as it does with definitions that it cannot read."""
        if self._refused is not None:
            raise self._refused


def _hook() -> None:
    """Such a hook stays as long as the process."""
    global _is_hooked
    if not _is_hooked:
        _is_hooked = True
        sys.addaudithook(_see)


def _see(event: str, args: tuple[Any, ...]) -> None:
    if event != "open":
        return
    closed: ClosedFolder | None = getattr(_watched, "closed", None)
    # A number is a file that is open already.
    if closed is not None and isinstance(args[0], (str, bytes)):
        closed.require(os.fsdecode(args[0]), "its file")


def is_in(path: str, folder: str) -> bool:
    """Whether an absolute path is a folder or below it."""
    return path == folder or path.startswith(folder.rstrip(os.sep) + os.sep)
