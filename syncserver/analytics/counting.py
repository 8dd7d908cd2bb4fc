"""Keeping the roll-ups: each document counts once, as it was last read, however often it is told of."""

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy.orm import Session

from syncserver.analytics import repository
from syncserver.analytics.checking import count_all_checks
from syncserver.analytics.days import Quarter, added, empty, quarter_of
from syncserver.analytics.models import CountedReading, ReadingDay, ReadingTotal
from syncserver.analytics.repository import Place
from syncserver.analytics.rollup import WIDTH, Addition, additions
from syncserver.analytics.sums import DaySums
from syncserver.documents import service as documents
from syncserver.documents.figures import Figures, figures_in, figures_of
from syncserver.events.record import Event
from syncserver.kit.secret import ServerKeys
from syncserver.kit.tenancy import without_time_limit
from syncserver.tenants.service import organization_key

_OLDEST = timedelta(days=366)  # that anybody asks for; a device's clock may say anything
_BEFORE = 0


def count_readings(session: Session, events: Sequence[Event]) -> None:
    """Each document counts as it was read last, and no more as it was read before: an effect of `document.read`."""
    organization_id = events[0].organization_id
    told = [(event, figures_in(event)) for event in events]
    held = repository.counted(session, organization_id, {figures.document_id for _, figures in told})
    sums, new = _Sums(), list[CountedReading]()
    for event, figures in told:
        row = held.get(figures.document_id)
        if row and row.event_id >= event.id:
            continue
        if row:
            sums.add(row, -1)
        else:
            row = held[figures.document_id] = CountedReading(organization_id=organization_id)
            new.append(row)
        _take_over(row, event.id, figures, event.happened_at)
        sums.add(row, 1)
    repository.add_all(session, new)
    sums.write(session, organization_id)


def rebuild(session: Session, keys: ServerKeys, organization_id: UUID, now: datetime) -> int:
    """The organization's roll-ups are put together anew from the documents held now, and from what people said of them;
    from how many documents."""
    repository.lock(session)
    without_time_limit(session)
    repository.forget(session, organization_id)
    rebuilding, number = _Rebuilding(organization_id, now), 0
    key = organization_key(session, keys, organization_id)
    for document_id, reading, read_at in documents.ended(session, organization_id, key):
        figures = figures_of(document_id, reading, read_at)
        if not figures.is_erased:
            rebuilding.add(session, figures)
            number += 1
    rebuilding.write(session)
    count_all_checks(session, keys, organization_id)
    return number


@dataclass(slots=True)
class _Sums:
    """What readings add to the days and the totals, and what earlier ones no longer do."""

    _days: DaySums = field(default_factory=DaySums)
    _totals: Counter[str] = field(default_factory=Counter)

    def add(self, row: CountedReading, sign: int) -> None:
        """The reading counts; with `sign` -1, no more."""
        self._days.add(row.read_at, additions(_figures(row), sign))
        self._totals["failed" if row.error else "completed"] += sign

    def write(self, session: Session, organization_id: UUID) -> None:
        """They stand in the database."""
        self._days.write(session, organization_id)
        if self._totals:
            repository.add_to_totals(session, organization_id, self._totals)


@dataclass(slots=True)
class _Rebuilding:
    """An organization's roll-ups, put together anew from its documents."""

    organization_id: UUID
    now: datetime
    _days: dict[Place, bytes] = field(default_factory=dict)
    _totals: dict[str, int] = field(default_factory=lambda: defaultdict(int))

    def add(self, session: Session, figures: Figures) -> None:
        """The document counts."""
        row = CountedReading(organization_id=self.organization_id)
        _take_over(row, _BEFORE, figures, self.now)
        quarter = quarter_of(row.read_at)
        for addition in additions(figures):
            self._add_to_day(quarter, addition)
        self._totals["failed" if figures.error else "completed"] += 1
        repository.add(session, row)
        session.expunge(row)  # a million of them would fill the memory

    def write(self, session: Session) -> None:
        """The roll-ups stand in the database."""
        rows = [
            ReadingDay(organization_id=self.organization_id, kind=kind, day=day, name=name, counts=counts)
            for (kind, day, name), counts in self._days.items()
        ]
        total = {name: self._totals[name] for name in ("completed", "failed")}
        repository.add(session, *rows, ReadingTotal(organization_id=self.organization_id, **total))

    def _add_to_day(self, quarter: Quarter, addition: Addition) -> None:
        place = (addition.kind, quarter.day, addition.name)
        held = self._days.get(place) or empty(WIDTH[addition.kind])
        self._days[place] = added(held, quarter.place, addition.amounts)


def _take_over(row: CountedReading, event_id: int, figures: Figures, now: datetime) -> None:
    for name in Figures.__slots__:
        setattr(row, name, getattr(figures, name))
    row.event_id = event_id
    if not now - _OLDEST <= figures.read_at <= now:
        row.read_at = now


def _figures(row: CountedReading) -> Figures:
    return Figures(**{name: getattr(row, name) for name in Figures.__slots__})
