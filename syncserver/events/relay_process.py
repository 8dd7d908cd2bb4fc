"""The relay in a process of its own: what follows from events is work for a processor, and threads share only one."""

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import IO, cast

from shared.clock import Clock
from syncserver.events.relay import Relay, RelayStuck, check_delivered
from syncserver.kit.database import Database
from syncserver.kit.logging import log

_PAUSE_BEFORE_NEXT_S = 1.0
_ENDS_WITHIN_S = 30.0  # what it is in the middle of takes a second
_SIGNALS = (signal.SIGINT, signal.SIGTERM)


@dataclass(slots=True)
class RelayProcess:
    """Starts `command`, wakes it by a byte on its standard input, and starts it anew where it ended by itself."""

    command: Sequence[str]
    environment: Mapping[str, str]
    database: Database
    clock: Clock
    _process: "subprocess.Popen[bytes] | None" = field(init=False, default=None)
    _stopping: threading.Event = field(init=False, default_factory=threading.Event)
    _begins: threading.Lock = field(init=False, default_factory=threading.Lock)
    """Held while a process begins: none does after `stop`, which would wait for it forever."""
    _keeper: threading.Thread = field(init=False)

    def __post_init__(self) -> None:
        self._keeper = threading.Thread(target=self._keep, name="relay-keeper", daemon=True)

    def start(self) -> None:
        """Delivery begins."""
        self._begin()
        self._keeper.start()

    def stop(self) -> None:
        """Delivery has ended, not in the middle of an event."""
        with self._begins:
            self._stopping.set()
        if process := self._process:
            _input(process).close()
            try:
                process.wait(_ENDS_WITHIN_S)
            except subprocess.TimeoutExpired:
                process.kill()
        self._keeper.join()

    def wake(self) -> None:
        """Delivery goes on at once."""
        if process := self._process:
            with suppress(OSError, ValueError):  # it ended, and its successor looks by itself; a full pipe has woken it
                _input(process).write(b"\n")

    def check(self) -> None:
        """Raises RelayStuck unless the process runs and no event has waited longer than a minute."""
        check_delivered(self.database, self.clock)
        if self._process is None or self._process.poll() is not None:
            raise RelayStuck("The event relay does not run.")

    def _keep(self) -> None:
        while process := self._process:
            code = process.wait()
            if self._stopping.is_set():
                return
            log.error("relay_ended", code=code)
            self._stopping.wait(_PAUSE_BEFORE_NEXT_S)
            with suppress(OSError):  # the machine has no room for it now: told and tried again
                self._begin()

    def _begin(self) -> None:
        with self._begins:
            if not self._stopping.is_set():
                self._process = subprocess.Popen(  # noqa: S603 - our own program
                    self.command, env=self.environment, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, bufsize=0
                )
                os.set_blocking(_input(self._process).fileno(), False)  # nobody who wakes it waits for it


def follow(relay: Relay) -> None:
    """`relay` delivers until standard input ends, which it does with the server; a byte there wakes it.

    Signals are the server's affair: those to end reach both of them, and the server may have something to hand over.
    """
    for one in _SIGNALS:
        signal.signal(one, signal.SIG_IGN)
    relay.start()
    while os.read(sys.stdin.fileno(), 4096):
        relay.wake()
    relay.stop()


def _input(process: "subprocess.Popen[bytes]") -> IO[bytes]:
    return cast("IO[bytes]", process.stdin)
