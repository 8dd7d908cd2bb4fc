"""What Qt's bindings get wrong, and what keeps the window alive all the same."""

import ctypes
import sys

_MORE = 1 << 48  # references: more than a window can take in a lifetime of calls, and far from the counter's end


def keep_none_alive() -> None:
    """None outlives the window.

    With PySide6 6.12 every call that returns nothing costs None a reference: its wheels count on an immortal None
    (PEP 683), which Python has from 3.12 on. Under 3.11 a window would end after minutes of work with "Fatal Python
    error: none_dealloc" (measured: 1,000 calls, 1,000 references)."""
    if sys.version_info < (3, 12) and sys.implementation.name == "cpython":
        ctypes.c_ssize_t.from_address(id(None)).value += _MORE
