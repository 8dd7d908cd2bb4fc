"""`/api/v1/templates`."""

from typing import Annotated

from fastapi import APIRouter, Path

from syncserver.events.transaction import WriteTransaction
from syncserver.identity.access import Access, AdministratorAccess, SignedInAccess
from syncserver.identity.errors import NotAllowed
from syncserver.kit.edge import ReadSession, TheKeys
from syncserver.kit.idempotency import IdempotencyKey, Once
from syncserver.kit.paging import DEFAULT_LIMIT, CursorText, Limit, PageOf
from syncserver.kit.problems import documented
from syncserver.templates import service
from syncserver.templates.schemas import Publication, TemplateDetail, TemplateSource, TemplateView
from syncserver.templates.service import Editor

router = APIRouter(prefix="/api/v1/templates", tags=["templates"], responses=documented(401, 403, 422))

Name = Annotated[str, Path(pattern=r"^[a-z][a-z0-9_]{0,63}$")]


@router.get("")
def list_templates(
    access: SignedInAccess, session: ReadSession, cursor: CursorText = None, limit: Limit = DEFAULT_LIMIT
) -> PageOf[TemplateView]:
    """Every template that documents can be read by, and one's own that are not published yet, in order of name."""
    return service.page(session, access.organization_id, cursor, limit)


@router.post("", status_code=201, responses=documented(409))
def create_template(
    given: TemplateSource,
    access: AdministratorAccess,
    transaction: WriteTransaction,
    keys: TheKeys,
    idempotency_key: IdempotencyKey = None,
) -> TemplateView:
    """A template of one's own (owners and admins), checked line by line. Jobs can name it once it is published."""
    once = Once(transaction.session, transaction.now, keys.answers, f"templates:{access.actor}", idempotency_key)
    return once.answer(given, TemplateView, lambda: service.create(transaction, _editor(access), given))


@router.get("/{name}", responses=documented(404))
def get_template(name: Name, access: SignedInAccess, session: ReadSession) -> TemplateDetail:
    """A template: as it was written, and what its record looks like."""
    return service.detail(session, access.organization_id, name)


@router.post("/{name}/versions", status_code=201, responses=documented(404, 409))
def add_template_version(
    name: Name,
    given: TemplateSource,
    access: AdministratorAccess,
    transaction: WriteTransaction,
    keys: TheKeys,
    idempotency_key: IdempotencyKey = None,
) -> TemplateView:
    """A newer version of a template of one's own (owners and admins). Jobs go by the published one meanwhile."""
    scope = f"template-versions:{name}:{access.actor}"
    once = Once(transaction.session, transaction.now, keys.answers, scope, idempotency_key)
    return once.answer(given, TemplateView, lambda: service.add_version(transaction, _editor(access), name, given))


@router.post("/{name}/publish", responses=documented(404, 409))
def publish_template(
    name: Name, wanted: Publication, access: AdministratorAccess, transaction: WriteTransaction
) -> TemplateView:
    """From now on documents are read by this version (owners and admins): the newest, or an earlier one again."""
    if wanted.is_public and (access.key or not access.is_superuser):
        raise NotAllowed("Templates for all organizations are published by the operator of the server, in person.")
    return service.publish(transaction, _editor(access), name, wanted)


@router.delete("/{name}", status_code=204, responses=documented(404))
def delete_template(name: Name, access: AdministratorAccess, transaction: WriteTransaction) -> None:
    """Deletes a template of one's own (owners and admins): nothing is read by it any more; what was read stays."""
    service.delete(transaction, _editor(access), name)


def _editor(access: Access) -> Editor:
    return Editor(access.organization_id, access.actor)
