"""For commands that serve, fetch and install: they end with the process that started them.

Killed outright, it cannot take its children along; a server would go on holding its GPU, and an installer would go on
writing into an environment that the next run builds again. `python parent.py PID [--watched] [--in FOLDER] COMMAND...` runs a command
as process PID's child would: started as the leader of a process group, it ends all of it once PID is no more its parent. PID is
told, not asked for: it may be gone before this is up. `--watched`: should this be killed outright too, a watcher ends the group.
"""

from __future__ import annotations

import errno
import os
import signal
import subprocess
import sys
import threading
import time

POLL_SECONDS = 0.5


def end_with(parent: int) -> None:
    """Ends this process (a group's leader: the group) when `parent` is gone, at once where it is already."""

    def end() -> None:
        if os.getpgid(0) == os.getpid():
            os.killpg(0, signal.SIGKILL)
        os._exit(1)

    def watch() -> None:
        while os.getppid() == parent:
            time.sleep(POLL_SECONDS)
        end()

    if os.getppid() != parent:
        end()
    threading.Thread(target=watch, name="parent", daemon=True).start()


def run(command: list[str], folder: str | None = None) -> int:
    try:
        return subprocess.call(command, cwd=folder)
    except OSError as error:
        sys.stderr.write(f"{errno.errorcode.get(error.errno or 0, 'error')}: {command[0]}: {error.strerror}\n")
        return 127


if __name__ == "__main__":
    end_with(int(sys.argv[1]))
    words = sys.argv[2:]
    if words[0] == "--watched":
        # It lies beside this file, where an isolated Python does not look.
        sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
        from watcher import start_watcher

        del sys.path[0]
        start_watcher()
        del words[0]
    code = run(words[2:], words[1]) if words[0] == "--in" else run(words)
    if code < 0:
        # It was killed: end the same way, so that whoever started us sees how.
        os.kill(os.getpid(), -code)
    sys.exit(code)
