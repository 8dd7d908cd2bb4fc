"""Work that many bring at once and few threads do: in the order that it came, and one piece at a time of each."""

import asyncio
import threading
from collections import deque
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any, TypeVar
from uuid import UUID

Result = TypeVar("Result")
_Piece = tuple[Future[Any], Callable[[], Any]]


class Turns:
    """Whoever brings much waits for itself: behind each piece that was done, its next one goes to the end of the line.

    So nobody waits for more than one piece of each of the others, however much they bring."""

    def __init__(self, at_once: int, name: str) -> None:
        self._pool = ThreadPoolExecutor(at_once, name)  # it takes what it is given in that order
        self._behind: dict[UUID, deque[_Piece]] = {}
        """Of whoever stands in line: what waits until its piece there is done."""
        self._lock = threading.Lock()

    async def take(self, whose: UUID, act: Callable[[], Result]) -> Result:
        """What `act` returns or raises, once it had its turn; it has none where nobody waits for it any more."""
        future: Future[Result] = Future()
        with self._lock:
            behind = self._behind.get(whose)
            if behind is None:
                self._behind[whose] = deque()
                self._pool.submit(self._do, whose, (future, act))
            else:
                behind.append((future, act))
        return await asyncio.wrap_future(future)

    def _do(self, whose: UUID, piece: _Piece) -> None:
        future, act = piece
        if future.set_running_or_notify_cancel():
            try:
                future.set_result(act())
            except BaseException as fault:  # whoever waits for it hears of it
                future.set_exception(fault)
        self._next(whose)

    def _next(self, whose: UUID) -> None:
        with self._lock:
            behind = self._behind[whose]
            if behind:
                self._pool.submit(self._do, whose, behind.popleft())
            else:
                del self._behind[whose]
