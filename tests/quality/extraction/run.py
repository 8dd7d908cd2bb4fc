"""One run: documents seen, understood, timed and judged."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from time import process_time

from shared.documents.reading import UNKNOWN
from shared.reading.extraction import Record, SeenPage, warm_up
from shared.reading.pipeline import understand
from shared.reading.worker.child import keep_for_good
from shared.templates import GENERIC
from tests.quality.extraction.corpus import Document
from tests.quality.extraction.reads import Seen, see_all
from tests.quality.extraction.scoring import Judgement, judge

_REPEATS = 3  # the least processor time of so many is taken


@dataclass(frozen=True, slots=True)
class Result:
    """One document as it was understood.

    `extract_ms` is the processor time a page of all that extraction does, marks included; `error` says why there are
    no pages.
    """

    document: Document
    pages: tuple[SeenPage, ...]
    document_type: str
    record: Record
    judgements: tuple[Judgement, ...]
    extract_ms: float
    error: str | None = None

    @property
    def type_right(self) -> bool:
        """Whether the document is taken for what it is; forms of no kind of ours are to be unknown."""
        wanted = self.document.truth.document_type
        return self.document_type in ((UNKNOWN, wanted) if wanted == GENERIC else (wanted,))


def run(documents: Sequence[Document], on_document: Callable[[], None], *, fresh: bool = False) -> list[Result]:
    """Every document read (or taken from what was kept), understood and judged."""
    seen = see_all(documents, on_document, fresh=fresh)
    warm_up()
    keep_for_good()  # as the product's reading process does
    return [_understood(document, one) for document, one in zip(documents, seen, strict=True)]


def _understood(document: Document, seen: Seen) -> Result:
    if seen.error or not seen.pages:
        nothing = Record()
        return Result(document, (), UNKNOWN, nothing, tuple(judge(document, nothing)), 0.0, seen.error or "no pages")
    taken = []
    for _ in range(_REPEATS):
        started = process_time()
        choice, record = understand(seen.pages, document.template)
        taken.append(1000 * (process_time() - started))
    marks = sum(seen.marks_ms) / len(seen.pages)
    judgements = tuple(judge(document, record))
    return Result(
        document, seen.pages, choice.document_type, record, judgements, min(taken) / len(seen.pages) + marks, None
    )
