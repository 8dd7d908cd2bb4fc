"""Slows down who keeps failing, and locks nobody out: a wait that doubles up to a bound, and is forgotten."""

import hashlib
import math
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from syncserver.kit.columns import Base
from syncserver.kit.database import insert_missing
from syncserver.kit.errors import TooManyRequests

_FORGOTTEN_AFTER = timedelta(hours=1)


class Attempts(Base):
    """How often somebody tried lately; `subject` is a hash, so that it names nobody."""

    __tablename__ = "attempts"

    subject: Mapped[str] = mapped_column(primary_key=True)
    count: Mapped[int]
    last_at: Mapped[datetime] = mapped_column(index=True)


@dataclass(frozen=True, slots=True)
class Allowance:
    """`free` attempts cost nothing; then the wait is 1 s, 2 s, 4 s … up to `longest_wait_s`."""

    subject: str
    free: int
    longest_wait_s: int

    @property
    def key(self) -> str:
        return hashlib.sha256(self.subject.encode()).hexdigest()

    def wait_s(self, count: int) -> int:
        """Seconds to wait after the `count`-th attempt."""
        beyond = count - self.free
        return 0 if beyond < 0 else min(2 ** min(beyond, 30), self.longest_wait_s)


def take(session: Session, now: datetime, allowances: tuple[Allowance, ...]) -> None:
    """Counts one attempt against each allowance. Raises TooManyRequests, and counts none, while one says wait.

    Counted before it is known how the attempt ends, so that a thousand at once do not slip through.
    """
    session.execute(delete(Attempts).where(Attempts.last_at < now - _FORGOTTEN_AFTER))
    rows = {allowance: _row(session, allowance, now) for allowance in _in_order(allowances)}
    wait_s = max(_remaining_s(allowance, row, now) for allowance, row in rows.items())
    if wait_s > 0:
        raise TooManyRequests(f"Too many attempts. Try again in {wait_s} s.", retry_after=wait_s)
    for row in rows.values():
        row.count, row.last_at = row.count + 1, now


def _row(session: Session, allowance: Allowance, now: datetime) -> Attempts:
    """The allowance's row, locked until the transaction ends."""
    insert_missing(session, Attempts, subject=allowance.key, count=0, last_at=now)
    return session.get_one(Attempts, allowance.key, with_for_update=True)


def _remaining_s(allowance: Allowance, row: Attempts, now: datetime) -> int:
    """Whole seconds until the next attempt; 0 when none need pass."""
    wait_s = allowance.wait_s(row.count)
    return max(0, math.ceil(wait_s - (now - row.last_at).total_seconds())) if wait_s else 0


def forgive(session: Session, forgotten: tuple[Allowance, ...], given_back: Allowance) -> None:
    """It went well: all attempts counted against `forgotten` are, and one of those against `given_back`."""
    for allowance in _in_order((*forgotten, given_back)):
        if allowance == given_back:
            row = update(Attempts).where(Attempts.subject == allowance.key, Attempts.count > 0)
            session.execute(row.values(count=Attempts.count - 1))
        else:
            session.execute(delete(Attempts).where(Attempts.subject == allowance.key))


def give_back(session: Session, allowance: Allowance) -> None:
    """Everything counted against `allowance` is forgotten: the attempt went well."""
    session.execute(delete(Attempts).where(Attempts.subject == allowance.key))


def _in_order(allowances: tuple[Allowance, ...]) -> list[Allowance]:
    """In one order everywhere, so that two transactions never wait for each other's rows."""
    return sorted(allowances, key=lambda one: one.key)
