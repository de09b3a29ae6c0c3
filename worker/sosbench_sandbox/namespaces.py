"""Runs a command in Linux namespaces of its own: `namespaces.py SPEC COMMAND...`, SPEC a JSON object.

What bubblewrap does, for machines without it. The command sees the folders of `readOnly` and nothing else of the
machine's files, an empty /tmp, /dev/shm and scratch folder of bounded size, no network, and no process but its own.
It has no privilege, and all it started is killed when it ends or when the process that started this program does.
Needs Linux 5.12 and permission to make user namespaces; otherwise it ends with 125 and says which step failed.
"""

from __future__ import annotations

import ctypes
import json
import os
import signal
import sys
from pathlib import Path

from descriptors import close_inherited
from users import drop_capabilities, forbid_namespaces, make_namespaces

FAILED = 125

CLONE_NEWNS, CLONE_NEWCGROUP, CLONE_NEWUTS, CLONE_NEWIPC = 0x20000, 0x2000000, 0x4000000, 0x8000000
CLONE_NEWPID, CLONE_NEWNET = 0x20000000, 0x40000000
ALL = CLONE_NEWNS | CLONE_NEWPID | CLONE_NEWNET | CLONE_NEWIPC | CLONE_NEWUTS | CLONE_NEWCGROUP
MS_NOSUID, MS_NODEV, MS_NOEXEC, MS_BIND, MS_REC, MS_PRIVATE = 0x2, 0x4, 0x8, 0x1000, 0x4000, 0x40000
MNT_DETACH = 2
AT_FDCWD, AT_RECURSIVE, MOUNT_ATTR_RDONLY, MOUNT_ATTR_NOSUID = -100, 0x8000, 0x1, 0x2
PR_SET_PDEATHSIG = 1
SYS_PIVOT_ROOT = {"x86_64": 155, "aarch64": 41}
SYS_MOUNT_SETATTR = 442
# Without /dev/zero: memory mapped from it would stay when it is mapped no more.
DEVICES = ("null", "full", "random", "urandom")

libc = ctypes.CDLL(None, use_errno=True)


def check(result: int, what: str) -> None:
    if result != 0:
        error = ctypes.get_errno()
        sys.stderr.write(f"sandbox: {what}: {os.strerror(error)}\n")
        os._exit(FAILED)


def mount(source: str, target: str, kind: str | None, flags: int, data: str | None = None) -> None:
    encoded = [None if text is None else os.fsencode(text) for text in (source, target, kind, data)]
    check(libc.mount(*encoded[:3], ctypes.c_ulong(flags), encoded[3]), f"mount {kind or source} on {target}")


class MountAttributes(ctypes.Structure):
    _fields_ = (
        ("attr_set", ctypes.c_uint64),
        ("attr_clr", ctypes.c_uint64),
        ("propagation", ctypes.c_uint64),
        ("userns_fd", ctypes.c_uint64),
    )


def make_read_only(target: str) -> None:
    wanted = MountAttributes(attr_set=MOUNT_ATTR_RDONLY | MOUNT_ATTR_NOSUID)
    arguments = (AT_FDCWD, os.fsencode(target), AT_RECURSIVE, ctypes.byref(wanted), ctypes.sizeof(wanted))
    check(libc.syscall(SYS_MOUNT_SETATTR, *arguments), f"make {target} read-only")


def pivot(new: str, old: str) -> None:
    number = SYS_PIVOT_ROOT.get(os.uname().machine)
    if number is None:
        sys.exit(FAILED)
    check(libc.syscall(number, os.fsencode(new), os.fsencode(old)), "change the root")


def small_file_system(target: str, size: int) -> None:
    Path(target).mkdir(parents=True, exist_ok=True)
    mount("tmpfs", target, "tmpfs", MS_NOSUID | MS_NODEV, f"size={size},mode=0700")


def bind(source: str, target: str) -> None:
    if Path(source).is_dir():
        Path(target).mkdir(parents=True, exist_ok=True)
    elif not Path(target).exists():
        Path(target).parent.mkdir(parents=True, exist_ok=True)
        Path(target).touch()
    mount(source, target, None, MS_BIND | MS_REC)


def protect_kernel(proc: str, null: str, spec: dict) -> None:
    """What is no process's own is the machine's: its owner may write there without any capability, and root is that."""
    for name in spec["machineFiles"]["hidden"]:
        mount(null, f"{proc}/{name}", None, MS_BIND)
    for name in spec["machineFiles"]["readOnly"]:
        bind(f"{proc}/{name}", f"{proc}/{name}")
        make_read_only(f"{proc}/{name}")


def build_root(spec: dict) -> None:
    """A new root on a tmpfs; the machine's files are reachable under /old until the end."""
    mount("none", "/", None, MS_REC | MS_PRIVATE)
    mount("tmpfs", "/tmp", "tmpfs", MS_NOSUID | MS_NODEV, "size=16m,mode=0755")  # noqa: S108
    for name in ("new", "old"):
        Path("/tmp", name).mkdir()  # noqa: S108
    pivot("/tmp", "/tmp/old")  # noqa: S108
    os.chdir("/")
    mount("/new", "/new", None, MS_BIND | MS_REC)
    for path, target in spec["links"]:
        Path("/new" + path).symlink_to(target)
    for path, size in spec["writable"]:
        small_file_system("/new" + path, size)
    for source, target in spec["readOnly"]:
        bind("/old" + os.path.realpath("/old" + source).removeprefix("/old"), "/new" + target)
        make_read_only("/new" + target)
    Path("/new/dev").mkdir(exist_ok=True)
    for name in DEVICES:
        bind(f"/old/dev/{name}", f"/new/dev/{name}")
    for name, target in (("fd", "/proc/self/fd"), ("stdin", "/proc/self/fd/0"), ("stdout", "/proc/self/fd/1")):
        Path(f"/new/dev/{name}").symlink_to(target)
    Path("/new/proc").mkdir()
    mount("proc", "/new/proc", "proc", MS_NOSUID | MS_NODEV | MS_NOEXEC)
    protect_kernel("/new/proc", "/old/dev/null", spec)
    check(libc.umount2(b"/old", MNT_DETACH), "leave the machine's files")
    os.chdir("/new")
    pivot(".", ".")
    check(libc.umount2(b".", MNT_DETACH), "leave the first root")
    os.chdir("/")
    # Not recursive: what is to be written to lies below it.
    wanted = MountAttributes(attr_set=MOUNT_ATTR_RDONLY)
    arguments = (AT_FDCWD, b"/", 0, ctypes.byref(wanted), ctypes.sizeof(wanted))
    check(libc.syscall(SYS_MOUNT_SETATTR, *arguments), "make / read-only")


def end_with(parent: int) -> None:
    check(libc.prctl(PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0), "end with the parent")
    if os.getppid() != parent:
        os._exit(FAILED)


def exit_code(status: int) -> int:
    code = os.waitstatus_to_exitcode(status)
    return code if code >= 0 else 128 - code


def become_first(spec: dict, command: list[str]) -> None:
    """The command is process 1 of the namespace: when it ends, the kernel kills the rest."""
    forbid_namespaces()
    build_root(spec)
    # As nobody it is the runner that gives them up: it reads the input first.
    if not spec["nobody"]:
        drop_capabilities()
    os.setsid()
    os.chdir(spec["folder"])
    os.execve(command[0], command, spec["environment"])


def main() -> None:
    close_inherited()
    spec, command = json.loads(sys.argv[1]), sys.argv[2:]
    end_with(spec["parent"])
    try:
        make_namespaces(ALL, nobody=spec["nobody"])
    except OSError as error:
        sys.stderr.write(f"sandbox: {error.strerror or error}\n")
        sys.exit(FAILED)
    # It is gone where users changed.
    end_with(spec["parent"])
    child = os.fork()
    if child == 0:
        # The parent is outside of the new namespace, where its number is 0.
        check(libc.prctl(PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0), "end with the parent")
        try:
            become_first(spec, command)
        except OSError as error:
            sys.stderr.write(f"sandbox: {error}\n")
        os._exit(FAILED)
    os._exit(exit_code(os.waitpid(child, 0)[1]))


if __name__ == "__main__":
    main()
