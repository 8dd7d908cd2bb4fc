"""When something was, as people ask for it: today, the last week, this year."""

from datetime import datetime, timedelta
from enum import StrEnum

from PySide6.QtCore import QCoreApplication


class Span(StrEnum):
    """A stretch of days up to now, or of last year."""

    TODAY = "today"
    WEEK = "week"
    MONTH = "month"
    THIS_YEAR = "this_year"
    LAST_YEAR = "last_year"


def bounds_of(span: Span | None, now: datetime) -> tuple[datetime | None, datetime | None]:
    """From when, counted in, to when, not counted in; days begin at midnight where `now` is."""
    midnight = now.replace(hour=0, minute=0, second=0, microsecond=0)
    new_year = midnight.replace(month=1, day=1)
    match span:
        case Span.TODAY:
            return midnight, None
        case Span.WEEK:
            return midnight - timedelta(days=6), None
        case Span.MONTH:
            return midnight - timedelta(days=29), None
        case Span.THIS_YEAR:
            return new_year, None
        case Span.LAST_YEAR:
            return new_year.replace(year=new_year.year - 1), new_year
    return None, None


def span_choices() -> list[tuple[str, Span | None]]:
    """Every span in people's words, "any time" first."""
    translate = QCoreApplication.translate
    return [
        (translate("Spans", "Any time"), None),
        (translate("Spans", "Today"), Span.TODAY),
        (translate("Spans", "Last 7 days"), Span.WEEK),
        (translate("Spans", "Last 30 days"), Span.MONTH),
        (translate("Spans", "This year"), Span.THIS_YEAR),
        (translate("Spans", "Last year"), Span.LAST_YEAR),
    ]
