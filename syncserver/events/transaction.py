"""One transaction of one request: what changes, its audit entry and its outbox row commit together, or none does."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Annotated, Protocol
from uuid import UUID

from fastapi import Depends, Request
from sqlalchemy.orm import Session

from shared.clock import Clock
from syncserver.kit.database import Database
from syncserver.kit.edge import tenant_of
from syncserver.kit.tenancy import TenantOf

Detail = str | int | bool
SERVER = "server"
"""The actor of what the server does by itself."""
ANNOUNCED = "announced"
"""Set in `Session.info` of a transaction that holds an event: its commit wakes the relay."""


@dataclass(frozen=True, slots=True)
class Act:
    """Who did what on what, in identifiers and counts; nothing about a patient.

    `actor` is `user:ID`, `api-key:ID`, `device:ID`, `operator`, `stripe` or `server`; `action` is `noun.verb`;
    `subject` an identifier.
    """

    organization_id: UUID
    actor: str
    action: str
    subject: str
    details: Mapping[str, Detail] = field(default_factory=dict)


class Witness(Protocol):
    """Writes acts into the audit logs of their organizations, within the caller's transaction."""

    def __call__(self, session: Session, acts: Sequence[Act], now: datetime) -> None: ...


@dataclass(frozen=True, slots=True)
class Transaction:
    """A session that may write, the moment it began, and the witness of what is done in it."""

    session: Session
    now: datetime
    witness: Witness

    def record(self, *acts: Act) -> None:
        """They stand in the audit log, in this order, once this transaction commits."""
        self.witness(self.session, acts, self.now)


class Begin(Protocol):
    """Begins a transaction: for what must stay although the request is refused (a failed sign-in, a reused token)."""

    def __call__(self, tenant_of: TenantOf | None = None) -> AbstractContextManager[Transaction]: ...


def beginner(database: Database, clock: Clock, witness: Witness, wake_relay: Callable[[], None]) -> Begin:
    """What begins transactions over `database`; after one that announced something, the relay is woken."""

    @contextmanager
    def begin(tenant_of: TenantOf | None = None) -> Iterator[Transaction]:
        with database.writing(tenant_of) as session:
            yield Transaction(session, clock(), witness)
        if session.info.get(ANNOUNCED):
            wake_relay()

    return begin


async def _begin(request: Request) -> Begin:
    begin: Begin = request.app.state.begin
    return begin


BeginTransaction = Annotated[Begin, Depends(_begin)]


def _writing(request: Request, begin: BeginTransaction) -> Iterator[Transaction]:
    with begin(tenant_of(request)) as transaction:
        yield transaction


def _writing_all(begin: BeginTransaction) -> Iterator[Transaction]:
    with begin() as transaction:
        yield transaction


WriteTransaction = Annotated[Transaction, Depends(_writing, scope="function")]
"""Of the organization that asks. Committed before the answer is sent, rolled back when the endpoint raises."""
ServerTransaction = Annotated[Transaction, Depends(_writing_all, scope="function")]
"""The same over every organization: before it is known who asks, and for the operator."""
