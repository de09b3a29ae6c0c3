"""A small process that outlives its parent by a moment, and takes along what that one has left running: `python watcher.py PID START GROUP`.

Engines run in processes of their own, in the group of the worker or server that started them. They end with it, and it with the program
that runs it, unless both are killed outright at once, as a runner does that cleans up after a job: it knows what is a job's by a variable in
the environment, and engines have written their titles over theirs. The watcher has no such variable and is in no group of theirs.
"""

from __future__ import annotations

import contextlib
import os
import select
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import NamedTuple

POLL_SECONDS = 0.5
# What is killed may take a moment to be gone, and may have started something just before.
END_SECONDS = 10.0

# Of this process: one is enough.
watchers: list[subprocess.Popen[bytes]] = []


class Process(NamedTuple):
    """What `/proc/PID/stat` says of one: `start` in clock ticks since the machine began."""

    pid: int
    state: str
    group: int
    session: int
    start: int


def look_at(pid: int) -> Process | None:
    try:
        stat = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8", errors="replace")
    except OSError:
        return None
    # The name before them may hold blanks and parentheses.
    fields = stat[stat.rindex(")") + 2 :].split()
    return Process(pid, fields[0], int(fields[2]), int(fields[3]), int(fields[19]))


def start_watcher() -> None:
    """Has this process watched, once. Only Linux says enough of processes; elsewhere nothing is started."""
    own = look_at(os.getpid())
    if own is None or watchers:
        return
    words = [sys.executable, "-I", "-S", __file__, str(own.pid), str(own.start), str(own.group)]
    # Without the environment: neither the runner's mark nor ours. No stream, so that nobody waits for it.
    nothing = subprocess.DEVNULL
    needed = {name: os.environ[name] for name in ("LD_LIBRARY_PATH",) if name in os.environ}
    watchers.append(
        subprocess.Popen(  # noqa: S603
            words, stdin=nothing, stdout=nothing, stderr=nothing, cwd="/", env=needed, start_new_session=True
        )
    )


def watch(pid: int, start: int, group: int) -> None:
    wait_for(pid, start)
    end = time.monotonic() + END_SECONDS
    while time.monotonic() < end:
        left = left_by(pid, start, group)
        if not left:
            return
        for process in left:
            kill(process)
        time.sleep(POLL_SECONDS / 10)


def wait_for(pid: int, start: int) -> None:
    """Until a process has ended."""
    try:
        handle = os.pidfd_open(pid)
    except (AttributeError, OSError):
        # Gone already, or a kernel or sandbox that has no such thing.
        handle = None
    if handle is not None and is_same(pid, start):
        select.select([handle], [], [])
        return
    while is_same(pid, start):
        time.sleep(POLL_SECONDS)


def is_same(pid: int, start: int) -> bool:
    now = look_at(pid)
    return now is not None and now.start == start and now.state not in "ZX"


def left_by(pid: int, start: int, group: int) -> list[Process]:
    """What still runs of its group, or of its session where it led one. As long as something does, their numbers are nobody else's."""
    found = [process for name in os.listdir("/proc") if name.isdigit() and (process := look_at(int(name)))]
    # A process of that number which began at another time has it now: then nothing was left.
    if any(process.pid in (pid, group) and process.start > start for process in found):
        return []
    own = os.getpid()
    return [
        process
        for process in found
        if process.state not in "ZX" and process.pid != own and (process.group == group or process.session == pid)
    ]


def kill(process: Process) -> None:
    """Kills one, unless its number is another's by now."""
    with contextlib.suppress(OSError):
        handle = os.pidfd_open(process.pid)
        try:
            if look_at(process.pid) == process or is_same(process.pid, process.start):
                signal.pidfd_send_signal(handle, signal.SIGKILL)
        finally:
            os.close(handle)
        return
    with contextlib.suppress(OSError):
        if is_same(process.pid, process.start):
            os.kill(process.pid, signal.SIGKILL)


if __name__ == "__main__":
    watch(*(int(word) for word in sys.argv[1:4]))
