"""The machine itself: its processor, its memory, its disk."""

import ctypes
import os
import platform
import shutil
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path

from shared.doctor.finding import Finding

_GIGABYTE = 1_000_000_000
_LEAST_MEMORY, _GOOD_MEMORY = 1.5 * _GIGABYTE, 3.5 * _GIGABYTE  # a reading process holds 0.75 GB, the window 0.3
_LEAST_DISK, _GOOD_DISK = 0.2 * _GIGABYTE, 2 * _GIGABYTE  # an encrypted page takes 0.2 MB
_WINDOWS_FEATURES = {38: "sse4_2", 40: "avx2"}  # PF_… of winnt.h
_NEEDED, _FAST = "sse4_2", "avx2"  # NumPy is built for x86-64-v2; ONNX Runtime has slower ways without AVX2


def processor() -> Iterable[Finding]:
    """Whether it knows the instructions that the reader is built of."""
    machine = platform.machine() or "unknown"
    if machine.lower() not in {"x86_64", "amd64"}:
        yield Finding("processor", "well", f"{machine}, {os.cpu_count()} threads.")
        return
    known = _features()
    if known and _NEEDED not in known:
        remedy = "Use a machine from 2011 or later."
        yield Finding("processor", "fault", "It lacks SSE4.2: reading would end with an illegal instruction.", remedy)
    elif known and _FAST not in known:
        remedy = "In a virtual machine, have the host's processor passed through."
        yield Finding("processor", "warning", "It lacks AVX2: pages are read more slowly.", remedy)
    else:
        yield Finding("processor", "well", f"{machine} with AVX2, {os.cpu_count()} threads.")


def memory() -> Iterable[Finding]:
    """Whether there is enough of it to read pages."""
    total = _memory_bytes()
    if total is None:
        yield Finding("memory", "well", "This system does not say how much there is.")
        return
    words = f"{total / _GIGABYTE:.1f} GB."
    if total < _LEAST_MEMORY:
        yield Finding("memory", "fault", words, "Reading needs a machine with 2 GB or more.")
    elif total < _GOOD_MEMORY:
        yield Finding("memory", "warning", words, "One document is read at a time; 4 GB or more are better.")
    else:
        yield Finding("memory", "well", words)


def disk(folder: Path) -> Iterable[Finding]:
    """Whether the disk of `folder`, which need not be there yet, has room."""
    there = next(place for place in (folder, *folder.parents) if place.exists())
    free = shutil.disk_usage(there).free
    words = f"{free / _GIGABYTE:.1f} GB free where {folder} is."
    if free < _LEAST_DISK:
        yield Finding("disk", "fault", words, "Make room: nothing is taken in when the disk is full.")
    elif free < _GOOD_DISK:
        yield Finding("disk", "warning", words, "Make room before it is full.")
    else:
        yield Finding("disk", "well", words)


def _features() -> frozenset[str]:
    """Of an x86-64 processor, in Linux' words; empty where the system does not say."""
    if sys.platform == "linux":
        lines = Path("/proc/cpuinfo").read_text("ascii", errors="replace").splitlines()
        flags = next((line for line in lines if line.startswith("flags")), "")
        return frozenset(flags.partition(":")[2].split())
    if sys.platform == "win32":
        present = ctypes.windll.kernel32.IsProcessorFeaturePresent
        return frozenset(name for number, name in _WINDOWS_FEATURES.items() if present(number))
    asked = subprocess.run(
        ["/usr/sbin/sysctl", "-n", "machdep.cpu.features", "machdep.cpu.leaf7_features"],
        capture_output=True,
        text=True,
        check=False,
    )
    return frozenset(asked.stdout.lower().replace("sse4.2", "sse4_2").split())


def _memory_bytes() -> int | None:
    try:
        return os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    except (AttributeError, ValueError, OSError):  # Windows
        return None
