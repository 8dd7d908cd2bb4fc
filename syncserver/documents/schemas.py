"""What the routes of jobs take and answer."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal
from uuid import UUID

from pydantic import BaseModel

from shared.documents import Cell, Page, ReadingFault, Row, TemplateRef

Status = Literal["pending", "processing", "completed", "failed", "cancelled"]
Origin = Literal["desktop", "api"]


@dataclass(frozen=True, slots=True)
class JobFilter:
    """Which jobs; None means all. `since` is the moment of the last change on this server."""

    status: Status | None = None
    since: datetime | None = None
    document_type: str | None = None
    origin: Origin | None = None
    batch_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class StatusCounts:
    """How many jobs of a batch are in which state; `active` wait or are being read."""

    active: int
    completed: int
    failed: int
    cancelled: int
    pages_done: int

    @property
    def total(self) -> int:
        return self.active + self.completed + self.failed + self.cancelled


class JobView(BaseModel):
    """A job in a list. `created_at`, `started_at`, `finished_at` are by the clock of the device that read it.

    `synced_at` is when the server first held it, `updated_at` when it last changed here.
    """

    job_id: UUID
    status: Status
    progress: float
    attempts: int
    origin: Origin
    device_id: UUID | None
    batch_id: UUID | None
    document_type: str
    sha256: str
    page_count: int
    created_at: datetime
    started_at: datetime | None
    finished_at: datetime | None
    synced_at: datetime | None
    updated_at: datetime


class DocumentView(BaseModel):
    """The file that was read."""

    id: UUID
    file_name: str
    sha256: str
    page_count: int


class ResultView(BaseModel):
    """What was read, as `chartdrop scan --json` prints it."""

    document_type: str
    document_type_confidence: float
    template: TemplateRef | None
    fields: dict[str, Cell]
    tables: dict[str, list[Row]]
    pages: list[Page]


class JobDetail(JobView):
    """A job with its document and its result; `result` is null unless it completed, `error` unless it failed."""

    document: DocumentView
    result: ResultView | None
    error: ReadingFault | None


class Stats(BaseModel):
    """The organization's jobs in numbers; `average_confidence` is over all fields found, null without any."""

    total_jobs: int
    completed: int
    failed: int
    pages: int
    average_confidence: float | None
