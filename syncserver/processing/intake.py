"""How files come in: read once the caller is known, put into the storage, and then into the database or not at all."""

from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, TypeVar
from uuid import UUID

from fastapi import Depends, Request
from pydantic import AnyHttpUrl, BaseModel, ValidationError
from sqlalchemy.orm import Session

from syncserver.events.transaction import Begin, BeginTransaction, Transaction
from syncserver.identity.access import SignedInAccess
from syncserver.kit.database import Database
from syncserver.kit.edge import TheDatabase, TheKeys
from syncserver.kit.forms import FormLimits, UploadedFile, UploadedForm, read_form
from syncserver.kit.idempotency import Once
from syncserver.kit.problems import invalid_request
from syncserver.kit.secret import ServerKeys
from syncserver.kit.storage import Storage
from syncserver.kit.tenancy import only
from syncserver.processing import originals
from syncserver.processing.drawing import Drawer
from syncserver.processing.service import Caller
from syncserver.processing.workers import Workers
from syncserver.templates import service as templates
from syncserver.tenants.service import check_content_wanted, organization_key

Told = TypeVar("Told", bound=BaseModel)
MAX_BATCH_FILES = 1000

CheckAllowance = Callable[[Session, UUID, datetime, int], None]
"""Raises where the organization may not have so many files read; metering stands above this domain: it is handed in."""

CheckWebhookUrl = Callable[[str], None]
"""Raises where webhooks would not go; they too stand above this domain."""


@dataclass(frozen=True, slots=True)
class Intake:
    """Where what comes goes, and what draws its pages anew. `file_bytes` is the largest file."""

    workers: Workers
    storage: Storage
    file_bytes: int
    check_allowance: CheckAllowance
    check_webhook_url: CheckWebhookUrl
    drawer: Drawer


async def _intake(request: Request) -> Intake:
    intake: Intake = request.app.state.intake
    return intake


TheIntake = Annotated[Intake, Depends(_intake)]


def _caller(access: SignedInAccess, database: TheDatabase, keys: TheKeys) -> Caller:
    """Looked up in a transaction of its own: an upload may take minutes, and none may be open so long."""
    with database.reading(only(access.organization_id)) as session:
        key = organization_key(session, keys, access.organization_id)
    return Caller(access.organization_id, access.actor, key, access.user_id)


TheCaller = Annotated[Caller, Depends(_caller)]


async def _one_file(request: Request, caller: TheCaller, intake: TheIntake) -> AsyncIterator[UploadedForm]:
    async for form in _form(request, caller, FormLimits(intake.file_bytes, 1)):
        yield form


async def _many_files(request: Request, caller: TheCaller, intake: TheIntake) -> AsyncIterator[UploadedForm]:
    async for form in _form(request, caller, FormLimits(intake.file_bytes, MAX_BATCH_FILES)):
        yield form


async def _form(request: Request, caller: Caller, limits: FormLimits) -> AsyncIterator[UploadedForm]:
    """Read only once the caller is known, and sealed for its organization as it comes."""
    form = await read_form(request, limits, lambda new: originals.sealer(caller.key, caller.organization_id, new))
    try:
        yield form
    finally:
        form.close()


OneFile = Annotated[UploadedForm, Depends(_one_file)]
ManyFiles = Annotated[UploadedForm, Depends(_many_files)]


@dataclass(frozen=True, slots=True)
class Repeatable:
    """A request that may come again under its Idempotency-Key, and what it is compared by."""

    what: str
    key: str | None
    asked: BaseModel


@dataclass(frozen=True, slots=True)
class Entry:
    """The way in for files."""

    intake: Intake
    begin: Begin
    database: Database
    keys: ServerKeys

    def take_in(
        self,
        caller: Caller,
        files: Sequence[UploadedFile],
        request: Repeatable,
        kind: type[Told],
        make: Callable[[Transaction], Told],
    ) -> Told:
        """What `make` returned, now or when this request first came.

        The files are in the storage before the transaction begins, and gone from it unless `make` was committed.
        """
        with self.database.reading(only(caller.organization_id)) as session:
            check_content_wanted(session, caller.organization_id)
        kept = False

        def make_allowed(transaction: Transaction) -> Told:
            """Only what is new counts: a request that comes again is answered as it was."""
            session, now = transaction.session, transaction.now
            self.intake.check_allowance(session, caller.organization_id, now, len(files))
            return make(transaction)

        try:
            for file in files:
                originals.keep(self.intake.storage, caller.organization_id, file)
            answer, kept = self._answer(caller, request, kind, make_allowed)
        finally:
            if not kept:
                for file in files:
                    originals.drop(self.intake.storage, caller.organization_id, file.id)
        return answer

    def check_template(self, caller: Caller, name: str) -> None:
        """Raises TemplateUnknown unless the caller's documents can be read by this template."""
        with self.database.reading(only(caller.organization_id)) as session:
            templates.check_usable(session, caller.organization_id, name)

    def check_webhook_url(self, url: AnyHttpUrl | None) -> None:
        """Raises WebhookUrlRefused where webhooks would not go there. Before any transaction: it may look a name up."""
        if url is not None:
            self.intake.check_webhook_url(str(url))

    def _answer(
        self, caller: Caller, request: Repeatable, kind: type[Told], make: Callable[[Transaction], Told]
    ) -> tuple[Told, bool]:
        """The answer, and whether it is new."""
        made: list[bool] = []
        with self.begin(only(caller.organization_id)) as transaction:

            def act() -> Told:
                made.append(True)
                return make(transaction)

            scope = f"{request.what}:{caller.actor}"
            once = Once(transaction.session, transaction.now, self.keys.answers, scope, request.key)
            answer = once.answer(request.asked, kind, act)
        return answer, bool(made)


async def _entry(intake: TheIntake, begin: BeginTransaction, database: TheDatabase, keys: TheKeys) -> Entry:
    return Entry(intake, begin, database, keys)


TheEntry = Annotated[Entry, Depends(_entry)]


def told(form: UploadedForm, kind: type[Told]) -> Told:
    """What came beside the files. Raises InvalidRequest."""
    try:
        return kind.model_validate(form.texts)
    except ValidationError as error:
        raise invalid_request(error) from error
