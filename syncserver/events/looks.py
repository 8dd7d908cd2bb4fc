"""Looks: acts that change nothing, and stand in the audit log before who looks gets an answer.

Each alone would be a transaction with a lock on the organization's log; those that come while one is being committed
are committed together next (a group commit, as databases do it).
"""

import threading
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends, Request

from syncserver.events.transaction import Act, Begin


@dataclass(slots=True)
class _Waiting:
    act: Act
    is_settled: bool = False
    fault: Exception | None = None


class Looks:
    """Writes looks of all requests of this process, many at a time."""

    def __init__(self, begin: Begin) -> None:
        self._begin = begin
        self._queue: list[_Waiting] = []
        self._queued, self._writing = threading.Lock(), threading.Lock()

    def record(self, act: Act) -> None:
        """`act` stands in the audit log, committed. Raises what kept it from there."""
        own = _Waiting(act)
        with self._queued:
            self._queue.append(own)
        with self._writing:  # whoever gets here first writes for all that came meanwhile
            if not own.is_settled:
                self._write_all()
        if own.fault:
            raise own.fault

    def _write_all(self) -> None:
        with self._queued:
            batch, self._queue = self._queue, []
        try:
            self._commit([one.act for one in batch])
        except Exception:  # one of them may be to blame: each gets its own answer
            for one in batch:
                self._write_alone(one)
        for one in batch:
            one.is_settled = True

    def _write_alone(self, one: _Waiting) -> None:
        try:
            self._commit([one.act])
        except Exception as fault:
            one.fault = fault

    def _commit(self, acts: Sequence[Act]) -> None:
        with self._begin() as transaction:
            transaction.record(*acts)


async def _looks_of(request: Request) -> Looks:
    looks: Looks = request.app.state.looks
    return looks


TheLooks = Annotated[Looks, Depends(_looks_of)]
