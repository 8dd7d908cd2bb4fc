"""Runs before the program in a bundle: a window that Windows opens without a terminal has streams that lead nowhere,
where it would have none at all, and printing would fail."""

import os
import sys

for name in ("stdout", "stderr"):
    if getattr(sys, name) is None:
        setattr(sys, name, open(os.devnull, "w", encoding="utf-8"))  # noqa: PTH123, SIM115 - as long as the process
