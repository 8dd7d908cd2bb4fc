"""The window: the only place that knows Qt."""

import gc

# Before Qt: once that is there, it reads the source of every module that is imported, to see whether it is one of Qt's
# (measured: 0.15 s of the window's start). And without sweeping, now or later: none of it is ever garbage (0.1 s).
gc.disable()
import desktop.services  # noqa: E402, F401

gc.freeze()
gc.enable()
