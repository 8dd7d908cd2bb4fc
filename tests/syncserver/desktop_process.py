"""A desktop at work in a process that may be killed: the real store, the real rounds, over real sockets."""

import os
import time
from dataclasses import dataclass
from multiprocessing.context import ForkServerProcess
from pathlib import Path
from random import Random
from uuid import UUID

from desktop.journey.intake.accept import Incoming
from desktop.journey.intake.keep import keep_reading
from desktop.journey.review.decisions import Reviewer, Word, approve, correct, settle
from desktop.journey.sync.push import Courier
from desktop.settings import Settings
from desktop.vault import corrections, documents
from desktop.vault.connection import Vault, open_vault
from desktop.vault.documents import DocumentState
from desktop.vault.outcomes import record_outcome
from tests.forking import fork
from tests.simulation.clinic import PASSPHRASE
from tests.simulation.schedule import PAPERS, PLACES, reading

_ACTS = {"take_in": 3, "read_again": 1, "correct": 4, "approve": 1, "settle": 1, "sync": 5}


@dataclass(frozen=True)
class Desktop:
    """A machine's store in `place`; what it was told that it is kept stands in a file beside it, line by line."""

    place: Path

    def vault(self) -> Vault:
        """The store, opened."""
        settings = Settings.model_validate({"data_dir": self.place, "passphrase": PASSPHRASE})
        return open_vault(settings, lambda: None)

    def start(self, seed: int) -> ForkServerProcess:
        """People work there until the process is killed."""
        log = self.place.with_name(f"{self.place.name}.log")
        return fork(_work, self, seed, env=os.environ, out=log, err=log)

    def told(self, kind: str) -> set[UUID]:
        """The ids of what is kept, of this kind."""
        path = self._told_file()
        lines = path.read_text().splitlines() if path.exists() else []
        return {UUID(line.split()[1]) for line in lines if line.startswith(kind)}

    def note(self, kind: str, one: UUID) -> None:
        """The store says that this is kept."""
        file = os.open(self._told_file(), os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        os.write(file, f"{kind} {one}\n".encode())
        os.close(file)

    def _told_file(self) -> Path:
        return self.place.with_name(f"{self.place.name}.told")


def _work(desktop: Desktop, seed: int) -> None:
    vault, chance = desktop.vault(), Random(seed)  # noqa: S311 - to be repeated, not to be kept secret
    shift = _Shift(desktop, vault, Courier(vault), chance, Reviewer(f"person:{desktop.place.name}", desktop.place.name))
    while True:
        getattr(shift, chance.choices(tuple(_ACTS), tuple(_ACTS.values()))[0])()


@dataclass(frozen=True)
class _Shift:
    """Somebody works at a machine."""

    desktop: Desktop
    vault: Vault
    courier: Courier
    chance: Random
    who: Reviewer

    def _held(self) -> UUID | None:
        with self.vault.read() as connection:
            done = [one.id for one in documents.listing(connection) if one.state is DocumentState.DONE]
        return self.chance.choice(done) if done else None

    def take_in(self) -> None:
        paper = self.chance.choice(PAPERS)
        kept = keep_reading(self.vault, Incoming(f"{paper[:2]}.pdf", paper, 3, None, "auto", 100), reading(paper), ())
        self.desktop.note("document", kept.document_id)

    def read_again(self) -> None:
        if document_id := self._held():
            with self.vault.act() as connection:
                paper = documents.get(connection, document_id).sha256
                record_outcome(self.vault, connection, document_id, reading(paper, self.chance.randrange(1, 4)))

    def correct(self) -> None:
        if document_id := self._held():
            word = Word(self.chance.choice(PLACES), self.chance.choice(("Ida", "Eda", "Ada", None)), None)
            self.desktop.note("correction", correct(self.vault, document_id, word, self.who).id)

    def approve(self) -> None:
        if document_id := self._held():
            for one in approve(self.vault, document_id, self.who):
                self.desktop.note("correction", one.id)

    def settle(self) -> None:
        with self.vault.read() as connection:
            every = list(corrections.open_conflicts(connection))
        if every:
            conflict = self.chance.choice(every)
            keep = self.chance.choice(conflict.standing.heads)
            said = settle(self.vault, conflict.document.id, conflict.place, keep.id, self.who)
            self.desktop.note("correction", said.id)

    def sync(self) -> None:
        if self.courier.round().fault:
            time.sleep(0.05)  # as long as no server is there, the others have the processor
