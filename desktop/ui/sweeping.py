"""Python's garbage: swept on the window's thread alone, and in parts that nobody notices."""

import gc
from functools import lru_cache

from PySide6.QtCore import QObject, QTimer

_LOOK_MS = 200


class Sweeper(QObject):
    """Sweeps instead of Python from now on, until `stop`.

    Python sweeps on whichever thread happens to make an object: on a worker's that may delete what is Qt's, which only
    the window's may. And to sweep all, it looks at what was loaded for good as well: 90 ms in which the window stands
    still, instead of 10 to 25 for what came since."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        gc.disable()
        self._timer = QTimer(self, interval=_LOOK_MS)
        self._timer.timeout.connect(self.sweep)
        self._timer.start()

    def settle(self) -> None:
        """What was loaded by now stays for good, and is looked at no more. Counts once a process."""
        settle_once()

    def sweep(self) -> None:
        """As much is swept as Python would by now."""
        full = [have > bound for have, bound in zip(gc.get_count(), gc.get_threshold(), strict=True)]
        if full[0]:
            gc.collect(full.index(False) - 1 if False in full else len(full) - 1)

    def stop(self) -> None:
        """Python sweeps by itself."""
        self._timer.stop()
        gc.enable()


@lru_cache(maxsize=1)
def settle_once() -> None:
    """What there is stays for good. Not again: what a window leaves behind is garbage for the next one."""
    gc.freeze()
