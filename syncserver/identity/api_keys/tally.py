"""Counts the uses of API keys, and writes them once a second: a key that is used often is no row that all wait for."""

import threading
from dataclasses import dataclass, field
from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import Depends, Request

from syncserver.identity.api_keys import repository
from syncserver.kit.database import Database
from syncserver.kit.logging import fault_of, log
from syncserver.kit.rounds import Rounds

_EVERY_S = 1.0
_NOT_WRITTEN = "key_uses_not_written"


@dataclass(slots=True)
class _Uses:
    calls: int
    last_at: datetime


@dataclass(slots=True)
class Tally:
    """A thread that writes what was counted; a process that is killed loses a second's counts, and no more."""

    database: Database
    _uses: dict[UUID, _Uses] = field(init=False, default_factory=dict)
    _lock: threading.Lock = field(init=False, default_factory=threading.Lock)
    _writing: threading.Lock = field(init=False, default_factory=threading.Lock)
    _rounds: Rounds = field(init=False)

    def __post_init__(self) -> None:
        self._rounds = Rounds("key-tally", _EVERY_S, self.write, fault=_NOT_WRITTEN)

    def start(self) -> None:
        """What is counted is written from now on."""
        self._rounds.start()

    def stop(self) -> None:
        """All that was counted is written."""
        self._rounds.stop()
        self.write()

    def count(self, key_id: UUID, now: datetime) -> None:
        """The key was used once more."""
        with self._lock:
            calls = self._uses[key_id].calls if key_id in self._uses else 0
            self._uses[key_id] = _Uses(calls + 1, now)

    def write(self) -> None:
        """What was counted so far stands in the database; if that fails, it is kept for the next time."""
        with self._writing:  # whoever asks while another writes finds it written
            with self._lock:
                uses, self._uses = self._uses, {}
            try:
                self._store(uses)
            except Exception as error:  # the loop's edge: counts must stop nobody's request
                log.error(_NOT_WRITTEN, **fault_of(error))
                self._put_back(uses)

    def _store(self, uses: dict[UUID, _Uses]) -> None:
        if uses:
            with self.database.writing() as session:
                for key_id in sorted(uses):  # one order of locks for all processes
                    repository.count(session, key_id, uses[key_id].calls, uses[key_id].last_at)

    def _put_back(self, uses: dict[UUID, _Uses]) -> None:
        with self._lock:
            for key_id, later in self._uses.items():
                earlier = uses[key_id].calls if key_id in uses else 0
                uses[key_id] = _Uses(earlier + later.calls, later.last_at)
            self._uses = uses


async def tally_of(request: Request) -> Tally:
    """The server's tally of key uses."""
    tally: Tally = request.app.state.key_tally
    return tally


TheTally = Annotated[Tally, Depends(tally_of)]
