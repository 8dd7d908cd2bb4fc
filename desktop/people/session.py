"""Who works at this device now, and whether they may."""

import threading
from datetime import datetime
from uuid import UUID

from sqlalchemy import Connection

from desktop.errors import NotAllowed, PersonUnknown, SignInNeeded
from desktop.people.roles import RIGHTS, Right
from desktop.people.tries import check_entry
from desktop.vault import audit_log, feed, people, revocation
from desktop.vault.connection import Vault
from desktop.vault.people import Person
from shared.clock import Steady, steady_clock

_MAY = {
    Right.SEE: "look at documents",
    Right.TAKE_IN: "add documents, have them read again or break reading off",
    Right.REVIEW: "correct or approve what was read",
    Right.EXPORT: "export documents",
    Right.SET_UP: "choose the watched folder, or connect this device",
    Right.DELETE: "delete documents or keep them from being deleted",
    Right.BACK_UP: "back the store up",
    Right.SEE_AUDIT: "look through what others did",
    Right.EXPORT_AUDIT: "take the audit chain out",
    Right.MANAGE_PEOPLE: "manage people",
}


class Session:
    """One person at a time, of those whom the store knows; the operator where it knows none. For any thread.

    Nothing here needs the network. A person who was removed, or whose role changed, is so at once."""

    def __init__(self, vault: Vault, lock_after_seconds: float, steady: Steady = steady_clock) -> None:
        self._vault, self._lock_after, self._steady = vault, lock_after_seconds, steady
        self._one_change = threading.RLock()
        self._signed_in: UUID | None = None
        self._touched: tuple[float, datetime] = steady(), vault.clock()

    def person(self) -> Person | None:
        """Who is signed in; None where nobody is, or nobody is known by name."""
        with self._one_change:
            self.lock_if_idle()
            signed_in = self._signed_in
        if signed_in is None:
            return None
        with self._vault.read() as connection:
            return people.get(connection, signed_in)

    def is_locked(self) -> bool:
        """Whether somebody has to sign in before anything is shown."""
        return self.person() is None and self._is_shared()

    def sign_in(self, name: str, pin: str) -> Person:
        """Who is called `name` works here now; who did so before is signed out.

        Raises PersonUnknown, SignInRefused, SignInDelayed."""
        with self._vault.read() as connection:
            person = people.find(connection, name)
            if person is None:
                raise PersonUnknown("Nobody of this name works at this device.")
            kept = people.secret_of(connection, person.id)
        check_entry(self._vault, self._steady, str(person.id), kept, pin)
        with self._one_change:
            with self._vault.act() as connection:
                self._record_end(connection, "switched")
                people.forget_tries(connection, str(person.id))
                act = audit_log.Act(person.actor, "person.signed_in", str(person.id))
                audit_log.record(connection, self._vault.chain, act)
            self._begin(person.id)
        return person

    def lock(self, why: str = "locked") -> None:
        """Nobody is signed in. What they had not finished stays where it is."""
        with self._one_change:
            if self._signed_in is None:
                return
            with self._vault.act() as connection:
                self._record_end(connection, why)
            self._begin(None)

    def lock_if_idle(self) -> bool:
        """Whether whoever was signed in is so no more, since nothing was touched for long enough.

        The clock on the wall counts as well, where it says longer: a machine may not count its sleep."""
        with self._one_change:
            if self._signed_in is None:
                return False
            steady, wall = self._touched
            idle = max(self._steady() - steady, (self._vault.clock() - wall).total_seconds())
            if idle < self._idle_seconds():
                return False
            self.lock("idle")
            return True

    def _idle_seconds(self) -> float:
        """What the organization lays down, or else the settings."""
        with self._vault.read() as connection:
            minutes = feed.policy(connection).lock_minutes
        return self._lock_after if minutes is None else minutes * 60.0

    def touch(self) -> None:
        """Somebody is at the keyboard."""
        if not self.lock_if_idle():
            self._touched = self._steady(), self._vault.clock()

    def require(self, right: Right, subject: str = "", *, even_revoked: bool = False) -> str:
        """Whose act it is, as the audit chain names them: they may do it. Raises SignInNeeded, NotAllowed.

        Raises StoreRevoked where the organization revoked this device, unless the act may be done `even_revoked`."""
        if not even_revoked:
            self.check_not_revoked()
        person = self.person()
        if person is None:
            if not self._is_shared():
                return audit_log.OPERATOR
            raise SignInNeeded("Somebody has to sign in first: several people share this device.")
        if right not in RIGHTS[person.role]:
            self._refuse(person, right, subject)
        return person.actor

    def may(self, right: Right) -> bool:
        """Whether whoever is at the device may do it: for what is offered, where `require` is for what is done."""
        person = self.person()
        return right in RIGHTS[person.role] if person else not self._is_shared()

    def check_not_revoked(self) -> None:
        """Raises StoreRevoked where the organization revoked this device."""
        with self._vault.read() as connection:
            revocation.check(connection)

    def _is_shared(self) -> bool:
        with self._vault.read() as connection:
            return people.is_shared(connection)

    def _refuse(self, person: Person, right: Right, subject: str) -> None:
        details = {"right": right.value, "role": person.role.value}
        act = audit_log.Act(person.actor, "act.refused", subject or self._vault.chain.device_id, details)
        with self._vault.act() as connection:
            audit_log.record(connection, self._vault.chain, act)
        raise NotAllowed(f"{person.name} is a {person.role} here and may not {_MAY[right]}. A manager can change that.")

    def _record_end(self, connection: Connection, why: str) -> None:
        if self._signed_in is not None:
            act = audit_log.Act(f"person:{self._signed_in}", "person.signed_out", str(self._signed_in), {"why": why})
            audit_log.record(connection, self._vault.chain, act)

    def _begin(self, person_id: UUID | None) -> None:
        self._signed_in = person_id
        self._touched = self._steady(), self._vault.clock()
