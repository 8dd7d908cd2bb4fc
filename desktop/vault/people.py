"""People who share this device: names, roles, hashed PINs. Who was removed stays, for the audit chain's sake."""

import unicodedata
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, Row, Select, Update, delete, func, insert, select, update
from sqlalchemy.dialects.sqlite import insert as upsert

from desktop.vault.schema import people, recovery, vain_tries
from shared.clock import from_rfc3339, to_rfc3339


class Role(StrEnum):
    """What somebody is here for; `desktop.people.roles` says what each may do."""

    VIEWER = "viewer"
    REVIEWER = "reviewer"
    MANAGER = "manager"


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who works at this device."""

    id: UUID
    name: str
    role: Role
    added_at: datetime

    @property
    def actor(self) -> str:
        """Who it is in the audit chain: an id, never a name."""
        return f"person:{self.id}"


@dataclass(frozen=True, slots=True)
class VainTries:
    """Wrong entries in a row, and when the last was, in seconds of `shared.clock.steady_clock`."""

    count: int
    last_at: float


def add(connection: Connection, person: Person, secret: str) -> None:
    """`person` works here from now on; `secret` is the hash of their PIN."""
    connection.execute(
        insert(people).values(
            id=str(person.id),
            name=person.name,
            name_key=name_key(person.name),
            role=person.role,
            secret=secret,
            added_at=to_rfc3339(person.added_at),
        )
    )


def listing(connection: Connection) -> tuple[Person, ...]:
    """Everybody who works here now, by name."""
    rows = connection.execute(select(people).where(people.c.removed_at.is_(None)).order_by(people.c.name_key))
    return tuple(_person(row) for row in rows)


def every_name(connection: Connection) -> dict[str, str]:
    """What everybody is called who ever worked here, by their ids."""
    return {row.id: row.name for row in connection.execute(select(people.c.id, people.c.name))}


def is_shared(connection: Connection) -> bool:
    """Whether people are known by name here; where none are, whoever has the store open is the operator."""
    return bool(connection.execute(select(func.count()).select_from(people)).scalar())


def get(connection: Connection, person_id: UUID) -> Person | None:
    """The person, as long as they work here."""
    row = connection.execute(_working().where(people.c.id == str(person_id))).one_or_none()
    return _person(row) if row else None


def find(connection: Connection, name: str) -> Person | None:
    """Who is called `name`, however it is capitalised and spaced."""
    row = connection.execute(_working().where(people.c.name_key == name_key(name))).one_or_none()
    return _person(row) if row else None


def secret_of(connection: Connection, person_id: UUID) -> str:
    """The hash of their PIN."""
    return str(connection.execute(select(people.c.secret).where(people.c.id == str(person_id))).scalar_one())


def set_secret(connection: Connection, person_id: UUID, secret: str) -> None:
    """Their PIN is the one that `secret` was made of."""
    connection.execute(_change(person_id).values(secret=secret))


def admit(connection: Connection, person: Person, secret: str) -> None:
    """`person` works here from now on, perhaps again under the id that they had before."""
    connection.execute(delete(people).where(people.c.id == str(person.id), people.c.removed_at.is_not(None)))
    add(connection, person, secret)


def rename(connection: Connection, person_id: UUID, name: str) -> None:
    """They are called `name`, unless somebody else here is."""
    if find(connection, name) is None:
        connection.execute(_change(person_id).values(name=name, name_key=name_key(name)))


def set_role(connection: Connection, person_id: UUID, role: Role) -> None:
    """They have `role`."""
    connection.execute(_change(person_id).values(role=role))


def remove(connection: Connection, person_id: UUID, at: datetime) -> None:
    """They do not work here any more."""
    connection.execute(_change(person_id).values(removed_at=to_rfc3339(at)))


def recovery_secret(connection: Connection) -> str | None:
    """The hash of the recovery code; None before there is one."""
    return connection.execute(select(recovery.c.secret)).scalar()


def set_recovery_secret(connection: Connection, secret: str) -> None:
    """The recovery code is the one that `secret` was made of, and no other."""
    statement = upsert(recovery).values(id=1, secret=secret)
    connection.execute(statement.on_conflict_do_update(index_elements=["id"], set_={"secret": secret}))


def vain_tries_of(connection: Connection, subject: str) -> VainTries:
    """The wrong entries for `subject` since the last right one."""
    row = connection.execute(select(vain_tries).where(vain_tries.c.subject == subject)).one_or_none()
    return VainTries(row.wrong_entries, row.last_at) if row else VainTries(0, 0.0)


def note_try(connection: Connection, subject: str, tries: VainTries) -> None:
    """`tries` are the wrong entries for `subject`."""
    statement = upsert(vain_tries).values(subject=subject, wrong_entries=tries.count, last_at=tries.last_at)
    changed = {"wrong_entries": tries.count, "last_at": tries.last_at}
    connection.execute(statement.on_conflict_do_update(index_elements=["subject"], set_=changed))


def forget_tries(connection: Connection, subject: str) -> None:
    """The right entry was made for `subject`."""
    connection.execute(delete(vain_tries).where(vain_tries.c.subject == subject))


def name_key(name: str) -> str:
    """`name` as it is compared: 'Dana  Ö' and 'dana ö' are one person."""
    return " ".join(unicodedata.normalize("NFKC", name).casefold().split())


def _working() -> Select[Any]:
    return select(people).where(people.c.removed_at.is_(None))


def _change(person_id: UUID) -> Update:
    return update(people).where(people.c.id == str(person_id))


def _person(row: Row[Any]) -> Person:
    return Person(UUID(row.id), row.name, Role(row.role), from_rfc3339(row.added_at))
