"""What one reading adds to which counts. A new statistic is a counter more here, or a kind."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import IntEnum, StrEnum

from syncserver.analytics.pace import BUCKETS, bucket_of
from syncserver.documents.figures import Figures

_LONGEST_NAME = 200  # codes and kinds come from devices
_JOIN = "\x1f"  # the unit separator, which stands in no kind's name


class Kind(StrEnum):
    """What a day's counts are about; all but the first are told apart by a name."""

    ALL = "all"
    TYPE = "type"
    ERROR = "error"
    BLOCK = "block"
    CHECK = "check"
    FIELD = "field"


class All(IntEnum):
    """Counters of all documents; from `PACE` on the histogram of how long reading took."""

    COMPLETED = 0
    FAILED = 1
    PAGES = 2
    AUTOMATIC = 3
    FIELDS = 4
    CONFIDENCE = 5
    PACE = 6


class OfType(IntEnum):
    """Counters of one kind of document: those that were read, and what was found on them."""

    DOCUMENTS = 0
    PAGES = 1
    FIELDS = 2
    CONFIDENCE = 3
    TO_REVIEW = 4
    AUTOMATIC = 5


class Check(IntEnum):
    """Counters of what people checked: of one kind of document, or of one field of one kind."""

    CHECKED = 0
    CORRECTED = 1


WIDTH = {
    Kind.ALL: All.PACE + BUCKETS,
    Kind.TYPE: len(OfType),
    Kind.ERROR: 1,
    Kind.BLOCK: 1,
    Kind.CHECK: len(Check),
    Kind.FIELD: len(Check),
}
"""How many counters a kind has."""


@dataclass(frozen=True, slots=True)
class Addition:
    """So much more of some counters of one kind and name."""

    kind: Kind
    name: str
    amounts: dict[int, int]


def additions(figures: Figures, sign: int = 1) -> Iterator[Addition]:
    """What the reading adds; with `sign` -1, what takes it away again."""
    automatic = not figures.blocked_by
    yield Addition(Kind.ALL, "", _signed(_of_all(figures, automatic), sign))
    if figures.error:
        yield Addition(Kind.ERROR, figures.error[:_LONGEST_NAME], {0: sign})
    else:
        amounts: dict[int, int] = {
            OfType.DOCUMENTS: 1,
            OfType.PAGES: figures.pages,
            OfType.FIELDS: figures.fields,
            OfType.CONFIDENCE: figures.confidence,
            OfType.TO_REVIEW: figures.to_review,
            OfType.AUTOMATIC: int(automatic),
        }
        yield Addition(Kind.TYPE, figures.document_type[:_LONGEST_NAME], _signed(amounts, sign))
    if figures.blocked_by:
        yield Addition(Kind.BLOCK, figures.blocked_by, {0: sign})


def additions_of_checks(document_type: str, counts: Mapping[str, Sequence[int]], sign: int = 1) -> Iterator[Addition]:
    """What the checked and corrected values of one document add, by field."""
    kind = document_type[:_LONGEST_NAME]
    if counts:
        total = [sum(of_field[counter] for of_field in counts.values()) for counter in Check]
        yield Addition(Kind.CHECK, kind, _signed(dict(enumerate(total)), sign))
    for name, of_field in counts.items():
        yield Addition(Kind.FIELD, _JOIN.join((kind, name)), _signed(dict(enumerate(of_field)), sign))


def field_named(name: str) -> tuple[str, str]:
    """The kind of document and the field that a name of `Kind.FIELD` is of."""
    document_type, _, field = name.partition(_JOIN)
    return document_type, field


def _of_all(figures: Figures, automatic: bool) -> dict[int, int]:
    if figures.error:
        return {All.FAILED: 1}
    return {
        All.COMPLETED: 1,
        All.PAGES: figures.pages,
        All.AUTOMATIC: int(automatic),
        All.FIELDS: figures.fields,
        All.CONFIDENCE: figures.confidence,
        All.PACE + bucket_of(figures.ms): 1,
    }


def _signed(amounts: dict[int, int], sign: int) -> dict[int, int]:
    return {counter: sign * amount for counter, amount in amounts.items()}
