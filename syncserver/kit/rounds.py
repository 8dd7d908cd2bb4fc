"""Work that is done every so often in the background, until the server ends."""

import threading
from collections.abc import Callable

from syncserver.kit.logging import fault_of, log


class Rounds:
    """A thread that calls `step` every `every_s` seconds; what a step raises is logged as `fault`, and the next comes.

    `stopping` is set once no further round begins: a long step may look at it.
    """

    def __init__(self, name: str, every_s: float, step: Callable[[], None], fault: str) -> None:
        self.stopping = threading.Event()
        self._every_s, self._step, self._fault = every_s, step, fault
        self._thread = threading.Thread(target=self._run, name=name, daemon=True)

    def start(self) -> None:
        """The first round comes after `every_s`."""
        self._thread.start()

    def stop(self) -> None:
        """The last round has ended."""
        self.stopping.set()
        self._thread.join()

    def _run(self) -> None:
        while not self.stopping.wait(self._every_s):
            try:
                self._step()
            except Exception as error:  # the loop's edge: what was away may answer again next time
                log.error(self._fault, **fault_of(error))
