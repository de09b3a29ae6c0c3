"""Processes below this one: their limits, and their end."""

from __future__ import annotations

import contextlib
import os
import resource
import signal
from pathlib import Path


def set_limits(limits: dict) -> None:
    """Soft limits, with room above for programs that set their own; no core dumps."""
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    for name, soft, hard in (
        ("RLIMIT_CPU", limits["cpuSeconds"], limits["cpuSeconds"]),
        ("RLIMIT_AS", limits["addressSpace"], 8 * limits["addressSpace"]),
        ("RLIMIT_FSIZE", limits["fileSize"], limits["fileSize"]),
        ("RLIMIT_NPROC", limits["processes"], limits["processes"]),
        ("RLIMIT_NOFILE", 1024, 1024),
    ):
        which = getattr(resource, name)
        if soft is None:
            continue
        most = resource.getrlimit(which)[1]
        if most != resource.RLIM_INFINITY:
            soft, hard = min(soft, most), min(hard, most)
        resource.setrlimit(which, (soft, hard))


def reap_orphans(command: int) -> None:
    """What ended and is not collected counts among the processes the command may have."""
    look = os.WEXITED | os.WNOHANG | os.WNOWAIT
    with contextlib.suppress(ChildProcessError):
        while (ended := os.waitid(os.P_ALL, 0, look)) is not None and ended.si_pid != command:
            os.waitpid(ended.si_pid, 0)


def kill_all() -> None:
    """Ends what runs below this process, daemons too: what outlived its parent is a child of this process by now, and
    what they leave behind becomes one.
    """
    while True:
        if os.getpid() == 1:
            # In one step, so that nothing can fork away from it.
            with contextlib.suppress(ProcessLookupError):
                os.kill(-1, signal.SIGKILL)
        else:
            for pid in children():
                with contextlib.suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGKILL)
        try:
            os.waitpid(-1, 0)
        except ChildProcessError:
            return


def children() -> list[int]:
    found = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            # One that is just ending has no status to read.
            with contextlib.suppress(OSError, ValueError):
                stat = (entry / "stat").read_bytes()
                if int(stat[stat.rindex(b")") + 2 :].split()[1]) == os.getpid():
                    found.append(int(entry.name))
    return found
