"""The folder of the change under test, of which a task's definition may use nothing but what was checked."""

from __future__ import annotations

import os
import sys
import threading
from contextlib import contextmanager
from functools import wraps
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

_watched = threading.local()
_is_hooked = False

# Events of Python's audit that tell of a file to be read, and which of their arguments is its path. `import` is of native modules.
FILE_EVENTS = {"open": 0, "import": 1, "sqlite3.connect": 0, "ctypes.dlopen": 0}

# Through these the harness asks a model. The model may lie in the closed folder, and may read its own files at any time.
MODEL_METHODS = ("loglikelihood", "loglikelihood_rolling", "generate_until", "apply_chat_template")


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
        """Refuses every closed file that this thread opens meanwhile: what definitions include, the modules of their functions, what
        these read.

        `besides` are files and folders that are open too. What native code, other threads and other programs open is not seen.
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

    @contextmanager
    def watch_scoring(self, lm: Any) -> Iterator[None]:
        """As `watch`, but for what the model `lm` itself opens. Raises at the end what the code of a task passed over in silence."""
        refused = self._refused
        with self.watch(), _left_open(lm):
            yield
        if self._refused is not refused:
            self.raise_refused()

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
    if event not in FILE_EVENTS:
        return
    closed: ClosedFolder | None = getattr(_watched, "closed", None)
    if closed is None:
        return
    path = args[FILE_EVENTS[event]]
    # A number is a file that is open already.
    if not isinstance(path, (str, bytes, os.PathLike)):
        return
    name = os.fsdecode(path)
    # A library without a folder is the system's, a database such as `:memory:` no file.
    if event == "open" or os.sep in name:
        closed.require(name, "its file")


@contextmanager
def _left_open(lm: Any) -> Iterator[None]:
    """Meanwhile nothing is refused to the methods of a model."""
    own = vars(lm)
    had = {name: own[name] for name in MODEL_METHODS if name in own}
    changed = [name for name in MODEL_METHODS if callable(getattr(lm, name, None))]
    for name in changed:
        setattr(lm, name, _unwatched(getattr(lm, name)))
    try:
        yield
    finally:
        for name in changed:
            if name in had:
                setattr(lm, name, had[name])
            else:
                delattr(lm, name)


def _unwatched(method: Callable[..., Any]) -> Callable[..., Any]:
    @wraps(method)
    def call(*args: Any, **kwargs: Any) -> Any:
        before = getattr(_watched, "closed", None)
        _watched.closed = None
        try:
            return method(*args, **kwargs)
        finally:
            _watched.closed = before

    return call


def is_in(path: str, folder: str) -> bool:
    """Whether an absolute path is a folder or below it."""
    return path == folder or path.startswith(folder.rstrip(os.sep) + os.sep)
