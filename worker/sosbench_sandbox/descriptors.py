"""What a process has open."""

from __future__ import annotations

import contextlib
import os


def close_inherited() -> None:
    """Closes all but stdin, stdout and stderr: a folder that whoever started us has open would be a way out."""
    for name in os.listdir("/proc/self/fd"):
        if int(name) > 2:
            # The listing's own is closed already.
            with contextlib.suppress(OSError):
                os.close(int(name))
