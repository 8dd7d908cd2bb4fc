"""Telling statistics: sums over the days of a period, whatever happened on them."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from syncserver.analytics import repository
from syncserver.analytics.days import LocalDay, local_days, parts, summed
from syncserver.analytics.pace import percentile
from syncserver.analytics.rollup import WIDTH, All, Check, Kind, OfType, field_named
from syncserver.analytics.schemas import (
    Accuracy,
    AccuracyByField,
    AccuracyOfField,
    AccuracyOfType,
    AnalyticsStats,
    Automation,
    Blocked,
    ErrorCause,
    Errors,
    JobsOfDay,
    JobsOverTime,
    Pace,
    Period,
)
from syncserver.documents.figures import CONFIDENCE_PARTS

Counters = Sequence[int]


@dataclass(frozen=True, slots=True)
class Asked:
    """Whose documents, of which days."""

    organization_id: UUID
    days: tuple[LocalDay, ...]
    zone: ZoneInfo

    @property
    def period(self) -> Period:
        return Period(days=len(self.days), tz=self.zone.key, start=self.days[0].start, end=self.days[-1].end)


def asked(organization_id: UUID, now: datetime, days: int, zone: ZoneInfo) -> Asked:
    """The last days by the zone's clocks."""
    return Asked(organization_id, tuple(local_days(now, days, zone)), zone)


def stats(session: Session, wanted: Asked) -> AnalyticsStats:
    """The period in numbers."""
    counts = _over_period(session, wanted, Kind.ALL).get("", [0] * WIDTH[Kind.ALL])
    total = counts[All.COMPLETED] + counts[All.FAILED]
    return AnalyticsStats(
        period=wanted.period,
        total_jobs=total,
        completed=counts[All.COMPLETED],
        failed=counts[All.FAILED],
        pages=counts[All.PAGES],
        success_rate=_share(counts[All.COMPLETED], total),
        average_confidence=_confidence(counts[All.CONFIDENCE], counts[All.FIELDS]),
        processing_ms=_pace(counts),
        automation=_automation(session, wanted, counts[All.AUTOMATIC], total),
    )


def jobs_over_time(session: Session, wanted: Asked) -> JobsOverTime:
    """Every day of the period."""
    held = _held(session, wanted, Kind.ALL)
    items = [_day(day, _of_day(held.get("", {}), day, Kind.ALL)) for day in wanted.days]
    return JobsOverTime(period=wanted.period, items=items, next_cursor=None)


def accuracy(session: Session, wanted: Asked) -> Accuracy:
    """Every kind of document read in the period."""
    found, checked = _over_period(session, wanted, Kind.TYPE), _over_period(session, wanted, Kind.CHECK)
    none = [0] * WIDTH[Kind.CHECK]
    items = [_type(name, counts, checked.get(name, none)) for name, counts in found.items() if counts[OfType.DOCUMENTS]]
    items.sort(key=lambda one: (-one.documents, one.document_type))
    return Accuracy(period=wanted.period, items=items, next_cursor=None)


def accuracy_by_field(session: Session, wanted: Asked) -> AccuracyByField:
    """Every field of which somebody checked a value."""
    found = _over_period(session, wanted, Kind.FIELD)
    items = [_field(name, counts) for name, counts in found.items() if counts[Check.CHECKED]]
    items.sort(key=lambda one: (-one.corrected, -one.checked, one.document_type, one.field))
    return AccuracyByField(period=wanted.period, items=items, next_cursor=None)


def errors(session: Session, wanted: Asked) -> Errors:
    """Every cause in the period."""
    found = {name: counts[0] for name, counts in _over_period(session, wanted, Kind.ERROR).items() if counts[0]}
    failed = sum(found.values())
    causes = sorted(found.items(), key=lambda one: (-one[1], one[0]))
    items = [ErrorCause(code=code, documents=number, share=round(number / failed, 4)) for code, number in causes]
    return Errors(period=wanted.period, failed=failed, items=items, next_cursor=None)


def _automation(session: Session, wanted: Asked, automatic: int, total: int) -> Automation:
    found = _over_period(session, wanted, Kind.BLOCK)
    blocked = {reason: found[reason][0] if reason in found else 0 for reason in Blocked.model_fields}
    return Automation(automatic=automatic, rate=_share(automatic, total), blocked=Blocked(**blocked))


def _over_period(session: Session, wanted: Asked, kind: Kind) -> dict[str, list[int]]:
    """Each name's counters over the whole period, which is one long day."""
    whole = LocalDay(wanted.days[0].day, wanted.days[0].start, wanted.days[-1].end)
    return {name: _of_day(days, whole, kind) for name, days in _held(session, wanted, kind).items()}


def _held(session: Session, wanted: Asked, kind: Kind) -> Mapping[str, Mapping[date, bytes]]:
    """What is held of the period's days in UTC, by name."""
    first, last = wanted.days[0].start.date(), wanted.days[-1].end.date()
    held: dict[str, dict[date, bytes]] = defaultdict(dict)
    for day, name, counts in repository.days(session, wanted.organization_id, kind, first, last):
        held[name][day] = counts
    return held


def _of_day(held: Mapping[date, bytes], day: LocalDay, kind: Kind) -> list[int]:
    total = [0] * WIDTH[kind]
    for utc_day, first, end in parts(day):
        if counts := held.get(utc_day):
            total = [one + more for one, more in zip(total, summed(counts, first, end), strict=True)]
    return total


def _day(day: LocalDay, counts: Counters) -> JobsOfDay:
    return JobsOfDay(
        date=day.day,
        total_jobs=counts[All.COMPLETED] + counts[All.FAILED],
        completed=counts[All.COMPLETED],
        failed=counts[All.FAILED],
        pages=counts[All.PAGES],
        automatic=counts[All.AUTOMATIC],
        processing_ms=_pace(counts),
    )


def _type(name: str, counts: Counters, checks: Counters) -> AccuracyOfType:
    return AccuracyOfType(
        document_type=name,
        documents=counts[OfType.DOCUMENTS],
        pages=counts[OfType.PAGES],
        fields=counts[OfType.FIELDS],
        average_confidence=_confidence(counts[OfType.CONFIDENCE], counts[OfType.FIELDS]),
        to_review=counts[OfType.TO_REVIEW],
        automatic=counts[OfType.AUTOMATIC],
        automation_rate=_share(counts[OfType.AUTOMATIC], counts[OfType.DOCUMENTS]),
        checked=checks[Check.CHECKED],
        corrected=checks[Check.CORRECTED],
        accuracy=_share(checks[Check.CHECKED] - checks[Check.CORRECTED], checks[Check.CHECKED]),
    )


def _field(name: str, checks: Counters) -> AccuracyOfField:
    document_type, field = field_named(name)
    checked, corrected = checks[Check.CHECKED], checks[Check.CORRECTED]
    return AccuracyOfField(
        document_type=document_type,
        field=field,
        checked=checked,
        corrected=corrected,
        accuracy=round((checked - corrected) / checked, 4),
    )


def _pace(counts: Counters) -> Pace:
    buckets = counts[All.PACE :]
    p50, p90, p95, p99 = (percentile(buckets, share) for share in (0.5, 0.9, 0.95, 0.99))
    return Pace(p50=p50, p90=p90, p95=p95, p99=p99)


def _confidence(parts_found: int, fields: int) -> float | None:
    return round(parts_found / CONFIDENCE_PARTS / fields, 4) if fields else None


def _share(part: int, whole: int) -> float | None:
    return round(part / whole, 4) if whole else None
