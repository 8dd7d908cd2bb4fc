"""The audit log: looked through, proved entry by entry, taken away whole."""

import json
from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response
from fastapi.responses import StreamingResponse
from pydantic import BaseModel, TypeAdapter
from sqlalchemy.orm import Session

from syncserver.audit import export, service, tree
from syncserver.audit.schemas import EntryFilter, TreeHeadView
from syncserver.console.rendering import older, page
from syncserver.console.route import ConsoleRoute
from syncserver.console.visit import ActingAdministrator, AdministratorVisit, Visit
from syncserver.events.transaction import BeginTransaction, WriteTransaction
from syncserver.identity.devices import service as devices
from syncserver.identity.members import service as members
from syncserver.kit.edge import ReadSession, TheDatabase, TheKeys
from syncserver.kit.moments import GivenMoment
from syncserver.kit.paging import DEFAULT_LIMIT
from syncserver.kit.tenancy import only

_NAMED = 100
_MOMENT = TypeAdapter[datetime](GivenMoment)

router = APIRouter(prefix="/console/audit", include_in_schema=False, route_class=ConsoleRoute)


@router.get("")
def show_log(
    request: Request,
    visit: AdministratorVisit,
    session: ReadSession,
    actor: Annotated[str, Query(max_length=200)] = "",
    action: Annotated[str, Query(max_length=100)] = "",
    since: str = "",
    until: str = "",
    cursor: Annotated[str | None, Query()] = None,
) -> Response:
    """Entries, the last recorded first."""
    wanted = EntryFilter(None, actor.strip() or None, action.strip() or None, _moment(since), _moment(until))
    found = service.page(session, visit.organization_id, wanted, cursor, DEFAULT_LIMIT)
    return page(
        request,
        "audit",
        entries=found.items,
        older=older(request, found.next_cursor),
        names=_names(session, visit),
        asked={"actor": actor, "action": action, "since": since, "until": until},
    )


@router.get("/entry")
def show_entry(
    request: Request,
    visit: AdministratorVisit,
    transaction: WriteTransaction,
    keys: TheKeys,
    chain: UUID,
    sequence: Annotated[int, Query(ge=1, le=2**63 - 1)],
) -> Response:
    """An entry, with the proof that it stands in the log under the signed head."""
    session, organization_id = transaction.session, visit.organization_id
    head = tree.current_head(session, keys, organization_id, transaction.now)
    proof = tree.inclusion_proof(session, head, organization_id, chain, sequence)
    entry = service.entry(session, organization_id, chain, sequence)
    names = _names(session, visit)
    return page(request, "entry", entry=entry, proof=proof, written=_written(proof), names=names)


@router.get("/tree-head")
def show_head(request: Request, visit: AdministratorVisit, transaction: WriteTransaction, keys: TheKeys) -> Response:
    """The signed head over the whole log."""
    head = tree.current_head(transaction.session, keys, visit.organization_id, transaction.now)
    return page(request, "tree_head", head=TreeHeadView.of(head))


@router.get("/tree-head.json")
def download_head(visit: AdministratorVisit, transaction: WriteTransaction, keys: TheKeys) -> Response:
    """The same as a file, to be kept elsewhere."""
    head = tree.current_head(transaction.session, keys, visit.organization_id, transaction.now)
    return Response(
        TreeHeadView.of(head).model_dump_json(),
        media_type="application/json",
        headers={"Content-Disposition": f'attachment; filename="tree-head-{head.size}.json"'},
    )


@router.post("/export")
def export_log(
    visit: ActingAdministrator, begin: BeginTransaction, database: TheDatabase, keys: TheKeys
) -> StreamingResponse:
    """The whole log as JSON Lines, which stands in it."""
    with begin(only(visit.organization_id)) as transaction:
        head = export.begin(transaction, keys, visit.organization_id, visit.access.actor)
    headers = {"Content-Disposition": 'attachment; filename="audit.jsonl"'}
    return StreamingResponse(export.lines(database, keys, head), media_type="application/jsonl", headers=headers)


def _moment(given: str) -> datetime | None:
    return _MOMENT.validate_python(given) if given else None


def _names(session: Session, visit: Visit) -> dict[str, str]:
    """Who the actors are, as the log has them; who left long ago keeps an identifier."""
    people = members.page(session, visit.organization_id, None, _NAMED).items
    desktops = devices.page(session, visit.organization_id, None, _NAMED).items
    named = {f"user:{one.id}": one.full_name for one in people} | {f"device:{one.id}": one.name for one in desktops}
    return named | {"server": "This server", "operator": "Operator", "stripe": "Stripe"}


def _written(proof: BaseModel) -> str:
    return json.dumps(proof.model_dump(mode="json"), indent=2)
