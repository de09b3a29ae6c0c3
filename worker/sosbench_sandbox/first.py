"""What a sandbox's first program does before anything that is not ours runs."""

from __future__ import annotations

import ctypes
import os
import shutil
import signal
import sys

from processes import kill_all
from system_calls import deny_calls, join_new_keyring
from users import become_nobody

PR_SET_PDEATHSIG, PR_SET_DUMPABLE, PR_SET_CHILD_SUBREAPER = 1, 4, 36


def end(*_: object) -> None:
    """At once: an exception could be raised where nobody looks at it."""
    kill_all()
    os._exit(125)


def set_dumpable(dumpable: bool) -> None:
    ctypes.CDLL(None).prctl(PR_SET_DUMPABLE, int(dumpable), 0, 0, 0)


def prepare(spec: dict) -> list[str]:
    """Copies the input, gives up what this process could do, and goes to the scratch folder. Says in words what the
    sandbox lacks.
    """
    libc = ctypes.CDLL(None)
    lacks = []
    if spec["parent"] is not None:
        # No namespace ends with this process: it takes along what it started.
        signal.signal(signal.SIGTERM, end)
        libc.prctl(PR_SET_PDEATHSIG, signal.SIGTERM, 0, 0, 0)
        if os.getppid() != spec["parent"]:
            sys.exit(125)
    if spec["input"] is not None:
        shutil.copytree(spec["input"], spec["scratch"], dirs_exist_ok=True)
    if spec["nobody"]:
        become_nobody(spec["scratch"], spec["writable"])
    # What runs here is of the same user, and could write to our stdout as if it were us, or change what we are.
    set_dumpable(False)
    # What it leaves behind becomes a child of this process, and can be found by whoever kills it.
    libc.prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)
    if spec["parent"] is None:
        if not join_new_keyring():
            lacks.append("a session keyring of its own")
        deny_calls()
    os.chdir(spec["scratch"])
    return lacks


def is_full(folders: list[str]) -> bool:
    """Whoever found no room for a file may have said so in words of its own, or not at all."""
    for folder in folders:
        room = os.statvfs(folder)
        if room.f_bavail * room.f_frsize < MIN_ROOM:
            return True
    return False


MIN_ROOM = 65_536
