"""What a reading process gives up before it sees the first untrusted byte.

A breach of a decoder should find a process without network, without a way into other processes, and without the
means to fill the machine. What a platform does not offer is left out: reading must work there, too.
"""

import ctypes
import os
import sys
from contextlib import suppress
from dataclasses import dataclass

from shared.reading.settings import ReadingSettings

_PR_SET_NO_NEW_PRIVS = 38  # linux/prctl.h
_SET_MODE_FILTER, _ALL_THREADS = 1, 1  # linux/seccomp.h; NumPy has threads of its own by now
_LOAD, _IF_EQUAL, _IF_AT_LEAST, _RETURN = 0x20, 0x15, 0x35, 0x06  # linux/filter.h: words of a packet filter
_NUMBER_AT, _ARCHITECTURE_AT = 0, 4  # offsets in struct seccomp_data, bytes
_KILL, _REFUSE, _ALLOW = 0x80000000, 0x00050000 | 13, 0x7FFF0000  # 13: EACCES
_OTHER_ABI_FROM = 0x40000000  # system calls of x32, which have other numbers


@dataclass(frozen=True, slots=True)
class _Machine:
    """An architecture's name in seccomp_data, the number of seccomp(2) there, and of the calls that are refused."""

    architecture: int
    seccomp: int
    refused: tuple[int, ...]


_IO_URING_SETUP = 425  # opens sockets without calling socket()
_MACHINES = {  # socket, ptrace, process_vm_readv, process_vm_writev
    "x86_64": _Machine(0xC000003E, 317, (41, 101, 310, 311, _IO_URING_SETUP)),
    "aarch64": _Machine(0xC00000B7, 277, (198, 117, 270, 271, _IO_URING_SETUP)),
}


def confine(settings: ReadingSettings) -> None:
    """No core dumps (they hold patients' data), no more memory than allowed, and on Linux no socket, no new
    privilege and no look into another process, for this process, its threads and whatever it starts."""
    if sys.platform == "win32":
        return
    import resource

    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    if sys.platform == "linux":  # macOS refuses to limit address space
        resource.setrlimit(resource.RLIMIT_AS, (settings.memory_bytes, settings.memory_bytes))
        _refuse_calls()


def allow_processor_seconds(seconds: float) -> None:
    """The process is ended (SIGXCPU) once it has worked `seconds` more of processor time, all threads together.

    It is the second watch: the parent's own may be gone, and a thread that never lets go of Python's lock hears
    nothing of that."""
    if sys.platform == "win32":
        return
    import resource

    used = resource.getrusage(resource.RUSAGE_SELF)
    _, hard = resource.getrlimit(resource.RLIMIT_CPU)
    wanted = int(used.ru_utime + used.ru_stime + seconds) + 1
    with suppress(ValueError, OSError):  # somebody's own limit is lower: that one holds
        resource.setrlimit(resource.RLIMIT_CPU, (wanted, hard))


def _refuse_calls() -> None:
    """A seccomp filter rather than an empty network namespace: containers and Ubuntu 24.04 forbid the latter."""
    machine = _MACHINES.get(os.uname().machine) if sys.maxsize > 2**32 else None
    system = ctypes.CDLL(None)
    if system.prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0 or machine is None:
        return
    words = _filter(machine)
    program = _Program(len(words), (_Word * len(words))(*words))
    # A kernel that does not offer it says no, and the process goes on without.
    system.syscall(machine.seccomp, _SET_MODE_FILTER, _ALL_THREADS, ctypes.byref(program))


class _Word(ctypes.Structure):
    """struct sock_filter"""

    _fields_ = (("code", ctypes.c_uint16), ("yes", ctypes.c_uint8), ("no", ctypes.c_uint8), ("k", ctypes.c_uint32))


class _Program(ctypes.Structure):
    """struct sock_fprog"""

    _fields_ = (("length", ctypes.c_uint16), ("words", ctypes.POINTER(_Word)))


def _filter(machine: _Machine) -> list[_Word]:
    """As in the kernel's Documentation/userspace-api/seccomp_filter.rst; jumps count the words that are left out."""
    checks = [(_IF_AT_LEAST, _OTHER_ABI_FROM), *((_IF_EQUAL, number) for number in machine.refused)]
    return [
        _Word(_LOAD, 0, 0, _ARCHITECTURE_AT),
        _Word(_IF_EQUAL, 1, 0, machine.architecture),
        _Word(_RETURN, 0, 0, _KILL),
        _Word(_LOAD, 0, 0, _NUMBER_AT),
        *(_Word(code, len(checks) - place, 0, k) for place, (code, k) in enumerate(checks)),
        _Word(_RETURN, 0, 0, _ALLOW),
        _Word(_RETURN, 0, 0, _REFUSE),
    ]
