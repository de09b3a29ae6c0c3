"""Runs a command on a copy of a folder, within limits, and tells what it writes: `runner.py SPEC COMMAND...`.

The first program inside the sandbox, process 1 where there is a namespace for it. SPEC is a JSON object: `input` is copied to `scratch`, which becomes the
command's working folder; `limits` are the processes' own limits; `watch` are glob patterns of files whose growth is
told on stdout, one JSON line each: {"file", "text"}, and at the end their whole content, {"file", "text", "whole":
true}, in pieces, `first` set on the first one; {"full": true} where nothing more can be written. What the command prints goes to stderr.
"""

from __future__ import annotations

import contextlib
import json
import os
import select
import subprocess
import sys
from pathlib import Path

from descriptors import close_inherited
from first import is_full, prepare
from processes import kill_all, reap_orphans, set_limits

POLL_SECONDS = 0.3
PIECE = 1_000_000


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


def is_starter_gone() -> bool:
    """Our stdin is open as long as whoever started us is there; nothing comes from it. A parent of another user, as
    bubblewrap is where we are nobody, may not end us when it ends.
    """
    ready, _, _ = select.select([0], [], [], 0)
    return bool(ready)


def say(message: dict) -> None:
    sys.stdout.write(json.dumps(message) + "\n")
    sys.stdout.flush()


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
        kill_all()
    teller.everything()
    return child.returncode


def main() -> int:
    close_inherited()
    spec, command = json.loads(sys.argv[1]), sys.argv[2:]
    try:
        returncode = run(spec, prepare(spec), command)
    finally:
        if is_full([spec["scratch"], os.environ["TMPDIR"]]):
            say({"full": True})
    return returncode if returncode >= 0 else 128 - returncode


if __name__ == "__main__":
    sys.exit(main())
