"""Attributes of an object that are others for a while."""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator


@contextlib.contextmanager
def replaced(target: Any, **values: Any) -> Iterator[None]:
    """While it is entered, `target` has these attributes; then those it had itself, or its class's again."""
    had = {name: vars(target)[name] for name in values if name in vars(target)}
    for name, value in values.items():
        setattr(target, name, value)
    try:
        yield
    finally:
        for name in values:
            if name in had:
                setattr(target, name, had[name])
            else:
                delattr(target, name)
