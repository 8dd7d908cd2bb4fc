"""Managing people: who works here, in which role, with which PIN. Managers may, and the audit chain tells of it."""

from dataclasses import dataclass

from sqlalchemy import Connection

from desktop.errors import PersonRefused, PersonUnknown
from desktop.people.pins import check_pin, new_recovery_code, plain_code
from desktop.people.roles import Right
from desktop.people.session import Session
from desktop.people.tries import check_entry
from desktop.vault import audit_log, members, people
from desktop.vault.connection import Vault
from desktop.vault.members import Member
from desktop.vault.people import Person, Role
from shared.audit.entry import Detail
from shared.clock import Steady, steady_clock
from shared.crypto.passwords import hash_password
from shared.ids import new_id

_LONGEST_NAME = 60
_RECOVERY = "recovery"


@dataclass(frozen=True, slots=True)
class Added:
    """A new person. `recovery_code` comes with the first alone, this once: it gives a manager a new PIN."""

    person: Person
    recovery_code: str | None


@dataclass(frozen=True, slots=True)
class Candidate:
    """Somebody who belongs to the organization, and whether they were admitted to work here."""

    member: Member
    is_admitted: bool


class Staff:
    """Everybody who works at this device. The first is a manager, and one manager always stays."""

    def __init__(self, vault: Vault, session: Session, steady: Steady = steady_clock) -> None:
        self._vault, self._session, self._steady = vault, session, steady

    def everybody(self) -> tuple[Person, ...]:
        """Who works here, by name. Anybody may know: the names stand on the lock screen."""
        with self._vault.read() as connection:
            return people.listing(connection)

    def is_shared(self) -> bool:
        """Whether people are known by name here."""
        with self._vault.read() as connection:
            return people.is_shared(connection)

    def add(self, name: str, role: Role, pin: str) -> Added:
        """Somebody called `name` works here. Raises PersonRefused, SignInNeeded, NotAllowed."""
        actor = self._session.require(Right.MANAGE_PEOPLE)
        person = Person(new_id(self._vault.clock), _checked_name(name), role, self._vault.clock())
        secret, code = hash_password(check_pin(pin, name)), new_recovery_code()
        code_secret = hash_password(plain_code(code))
        with self._vault.act() as connection:
            is_first = not people.is_shared(connection)
            if is_first and role is not Role.MANAGER:
                raise PersonRefused("The first person is a manager, who can add the others.")
            if not is_first and actor == audit_log.OPERATOR:  # another process was quicker
                raise PersonRefused("Somebody was added in the meantime. Sign in and try again.")
            if people.find(connection, name):
                raise PersonRefused("Somebody of this name works here already. Add a surname or a number.")
            people.add(connection, person, secret)
            self._record(connection, actor, "person.added", person, {"role": role.value})
            if is_first:
                people.set_recovery_secret(connection, code_secret)
        return Added(person, code if is_first else None)

    def organization(self) -> tuple[Candidate, ...]:
        """Who belongs to the organization, as its server said last, by name."""
        with self._vault.read() as connection:
            everybody = members.listing(connection)
            return tuple(Candidate(one, people.get(connection, one.id) is not None) for one in everybody)

    def admit(self, name: str, pin: str, recovery_code: str | None = None) -> Person:
        """The organization's person called `name` (or of this id) works here, in the role that they have there.

        Where no manager works here any more, the `recovery_code` admits one. Raises PersonUnknown, PersonRefused,
        SignInNeeded, NotAllowed, SignInRefused, SignInDelayed."""
        with self._vault.read() as connection:
            member = _member(connection, name)
        person = Person(member.id, _checked_name(member.name), member.role, self._vault.clock())
        secret = hash_password(check_pin(pin, member.name))
        actor = self._admitting(person, recovery_code)
        with self._vault.act() as connection:
            if _member(connection, str(person.id)).role is not person.role:
                raise PersonRefused("The organization gave them another role just now. Try again.")
            if people.find(connection, person.name) or people.get(connection, person.id):
                raise PersonRefused("Somebody of this name works here already.")
            if not people.is_shared(connection):
                raise PersonRefused("Add the first person by name: a manager, who can admit the others.")
            people.admit(connection, person, secret)
            self._record(connection, actor, "person.admitted", person, {"role": person.role.value})
        return person

    def _admitting(self, person: Person, recovery_code: str | None) -> str:
        """Who admits the person, as the audit chain names them."""
        if recovery_code is None:
            return self._session.require(Right.MANAGE_PEOPLE)
        with self._vault.read() as connection:
            kept, everybody = people.recovery_secret(connection), people.listing(connection)
        if kept is None or person.role is not Role.MANAGER or any(one.role is Role.MANAGER for one in everybody):
            raise PersonRefused("The recovery code admits a manager where none works here any more.")
        check_entry(self._vault, self._steady, _RECOVERY, kept, plain_code(recovery_code))
        with self._vault.act() as connection:
            people.forget_tries(connection, _RECOVERY)
        return audit_log.DEVICE

    def set_role(self, name: str, role: Role) -> None:
        """They have `role`. Raises PersonUnknown, PersonRefused for the last manager and for the organization's people,
        SignInNeeded, NotAllowed."""
        actor = self._session.require(Right.MANAGE_PEOPLE)
        with self._vault.act() as connection:
            person = _known(connection, name)
            if members.get(connection, person.id):
                raise PersonRefused(f"{person.name} has the role that the organization gave them, on its server.")
            if role is not Role.MANAGER:
                _check_another_manager(connection, person)
            people.set_role(connection, person.id, role)
            self._record(connection, actor, "person.role_changed", person, {"role": role.value})

    def remove(self, name: str) -> None:
        """They do not work here any more; what they did stays theirs. Raises as `set_role`."""
        actor = self._session.require(Right.MANAGE_PEOPLE)
        with self._vault.act() as connection:
            person = _known(connection, name)
            _check_another_manager(connection, person)
            people.remove(connection, person.id, self._vault.clock())
            people.forget_tries(connection, str(person.id))
            self._record(connection, actor, "person.removed", person)

    def set_pin(self, name: str, pin: str) -> None:
        """Their PIN is `pin`, and nobody waits for it. One's own, or anybody's for a manager. Raises as `set_role`."""
        with self._vault.read() as connection:
            person = _known(connection, name)
        own = self._session.person()
        actor = person.actor if own == person else self._session.require(Right.MANAGE_PEOPLE, str(person.id))
        secret = hash_password(check_pin(pin, person.name))
        with self._vault.act() as connection:
            self._take_secret(connection, person, secret)
            self._record(connection, actor, "person.pin_changed", person)

    def recover(self, name: str, code: str, pin: str) -> str:
        """The manager called `name` has `pin`, by the recovery code; returns the new code, the old one is used up.

        Raises PersonUnknown, PersonRefused, SignInRefused, SignInDelayed."""
        with self._vault.read() as connection:
            person, kept = _known(connection, name), people.recovery_secret(connection)
        if person.role is not Role.MANAGER or kept is None:
            raise PersonRefused("The recovery code is for managers. A manager sets anybody else's PIN.")
        secret, fresh = hash_password(check_pin(pin, person.name)), new_recovery_code()
        fresh_secret = hash_password(plain_code(fresh))
        check_entry(self._vault, self._steady, _RECOVERY, kept, plain_code(code))
        with self._vault.act() as connection:
            people.forget_tries(connection, _RECOVERY)
            people.set_recovery_secret(connection, fresh_secret)
            self._take_secret(connection, person, secret)
            self._record(connection, audit_log.DEVICE, "person.recovered", person)
        return fresh

    def _take_secret(self, connection: Connection, person: Person, secret: str) -> None:
        people.set_secret(connection, person.id, secret)
        people.forget_tries(connection, str(person.id))

    def _record(
        self,
        connection: Connection,
        actor: str,
        action: str,
        person: Person,
        details: dict[str, Detail] | None = None,
    ) -> None:
        act = audit_log.Act(actor, action, str(person.id), details or {})
        audit_log.record(connection, self._vault.chain, act)


def _member(connection: Connection, name: str) -> Member:
    found = members.find(connection, name)
    if not found:
        raise PersonUnknown("Nobody of this name belongs to the organization, as far as its server said.")
    if len(found) > 1:
        raise PersonRefused("Several people of the organization have this name. Name the id of one instead.")
    return found[0]


def _known(connection: Connection, name: str) -> Person:
    person = people.find(connection, name)
    if person is None:
        raise PersonUnknown("Nobody of this name works at this device.")
    return person


def _check_another_manager(connection: Connection, person: Person) -> None:
    others = [one for one in people.listing(connection) if one.role is Role.MANAGER and one.id != person.id]
    if person.role is Role.MANAGER and not others:
        raise PersonRefused("The last manager stays one: make somebody else a manager first.")


def _checked_name(name: str) -> str:
    whole = " ".join(name.split())
    if not whole or len(whole) > _LONGEST_NAME or not whole.isprintable():
        raise PersonRefused(f"A name has 1 to {_LONGEST_NAME} characters that can be read.")
    return whole
