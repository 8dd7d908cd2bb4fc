"""Which documents of the inbox are listed. Pure: no widget."""

from dataclasses import dataclass
from enum import StrEnum

from desktop.vault.documents import DocumentState, DocumentSummary
from desktop.vault.verdicts import Decision


class Show(StrEnum):
    """Documents by what is to be done with them."""

    ALL = "all"
    REVIEW = "review"
    """A person has to look at them."""
    UNDER_WAY = "under_way"
    """They wait, or are being read."""
    FAILED = "failed"
    """They could not be read."""
    READY = "ready"
    """They were approved, or nothing in them is to review."""
    REJECTED = "rejected"


@dataclass(frozen=True, slots=True)
class Filter:
    """What is listed: documents to `show`, of one `kind` (empty: any), with all `words` in their name."""

    show: Show = Show.ALL
    kind: str = ""
    words: str = ""

    @property
    def is_open(self) -> bool:
        """Whether everything is listed."""
        return self == Filter()

    def lists(self, document: DocumentSummary) -> bool:
        """Whether `document` is among them."""
        if self.show is not Show.ALL and standing(document) is not self.show:
            return False
        if self.kind and document.document_type != self.kind:
            return False
        if not self.words:
            return True
        name = document.file_name.casefold()
        return all(word in name for word in self.words.casefold().split())


def standing(document: DocumentSummary) -> Show:
    """What is to be done with `document`."""
    match document.state:
        case DocumentState.WAITING | DocumentState.PROCESSING:
            return Show.UNDER_WAY
        case DocumentState.FAILED | DocumentState.QUARANTINED:
            return Show.FAILED
        case DocumentState.DONE:
            if document.decision is Decision.REJECTED:
                return Show.REJECTED
            return Show.REVIEW if document.is_to_review else Show.READY
