"""Documents in every state, put into the real store with the vault's own acts."""

import hashlib
from datetime import UTC, datetime, timedelta
from uuid import UUID

from desktop.errors import ServerUnreachable
from desktop.journey.review.decisions import Reviewer, Word, correct
from desktop.settings import Settings
from desktop.vault import ancestry, blobs, corrections, device, documents, members, revocation
from desktop.vault.connection import Vault, open_vault
from desktop.vault.documents import DocumentState, NewDocument
from desktop.vault.outcomes import record_outcome
from desktop.vault.revocation import Revoked
from shared.documents import failed_reading
from shared.documents.corrections import Correction, Place, Stamp
from shared.ids import new_id
from shared.wire.v1.devices import Enrolment
from shared.wire.v1.pull import PERSON, Change, PersonState
from tests.ui.paper import Paper, admission_form, renamed

REVOKED = Revoked(UUID(int=1), "North Clinic", "ab" * 32, datetime(2026, 3, 5, tzinfo=UTC), destroys_keys=False)


class Shelf:
    """Its own door to the store, as another process has one."""

    def __init__(self, settings: Settings) -> None:
        self._vault: Vault = open_vault(settings, lambda: None)

    def close(self) -> None:
        self._vault.close()

    def waiting(self, file_name: str) -> UUID:
        """A document that waits to be read."""
        new = NewDocument(new_id(), _sha256(file_name), file_name, len(file_name), "auto")
        original = self._vault.blobs.write(new.id, "original", 0, "application/octet-stream", file_name.encode())
        with self._vault.act() as connection:
            documents.add(connection, new, self._vault.clock())
            blobs.attach(connection, original)
        return new.id

    def processing(self, file_name: str, page_count: int, pages_done: int) -> UUID:
        """A document of which some pages were read."""
        document_id = self.waiting(file_name)
        with self._vault.act() as connection:
            claim = documents.claim(connection)
            assert claim is not None
            assert claim.id == document_id, "only one document may wait at a time here"
            documents.note_page(connection, document_id, pages_done, page_count)
        return document_id

    def read(self, file_name: str = "admission-0148.pdf", paper: Paper | None = None) -> UUID:
        """A document that was read."""
        document_id = self.waiting(file_name)
        self.finish(document_id, file_name, paper)
        return document_id

    def finish(self, document_id: UUID, file_name: str, paper: Paper | None = None) -> None:
        """A waiting document is read now."""
        paper = paper or admission_form()
        pages = [
            self._vault.blobs.write(document_id, "page", number, "image/png", page)
            for number, page in enumerate(paper.pages, start=1)
        ]
        with self._vault.act() as connection:
            for page in pages:
                blobs.attach(connection, page)
            record_outcome(self._vault, connection, document_id, renamed(paper.reading, file_name, _sha256(file_name)))

    def failed(self, file_name: str, sentence: str, quarantined: bool = False) -> UUID:
        """A document that could not be read."""
        document_id = self.waiting(file_name)
        reading = failed_reading(file_name, _sha256(file_name), "file_encrypted", f"{file_name}: {sentence}")
        state = DocumentState.QUARANTINED if quarantined else None
        with self._vault.act() as connection:
            record_outcome(self._vault, connection, document_id, reading, state)
        return document_id

    def contradicted(self, file_name: str = "admission-0148.pdf") -> UUID:
        """A document that was read, of whose patient's name Dana here and Ravi elsewhere said otherwise."""
        document_id = self.read(file_name)
        name, theirs = Place("patient_name"), "Eleanor M. Whitfeld"
        correct(self._vault, document_id, Word(name, "Eleanor N. Whitfield"), Reviewer("person:1", "Dana Ortiz"))
        said = Correction(
            new_id(), _sha256(file_name), name, theirs, "Eleanor M. Whitfield", "Eleanor M. Whitfield", (), "person:2",
            "Ravi", UUID(int=7), Stamp(2**52, 0), self._vault.clock() + timedelta(hours=1),
        )  # fmt: skip
        with self._vault.act() as connection:
            assert corrections.add(connection, document_id, said)
            corrections.refresh(connection, document_id)
        return document_id

    def trouble_sync(self, url: str, sentence: str) -> None:
        """This device belongs to a server whose last round did not end well."""
        enrolment = Enrolment(
            device_id=self._vault.device_id, organization_id=UUID(int=2), organization_name="North Clinic"
        )
        with self._vault.act() as connection:
            device.set_link(connection, url, enrolment, self._vault.clock())
            link = device.link(connection)
            assert link is not None
            device.note_round(connection, link, self._vault.clock(), ServerUnreachable(sentence))

    def belongs(self, name: str, role: str = "member") -> UUID:
        """Somebody belongs to the organization, as its server says; their id."""
        person, state = new_id(), PersonState(name=name, role=role, is_active=True)
        change = Change(seq=1, entity=PERSON, entity_id=str(person), revision=1, op="put")
        with self._vault.act() as connection:
            members.put(connection, UUID(int=3), change, state)
        return person

    def go_on_anew(self) -> str:
        """The store was restored from a backup and syncs under another identity since; the sentence that says so."""
        with self._vault.act() as connection:
            ancestry.succeed(connection, self._vault.chain, 0, self._vault.clock())
            return ancestry.held(connection)[-1].sentence


def _sha256(file_name: str) -> str:
    return hashlib.sha256(file_name.encode()).hexdigest()


def revoke(settings: Settings, *, lifted: bool = False) -> None:
    """As another process does that met the server."""
    vault = open_vault(settings, lambda: None)
    with vault.act() as connection:
        revocation.lift(connection) if lifted else revocation.note(connection, REVOKED)
    vault.close()
