"""Runs a module of ours, or of this Python's packages, as `python -m` does: `launch.py [--elsewhere] MODULE ARGUMENTS...`.

`python -m` looks for modules in the folder it is started in first. That folder may be a repository with a `datasets/` or a
`platform.py` of its own; Python 3.10 has no option against it that leaves the user's packages. This file is started by its path, adds
the folder it lies in, and takes the folder it was started in out. `--elsewhere` also leaves that folder, where a launcher of the user's
had to start there: libraries take a folder of a data set's or model's name for the thing itself.
"""

from __future__ import annotations

import os
import runpy
import sys
import tempfile

WORKER = os.path.dirname(os.path.abspath(__file__))


def fix_path() -> None:
    here = os.path.realpath(os.getcwd())
    others = [path for path in sys.path if os.path.isabs(path) and os.path.realpath(path) not in (here, WORKER)]
    sys.path[:] = [WORKER, *others]


def go_elsewhere() -> None:
    """Into an empty folder: one for all that this user runs, a new one where somebody left something in it."""
    folder = os.path.join(tempfile.gettempdir(), f"sos-bench-empty-{os.getuid()}")
    try:
        os.mkdir(folder, 0o700)
    except FileExistsError:
        facts = os.lstat(folder)
        own = facts.st_uid == os.getuid() and not facts.st_mode & 0o077 and not os.path.islink(folder)
        if not own or os.listdir(folder):
            folder = tempfile.mkdtemp(prefix="sos-bench-")
    os.chdir(folder)


def main() -> None:
    arguments = sys.argv[1:]
    fix_path()
    if arguments[0] == "--elsewhere":
        go_elsewhere()
        del arguments[0]
    module = arguments[0]
    sys.argv[:] = arguments
    runpy.run_module(module, run_name="__main__", alter_sys=True)


if __name__ == "__main__":
    main()
