"""Who the programs of a sandbox are. Inside they are INSIDE_ID; outside, where root started us, nobody."""

from __future__ import annotations

import contextlib
import ctypes
import os
import signal
from pathlib import Path

INSIDE_ID = 1000
NOBODY = 65534
CLONE_NEWUSER = 0x10000000
PR_SET_PDEATHSIG, PR_CAPBSET_DROP, PR_SET_NO_NEW_PRIVS = 1, 24, 38

libc = ctypes.CDLL(None, use_errno=True)


def checked(result: int, what: str) -> None:
    if result != 0:
        error = ctypes.get_errno()
        raise OSError(error, f"{what}: {os.strerror(error)}")


def make_namespaces(flags: int, *, nobody: bool) -> None:
    """Leaves for new namespaces, one of users among them. Without `nobody` INSIDE_ID is who we are outside. With it, which
    takes root, we are root inside, to build what is there, until `become_nobody`. Raises OSError.
    """
    if nobody:
        with _mapped_from_outside():
            checked(libc.unshare(flags | CLONE_NEWUSER), "make namespaces")
        return
    user, group = os.getuid(), os.getgid()
    checked(libc.unshare(flags | CLONE_NEWUSER), "make namespaces")
    Path("/proc/self/setgroups").write_text("deny")
    Path("/proc/self/uid_map").write_text(f"{INSIDE_ID} {user} 1")
    Path("/proc/self/gid_map").write_text(f"{INSIDE_ID} {group} 1")


@contextlib.contextmanager
def _mapped_from_outside():
    """Only a process that stays outside may say that somebody else than who we are is inside."""
    made, tell_made = os.pipe()
    process = os.getpid()
    helper = os.fork()
    if helper == 0:
        os.close(tell_made)
        code = 1
        with contextlib.suppress(OSError):
            if os.read(made, 1):
                for name in ("uid_map", "gid_map"):
                    Path(f"/proc/{process}/{name}").write_text(f"0 0 1\n{INSIDE_ID} {NOBODY} 1\n")
                code = 0
        os._exit(code)
    os.close(made)
    try:
        yield
        os.write(tell_made, b"!")
    finally:
        os.close(tell_made)
        status = os.waitpid(helper, 0)[1]
    if status != 0:
        raise OSError("be nobody outside: not permitted")


def forbid_namespaces() -> None:
    """In one of its own the command would have every capability, and mounts without a limit."""
    Path("/proc/sys/user/max_user_namespaces").write_text("0")


def drop_bounding_set() -> None:
    capability = 0
    while libc.prctl(PR_CAPBSET_DROP, capability, 0, 0, 0) == 0:
        capability += 1


def drop_capabilities() -> None:
    """For good: what is executed later gets none either. Raises OSError."""
    checked(libc.prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0), "give up new privileges")
    drop_bounding_set()
    header = (ctypes.c_uint32 * 2)(0x20080522, 0)
    checked(libc.capset(header, (ctypes.c_uint32 * 6)()), "drop capabilities")


def become_nobody(scratch: str, folders: list[str]) -> None:
    """From root inside to INSIDE_ID, who gets these folders, and what is in the scratch folder. Raises OSError."""
    for folder in folders:
        os.chown(folder, INSIDE_ID, INSIDE_ID)
    for parent, names, files in os.walk(scratch):
        for name in (*names, *files):
            os.chown(os.path.join(parent, name), INSIDE_ID, INSIDE_ID, follow_symlinks=False)
    os.setgroups([])
    os.setresgid(INSIDE_ID, INSIDE_ID, INSIDE_ID)
    drop_bounding_set()
    os.setresuid(INSIDE_ID, INSIDE_ID, INSIDE_ID)
    drop_capabilities()
    # Whoever changes who he is, is forgotten to have wished to end with his parent.
    checked(libc.prctl(PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0), "end with the parent")
