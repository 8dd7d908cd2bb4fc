"""Whether the organization revoked this device: then nobody works in the store until it is let in again."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import Connection, delete, select
from sqlalchemy.dialects.sqlite import insert

from desktop.errors import StoreRevoked
from desktop.vault.schema import revocation
from shared.clock import from_rfc3339, to_rfc3339

NOTHING_OPENS = (
    "What was synced before is safe on the server; what is here cannot be opened any more, by anybody. To use "
    "Chartdrop here again, move its data directory away and begin anew."
)


@dataclass(frozen=True, slots=True)
class Revoked:
    """Which organization revoked this device, under which key (hexadecimal) its server signed that."""

    organization_id: UUID
    organization_name: str
    server_key: str
    revoked_at: datetime
    destroys_keys: bool

    @property
    def sentence(self) -> str:
        """What happened, what is safe, and what to do."""
        begin = f"{self.organization_name} revoked this device on {self.revoked_at.date()}"
        if self.destroys_keys:
            return f"{begin} and had it destroy the keys of its store. {NOTHING_OPENS}"
        return (
            f"{begin}, and it locked itself. What it "
            "holds stays encrypted here, also what was not sent yet. To go on, ask an administrator there for an "
            "enrolment code, then: chartdrop connect URL"
        )


def note(connection: Connection, revoked: Revoked) -> bool:
    """The device is locked; False where it was so already, in the same words."""
    if held(connection) == revoked:
        return False
    values = {
        "organization_id": str(revoked.organization_id),
        "organization_name": revoked.organization_name,
        "server_key": revoked.server_key,
        "revoked_at": to_rfc3339(revoked.revoked_at),
        "destroys_keys": int(revoked.destroys_keys),
    }
    statement = insert(revocation).values(id=1, **values)
    connection.execute(statement.on_conflict_do_update(index_elements=["id"], set_=values))
    return True


def held(connection: Connection) -> Revoked | None:
    """Who revoked this device; None where nobody did, or it was let in again."""
    row = connection.execute(select(revocation)).one_or_none()
    if row is None:
        return None
    return Revoked(
        UUID(row.organization_id),
        row.organization_name,
        row.server_key,
        from_rfc3339(row.revoked_at),
        bool(row.destroys_keys),
    )


def check(connection: Connection) -> None:
    """Raises StoreRevoked where this device is."""
    if revoked := held(connection):
        raise StoreRevoked(revoked.sentence)


def lift(connection: Connection) -> None:
    """The organization let the device in again."""
    connection.execute(delete(revocation))
