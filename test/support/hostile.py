"""A program that wants out. It tries one thing after the other and writes down what it could do, as `seen.json`."""

import contextlib
import ctypes
import json
import mmap
import os
import socket
import sys
from pathlib import Path

port, home, mark = int(sys.argv[1]), sys.argv[2], sys.argv[3]
seen = {}


def attempt(name, work):
    try:
        seen[name] = work()
    except Exception as error:  # noqa: BLE001
        seen[name] = f"{type(error).__name__}: {os.strerror(error.errno) if isinstance(error, OSError) and error.errno else error}"


def reach(host, to):
    with socket.create_connection((host, to), timeout=3):
        return "connected"


def fill(folder):
    """Bytes it could write there in files of 1 MB, at most 300 of them."""
    written = 0
    with contextlib.suppress(OSError):
        for number in range(300):
            written += Path(folder, f"fill{number}").write_bytes(bytes(1_000_000))
    for path in Path(folder).glob("fill*"):
        path.unlink()
    return written


def write(path):
    Path(path).write_text("was here")
    return "written"


def command_lines():
    texts = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            with contextlib.suppress(OSError):
                texts.append((entry / "cmdline").read_bytes().decode("utf-8", "replace"))
    return texts


def call(what, function, *arguments):
    result = function(*arguments)
    if result < 0:
        raise OSError(ctypes.get_errno(), what)
    return result


def nest():
    """A user namespace of its own, in which it may mount what has no limit."""
    libc = ctypes.CDLL(None, use_errno=True)
    call("unshare", libc.unshare, 0x10000000 | 0x20000)
    call("mount", libc.mount, b"tmpfs", b"/tmp", b"tmpfs", 0, None)
    return "mounted"


def segment(function):
    """Memory of System V, which nobody has mapped or open."""
    libc = ctypes.CDLL(None, use_errno=True)
    return call(function, getattr(libc, function), 0, 1_000_000, 0o1600)


def others():
    return [int(entry.name) for entry in Path("/proc").iterdir() if entry.name.isdigit() and int(entry.name) != os.getpid()]


def take_over(pid):
    """What it can get of another process: the names of the ways that worked."""
    libc = ctypes.CDLL(None, use_errno=True)
    ways = {
        "its stdout": lambda: open(f"/proc/{pid}/fd/1", "wb"),
        "its memory": lambda: open(f"/proc/{pid}/mem", "r+b"),
        "its environment": lambda: open(f"/proc/{pid}/environ", "rb").read(),
        "a copy of its stdout": lambda: call("pidfd_getfd", libc.syscall, 438, os.pidfd_open(pid), 1, 0),
        "to trace it": lambda: call("ptrace", libc.ptrace, 16, pid, None, None),
    }
    worked = []
    for name, way in ways.items():
        with contextlib.suppress(OSError):
            way()
            worked.append(name)
    return worked


def zeros():
    with open("/dev/zero", "r+b") as file:
        return str(mmap.mmap(file.fileno(), 1_000_000))


def mount_over():
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.mount(b"tmpfs", b"/usr", b"tmpfs", 0, None) != 0:
        raise OSError(ctypes.get_errno(), "mount")
    return "mounted"


def write_again():
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.mount(None, b"/usr", None, 0x20 | 0x1000, None) != 0:
        raise OSError(ctypes.get_errno(), "remount")
    return "remounted"


SYSTEM_CALLS = {
    "x86_64": {"add_key": 248, "request_key": 249, "keyctl": 250, "userfaultfd": 323, "mq_open": 240, "socket": 41},
    "aarch64": {"add_key": 217, "request_key": 218, "keyctl": 219, "userfaultfd": 282, "mq_open": 180, "socket": 198},
}[os.uname().machine] | {"io_uring_setup": 425, "io_uring_enter": 426, "io_uring_register": 427}
X32 = 0x40000000
SESSION_KEYRING = -3


def system_call(number, *arguments):
    libc = ctypes.CDLL(None, use_errno=True)
    return call("system call", libc.syscall, ctypes.c_long(number), *arguments)


def keyctl_of_32_bits():
    """The same call in the numbers of a 32-bit program: mov eax,288; mov ebx,0; mov ecx,-3; mov edx,0; int 0x80; ret."""
    if os.uname().machine != "x86_64":
        raise OSError(38, "not on this machine")
    code = bytes.fromhex("53b820010000bb00000000b9fdffffffba00000000cd805bc3")
    page = mmap.mmap(-1, 4096, flags=mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS, prot=mmap.PROT_READ | mmap.PROT_WRITE | mmap.PROT_EXEC)
    page.write(code)
    result = ctypes.CFUNCTYPE(ctypes.c_int)(ctypes.addressof(ctypes.c_char.from_buffer(page)))()
    if result < 0:
        raise OSError(-result, "keyctl")
    return result


def families():
    """Families of which it could make a socket or a pair of them."""
    made = set()
    for family in range(50):
        for kind in (1, 2, 3, 5):
            with contextlib.suppress(OSError):
                os.close(system_call(SYSTEM_CALLS["socket"], family, kind, 0))
                made.add(family)
            with contextlib.suppress(OSError):
                for one in socket.socketpair(family, kind):
                    one.close()
                made.add(family)
    return sorted(made)


def writable_files_of_the_machine():
    """Files below /proc that are no process's own and open for writing."""
    found = []
    for entry in os.scandir("/proc"):
        if entry.name.isdigit() or entry.is_symlink():
            continue
        files = [entry.path] if not entry.is_dir() else [os.path.join(f, name) for f, _, names in os.walk(entry.path) for name in names]
        for path in files:
            with contextlib.suppress(OSError):
                file = os.open(path, os.O_WRONLY | os.O_NONBLOCK)
                if os.fstat(file).st_rdev != os.stat("/dev/null").st_rdev:
                    found.append(path)
                os.close(file)
    return found


def made_writable():
    """Whether it can take back that the kernel's settings are read-only."""
    libc = ctypes.CDLL(None, use_errno=True)
    worked = []
    for what, arguments in (
        ("remount", (None, b"/proc/sys", None, 0x20 | 0x1000, None)),
        ("mount", (b"proc", b"/tmp", b"proc", 0, None)),
    ):
        if libc.mount(*arguments) == 0:
            worked.append(what)
    if libc.umount2(b"/proc/sys", 2) == 0:
        worked.append("unmount")
    return worked


seen["environment"] = sorted(os.environ)
seen["root"] = sorted(os.listdir("/"))
seen["etc"] = sorted(os.listdir("/etc"))
seen["user"] = os.getuid()
status = dict(line.split(":", 1) for line in open("/proc/self/status"))
seen["capabilities"] = status["CapEff"].strip()
seen["capabilities it could get"] = status["CapBnd"].strip()
seen["no new privileges"] = status["NoNewPrivs"].strip()
attempt("home", lambda: sorted(os.listdir(home)))
attempt("shadow", lambda: len(Path("/etc/shadow").read_text()))
attempt("loopback", lambda: reach("127.0.0.1", port))
attempt("internet", lambda: reach("192.0.2.1", 80))
attempt("processes", lambda: sum(entry.name.isdigit() for entry in Path("/proc").iterdir()))
attempt("strangers", lambda: sum(mark in text and "hostile.py" not in text for text in command_lines()))
attempt("write /usr", lambda: write("/usr/was-here"))
attempt("write /", lambda: write("/was-here"))
attempt("write /dev", lambda: write("/dev/was-here"))
attempt("write /etc", lambda: write("/etc/was-here"))
attempt("write the input", lambda: write("/input/was-here"))
attempt("mount over /usr", mount_over)
attempt("remount /usr", write_again)
attempt("nested namespaces", nest)
attempt("settings of the kernel", lambda: len(os.listdir("/proc/sys")) > 0 and writable_files_of_the_machine())
attempt("make settings writable", made_writable)
for name in ("add_key", "request_key", "keyctl", "io_uring_setup", "io_uring_enter", "io_uring_register", "userfaultfd", "mq_open"):
    # Enough of arguments for a kernel that does it.
    attempt(name, lambda name=name: system_call(SYSTEM_CALLS[name], {"keyctl": 0, "userfaultfd": 1}.get(name, b"user"), SESSION_KEYRING, 0, 0))
attempt("keyctl in the numbers of 32 bits", keyctl_of_32_bits)
attempt("keyctl in the numbers of x32", lambda: system_call(X32 | SYSTEM_CALLS["keyctl"], 0, SESSION_KEYRING, 0))
attempt("keys", lambda: Path("/proc/keys").read_text() + Path("/proc/key-users").read_text())
attempt("families of sockets", families)
attempt("who it is outside", lambda: Path("/proc/self/uid_map").read_text().split())
attempt("memory in a file without a name", lambda: os.memfd_create("memory"))
attempt("memory of System V", lambda: segment("shmget"))
attempt("messages of System V", lambda: segment("msgget"))
attempt("memory to share", lambda: str(mmap.mmap(-1, 1_000_000)))
attempt("memory of /dev/zero", zeros)
attempt("other processes", lambda: {pid: take_over(pid) for pid in others()})
attempt("signal process 1", lambda: os.kill(1, 9))
attempt("fill scratch", lambda: fill("."))
attempt("fill /tmp", lambda: fill("/tmp"))
attempt("fill /dev/shm", lambda: fill("/dev/shm"))
attempt("large file", lambda: Path("large").write_bytes(bytes(20_000_000)))
Path("large").unlink(missing_ok=True)
Path("seen.json").write_text(json.dumps(seen))
