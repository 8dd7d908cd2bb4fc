"""Runs before the program in a bundle: what it starts (poppler, a browser) finds the system's libraries.

The bootloader points the loader at the bundle's own libraries. This process has read that by now, and its reading
process has a bootloader of its own; a program of the system would crash on them."""

import os

if "LD_LIBRARY_PATH_ORIG" in os.environ:
    os.environ["LD_LIBRARY_PATH"] = os.environ.pop("LD_LIBRARY_PATH_ORIG")
else:
    os.environ.pop("LD_LIBRARY_PATH", None)
