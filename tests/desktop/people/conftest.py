"""A store whose clocks the test decides, with people in it."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import pytest

from desktop.people.session import Session
from desktop.people.staff import Staff
from desktop.settings import Settings
from desktop.vault.audit_log import lines
from desktop.vault.connection import Vault, open_vault
from desktop.vault.people import Role
from shared.audit import AuditEntry, entry_from_json

DANA_PIN, RAVI_PIN, VERA_PIN = "482913", "a quiet word", "770412"
MINUTE = 60.0


@dataclass
class Clocks:
    """The clock on the wall, which anybody can set, and the steady one."""

    wall: datetime = datetime(2026, 3, 1, 8, 0, tzinfo=UTC)
    seconds: float = 1000.0

    def pass_by(self, seconds: float) -> None:
        self.wall += timedelta(seconds=seconds)
        self.seconds += seconds


@dataclass
class Desk:
    """One device and what is asked of it."""

    vault: Vault
    clocks: Clocks
    lock_after: float = 10 * MINUTE
    session: Session = field(init=False)
    staff: Staff = field(init=False)

    def __post_init__(self) -> None:
        self.restart()

    def restart(self) -> None:
        """Another process opens the store."""
        self.session = Session(self.vault, self.lock_after, lambda: self.clocks.seconds)
        self.staff = Staff(self.vault, self.session, lambda: self.clocks.seconds)

    def entries(self, action: str) -> list[AuditEntry]:
        with self.vault.read() as connection:
            entries = [entry_from_json(line).entry for line in lines(connection)]
        return [entry for entry in entries if entry.action == action]


@pytest.fixture
def empty_desk(settings: Settings) -> Iterator[Desk]:
    clocks = Clocks()
    vault = open_vault(settings, lambda: None, lambda: clocks.wall)
    yield Desk(vault, clocks)
    vault.close()


@pytest.fixture
def desk(empty_desk: Desk) -> Desk:
    """Dana manages, Ravi reviews, Vera views; nobody is signed in."""
    empty_desk.staff.add("Dana Ortiz", Role.MANAGER, DANA_PIN)
    empty_desk.session.sign_in("Dana Ortiz", DANA_PIN)
    empty_desk.staff.add("Ravi", Role.REVIEWER, RAVI_PIN)
    empty_desk.staff.add("Vera", Role.VIEWER, VERA_PIN)
    empty_desk.session.lock()
    return empty_desk
