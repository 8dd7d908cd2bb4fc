"""Which life of the store this is: a restored one is another than the one that its backup was taken of."""

from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy import Connection, delete, insert, select

from desktop.vault.schema import store
from shared.clock import to_rfc3339


def epoch(connection: Connection) -> UUID | None:
    """The id of this life of the store; None before `begin_epoch`."""
    found = connection.execute(select(store.c.epoch)).scalar()
    return UUID(found) if found else None


def begin_epoch(connection: Connection, at: datetime) -> UUID:
    """Another life of the store begins; whoever knew it by its last epoch (a server) can tell."""
    new = uuid4()
    connection.execute(delete(store))
    connection.execute(insert(store).values(id=1, epoch=str(new), begun_at=to_rfc3339(at)))
    return new
