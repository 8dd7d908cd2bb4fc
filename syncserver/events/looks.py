"""Looks: acts that change nothing, and stand in the audit log before who looks gets an answer.

Each alone would be a transaction with a lock on the organization's log; those that come while one is being committed
are committed together next (a group commit, as databases do it), and where some came meanwhile, a little is waited for
more: on a busy server that halves what a look costs.
"""

import asyncio
import threading
import time
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends, Request

from syncserver.events.transaction import Act, Begin

_GATHERING_S = 0.01


@dataclass(frozen=True, slots=True)
class _Waiting:
    act: Act
    settled: asyncio.Future[None]

    def settle(self, fault: Exception | None) -> None:
        """Whoever waits goes on, or hears of `fault`. From any thread."""
        with suppress(RuntimeError):  # its event loop has ended: nobody waits any more
            self.settled.get_loop().call_soon_threadsafe(self._settle, fault)

    def _settle(self, fault: Exception | None) -> None:
        if self.settled.cancelled():
            return
        if fault:
            self.settled.set_exception(fault)
        else:
            self.settled.set_result(None)


class Looks:
    """Writes looks of all requests of this process, many at a time; no thread waits but the one that writes."""

    def __init__(self, begin: Begin) -> None:
        self._begin = begin
        self._queue: list[_Waiting] = []
        self._is_writing = False
        self._lock = threading.Lock()

    async def record(self, act: Act) -> None:
        """`act` stands in the audit log, committed. Raises what kept it from there."""
        loop = asyncio.get_running_loop()
        own = _Waiting(act, loop.create_future())
        with self._lock:
            self._queue.append(own)
            is_first, self._is_writing = not self._is_writing, True
        if is_first:
            loop.run_in_executor(None, self._write_all)
        await own.settled

    def _write_all(self) -> None:
        while batch := self._next_batch():
            try:
                self._commit([one.act for one in batch])
            except Exception:  # one of them may be to blame: each gets its own answer
                for one in batch:
                    one.settle(self._fault_of(one.act))
            else:
                for one in batch:
                    one.settle(None)
            if self._queue:  # nobody who looks alone waits
                time.sleep(_GATHERING_S)

    def _next_batch(self) -> list[_Waiting]:
        with self._lock:
            batch, self._queue = self._queue, []
            self._is_writing = bool(batch)
        return batch

    def _fault_of(self, act: Act) -> Exception | None:
        """What keeps the look from the log, alone."""
        try:
            self._commit([act])
        except Exception as fault:
            return fault
        return None

    def _commit(self, acts: Sequence[Act]) -> None:
        with self._begin() as transaction:
            transaction.record(*acts)


async def _looks_of(request: Request) -> Looks:
    looks: Looks = request.app.state.looks
    return looks


TheLooks = Annotated[Looks, Depends(_looks_of)]
