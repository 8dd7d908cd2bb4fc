"""Keeping the roll-ups of what people checked: values that somebody corrected or confirmed, against what was read.

A document's values are counted anew, from all that holds of them, whenever something of it may have changed. So it
comes to the same in whatever order things are told, and told of twice they change nothing.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from shared.documents.corrections import Correction, Place, standings
from syncserver.analytics import repository
from syncserver.analytics.models import CheckedDocument
from syncserver.analytics.rollup import additions_of_checks
from syncserver.analytics.sums import DaySums
from syncserver.corrections import service as corrections
from syncserver.corrections.service import Shelf
from syncserver.documents import service as documents
from syncserver.events.record import Event
from syncserver.kit.secret import ServerKeys
from syncserver.tenants.service import organization_key

_AT_ONCE = 200  # documents whose corrections are opened at a time


@dataclass(frozen=True, slots=True)
class CountChecks:
    """The effects that count what people checked; corrections are opened by `keys`."""

    keys: ServerKeys

    def of_corrections(self, session: Session, events: Sequence[Event]) -> None:
        """What holds by now of these documents counts: an effect of `document.corrected`."""
        sha256s = {str(event.details["sha256"]) for event in events}
        count_checks(session, self.keys, events[0].organization_id, sha256s)

    def of_documents(self, session: Session, events: Sequence[Event]) -> None:
        """What was said of the documents before, or as they were read before, counts: an effect of `document.read`,
        after the one that counts the readings themselves."""
        organization_id = events[0].organization_id
        ids = {UUID(str(event.details["document_id"])) for event in events}
        read = set(documents.contents(session, organization_id, ids).values())
        count_checks(session, self.keys, organization_id, corrections.said_of(session, organization_id, read))


def count_all_checks(session: Session, keys: ServerKeys, organization_id: UUID) -> None:
    """All that people said of the organization's documents counts."""
    last = ""
    while some := corrections.contents(session, organization_id, last, _AT_ONCE):
        count_checks(session, keys, organization_id, some)
        session.expunge_all()  # a million of them would fill the memory
        last = some[-1]


def count_checks(session: Session, keys: ServerKeys, organization_id: UUID, sha256s: Collection[str]) -> None:
    """What holds by now of the documents of these contents counts, and nothing that held before."""
    if not sha256s:
        return
    shelf = Shelf(organization_id, organization_key(session, keys, organization_id))
    rows = repository.checked(session, organization_id, sha256s)  # locked: what is looked up from here on is no older
    said = corrections.of_documents(session, shelf, sha256s)
    against, sums = _last_readings(session, organization_id, sha256s), DaySums()
    for row in rows:
        _add(sums, row, -1)
        row.read_at, row.document_type = against.get(row.sha256, (None, ""))
        row.counts = counts_of(said[row.sha256])
        _add(sums, row, 1)
    session.flush()
    sums.write(session, organization_id)


def counts_of(said: Iterable[Correction]) -> dict[str, list[int]]:
    """Of each field, how many values people checked, and how many of those were not what was read.

    A value that several said something of counts once, by what holds: corrected and then put back, it was right."""
    counts: dict[str, list[int]] = defaultdict(lambda: [0, 0])
    for place, standing in standings(said).items():
        of_field = counts[_field(place)]
        of_field[0] += 1
        of_field[1] += standing.current.value != standing.current.read
    return dict(counts)


def _field(place: Place) -> str:
    """The field's name, or the table's and the column's: all rows together."""
    name = f"{place.table}.{place.name}" if place.table else place.name
    return "".join(letter if letter.isprintable() else "?" for letter in name)  # it came from a device


def _last_readings(
    session: Session, organization_id: UUID, sha256s: Collection[str]
) -> Mapping[str, tuple[datetime, str]]:
    """When each content was last read, and as which kind of document; several documents may have the same content."""
    contents = documents.of_contents(session, organization_id, sha256s)
    found: dict[str, tuple[datetime, str]] = {}
    for document_id, read_at, kind in repository.readings(session, organization_id, contents):
        found[contents[document_id]] = (read_at, kind)
    return found


def _add(sums: DaySums, row: CheckedDocument, sign: int) -> None:
    if row.read_at:
        sums.add(row.read_at, additions_of_checks(row.document_type, row.counts, sign))
