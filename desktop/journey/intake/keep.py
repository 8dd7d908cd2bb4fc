"""Keeping what was read elsewhere (`chartdrop scan --save`): document, pages and outcome in one transaction."""

from collections.abc import Iterable
from contextlib import ExitStack

from desktop.journey.intake.accept import ORIGINAL_MEDIA_TYPE, TRIED_AGAIN, Accepted, Incoming, duplicate_of
from desktop.vault import audit_log, blobs, documents
from desktop.vault.connection import Vault
from desktop.vault.documents import NewDocument, PageImage
from desktop.vault.outcomes import record_outcome
from shared.documents import Reading
from shared.ids import new_id


def keep_reading(
    vault: Vault, incoming: Incoming, reading: Reading, pages: Iterable[PageImage], actor: str = audit_log.OPERATOR
) -> Accepted:
    """The file, its page images (in order) and its reading are a finished document, unless it was known already."""
    with vault.read() as connection:
        known = documents.find_by_content(connection, incoming.sha256)
    if known and known.state not in TRIED_AGAIN:
        return duplicate_of(known)
    document_id = known.id if known else new_id(vault.clock)
    sealed = [vault.blobs.write(document_id, "page", n, page.media_type, page.data) for n, page in enumerate(pages, 1)]
    if incoming.payload is not None:
        sealed.append(vault.blobs.write(document_id, "original", 0, ORIGINAL_MEDIA_TYPE, incoming.payload))
    with ExitStack() as undo, vault.act() as connection:
        undo.callback(vault.blobs.remove, sealed)
        now_known = documents.find_by_content(connection, incoming.sha256)
        if now_known and (now_known.id != document_id or now_known.state not in TRIED_AGAIN):
            return duplicate_of(now_known)
        if now_known is None:
            new = NewDocument(document_id, incoming.sha256, incoming.file_name, incoming.size, incoming.template)
            documents.add(connection, new, vault.clock())
        stale = blobs.detach(connection, document_id)
        for blob in sealed:
            blobs.attach(connection, blob)
        act = audit_log.Act(actor, "document.received", str(document_id), {"size": incoming.size})
        audit_log.record(connection, vault.chain, act)
        record_outcome(vault, connection, document_id, reading)
        undo.pop_all()
    vault.blobs.remove(stale)
    return Accepted(document_id, "accepted", "")
