"""A watched folder under test, with a real store; documents get their outcome by hand, so that no reading is needed."""

import time
from collections.abc import Callable
from pathlib import Path
from uuid import UUID

from desktop.events import ArrivalSettled, Event, WatchTrouble
from desktop.journey.hotfolder.folder import HotFolder, Surroundings
from desktop.journey.hotfolder.trust import WholeFile
from desktop.journey.intake.accept import Incoming, accept
from desktop.settings import Settings
from desktop.vault import documents
from desktop.vault.connection import Vault
from desktop.vault.documents import DocumentSummary
from desktop.vault.files import shown_name
from desktop.vault.outcomes import record_outcome
from desktop.vault.watched import Profile
from shared.documents import Reading, failed_reading

WAIT_SECONDS = 10.0


class Watched:
    """A watched folder under test: what happened in it, and the hand that gives documents their outcome."""

    def __init__(
        self, vault: Vault, settings: Settings, root: Path, profile: Profile | None = None, *, patient: bool = False
    ) -> None:
        self.vault = vault
        self.root = root
        self.events: list[Event] = []
        self.templates: list[str] = []
        around = Surroundings(vault, settings, self.events.append, self._take, lambda: frozenset({"hospice_admission"}))
        self.folder = HotFolder(root, around, profile, patient=patient)
        self.root = self.folder.root

    def _take(self, whole: WholeFile, profile: Profile) -> UUID:
        self.templates.append(profile.template)
        name, size = shown_name(whole.seen.path), whole.seen.size
        incoming = Incoming(name, whole.sha256, size, whole.payload, profile.template, 1000, whole.seen, profile.unit)
        return accept(self.vault, incoming).document_id

    def read(self, *, well: bool = True) -> None:
        """Every waiting document gets its outcome, and the folder hears of it."""
        with self.vault.act() as connection:
            while claim := documents.claim(connection):
                reading = Reading(claim.file_name, claim.sha256, 1)
                if not well:
                    message = f"{claim.file_name}: The PDF is damaged. Scan it again."
                    reading = failed_reading(claim.file_name, claim.sha256, "file_damaged", message)
                record_outcome(self.vault, connection, claim.id, reading)

    def settle(self, *, well: bool = True) -> None:
        self.read(well=well)
        self.folder.settle()

    def listed(self) -> set[str]:
        return {str(path.relative_to(self.root)) for path in self.root.rglob("*") if not path.is_dir()}

    def taken(self) -> int:
        with self.vault.read() as connection:
            return len(documents.listing(connection))

    def documents(self) -> tuple[DocumentSummary, ...]:
        with self.vault.read() as connection:
            return documents.listing(connection)

    def troubles(self) -> list[str]:
        return [event.message for event in self.events if isinstance(event, WatchTrouble)]

    def settled(self) -> list[ArrivalSettled]:
        return [event for event in self.events if isinstance(event, ArrivalSettled)]


def wait_for(condition: Callable[[], bool], *, seconds: float = WAIT_SECONDS) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "it did not come to pass"
        time.sleep(0.02)
