"""What the routes of statistics answer."""

from datetime import date, datetime

from pydantic import BaseModel

from syncserver.kit.paging import PageOf


class Period(BaseModel):
    """Days by the clocks of the zone `tz`, from `start` until just before `end`; the last one is not over yet."""

    days: int
    tz: str
    start: datetime
    end: datetime


class Pace(BaseModel):
    """Milliseconds that reading a document took: half of them within `p50`. Null when none was read."""

    p50: int | None
    p90: int | None
    p95: int | None
    p99: int | None


class Blocked(BaseModel):
    """How many documents had to be looked at by a person, by the first reason: they could not be read, are of no known
    kind, or hold values that wait for a person.
    """

    failed: int
    unknown_document_type: int
    values_to_review: int


class Automation(BaseModel):
    """Documents that went through by themselves, their share of all, and what blocked the others."""

    automatic: int
    rate: float | None
    blocked: Blocked


class AnalyticsStats(BaseModel):
    """The organization's documents of the period in numbers, each as it was last read.

    Shares are 0..1 and null where there is nothing to share; confidences are over all values found.
    """

    period: Period
    total_jobs: int
    completed: int
    failed: int
    pages: int
    success_rate: float | None
    average_confidence: float | None
    processing_ms: Pace
    automation: Automation


class JobsOfDay(BaseModel):
    """One day by the zone's clocks, also where nothing was read."""

    date: date
    total_jobs: int
    completed: int
    failed: int
    pages: int
    automatic: int
    processing_ms: Pace


class JobsOverTime(PageOf[JobsOfDay]):
    """Every day of the period, the earliest first; one page alone."""

    period: Period


class AccuracyOfType(BaseModel):
    """The documents of one kind: what was found on them, how surely, and how much of it waits for a person.

    Of the values found, people `checked` some, on desktops, and `corrected` some of those; `accuracy` is the share of
    the checked ones that were right. Doubtful values are checked more often than others: it is below that of all.
    """

    document_type: str
    documents: int
    pages: int
    fields: int
    average_confidence: float | None
    to_review: int
    automatic: int
    automation_rate: float | None
    checked: int
    corrected: int
    accuracy: float | None


class Accuracy(PageOf[AccuracyOfType]):
    """Every kind of document read in the period, the most frequent first; one page alone."""

    period: Period


class AccuracyOfField(BaseModel):
    """One field of one kind of document, or one column of its tables: values that people checked, and corrected."""

    document_type: str
    field: str
    checked: int
    corrected: int
    accuracy: float


class AccuracyByField(PageOf[AccuracyOfField]):
    """Every field of which somebody checked a value read in the period, the most corrected first; one page alone."""

    period: Period


class ErrorCause(BaseModel):
    """A reason that documents could not be read, and which share of the failed ones it has."""

    code: str
    documents: int
    share: float


class Errors(PageOf[ErrorCause]):
    """Every cause in the period, the most frequent first; one page alone."""

    period: Period
    failed: int


class TierCost(BaseModel):
    """What the month costs on a tier, in cents: for what was read so far, and projected to the month's end."""

    total: int
    projected_total: int


class ByTier(BaseModel):
    """The same month on each tier."""

    starter: TierCost
    professional: TierCost
    enterprise: TierCost


class Cost(BaseModel):
    """What the calendar month (UTC) costs, in cents of `currency`: `base` is the tier's price, `extra` that of pages
    beyond the included ones.

    The projection goes on at the pace so far. Costs per call, document and page are null before the first of them.
    """

    period_start: datetime
    period_end: datetime
    currency: str
    tier: str
    calls: int
    documents: int
    pages: int
    base: int
    extra: int
    total: int
    per_call: float | None
    per_document: float | None
    per_page: float | None
    projected_pages: int
    projected_total: int
    by_tier: ByTier
