"""A bound on how often anybody asks, where the operator sets one (CHARTDROP_RATE_LIMIT); counted by each process."""

import hashlib
import math
import time

from limits import RateLimitItem, parse
from limits.storage import MemoryStorage
from limits.strategies import SlidingWindowCounterRateLimiter
from starlette.requests import Request
from starlette.types import ASGIApp, Receive, Scope, Send

from syncserver.kit.edge import address_of
from syncserver.kit.errors import TooManyRequests
from syncserver.kit.problems import response_to

_BOUNDED = ("/api/", "/console")  # whoever watches over the server is always answered
_CREDENTIALS = ("X-API-Key", "Authorization", "Cookie")


def rate_of(told: str) -> RateLimitItem:
    """`600`, a minute, or `600/minute`, `20/second`, `10000/hour`. Raises ValueError for anything else."""
    return parse(f"{told}/minute" if told.isdecimal() else told)


class RateLimit:
    """Middleware that answers 429 to who asks more often: a key, a session, or else an address."""

    def __init__(self, app: ASGIApp, rate: RateLimitItem) -> None:
        self._app, self._rate = app, rate
        self._window = SlidingWindowCounterRateLimiter(MemoryStorage())

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and scope["path"].startswith(_BOUNDED):
            who = await _who(Request(scope))
            if not self._window.hit(self._rate, who):
                wait_s = max(1, math.ceil(self._window.get_window_stats(self._rate, who).reset_time - time.time()))
                error = TooManyRequests(f"More than {self._rate} came from you. Try again in {wait_s} s.", wait_s)
                await response_to(error)(scope, receive, send)
                return
        await self._app(scope, receive, send)


async def _who(request: Request) -> str:
    """Of a secret its digest alone."""
    given = next((request.headers[name] for name in _CREDENTIALS if name in request.headers), "")
    return hashlib.sha256(given.encode()).hexdigest() if given else await address_of(request)
