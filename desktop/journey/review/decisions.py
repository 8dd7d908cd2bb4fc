"""A person's word on what was read: corrected, approved, settled."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from uuid import UUID

from pydantic import ValidationError
from sqlalchemy import Connection

from desktop.errors import ConflictUnknown, CorrectionRefused, FieldUnknown
from desktop.journey.review.draft import Turned
from desktop.vault import audit_log, corrections, documents, drafts, outbox, page_turns, reviewers, verdicts
from desktop.vault.connection import Vault
from desktop.vault.documents import DocumentState, DocumentSummary
from desktop.vault.verdicts import Decision, Verdict
from shared.audit.entry import Detail
from shared.documents import Reading
from shared.documents.corrections import (
    Correction,
    Place,
    corrected,
    has,
    next_stamp,
    places,
    standings,
    value_at,
)
from shared.documents.reading import Value
from shared.ids import new_id
from shared.wire.v1.corrections import MAX_TEXT, made

MOST_WORDS = 2_000
"""Characters of a reason or a note: a page of them."""


@dataclass(frozen=True, slots=True)
class Reviewer:
    """Who decides: as the audit chain names them, and by the name they go by here (empty where nobody has one)."""

    actor: str = audit_log.OPERATOR
    name: str = ""


@dataclass(frozen=True, slots=True)
class Word:
    """What somebody says: `value` stands at `place`; None: nothing does.

    `seen` are the corrections of the place that they were shown; None: all that are known. What came meanwhile is
    contradicted, not replaced."""

    place: Place
    value: Value | None
    seen: Collection[UUID] | None = None


def correct(vault: Vault, document_id: UUID, word: Word, by: Reviewer) -> Correction:
    """It is so by `by`'s word. Raises DocumentUnknown, FieldUnknown, CorrectionRefused."""
    with _sheet(vault, document_id, by) as sheet:
        correction = sheet.write(word)
        sheet.record("document.corrected", word.place)
    return correction


def approve(vault: Vault, document_id: UUID, by: Reviewer) -> Sequence[Correction]:
    """All that was to review is as it is shown, by `by`'s word; what people contradict each other in stays open.

    Raises DocumentUnknown, CorrectionRefused."""
    return finish(vault, document_id, (), by, is_approved=True)


def finish(
    vault: Vault, document_id: UUID, said: Sequence[Word | Turned], by: Reviewer, *, is_approved: bool
) -> Sequence[Correction]:
    """What was `said` is kept, and where it `is_approved` all else to review is as shown; nothing is drafted any more.

    Raises DocumentUnknown, FieldUnknown, CorrectionRefused: nothing of it is kept then."""
    words = [one for one in said if isinstance(one, Word)]
    with _sheet(vault, document_id, by) as sheet:
        for one in said:
            if isinstance(one, Turned):
                sheet.turn(one)
        written = sheet.say(words)
        if is_approved:
            written += sheet.confirm_all_but({word.place for word in words})
            sheet.decide(Decision.APPROVED)
        drafts.forget(sheet.connection, document_id, by.actor)
    return written


def reject(vault: Vault, document_id: UUID, reason: str, by: Reviewer) -> None:
    """Nobody has to look at the document any more, for the `reason`; what was read of it stays as it is.

    Raises DocumentUnknown, CorrectionRefused."""
    reason = reason.strip()
    if not reason:
        raise CorrectionRefused("Say why it is rejected. Nothing was changed.")
    if len(reason) > MOST_WORDS:
        raise CorrectionRefused(f"A reason has at most {MOST_WORDS:,} characters. Nothing was changed.")
    with _sheet(vault, document_id, by) as sheet:
        sheet.decide(Decision.REJECTED, reason)


def settle(vault: Vault, document_id: UUID, place: Place, keep: UUID, by: Reviewer) -> Correction:
    """Of those who contradict each other the correction `keep` is right, by `by`'s word.

    Raises DocumentUnknown, ConflictUnknown, CorrectionRefused."""
    with _sheet(vault, document_id, by) as sheet:
        standing = standings(sheet.known).get(place)
        kept = [one for one in standing.heads if one.id == keep] if standing and standing.others else []
        if not kept:
            raise ConflictUnknown(
                f"No correction {keep} of {place} is open in {sheet.document.file_name}; somebody may have settled it. "
                "Nothing was changed."
            )
        correction = sheet.write(Word(place, kept[0].value))
        sheet.record("conflict.settled", place)
    return correction


@dataclass(frozen=True, slots=True)
class _Sheet:
    """A document as the person who decides has it before them, within the transaction of what they decide."""

    vault: Vault
    connection: Connection
    by: Reviewer
    document: DocumentSummary
    read: Reading
    known: tuple[Correction, ...]

    @property
    def shown(self) -> Reading:
        return corrected(self.read, self.known)

    @property
    def open_places(self) -> set[Place]:
        """Where people contradict each other."""
        return {place for place, one in standings(self.known).items() if one.others}

    def decide(self, decision: Decision, reason: str = "") -> None:
        """It is decided so on all of the document."""
        verdict = Verdict(decision, reason, self.by.name, self.vault.clock())
        verdicts.give(self.connection, self.document.id, verdict)
        self.record(f"document.{decision}")

    def turn(self, turned: Turned) -> None:
        """The page is turned so much more."""
        degrees = page_turns.turn(self.connection, self.document.id, turned.page, turned.by)
        self._record("document.page_turned", {"page": turned.page, "degrees": degrees})

    def say(self, words: Sequence[Word]) -> list[Correction]:
        """Every one of the `words` is kept; what changed a value, or settled a conflict, is recorded as such."""
        shown, open_ones = self.shown, self.open_places
        written = [self.write(word) for word in words]
        for word in words:
            if word.place in open_ones:
                self.record("conflict.settled", word.place)
            elif word.value != value_at(shown, word.place):
                self.record("document.corrected", word.place)
        return written

    def confirm_all_but(self, said: Collection[Place]) -> list[Correction]:
        """All else to review is as shown, but for what people contradict each other in."""
        shown, others = self.shown, self.open_places | {*said}
        left = [place for place, cell in places(shown).items() if cell.needs_review and place not in others]
        return [self.write(Word(place, value_at(shown, place))) for place in left]

    def write(self, word: Word) -> Correction:
        """The word is kept, and stands in the outbox. Raises FieldUnknown, CorrectionRefused."""
        if not has(self.read, word.place):
            raise FieldUnknown(f"What was read of {self.document.file_name} has no {word.place}. Nothing was changed.")
        correction = self._correction(word)
        try:
            operation = made(correction)
        except ValidationError:
            raise CorrectionRefused(
                f"A value is text of at most {MAX_TEXT:,} characters, a number, or yes or no. Nothing was changed."
            ) from None  # the cause would quote the value
        sequence = outbox.append(self.connection, operation, self.vault.clock(), self.document.id)
        corrections.add(self.connection, self.document.id, correction, sequence)
        documents.note_sequence(self.connection, self.document.id, sequence)
        return correction

    def record(self, action: str, place: Place | None = None) -> None:
        self._record(action, {"field": str(place)} if place else {})

    def _record(self, action: str, details: Mapping[str, Detail]) -> None:
        act = audit_log.Act(self.by.actor, action, str(self.document.id), details)
        audit_log.record(self.connection, self.vault.chain, act)
        reviewers.note(self.connection, self.document.id, self.by.name)  # also of those with nothing to correct

    def _correction(self, word: Word) -> Correction:
        standing = standings(self.known).get(word.place)
        known = [one.id for one in standing.heads] if standing else []
        latest = max((one.counted for one in self.known), default=None)
        return Correction(
            id=new_id(self.vault.clock),
            sha256=self.document.sha256,
            place=word.place,
            value=word.value,
            read=value_at(self.read, word.place),
            base=value_at(self.shown, word.place),
            replaces=tuple(known if word.seen is None else word.seen),
            actor=self.by.actor,
            person=self.by.name,
            device_id=self.vault.device_id,
            stamp=next_stamp(self.vault.clock(), latest),
        )


@contextmanager
def _sheet(vault: Vault, document_id: UUID, by: Reviewer) -> Iterator[_Sheet]:
    """One transaction, at whose end what is shown and what is open is as was decided."""
    with vault.act() as connection:
        document = documents.get(connection, document_id)
        if document.state is not DocumentState.DONE:
            raise CorrectionRefused(f"{document.file_name} is {document.state}: there is nothing to correct yet.")
        found, known = documents.reading(connection, document_id), corrections.of_document(connection, document_id)
        yield _Sheet(vault, connection, by, document, found, known)
        corrections.refresh(connection, document_id)
