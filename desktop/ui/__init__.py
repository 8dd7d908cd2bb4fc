"""The window: the only place that knows Qt."""

# Before Qt: once that is there, it reads the source of every module that is imported, to see whether it is one of Qt's
# (measured: 0.15 s of the window's start).
import desktop.services  # noqa: F401
