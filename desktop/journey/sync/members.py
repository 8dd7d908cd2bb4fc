"""Taking over who belongs to the organization: whom it admitted to work here does what their role says by now."""

from uuid import UUID

from sqlalchemy import Connection

from desktop.vault import audit_log, members, people
from desktop.vault.connection import Vault
from desktop.vault.members import Member
from desktop.vault.people import Person
from shared.audit.entry import Detail
from shared.wire.v1.pull import Change, PersonState


def take(vault: Vault, connection: Connection, epoch: UUID, change: Change) -> bool:
    """Whether it was news. Raises pydantic.ValidationError for what is no person, ValueError for an id that is none."""
    member = members.put(connection, epoch, change, PersonState.model_validate(change.payload))
    if member is None:
        return False
    person = people.get(connection, member.id)
    if person and not member.is_active:
        lock_out(vault, connection, member.id)
    elif person:
        _follow(vault, connection, person, member)
    return True


def lock_out(vault: Vault, connection: Connection, member_id: UUID) -> None:
    """Who was admitted does not work here any more; what they did, and had not finished, stays."""
    if people.get(connection, member_id):
        people.remove(connection, member_id, vault.clock())
        people.forget_tries(connection, str(member_id))
        _record(vault, connection, "person.removed", member_id)


def _follow(vault: Vault, connection: Connection, person: Person, member: Member) -> None:
    if person.name != member.name:
        people.rename(connection, person.id, member.name)
    if person.role is not member.role:
        people.set_role(connection, person.id, member.role)
        _record(vault, connection, "person.role_changed", person.id, {"role": member.role.value})


def _record(
    vault: Vault, connection: Connection, action: str, person_id: UUID, more: dict[str, Detail] | None = None
) -> None:
    details: dict[str, Detail] = {"by": "organization"}
    act = audit_log.Act(audit_log.DEVICE, action, str(person_id), details | (more or {}))
    audit_log.record(connection, vault.chain, act)
