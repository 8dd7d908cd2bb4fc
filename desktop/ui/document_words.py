"""What a document's state and sync mark are called, and how they look."""

from PySide6.QtCore import QCoreApplication

from desktop.ui.theme import Palette
from desktop.ui.wording import document_type, moment, percent, to_check
from desktop.vault.documents import FINAL_STATES, DocumentState, DocumentSummary
from desktop.vault.verdicts import Decision

translate = QCoreApplication.translate

ICONS = {
    DocumentState.WAITING: "waiting",
    DocumentState.PROCESSING: "reading",
    DocumentState.DONE: "read",
    DocumentState.FAILED: "failed",
    DocumentState.QUARANTINED: "set_aside",
}


def status_text(document: DocumentSummary) -> str:
    """The state of `document` in people's words, with the page being read."""
    if document.state is DocumentState.PROCESSING and document.page_count:
        page = min(document.pages_done + 1, document.page_count)
        return translate("DocumentWords", "Reading {0} of {1}").format(page, document.page_count)
    return _decision_text(document) if document.state is DocumentState.DONE else state_text(document.state)


def state_text(state: DocumentState) -> str:
    """The state in people's words."""
    return {
        DocumentState.WAITING: translate("DocumentWords", "Waiting"),
        DocumentState.PROCESSING: translate("DocumentWords", "Reading"),
        DocumentState.DONE: translate("DocumentWords", "Read"),
        DocumentState.FAILED: translate("DocumentWords", "Not read"),
        DocumentState.QUARANTINED: translate("DocumentWords", "Set aside"),
    }[state]


def describe(document: DocumentSummary) -> str:
    """How it stands, in a line: its kind, its state, how sure the reading is or why it was rejected, since when."""
    parts = [kind_text(document), status_text(document)]
    if document.decision is Decision.REJECTED:
        parts.append(document.reason)
    elif document.confidence is not None:
        parts.append(translate("DocumentWords", "{0} sure on average").format(percent(document.confidence)))
        parts.append(to_check(document.to_review))
    parts.append(translate("DocumentWords", "received {0}").format(moment(document.received_at)))
    return "  ·  ".join(part for part in parts if part)


def is_read(document: DocumentSummary) -> bool:
    """Whether there is a record to look at."""
    return document.state is DocumentState.DONE


def _decision_text(document: DocumentSummary) -> str:
    if document.decision is Decision.REJECTED:
        return translate("DocumentWords", "Rejected")
    if document.is_to_review:
        return translate("DocumentWords", "Needs review")
    if document.decision is Decision.APPROVED:
        return translate("DocumentWords", "Approved")
    return translate("DocumentWords", "Read")


def status_icon(document: DocumentSummary) -> str:
    """The icon beside `status_text`."""
    if document.decision is Decision.REJECTED:
        return "reject"
    if is_read(document) and document.is_to_review:
        return "review"
    return "approve" if document.decision is Decision.APPROVED else ICONS[document.state]


def status_colours(document: DocumentSummary, palette: Palette) -> tuple[str, str]:
    """Text and tint of the chip of `status_text`."""
    if document.decision is Decision.REJECTED:
        return palette.muted, palette.calm_tint
    if is_read(document) and document.is_to_review:
        return palette.warn_text, palette.warn_tint
    return state_colours(document.state, palette)


def kind_text(document: DocumentSummary) -> str:
    """What kind of document it is; empty before it was read."""
    kind = document_type(document.document_type)
    return (
        kind if kind or document.state is not DocumentState.DONE else translate("DocumentWords", "Kind not recognised")
    )


def fault_text(document: DocumentSummary) -> str:
    """Why the document could not be read, without its own name, which stands beside it; empty where it could."""
    if document.error is None:
        return ""
    return document.error.message.removeprefix(f"{document.file_name}: ")


def state_colours(state: DocumentState, palette: Palette) -> tuple[str, str]:
    """Text and tint of the chip of `state`."""
    return {
        DocumentState.WAITING: (palette.muted, palette.calm_tint),
        DocumentState.PROCESSING: (palette.accent_text, palette.accent_tint),
        DocumentState.DONE: (palette.good_text, palette.good_tint),
        DocumentState.FAILED: (palette.bad_text, palette.bad_tint),
        DocumentState.QUARANTINED: (palette.warn_text, palette.warn_tint),
    }[state]


def sync_text(document: DocumentSummary, server_known: bool) -> str:
    """Where what was read of `document` is kept."""
    if document.state not in FINAL_STATES:
        return "–"
    if document.synced:
        return translate("DocumentWords", "Synced")
    return translate("DocumentWords", "To be sent") if server_known else translate("DocumentWords", "This device only")


def sync_icon(document: DocumentSummary, server_known: bool) -> str:
    """The icon beside `sync_text`."""
    if document.synced:
        return "synced"
    return "unsynced" if server_known else "alone"
