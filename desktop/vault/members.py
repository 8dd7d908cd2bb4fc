"""Who belongs to the organization, as its server said last; a manager admits some of them to work at this device."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, Row, delete, select
from sqlalchemy.dialects.sqlite import insert

from desktop.vault.people import Role, name_key
from desktop.vault.schema import members
from shared.wire.v1.pull import Change, PersonState

_ROLES = {"owner": Role.MANAGER, "admin": Role.MANAGER, "member": Role.REVIEWER}  # and of every other: a viewer


@dataclass(frozen=True, slots=True)
class Member:
    """Somebody who belongs to the organization; `role` is what they are here for, once they are admitted."""

    id: UUID
    name: str
    role: Role
    is_active: bool


def put(connection: Connection, epoch: UUID, change: Change, state: PersonState) -> Member | None:
    """The person is so; None where a change of them that came later is known already."""
    known = select(members.c.revision).where(members.c.id == change.entity_id, members.c.epoch == str(epoch))
    if (connection.execute(known).scalar() or 0) >= change.revision:
        return None
    values = {
        "name": state.name,
        "role": state.role,
        "is_active": int(state.is_active),
        "epoch": str(epoch),
        "revision": change.revision,
    }
    statement = insert(members).values(id=change.entity_id, **values)
    connection.execute(statement.on_conflict_do_update(index_elements=["id"], set_=values))
    return get(connection, UUID(change.entity_id))


def get(connection: Connection, member_id: UUID) -> Member | None:
    """The person, active or not; None of one who does not belong to the organization."""
    row = connection.execute(select(members).where(members.c.id == str(member_id))).one_or_none()
    return _member(row) if row else None


def listing(connection: Connection) -> tuple[Member, ...]:
    """Everybody who belongs to the organization and is active, by name."""
    rows = connection.execute(select(members).where(members.c.is_active == 1))
    return tuple(sorted(map(_member, rows), key=lambda one: (name_key(one.name), one.id)))


def find(connection: Connection, name: str) -> Sequence[Member]:
    """Those of `listing` who are called `name`, or whose id that is."""
    return [one for one in listing(connection) if name_key(name) in (name_key(one.name), str(one.id))]


def remove_older(connection: Connection, epoch: UUID | None) -> list[UUID]:
    """People of other lives of the feed are gone, whose ids these are; of all of them with None."""
    of_others = members.c.epoch != (str(epoch) if epoch else "")
    return [UUID(one) for one in connection.execute(delete(members).where(of_others).returning(members.c.id)).scalars()]


def clear(connection: Connection) -> None:
    """Nobody is known to belong to an organization."""
    connection.execute(delete(members))


def _member(row: Row[Any]) -> Member:
    return Member(UUID(row.id), row.name, _ROLES.get(row.role, Role.VIEWER), bool(row.is_active))
