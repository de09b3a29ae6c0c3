"""For processes that fetch and install: they end with the process that started them.

Killed outright, it cannot take its children along; a download takes hours, and an installer would go on writing
into an environment that the next run builds anew. As a program, `python parent.py COMMAND...` does the same for
any command: it has to be started as the leader of a process group, and ends all of it.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time


def end_with_parent() -> None:
    """Watches the parent, and ends this process (a group's leader: the group) when it is gone."""
    parent = os.getppid()

    def watch() -> None:
        while os.getppid() == parent:
            time.sleep(0.5)
        if os.getpgid(0) == os.getpid():
            os.killpg(0, signal.SIGKILL)
        os._exit(1)

    threading.Thread(target=watch, name="parent", daemon=True).start()


if __name__ == "__main__":
    end_with_parent()
    code = subprocess.call(sys.argv[1:])
    if code < 0:
        # It was killed: end the same way, so that whoever started us sees how.
        os.kill(os.getpid(), -code)
    sys.exit(code)
