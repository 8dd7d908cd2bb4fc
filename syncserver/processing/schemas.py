"""What the routes of jobs and batches take and answer."""

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import AnyHttpUrl, BaseModel, BeforeValidator, Field, StringConstraints

from shared.templates import AUTO
from syncserver.documents.schemas import JobView

_NAMED = {"low": 2, "normal": 5, "high": 8}
_MAX_URL = 2000


def _priority(value: object) -> object:
    return _NAMED.get(value, value) if isinstance(value, str) else value


def _absent_if_empty(value: object) -> object:
    return None if value == "" else value


Priority = Annotated[int, BeforeValidator(_priority), Field(ge=0, le=9)]
WebhookUrl = Annotated[Annotated[AnyHttpUrl, Field(max_length=_MAX_URL)] | None, BeforeValidator(_absent_if_empty)]
TemplateName = Annotated[str, BeforeValidator(lambda value: value or AUTO), StringConstraints(max_length=200)]


class JobForm(BaseModel):
    """What goes with a job's file: how it is to be read, and whom to tell.

    `priority` is 0 (last) to 9 (first), or `low`, `normal`, `high`.
    """

    schema_template: TemplateName = AUTO
    webhook_url: WebhookUrl = None
    priority: Priority = _NAMED["normal"]


class BatchForm(BaseModel):
    """What goes with a batch's files."""

    name: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200)]
    schema_template: TemplateName = AUTO
    webhook_url: WebhookUrl = None
    priority: Priority = _NAMED["normal"]


class JobAccepted(BaseModel):
    """The job waits to be read."""

    job_id: UUID
    status: Literal["pending"]
    created_at: datetime


class BatchAccepted(BaseModel):
    """The batch's jobs wait to be read."""

    batch_id: UUID
    status: Literal["pending"]
    total_jobs: int
    message: str


class BatchView(BaseModel):
    """A batch and how far it is; `jobs` are its first hundred, all are at `/api/v1/jobs?batch_id=…`.

    `status` is `completed` once no job waits or is being read; `progress` is 0..1 over its jobs; `success_rate` is
    that of the jobs which completed or failed, null before any did.
    """

    batch_id: UUID
    name: str
    status: Literal["pending", "processing", "completed"]
    total_jobs: int
    completed_jobs: int
    failed_jobs: int
    cancelled_jobs: int
    progress: float
    success_rate: float | None
    created_at: datetime
    completed_at: datetime | None
    jobs: list[JobView]


class OriginalLink(BaseModel):
    """Where the file that was sent can be fetched, without other credentials, until `expires_at`."""

    url: str
    expires_at: datetime


class SealedBatch(BaseModel):
    """What is sealed of a batch."""

    name: str
    webhook_url: str | None
