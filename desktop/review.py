"""What people at this device say of what was read, for the window and the command line alike."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from uuid import UUID

from desktop.journey.review import decisions, noting
from desktop.journey.review.decisions import Reviewer, Word
from desktop.journey.review.draft import Draft, Turned, draft_from_json, draft_to_json
from desktop.people.roles import Right
from desktop.people.session import Session
from desktop.vault import corrections, drafts, notes, page_turns
from desktop.vault.connection import Vault
from desktop.vault.corrections import Conflict
from desktop.vault.notes import Note
from shared.documents import Reading
from shared.documents.corrections import Correction, Place, Standing, standings
from shared.documents.reading import Value


@dataclass(frozen=True, slots=True)
class Sheet:
    """A document as a person reviews it: the `reading` with what holds of what people said, and who said it.

    `turns` says by how many degrees, clockwise, pages (from 1) are turned. `draft` is what this person is about to say;
    `may_review` whether they may say anything."""

    document_id: UUID
    reading: Reading
    standings: Mapping[Place, Standing]
    notes: tuple[Note, ...]
    turns: Mapping[int, int]
    draft: Draft
    may_review: bool


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

    def turns(self, document_id: UUID) -> Mapping[int, int]:
        """By how many degrees, clockwise, its pages (from 1) are turned; upright ones are left out."""
        self._session.require(Right.SEE, str(document_id))
        with self._vault.read() as connection:
            return page_turns.of_document(connection, document_id)

    def sheet(self, document_id: UUID) -> Sheet:
        """The document as it is now, with what was drafted here."""
        self._looked("document.seen", str(document_id))
        actor, may_review = self._session.require(Right.SEE), self._session.may(Right.REVIEW)
        with self._vault.read() as connection:
            reading, said = (
                corrections.current(connection, document_id),
                corrections.of_document(connection, document_id),
            )
            body, written = drafts.find(connection, document_id, actor), notes.of_document(connection, document_id)
            turns = page_turns.of_document(connection, document_id)
        draft = draft_from_json(body) if body else Draft()
        return Sheet(document_id, reading, standings(said), written, turns, draft, may_review)

    def keep_draft(self, document_id: UUID, draft: Draft) -> None:
        """What is about to be said is in the store: whatever happens to this program, it is there again."""
        actor = self._session.require(Right.REVIEW, str(document_id))
        with self._vault.act() as connection:
            drafts.keep(connection, document_id, actor, draft_to_json(draft))

    def finish(self, document_id: UUID, draft: Draft, *, is_approved: bool) -> int:
        """What was drafted is said and kept, and where it `is_approved` all else is as shown; how many values it was.

        Raises FieldUnknown, CorrectionRefused: nothing is kept then but the draft."""
        said: list[Word | Turned] = [Word(one.place, one.value, one.seen) for one in draft.words.values()]
        said += [Turned(page, by) for page, by in draft.turns.items()]
        kept = decisions.finish(self._vault, document_id, said, self._reviewer(document_id), is_approved=is_approved)
        self._changed(document_id)
        return len(kept)

    def reject(self, document_id: UUID, reason: str) -> None:
        """Nobody has to look at the document any more, for the `reason`. Raises CorrectionRefused."""
        decisions.reject(self._vault, document_id, reason, self._reviewer(document_id))
        self._changed(document_id)

    def note(self, document_id: UUID, words: str) -> Note:
        """The note stands beside the document. Raises CorrectionRefused."""
        return noting.note(self._vault, document_id, words, self._reviewer(document_id))

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
