"""A note beside a document, for whoever opens it next."""

from uuid import UUID

from desktop.errors import CorrectionRefused
from desktop.journey.review.decisions import MOST_WORDS, Reviewer
from desktop.vault import audit_log, documents, notes
from desktop.vault.connection import Vault
from desktop.vault.notes import Note
from shared.ids import new_id


def note(vault: Vault, document_id: UUID, words: str, by: Reviewer) -> Note:
    """It stands beside the document. Raises DocumentUnknown, CorrectionRefused."""
    words = words.strip()
    if not words or len(words) > MOST_WORDS:
        raise CorrectionRefused(f"A note has between one and {MOST_WORDS:,} characters. Nothing was changed.")
    written = Note(new_id(vault.clock), words, by.name, vault.clock())
    with vault.act() as connection:
        documents.get(connection, document_id)
        notes.add(connection, document_id, written)
        audit_log.record(connection, vault.chain, audit_log.Act(by.actor, "document.noted", str(document_id)))
    return written
