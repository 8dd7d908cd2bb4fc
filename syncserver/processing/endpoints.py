"""Sending files to `/api/v1/jobs` and `/api/v1/batches`, and what becomes of them."""

from itertools import chain
from typing import Annotated, Any
from urllib.parse import quote
from uuid import UUID

from fastapi import APIRouter, Query, Request
from fastapi.responses import Response, StreamingResponse
from pydantic import BaseModel

from shared.export import Format
from syncserver.documents import service as documents
from syncserver.documents.schemas import JobView
from syncserver.events.transaction import BeginTransaction, Transaction, WriteTransaction
from syncserver.identity.access import SignedInAccess
from syncserver.kit.edge import ReadSession, TheClock, TheKeys, base_url_of
from syncserver.kit.errors import InvalidRequest
from syncserver.kit.forms import UploadedForm
from syncserver.kit.idempotency import IdempotencyKey
from syncserver.kit.problems import documented
from syncserver.kit.storage.links import GOOD_FOR, Link, read_link, sign_link
from syncserver.kit.tenancy import only
from syncserver.processing import batches, export, originals, service
from syncserver.processing.export import Counter
from syncserver.processing.intake import ManyFiles, OneFile, Repeatable, TheCaller, TheEntry, TheIntake, told
from syncserver.processing.schemas import BatchAccepted, BatchForm, BatchView, JobAccepted, JobForm, OriginalLink
from syncserver.processing.service import Caller
from syncserver.tenants.service import organization_key

JOBS_PATH, BATCHES_PATH = "/api/v1/jobs", "/api/v1/batches"
_REFUSED = documented(400, 402, 409, 413, 415, 503)
LINKED_PATH = "/api/v1/originals"  # the link itself in the query: the access log holds paths

router = APIRouter(tags=["jobs"], responses=documented(401, 403, 422))
open_router = APIRouter(tags=["jobs"], responses=documented(404, 422, 503))


def _form_of(form: type[BaseModel], field: str, files: dict[str, Any]) -> dict[str, Any]:
    """Described by hand, because the body is read by hand."""
    schema = form.model_json_schema()
    schema["properties"] = {field: files, **schema["properties"]}
    schema["required"] = [field, *schema.get("required", [])]
    return {"requestBody": {"required": True, "content": {"multipart/form-data": {"schema": schema}}}}


_FILE = {"type": "string", "format": "binary", "description": "A PDF, PNG, JPEG or TIFF."}


_FORMS = (
    "`csv`: its fields as one row; `xlsx`: its tables as sheets, too; `json`: as `chartdrop export` writes it; `fhir`: "
    "an R4 Bundle of type document; `hl7`: v2.5.1 messages as a batch. These two hold the original where it is here. "
    "`pdf`: searchable PDF/A, of documents whose original is here."
)
LinkText = Annotated[str, Query(max_length=2000, description="From `GET /api/v1/jobs/{job_id}/original`.")]


class _Asked(BaseModel):
    """What a repeated request is compared by."""

    files: list[tuple[str, str]]
    told: JobForm | BatchForm


@router.post(JOBS_PATH, status_code=202, responses=_REFUSED, openapi_extra=_form_of(JobForm, "file", _FILE))
def create_job(
    form: OneFile, caller: TheCaller, intake: TheIntake, entry: TheEntry, idempotency_key: IdempotencyKey = None
) -> JobAccepted:
    """Sends one file to be read. Its kind is told by its content; `GET /api/v1/jobs/{job_id}` says how it is going."""
    wishes = told(form, JobForm)
    _check_files(form, "file")
    entry.check_template(caller, wishes.schema_template)
    entry.check_webhook_url(wishes.webhook_url)
    file = form.files[0]

    def make(transaction: Transaction) -> JobAccepted:
        return service.create_job(transaction, caller, file, wishes)

    asked = _asked(form, wishes)
    accepted = entry.take_in(caller, form.files, Repeatable("jobs", idempotency_key, asked), JobAccepted, make)
    intake.workers.ring([accepted.job_id])
    return accepted


@router.post(
    BATCHES_PATH,
    status_code=202,
    responses=_REFUSED,
    openapi_extra=_form_of(BatchForm, "files", {"type": "array", "items": _FILE, "minItems": 1}),
)
def create_batch(
    form: ManyFiles, caller: TheCaller, intake: TheIntake, entry: TheEntry, idempotency_key: IdempotencyKey = None
) -> BatchAccepted:
    """Sends up to 1,000 files to be read as one batch. If one of them is refused, all are, and it is named."""
    wishes = told(form, BatchForm)
    _check_files(form, "files")
    entry.check_template(caller, wishes.schema_template)
    entry.check_webhook_url(wishes.webhook_url)

    def make(transaction: Transaction) -> BatchAccepted:
        return service.create_batch(transaction, caller, form.files, wishes)

    asked = _asked(form, wishes)
    accepted = entry.take_in(caller, form.files, Repeatable("batches", idempotency_key, asked), BatchAccepted, make)
    intake.workers.ring([file.id for file in form.files])
    return accepted


@router.get(f"{BATCHES_PATH}/{{batch_id}}", responses=documented(404))
def get_batch(batch_id: UUID, access: SignedInAccess, session: ReadSession, keys: TheKeys) -> BatchView:
    """A batch, how far it is, and its first hundred jobs."""
    return batches.view(session, keys, access.organization_id, batch_id)


@router.post(f"{JOBS_PATH}/{{job_id}}/cancel", responses=documented(404, 409))
def cancel_job(job_id: UUID, caller: TheCaller, transaction: WriteTransaction) -> JobView:
    """Cancels a job that waits or is being read; whoever reads it leaves off within five seconds."""
    service.cancel(transaction, caller, job_id)
    return documents.listed(transaction.session, caller.organization_id, job_id)


@router.post(f"{JOBS_PATH}/{{job_id}}/retry", status_code=202, responses=documented(404, 409, 410))
def retry_job(job_id: UUID, caller: TheCaller, intake: TheIntake, begin: BeginTransaction) -> JobView:
    """Has a job that failed or was cancelled read again, with three attempts more."""
    with begin(only(caller.organization_id)) as transaction:
        service.retry(transaction, caller, job_id)
        view = documents.listed(transaction.session, caller.organization_id, job_id)
    intake.workers.ring([job_id])
    return view


@router.delete(f"{JOBS_PATH}/{{job_id}}", status_code=204, responses=documented(404, 409))
def delete_job(job_id: UUID, caller: TheCaller, intake: TheIntake, begin: BeginTransaction) -> None:
    """Deletes a job that was sent here, with its original and all that was read. Counted pages stay counted."""
    with begin(only(caller.organization_id)) as transaction:
        service.delete(transaction, caller, job_id)
    originals.drop(intake.storage, caller.organization_id, job_id)


@router.get(f"{JOBS_PATH}/{{job_id}}/original", responses=documented(404, 409, 410))
def link_original(
    job_id: UUID, request: Request, caller: TheCaller, transaction: WriteTransaction, keys: TheKeys
) -> OriginalLink:
    """A link to the file that was sent, good for five minutes, for whoever holds it. Written into the audit log."""
    service.link(transaction, caller, job_id)
    expires_at = transaction.now + GOOD_FOR
    token = sign_link(keys.links, Link(caller.organization_id, job_id, caller.actor), expires_at)
    return OriginalLink(url=f"{base_url_of(request)}{LINKED_PATH}?link={token}", expires_at=expires_at)


@router.get(
    f"{JOBS_PATH}/{{job_id}}/export",
    response_class=Response,
    responses={
        **documented(404, 409, 410, 503),
        200: {
            "content": {form.media_type: {} for form in Format},
            "description": "The document as a file of this form.",
        },
    },
)
def export_job(
    job_id: UUID,
    caller: TheCaller,
    intake: TheIntake,
    begin: BeginTransaction,
    form: Annotated[Format, Query(alias="format", description=_FORMS)] = Format.JSON,
) -> Response:
    """What was read of a completed job, as a file for other programs. Written into the audit log."""
    with begin(only(caller.organization_id)) as transaction:
        document = export.take_out(transaction, caller, job_id, form, Counter(intake.storage, intake.drawer))
        now = transaction.now
    content = export.written(document, form, now)  # after the commit, with no transaction open
    headers = {"Content-Disposition": f'attachment; filename="{job_id}.{form}"'}
    return Response(content, media_type=form.media_type, headers=headers)


@open_router.get(
    LINKED_PATH,
    response_class=StreamingResponse,
    responses={200: {"content": {"application/octet-stream": {}}, "description": "The file as it was sent."}},
)
def download_original(
    link: LinkText, intake: TheIntake, begin: BeginTransaction, clock: TheClock, keys: TheKeys
) -> StreamingResponse:
    """The file that a link stands for, unsealed on the way: a storage's own links would hand out what is sealed."""
    opens = read_link(keys.links, link, clock())
    with begin(only(opens.organization_id)) as transaction:
        key = organization_key(transaction.session, keys, opens.organization_id)
        caller = Caller(opens.organization_id, opens.actor, key)
        name = service.open_link(transaction, caller, opens.job_id)
    pieces = originals.opened(intake.storage, key, opens.organization_id, opens.job_id)
    first = next(pieces)  # what does not open is said before the answer begins
    headers = {"Content-Disposition": f"attachment; filename*=UTF-8''{quote(name, safe='')}"}
    return StreamingResponse(chain([first], pieces), media_type="application/octet-stream", headers=headers)


def _check_files(form: UploadedForm, field: str) -> None:
    if not form.files or any(file.field != field for file in form.files):
        raise InvalidRequest(f"{field}: Send the document as a file in the form's field `{field}`.")
    for file in form.files:
        service.check_file(file)


def _asked(form: UploadedForm, wishes: JobForm | BatchForm) -> _Asked:
    return _Asked(files=[(file.file_name, file.sha256) for file in form.files], told=wishes)
