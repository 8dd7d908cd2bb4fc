"""`/api/v1/audit`."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query
from fastapi.responses import StreamingResponse

from shared.audit import TreeHead
from syncserver.audit import export, service, tree
from syncserver.audit.schemas import AuditEntryView, ConsistencyProof, EntryFilter, InclusionProof, TreeHeadView
from syncserver.events.transaction import BeginTransaction, Transaction, WriteTransaction
from syncserver.identity.access import AdministratorAccess
from syncserver.kit.edge import ReadSession, TheDatabase, TheKeys
from syncserver.kit.moments import GivenMoment
from syncserver.kit.paging import DEFAULT_LIMIT, CursorText, Limit, PageOf
from syncserver.kit.problems import documented
from syncserver.kit.secret import ServerKeys
from syncserver.kit.tenancy import only

_LARGEST = 2**63 - 1  # that a database can hold
_MEDIA_TYPE = "application/jsonl"
_FILE_NAME = "audit.jsonl"

router = APIRouter(prefix="/api/v1/audit", tags=["audit"], responses=documented(401, 403, 422))

Size = Annotated[int, Query(ge=1, le=_LARGEST)]


@router.get("")
def query_audit(
    access: AdministratorAccess,
    session: ReadSession,
    chain: Annotated[UUID | None, Query(description="The organization's id, or a device's.")] = None,
    actor: Annotated[str | None, Query(max_length=200, description="Such as `user:ID`, `api-key:ID`.")] = None,
    action: Annotated[str | None, Query(max_length=100, description="Such as `document.viewed`.")] = None,
    since: Annotated[GivenMoment | None, Query(description="Recorded by the server at or after this moment.")] = None,
    until: Annotated[GivenMoment | None, Query(description="Recorded by the server before this moment.")] = None,
    cursor: CursorText = None,
    limit: Limit = DEFAULT_LIMIT,
) -> PageOf[AuditEntryView]:
    """The audit log (owners and admins), the last recorded first: acts on this server, and on each device."""
    wanted = EntryFilter(chain, actor, action, since, until)
    return service.page(session, access.organization_id, wanted, cursor, limit)


@router.get(
    "/export",
    response_class=StreamingResponse,
    responses={200: {"content": {_MEDIA_TYPE: {}}, "description": "JSON Lines, which end with the signed tree head."}},
)
def export_audit(
    access: AdministratorAccess, begin: BeginTransaction, database: TheDatabase, keys: TheKeys
) -> StreamingResponse:
    """The whole log (owners and admins), for `python3 verify.py`, which `chartdrop audit verifier` writes.

    The first line names every chain's public key, the last is the signed tree head over the entries between them.
    """
    with begin(only(access.organization_id)) as transaction:
        head = export.begin(transaction, keys, access.organization_id, access.actor)
    headers = {"Content-Disposition": f'attachment; filename="{_FILE_NAME}"'}
    return StreamingResponse(export.lines(database, keys, head), media_type=_MEDIA_TYPE, headers=headers)


@router.get("/tree-head")
def get_tree_head(access: AdministratorAccess, transaction: WriteTransaction, keys: TheKeys) -> TreeHeadView:
    """The signed head over the whole log (owners and admins). Keep one elsewhere: it proves what is changed later."""
    session, organization_id = transaction.session, access.organization_id
    return TreeHeadView.of(tree.current_head(session, keys, organization_id, transaction.now))


@router.get("/inclusion-proof", responses=documented(404))
def get_inclusion_proof(
    access: AdministratorAccess,
    transaction: WriteTransaction,
    keys: TheKeys,
    sequence: Annotated[int, Query(ge=1, le=_LARGEST, description="The entry's place in its chain.")],
    chain: Annotated[UUID | None, Query(description="A device's id; without it, the organization's own.")] = None,
    size: Annotated[Size | None, Query(description="Of an earlier head; without it, the newest.")] = None,
) -> InclusionProof:
    """That an entry stands in the log under a signed head (owners and admins)."""
    session, organization_id = transaction.session, access.organization_id
    head = _head(transaction, keys, organization_id, size)
    return tree.inclusion_proof(session, head, organization_id, chain or organization_id, sequence)


@router.get("/consistency-proof", responses=documented(404))
def get_consistency_proof(
    access: AdministratorAccess,
    transaction: WriteTransaction,
    keys: TheKeys,
    first: Annotated[Size, Query(description="The size of an earlier head.")],
    second: Annotated[Size | None, Query(description="Of a later head; without it, the newest.")] = None,
) -> ConsistencyProof:
    """That the log under a later head begins with the log under an earlier one (owners and admins)."""
    head = _head(transaction, keys, access.organization_id, second)
    return tree.consistency_proof(transaction.session, head, access.organization_id, first)


def _head(transaction: Transaction, keys: ServerKeys, organization_id: UUID, size: int | None) -> TreeHead:
    """The signed head of this size; without one, the newest, which stands over every entry so far."""
    newest = tree.current_head(transaction.session, keys, organization_id, transaction.now)
    return tree.signed_head(transaction.session, keys, organization_id, size) if size else newest
