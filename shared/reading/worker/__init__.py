"""Reading in a process of its own: `process.py` is the parent's side, `child.py` the other."""

from shared.reading.worker.process import PageDone, ReadingCancelled, ReadingProcess

__all__ = ["PageDone", "ReadingCancelled", "ReadingProcess"]
