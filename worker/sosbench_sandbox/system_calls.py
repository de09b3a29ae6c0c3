"""System calls that nothing graded here needs."""

from __future__ import annotations

import ctypes
import os

PR_SET_SECCOMP, SECCOMP_MODE_FILTER = 22, 2
ALLOW, NOT_IMPLEMENTED = 0x7FFF0000, 0x00050000 | 38
LOAD, AND, IS, AT_LEAST, RETURN = 0x20, 0x54, 0x15, 0x35, 0x06
NUMBER, ARCHITECTURE, FOURTH_ARGUMENT = 0, 4, 40
X32 = 0x40000000
MAP_SHARED_ANONYMOUS = 0x21
# How the kernel names a machine; its numbers of memfd_create, memfd_secret, shmget, msgget, semget; that of mmap.
MACHINES = {
    "x86_64": (0xC000003E, (319, 447, 29, 68, 64), 9),
    "aarch64": (0xC00000B7, (279, 447, 194, 186, 190), 222),
}


class Step(ctypes.Structure):
    _fields_ = (("code", ctypes.c_uint16), ("yes", ctypes.c_uint8), ("no", ctypes.c_uint8), ("value", ctypes.c_uint32))


class Program(ctypes.Structure):
    _fields_ = (("length", ctypes.c_uint16), ("steps", ctypes.POINTER(Step)))


def deny_hidden_memory() -> None:
    """Memory that stays without being mapped is counted for no process: calls that make it are no more there, for good.

    Needs no privilege but that new ones are given up. Raises OSError where the kernel or the machine does not allow it.
    """
    if os.uname().machine not in MACHINES:
        raise OSError(f"no list of system calls for {os.uname().machine}")
    architecture, numbers, mmap = MACHINES[os.uname().machine]
    # Code, value, and where to go on when it is so and when not: "refuse", "allow", or None for the next.
    wanted = [
        (LOAD, ARCHITECTURE, None, None),
        # Programs for another one have other numbers.
        (IS, architecture, None, "refuse"),
        (LOAD, NUMBER, None, None),
        (AT_LEAST, X32, "refuse", None),
        *((IS, number, "refuse", None) for number in numbers),
        (IS, mmap, None, "allow"),
        (LOAD, FOURTH_ARGUMENT, None, None),
        (AND, MAP_SHARED_ANONYMOUS, None, None),
        (IS, MAP_SHARED_ANONYMOUS, "refuse", None),
    ]
    ends = {"allow": len(wanted), "refuse": len(wanted) + 1}
    steps = [
        Step(code, *(0 if end is None else ends[end] - place - 1 for end in (yes, no)), value)
        for place, (code, value, yes, no) in enumerate(wanted)
    ]
    steps += [Step(RETURN, 0, 0, ALLOW), Step(RETURN, 0, 0, NOT_IMPLEMENTED)]
    program = Program(len(steps), (Step * len(steps))(*steps))
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, ctypes.byref(program), 0, 0) != 0:
        error = ctypes.get_errno()
        raise OSError(error, f"filter system calls: {os.strerror(error)}")
