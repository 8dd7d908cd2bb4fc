"""What is counted of a reading, in figures alone: told to the effects that keep statistics."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from shared.documents import Reading
from shared.documents.reading import UNKNOWN
from shared.wire.v1.sync import ERASED
from syncserver.documents.service import found_confidences
from syncserver.events.record import Event, announce
from syncserver.events.transaction import Detail, Transaction

DOCUMENT_READ = "document.read"
"""The event that a document was read, or could not be, here or on a desktop."""
CONFIDENCE_PARTS = 100
"""A confidence of 1 counts as so many: whole numbers add up to the same on every database."""


@dataclass(frozen=True, slots=True)
class Figures:
    """One reading. `error` is "" for one that succeeded; `confidence` sums those of all values found, in hundredths;
    `to_review` values wait for a person; `read_at` is by the clock of who read it, and it took `ms`.
    """

    document_id: UUID
    read_at: datetime
    document_type: str
    error: str
    pages: int
    fields: int
    confidence: int
    to_review: int
    ms: int

    @property
    def is_erased(self) -> bool:
        """Whether it stands for a reading that its device no longer has: nothing to count."""
        return self.error == ERASED

    @property
    def blocked_by(self) -> str:
        """Why a person had to look at the document; "" where it went through by itself."""
        if self.error:
            return "failed"
        if self.document_type == UNKNOWN:
            return "unknown_document_type"
        return "values_to_review" if self.to_review else ""


def figures_of(document_id: UUID, reading: Reading, read_at: datetime) -> Figures:
    """The figures of `reading`."""
    found = found_confidences(reading)
    return Figures(
        document_id=document_id,
        read_at=read_at,
        document_type=reading.document_type,
        error=reading.error.code if reading.error else "",
        pages=reading.page_count,
        fields=len(found),
        confidence=round(sum(found) * CONFIDENCE_PARTS),
        to_review=reading.to_review,
        ms=reading.timings_ms.total,
    )


def announce_read(transaction: Transaction, organization_id: UUID, figures: Figures) -> None:
    """The effects of `document.read` will see the figures, unless they stand for a reading that is no more."""
    if not figures.is_erased:
        announce(transaction.session, organization_id, DOCUMENT_READ, details_of(figures), transaction.now)


def details_of(figures: Figures) -> dict[str, Detail]:
    """What the event carries, for `figures_in` to read."""
    return {
        "document_id": str(figures.document_id),
        "read_at": figures.read_at.isoformat(),
        "document_type": figures.document_type,
        "error": figures.error,
        "pages": figures.pages,
        "fields": figures.fields,
        "confidence": figures.confidence,
        "to_review": figures.to_review,
        "ms": figures.ms,
    }


def figures_in(event: Event) -> Figures:
    """The figures that `event` carries."""
    told = event.details
    return Figures(
        document_id=UUID(str(told["document_id"])),
        read_at=datetime.fromisoformat(str(told["read_at"])),
        document_type=str(told["document_type"]),
        error=str(told["error"]),
        pages=int(told["pages"]),
        fields=int(told["fields"]),
        confidence=int(told["confidence"]),
        to_review=int(told["to_review"]),
        ms=int(told["ms"]),
    )
