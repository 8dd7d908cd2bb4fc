"""Managing people: who works here, in which role, with which PIN. Managers may, and the audit chain tells of it."""

from dataclasses import dataclass

from sqlalchemy import Connection

from desktop.errors import PersonRefused, PersonUnknown
from desktop.people.pins import check_pin, new_recovery_code, plain_code
from desktop.people.roles import Right
from desktop.people.session import Session
from desktop.people.tries import check_entry
from desktop.vault import audit_log, people
from desktop.vault.connection import Vault
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

    def set_role(self, name: str, role: Role) -> None:
        """They have `role`. Raises PersonUnknown, PersonRefused for the last manager, SignInNeeded, NotAllowed."""
        actor = self._session.require(Right.MANAGE_PEOPLE)
        with self._vault.act() as connection:
            person = _known(connection, name)
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
