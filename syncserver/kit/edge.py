"""The edge of a request: one transaction, committed before the answer is sent."""

from collections.abc import Iterator
from typing import Annotated

from fastapi import Depends, Request
from sqlalchemy.orm import Session

from shared.clock import Clock
from syncserver.kit.database import Database
from syncserver.kit.secret import ServerKeys


def database_of(request: Request) -> Database:
    """The server's database."""
    database: Database = request.app.state.database
    return database


def clock_of(request: Request) -> Clock:
    """The server's clock."""
    clock: Clock = request.app.state.clock
    return clock


def keys_of(request: Request) -> ServerKeys:
    """The server's keys."""
    keys: ServerKeys = request.app.state.keys
    return keys


def address_of(request: Request) -> str:
    """Where the request comes from."""
    return request.client.host if request.client else "unknown"


def _reading(database: Annotated[Database, Depends(database_of)]) -> Iterator[Session]:
    with database.reading() as session:
        yield session


TheDatabase = Annotated[Database, Depends(database_of)]
TheClock = Annotated[Clock, Depends(clock_of)]
TheKeys = Annotated[ServerKeys, Depends(keys_of)]
Address = Annotated[str, Depends(address_of)]
ReadSession = Annotated[Session, Depends(_reading, scope="function")]
"""A transaction that only reads; it ends before the answer is sent."""
