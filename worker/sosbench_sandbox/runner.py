"""Runs a command on a copy of a folder, within limits, and tells what it writes: `runner.py SPEC COMMAND...`.

The first program inside the sandbox, process 1 where there is a namespace for it. SPEC is a JSON object: `input` is copied to `scratch`, which becomes the
command's working folder; `limits` are the processes' own limits; `watch` are glob patterns of files whose growth is
told on stdout, one JSON line each: {"file", "text"}, and at the end their whole content, {"file", "text", "whole":
true}, in pieces, `first` set on the first one; {"full": true} where nothing more can be written. What the command prints goes to stderr.
"""

from __future__ import annotations

import contextlib
import ctypes
import json
import os
import resource
import select
import shutil
import signal
import subprocess
import sys
from pathlib import Path

from descriptors import close_inherited
from system_calls import deny_calls, join_new_keyring
from users import become_nobody

POLL_SECONDS = 0.3
PIECE = 1_000_000
SMALLEST_ROOM = 65_536
PR_SET_PDEATHSIG, PR_SET_DUMPABLE, PR_SET_CHILD_SUBREAPER = 1, 4, 36


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


class Teller:
    """Says what the watched files gained since the last look; whole lines only."""

    def __init__(self, patterns: list[str]) -> None:
        self.patterns = patterns
        self.told: dict[Path, int] = {}

    def files(self) -> list[Path]:
        found = {path for pattern in self.patterns for path in Path().glob(pattern)}
        return sorted(path for path in found if path.is_file() and not path.is_symlink())

    def growth(self) -> None:
        for path in self.files():
            with path.open("rb") as file:
                file.seek(self.told.get(path, 0))
                new = file.read(PIECE)
            end = new.rfind(b"\n") + 1
            if end > 0:
                self.told[path] = self.told.get(path, 0) + end
                say({"file": str(path), "text": new[:end].decode("utf-8", "replace")})

    def everything(self) -> None:
        for path in self.files():
            first = True
            with path.open(encoding="utf-8", errors="replace") as file:
                while (text := file.read(PIECE)) or first:
                    say({"file": str(path), "text": text, "whole": True, "first": first})
                    first = False


def reap_orphans(command: int) -> None:
    """What ended and is not collected counts among the processes the command may have."""
    look = os.WEXITED | os.WNOHANG | os.WNOWAIT
    with contextlib.suppress(ChildProcessError):
        while (ended := os.waitid(os.P_ALL, 0, look)) is not None and ended.si_pid != command:
            os.waitpid(ended.si_pid, 0)


def kill_orphans() -> None:
    """What outlived the command is a child of this process by now; what they leave behind becomes one."""
    while True:
        for pid in children():
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        try:
            os.waitpid(-1, 0)
        except ChildProcessError:
            return


def end(*_: object) -> None:
    """At once: an exception could be raised where nobody looks at it."""
    kill_orphans()
    os._exit(125)


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


def tell_fullness(scratch: str) -> None:
    """Whoever found no room for a file may have said so in words of its own, or not at all."""
    for folder in (scratch, os.environ["TMPDIR"]):
        room = os.statvfs(folder)
        if room.f_bavail * room.f_frsize < SMALLEST_ROOM:
            say({"full": True})
            return


def is_starter_gone() -> bool:
    """Our stdin is open as long as whoever started us is there; nothing comes from it. A parent of another user, as
    bubblewrap is where we are nobody, may not end us when it ends.
    """
    ready, _, _ = select.select([0], [], [], 0)
    return bool(ready)


def say(message: dict) -> None:
    sys.stdout.write(json.dumps(message) + "\n")
    sys.stdout.flush()


def prepare(spec: dict) -> list[str]:
    """Copies the input and gives up what this process could do. Says in words what the sandbox lacks."""
    libc = ctypes.CDLL(None)
    lacks = []
    if spec["parent"] is not None:
        # No namespace ends with this process: it takes along what it started.
        signal.signal(signal.SIGTERM, end)
        libc.prctl(PR_SET_PDEATHSIG, signal.SIGTERM, 0, 0, 0)
        if os.getppid() != spec["parent"]:
            sys.exit(125)
    shutil.copytree(spec["input"], spec["scratch"], dirs_exist_ok=True)
    if spec["nobody"]:
        become_nobody(spec["scratch"], spec["writable"])
    # The command is of the same user, and could write to our stdout as if it were us, or change what we are.
    libc.prctl(PR_SET_DUMPABLE, 0, 0, 0, 0)
    # What the command leaves behind becomes a child of this process, and can be found by whoever kills it.
    libc.prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)
    if spec["parent"] is None:
        if not join_new_keyring():
            lacks.append("a session keyring of its own")
        deny_calls()
    os.chdir(spec["scratch"])
    return lacks


def run(spec: dict, lacks: list[str], command: list[str]) -> int:
    teller = Teller(spec["watch"])
    say({"started": True, "lacks": lacks})
    try:
        child = subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=sys.stderr,
            start_new_session=True,
            preexec_fn=lambda: set_limits(spec["limits"]),  # noqa: PLW1509 - nothing here has threads
        )
        while child.returncode is None:
            with contextlib.suppress(subprocess.TimeoutExpired):
                child.wait(POLL_SECONDS)
            reap_orphans(child.pid)
            teller.growth()
            if is_starter_gone():
                child.kill()
    finally:
        kill_orphans()
    teller.everything()
    return child.returncode


def main() -> int:
    close_inherited()
    spec, command = json.loads(sys.argv[1]), sys.argv[2:]
    try:
        returncode = run(spec, prepare(spec), command)
    finally:
        tell_fullness(spec["scratch"])
    return returncode if returncode >= 0 else 128 - returncode


if __name__ == "__main__":
    sys.exit(main())
