"""Runs a Python program again and again in forks of a process that has imported all it needs: `prepared.py SPEC`.

The first program inside the sandbox. SPEC is a JSON object: `program` is the file to run; `scratch` the folder to run in;
`writable` the folders that are emptied after each run; `limits` a process's own; `unused` names of modules, with all below them, that the
program imports and no run will call: they are not loaded; `calls` functions to call once, whose results they keep: [[module, name,
arguments]]. The program is loaded under another name
than __main__ first, so that it imports what it needs and does nothing; then {"ready": true} is told on stdout.

Each line on stdin is a run: {"number", "files": [[path, text]], "folders": [path], "arguments", "seconds", "result"}. The
files are written, a fork runs the program, and when it is over everything it started is killed. Only then is the file
`result` read: {"number", "exitCode", "stopped", "result", "printed", "full"}. A run that was stopped has no result. With
`lines`, {"count", "seconds"}, so many lines of the file have to come, each of them so soon after the one before, and they are
taken when they come: what is written over them later is too late. A line
{"number", "stop": why} ends the run at once. Nothing is kept from one run to the next: no process, no file.
"""

from __future__ import annotations

import contextlib
import ctypes
import errno
import gc
import importlib.abc
import importlib.machinery
import io
import json
import os
import select
import shutil
import signal
import stat
import sys
import time
import traceback
import types
from pathlib import Path

from descriptors import close_inherited
from first import PR_SET_PDEATHSIG, is_full, prepare, set_dumpable
from processes import kill_all, reap_orphans, set_limits

MAX_PRINTED = 50_000
MAX_RESULT = 64 * 2**20
PIECE = 65_536
LINES_SECONDS = 0.2
LOADED_AS = "sosbench_prepared"


class Channel:
    """Lines of JSON from and to whoever started us, on descriptors that no run has."""

    def __init__(self) -> None:
        self.into, self.out = os.dup(0), os.dup(1)
        self.rest = b""
        null = os.open(os.devnull, os.O_RDONLY)
        os.dup2(null, 0)
        os.close(null)
        os.dup2(2, 1)

    def say(self, message: dict) -> None:
        data = json.dumps(message).encode() + b"\n"
        while data:
            data = data[os.write(self.out, data) :]

    def has_line(self) -> bool:
        return b"\n" in self.rest

    def fill(self) -> None:
        """Reads what there is; whoever started us is gone where there is nothing any more."""
        piece = os.read(self.into, 16 * PIECE)
        if not piece:
            kill_all()
            os._exit(0)
        self.rest += piece

    def line(self) -> dict:
        while not self.has_line():
            self.fill()
        line, _, self.rest = self.rest.partition(b"\n")
        return json.loads(line)

    def close(self) -> None:
        os.close(self.into)
        os.close(self.out)


class Printed:
    """The beginning and the end of what is printed, however much it is."""

    def __init__(self) -> None:
        self.first = b""
        self.last = b""

    def add(self, piece: bytes) -> None:
        room = MAX_PRINTED - len(self.first)
        self.first += piece[:room]
        self.last = (self.last + piece[room:])[-MAX_PRINTED:] if len(piece) > room else self.last

    def text(self) -> str:
        return (self.first + self.last).decode("utf-8", "replace")


class Unused(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    """Stands in for modules that no run calls: what they import takes seconds, and every fork carries it along."""

    def __init__(self, names: list[str]) -> None:
        self.names = names

    def find_spec(self, fullname, path=None, target=None):  # noqa: ARG002
        if any(fullname == name or fullname.startswith(name + ".") for name in self.names):
            return importlib.machinery.ModuleSpec(fullname, self, is_package=True)
        return None

    def create_module(self, spec):
        module = types.ModuleType(spec.name)

        def stand_in(name: str):
            if name.startswith("__"):
                raise AttributeError(name)

            def call(*_args, **_kwargs):
                raise RuntimeError(f"{spec.name}.{name} was not loaded")

            return call

        module.__getattr__ = stand_in
        return module

    def exec_module(self, module) -> None:
        pass


class Program:
    """A Python file as `python FILE` would run it, read once."""

    def __init__(self, path: str) -> None:
        self.path = path
        # As where Python is started with it; until now it was this file's.
        sys.path[0] = str(Path(path).parent)
        self.code = compile(Path(path).read_bytes(), path, "exec", dont_inherit=True)

    def run(self, name: str, arguments: list[str]) -> None:
        module = types.ModuleType(name)
        module.__file__ = self.path
        sys.modules[name] = module
        sys.argv = [self.path, *arguments]
        exec(self.code, module.__dict__)  # noqa: S102 - it is the program


def load(program: Program, calls: list) -> str:
    """What went wrong, which a run will say again, where it counts."""
    try:
        program.run(LOADED_AS, [])
        for module, name, arguments in calls:
            getattr(sys.modules.get(module), name, lambda *_: None)(*arguments)
    except BaseException:  # noqa: BLE001 - a program that is no module ends as it likes
        return traceback.format_exc()[-MAX_PRINTED:]
    finally:
        # No download is waited for where there is no network: what NLTK needs is in its folder.
        if "nltk" in sys.modules:
            sys.modules["nltk"].download = lambda *_args, **_kwargs: True
    return ""


def lay_out(request: dict) -> None:
    for path in request["folders"]:
        Path(path).mkdir(parents=True, exist_ok=True)
    for path, text in request["files"]:
        Path(path).parent.mkdir(parents=True, exist_ok=True)
        Path(path).write_text(text, encoding="utf-8")


def run_here(spec: dict, program: Program, request: dict) -> int:
    """The fork's whole life: the program as if it had been started from a shell."""
    signal.signal(signal.SIGINT, signal.default_int_handler)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
    os.setsid()
    set_dumpable(True)
    set_limits(spec["limits"])
    try:
        program.run("__main__", request["arguments"])
    except SystemExit as error:
        if error.code is None or isinstance(error.code, int):
            return error.code or 0
        sys.stderr.write(f"{error.code}\n")
        return 1
    except BaseException:  # noqa: BLE001 - as an interpreter does
        traceback.print_exc()
        return 1
    return 0


class Lines:
    """The lines of a file as they come. Whoever writes them can stop its own clock, and not this one."""

    def __init__(self, path: str, count: int, seconds: float) -> None:
        self.path = path
        self.left = count
        self.seconds = seconds
        self.data = b""
        self.last = time.monotonic()

    def look(self) -> bool:
        """Whether all that are due are there."""
        with contextlib.suppress(OSError):
            file = open_result(self.path)
            try:
                while piece := os.pread(file, min(PIECE, MAX_RESULT - len(self.data)), len(self.data)):
                    self.data += piece
                    self.left -= piece.count(b"\n")
                    self.last = time.monotonic() if b"\n" in piece else self.last
            finally:
                os.close(file)
        return self.left <= 0 or time.monotonic() - self.last <= self.seconds


def fork(spec: dict, program: Program, request: dict, channel: Channel) -> tuple[int, int]:
    """The fork's number, and where to read what it prints."""
    printed, prints = os.pipe()
    child = os.fork()
    if child != 0:
        os.close(prints)
        os.set_blocking(printed, False)
        return child, printed
    code = 1
    try:
        channel.close()
        os.close(printed)
        os.dup2(prints, 1)
        os.dup2(prints, 2)
        os.close(prints)
        code = run_here(spec, program, request)
        with contextlib.suppress(Exception):
            sys.stdout.flush()
            sys.stderr.flush()
    finally:
        os._exit(code & 0xFF)


def watch(
    child: int, printed: int, request: dict, channel: Channel, text: Printed, lines: Lines | None
) -> str | None:
    """Waits until it ends; says why it was stopped, if it was."""
    ended = os.pidfd_open(child)
    deadline = time.monotonic() + request["seconds"]
    try:
        sources = [ended, printed, channel.into]
        while (left := deadline - time.monotonic()) > 0:
            ready, _, _ = select.select(sources, [], [], min(left, 1 if lines is None else LINES_SECONDS))
            if lines is not None and not lines.look():
                return "late"
            if printed in ready and not drain(printed, text):
                sources.remove(printed)
            if channel.into in ready:
                channel.fill()
            if channel.has_line() and (line := channel.line())["number"] == request["number"]:
                return str(line["stop"])
            if ended in ready:
                return None
            reap_orphans(child)
        return "silence"
    finally:
        os.close(ended)


def drain(printed: int, text: Printed) -> bool:
    """Whether more may come."""
    try:
        piece = os.read(printed, PIECE)
    except BlockingIOError:
        return True
    text.add(piece)
    return bool(piece)


def status_of(child: int) -> int:
    """As shells count: 128 + signal."""
    code = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    return code if code >= 0 else 128 - code


def read_result(path: str) -> str | None:
    """A file that the run left: no link, no pipe, nothing that does not end."""
    with contextlib.suppress(OSError), open(open_result(path), "rb") as stream:
        if os.fstat(stream.fileno()).st_size <= MAX_RESULT:
            return stream.read(MAX_RESULT).decode("utf-8", "replace")
    return None


def open_result(path: str) -> int:
    file = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    if stat.S_ISREG(os.fstat(file).st_mode):
        return file
    os.close(file)
    raise OSError(errno.EINVAL, "no file")


def standing(folder: str) -> set[str]:
    """What is in a folder from the beginning, as something of the machine is shown below it."""
    device = os.stat(folder).st_dev
    found = set()
    for entry in os.scandir(folder):
        found.add(entry.path)
        if entry.is_dir(follow_symlinks=False) and entry.stat(follow_symlinks=False).st_dev == device:
            found |= standing(entry.path)
    return found


def empty(folder: str, kept: set[str]) -> None:
    """Removes what was put in a folder, whatever modes it was given. Raises OSError or RecursionError where that fails."""
    with contextlib.suppress(PermissionError):
        os.chmod(folder, 0o700)
    device = os.stat(folder).st_dev
    for entry in os.scandir(folder):
        if entry.path in kept:
            if entry.is_dir(follow_symlinks=False) and entry.stat(follow_symlinks=False).st_dev == device:
                empty(entry.path, kept)
        elif not entry.is_dir(follow_symlinks=False):
            os.unlink(entry.path)
        else:
            remove(entry.path)


def forget(folder: str) -> None:
    """Takes off a folder that stays what may be left on it: access lists, which would hold for all files to come, other attributes, and
    times. Raises OSError where something stays.
    """
    for name in {*os.listxattr(folder), "system.posix_acl_access", "system.posix_acl_default"}:
        try:
            os.removexattr(folder, name)
        except OSError as error:
            if error.errno not in (errno.ENODATA, errno.EOPNOTSUPP):
                raise
    os.chmod(folder, 0o700)
    os.utime(folder, (0, 0))


def remove(folder: str) -> None:
    shutil.rmtree(folder, ignore_errors=True)
    if not os.path.lexists(folder):
        return
    os.chmod(folder, 0o700)
    for parent, names, _ in os.walk(folder):
        for name in names:
            path = os.path.join(parent, name)
            if not os.path.islink(path):
                os.chmod(path, 0o700)
    shutil.rmtree(folder)


def answer(spec: dict, program: Program, request: dict, channel: Channel) -> dict:
    lay_out(request)
    text = Printed()
    child, printed = fork(spec, program, request, channel)
    stopped, code, result = None, None, None
    due = request.get("lines")
    lines = None if due is None else Lines(request["result"], due["count"], due["seconds"])
    try:
        stopped = watch(child, printed, request, channel, text, lines)
    finally:
        if stopped is None:
            code = status_of(child)
        kill_all()
    # Whoever wrote into it is gone: there is an end.
    while drain_rest(printed, text):
        pass
    os.close(printed)
    if stopped is None and lines is None:
        result = read_result(request["result"])
    elif stopped is None:
        lines.look()
        result = lines.data.decode("utf-8", "replace")
    full = is_full([spec["scratch"], os.environ["TMPDIR"]])
    for folder in spec["writable"]:
        empty(folder, request["kept"])
        forget(folder)
    return {
        "number": request["number"],
        "exitCode": code,
        "stopped": stopped,
        "result": result,
        "printed": text.text(),
        "full": full,
    }


def drain_rest(printed: int, text: Printed) -> bool:
    try:
        piece = os.read(printed, PIECE)
    except BlockingIOError:
        return False
    text.add(piece)
    return bool(piece)


def main() -> None:
    close_inherited()
    spec = json.loads(sys.argv[1])
    channel = Channel()
    lacks = prepare(spec)
    # It is what process 1 would be told by anybody inside.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    sys.stdout = io.TextIOWrapper(open(1, "wb", 0, closefd=False), write_through=True)  # noqa: SIM115 - for good
    kept = set().union(*map(standing, spec["writable"]))
    sys.meta_path.insert(0, Unused(spec["unused"]))
    program = Program(spec["program"])
    trouble = load(program, spec["calls"])
    gc.collect()
    # What is imported is shared by all runs: nothing looks through it again.
    gc.freeze()
    channel.say({"ready": True, "lacks": lacks, "trouble": trouble})
    while True:
        request = channel.line()
        # A run may end while it is being stopped.
        if "stop" not in request:
            channel.say(answer(spec, program, request | {"kept": kept}, channel))


if __name__ == "__main__":
    main()
