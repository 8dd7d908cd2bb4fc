"""What people at this device say of what was read, for the window and the command line alike."""

from collections.abc import Callable, Collection
from uuid import UUID

from desktop.journey.review import decisions
from desktop.journey.review.decisions import Reviewer, Word
from desktop.people.roles import Right
from desktop.people.session import Session
from desktop.vault import corrections
from desktop.vault.connection import Vault
from desktop.vault.corrections import Conflict
from shared.documents.corrections import Correction, Place
from shared.documents.reading import Value


class Review:
    """Corrections, approvals and conflicts of the documents here; `changed` hears of each document that changed.

    `looked` writes down who looks at what, before they do. Every method raises DocumentUnknown, and SignInNeeded or
    NotAllowed as the table of roles has it."""

    def __init__(
        self, vault: Vault, session: Session, looked: Callable[[str, str], None], changed: Callable[[UUID], None]
    ) -> None:
        self._vault = vault
        self._session = session
        self._looked = looked
        self._changed = changed

    def correct(
        self, document_id: UUID, place: Place, value: Value | None, seen: Collection[UUID] | None = None
    ) -> Correction:
        """`value` stands there, None: nothing does; `seen` are the corrections of the place that were on show.

        Raises FieldUnknown, CorrectionRefused."""
        word = Word(place, value, seen)
        correction = decisions.correct(self._vault, document_id, word, self._reviewer(document_id))
        self._changed(document_id)
        return correction

    def approve(self, document_id: UUID) -> int:
        """All that was to review is as shown, but for conflicts; how much that was. Raises CorrectionRefused."""
        approved = decisions.approve(self._vault, document_id, self._reviewer(document_id))
        self._changed(document_id)
        return len(approved)

    def settle(self, document_id: UUID, place: Place, keep: UUID) -> Correction:
        """Of those who contradict each other the correction `keep` is right. Raises ConflictUnknown."""
        correction = decisions.settle(self._vault, document_id, place, keep, self._reviewer(document_id))
        self._changed(document_id)
        return correction

    def corrections(self, document_id: UUID) -> tuple[Correction, ...]:
        """Everything that people ever said of the document."""
        self._looked("document.seen", str(document_id))
        with self._vault.read() as connection:
            return corrections.of_document(connection, document_id)

    def conflicts(self) -> tuple[Conflict, ...]:
        """Where people who knew nothing of each other said otherwise, of the newest document first."""
        self._looked("conflicts.listed", self._vault.chain.device_id)
        with self._vault.read() as connection:
            return tuple(corrections.open_conflicts(connection))

    def _reviewer(self, document_id: UUID) -> Reviewer:
        actor, person = self._session.require(Right.REVIEW, str(document_id)), self._session.person()
        return Reviewer(actor, person.name if person else "")
