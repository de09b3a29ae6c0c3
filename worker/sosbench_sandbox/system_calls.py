"""System calls that nothing graded here needs."""

from __future__ import annotations

import ctypes
import os

PR_SET_SECCOMP, SECCOMP_MODE_FILTER = 22, 2
ALLOW, NOT_IMPLEMENTED, NO_SUCH_FAMILY = 0x7FFF0000, 0x00050000 | 38, 0x00050000 | 97
LOAD, AND, IS, AT_LEAST, RETURN = 0x20, 0x54, 0x15, 0x35, 0x06
NUMBER, ARCHITECTURE, FIRST_ARGUMENT, SECOND_ARGUMENT, FOURTH_ARGUMENT = 0, 4, 16, 24, 40
X32 = 0x40000000
MAP_SHARED_ANONYMOUS = 0x21
AF_UNIX = 1
KEYCTL_JOIN_SESSION_KEYRING = 1
# The same everywhere: io_uring's three, which do what other calls do past this filter.
IO_URING = {"io_uring_setup": 425, "io_uring_enter": 426, "io_uring_register": 427}
# Memory that is counted for no process.
HIDDEN_MEMORY_X86 = {"memfd_create": 319, "memfd_secret": 447, "shmget": 29, "msgget": 68, "semget": 64, "mq_open": 240}
HIDDEN_MEMORY_ARM = {"memfd_create": 279, "memfd_secret": 447, "shmget": 194, "msgget": 186, "semget": 190, "mq_open": 180}
# Keys belong to whoever started us; a fault that a process handles itself holds the kernel up at any place.
KEYS_X86 = {"add_key": 248, "request_key": 249, "keyctl": 250, "userfaultfd": 323}
KEYS_ARM = {"add_key": 217, "request_key": 218, "keyctl": 219, "userfaultfd": 282}

# Which parts of files all sandboxes see are in the machine's memory: one could leave that for another to read, after its own end.
SHARED_MEMORY_OF_FILES = {"cachestat": 451}
SHARED_MEMORY_X86 = {"mincore": 27, "fadvise64": 221, "preadv2": 327}
SHARED_MEMORY_ARM = {"mincore": 232, "fadvise64": 223, "preadv2": 286}

# With another process's number as their first argument, or their second: no permission but the same user is needed to slow down or
# starve whoever grades, and so the answers after.
OF_OTHERS_X86 = {"sched_setaffinity": 203, "sched_setscheduler": 144, "sched_setparam": 142, "sched_setattr": 314, "prlimit64": 302}
OF_OTHERS_ARM = {"sched_setaffinity": 122, "sched_setscheduler": 119, "sched_setparam": 118, "sched_setattr": 274, "prlimit64": 261}

REFUSED_X86 = {**HIDDEN_MEMORY_X86, **KEYS_X86, **IO_URING, **SHARED_MEMORY_OF_FILES, **SHARED_MEMORY_X86}
REFUSED_ARM = {**HIDDEN_MEMORY_ARM, **KEYS_ARM, **IO_URING, **SHARED_MEMORY_OF_FILES, **SHARED_MEMORY_ARM}


class Machine:
    """The numbers of one architecture."""

    def __init__(
        self,
        name: int,
        refused: dict[str, int],
        of_others: dict[str, int],
        priorities: tuple[int, int],
        sockets: tuple[int, int],
        mmap: int,
    ) -> None:
        self.name = name  # as the kernel has it
        self.refused = refused
        self.of_others = of_others
        self.priorities = priorities  # setpriority, ioprio_set
        self.sockets = sockets  # socket, socketpair
        self.mmap = mmap


MACHINES = {
    "x86_64": Machine(
        0xC000003E, REFUSED_X86, OF_OTHERS_X86, (141, 251), (41, 53), 9
    ),
    "aarch64": Machine(
        0xC00000B7, REFUSED_ARM, OF_OTHERS_ARM, (140, 30), (198, 199), 222
    ),
}


class Step(ctypes.Structure):
    _fields_ = (("code", ctypes.c_uint16), ("yes", ctypes.c_uint8), ("no", ctypes.c_uint8), ("value", ctypes.c_uint32))


class Program(ctypes.Structure):
    _fields_ = (("length", ctypes.c_uint16), ("steps", ctypes.POINTER(Step)))


def machine() -> Machine:
    found = MACHINES.get(os.uname().machine)
    if found is None:
        raise OSError(f"no list of system calls for {os.uname().machine}")
    return found


def join_new_keyring() -> bool:
    """Leaves the session keyring of whoever started us for an empty one. False where the kernel does not let us."""
    libc = ctypes.CDLL(None, use_errno=True)
    return libc.syscall(machine().refused["keyctl"], KEYCTL_JOIN_SESSION_KEYRING, None) >= 0


def deny_calls() -> None:
    """From now on, for this process and all it starts, there are no keys, no io_uring, no userfaultfd, no memory that is
    counted for no process, no look at what is in memory of files, no sockets but those of this machine's files, no say in
    what other processes may use, and no calls in the numbers of another machine.

    Needs no privilege but that new ones are given up. Raises OSError where the kernel or the machine does not allow it.
    """
    here = machine()
    # Code, value, and where to go on when it is so and when not: a name of `ends`, or None for the next.
    wanted = [
        (LOAD, ARCHITECTURE, None, None),
        # Programs for another one have other numbers.
        (IS, here.name, None, "refuse"),
        (LOAD, NUMBER, None, None),
        (AT_LEAST, X32, "refuse", None),
        *((IS, number, "refuse", None) for number in here.refused.values()),
        *((IS, number, "family", None) for number in here.sockets),
        *((IS, number, "first", None) for number in here.of_others.values()),
        *((IS, number, "second", None) for number in here.priorities),
        (IS, here.mmap, None, "allow"),
        (LOAD, FOURTH_ARGUMENT, None, None),
        (AND, MAP_SHARED_ANONYMOUS, None, None),
        (IS, MAP_SHARED_ANONYMOUS, "refuse", "allow"),
        # The kernel reads these 32 bits of it.
        (LOAD, FIRST_ARGUMENT, None, None),
        (IS, AF_UNIX, "allow", "no family"),
        (LOAD, FIRST_ARGUMENT, None, None),
        (IS, 0, "allow", "refuse"),
        (LOAD, SECOND_ARGUMENT, None, None),
        (IS, 0, "allow", "refuse"),
    ]
    length = len(wanted)
    ends = {"family": length - 6, "first": length - 4, "second": length - 2}
    ends |= {"allow": length, "refuse": length + 1, "no family": length + 2}
    steps = [
        Step(code, *(0 if end is None else ends[end] - index - 1 for end in (yes, no)), value)
        for index, (code, value, yes, no) in enumerate(wanted)
    ]
    steps += [Step(RETURN, 0, 0, value) for value in (ALLOW, NOT_IMPLEMENTED, NO_SUCH_FAMILY)]
    program = Program(len(steps), (Step * len(steps))(*steps))
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, ctypes.byref(program), 0, 0) != 0:
        error = ctypes.get_errno()
        raise OSError(error, f"filter system calls: {os.strerror(error)}")
