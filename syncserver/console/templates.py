"""Schema templates: what there is, versions, checked as they are written, published, deleted."""

from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Path, Query, Request, Response

from syncserver.console.forms import REFUSALS, GivenForm, TheForm, refusal_of
from syncserver.console.rendering import done, older, page, refused
from syncserver.console.route import ConsoleRoute
from syncserver.console.visit import ActingAdministrator, AdministratorVisit, AnyVisit, Visit
from syncserver.events.transaction import BeginTransaction, WriteTransaction
from syncserver.identity.errors import NotAllowed
from syncserver.kit.edge import ReadSession
from syncserver.kit.paging import DEFAULT_LIMIT
from syncserver.kit.tenancy import only
from syncserver.templates import service
from syncserver.templates.schemas import Publication, TemplateSource
from syncserver.templates.service import Editor

HERE = "/console/templates"
_Name = Annotated[str, Path(pattern=r"^[a-z][a-z0-9_]{0,63}$")]
_BEGINNING = """name = "wound_round"
version = 1
title = "Weekly wound round"
headings = ["weekly wound round"]
use = ["patient_name", "mrn"]

[[fields]]
name = "stage"
title = "Stage"
labels = ["stage of wound"]
"""

router = APIRouter(prefix=HERE, include_in_schema=False, route_class=ConsoleRoute)


@dataclass(frozen=True, slots=True)
class Draft:
    """What the editor shows: a template as it is written, and what came of checking it."""

    source: str
    format: str = "toml"
    problem: str | None = None
    is_whole: bool = False
    status: int = 200


@router.get("")
def show_templates(
    request: Request, visit: AnyVisit, session: ReadSession, cursor: Annotated[str | None, Query()] = None
) -> Response:
    """Every template that documents can be read by, in order of name."""
    found = service.page(session, visit.organization_id, cursor, DEFAULT_LIMIT)
    return page(request, "templates", templates=found.items, older=older(request, found.next_cursor))


@router.get("/new")
def show_editor(request: Request, _: AdministratorVisit) -> Response:
    """The editor with a small template to begin from."""
    return _editor(request, None, Draft(_BEGINNING))


@router.post("/new")
def create(request: Request, visit: ActingAdministrator, form: TheForm, begin: BeginTransaction) -> Response:
    """Another template, or what is wrong with it; checked alone where that was asked."""
    return _taken(request, visit, form, begin, None)


@router.get("/{name}")
def show_template(request: Request, name: _Name, visit: AnyVisit, session: ReadSession) -> Response:
    """A template as it is written, and its versions."""
    return page(request, "template", template=service.detail(session, visit.organization_id, name))


@router.get("/{name}/version")
def show_version_editor(request: Request, name: _Name, visit: AdministratorVisit, session: ReadSession) -> Response:
    """The editor with the newest version."""
    detail = service.detail(session, visit.organization_id, name)
    return _editor(request, name, Draft(detail.source or _BEGINNING, detail.format or "toml"))


@router.post("/{name}/version")
def add_version(
    request: Request, name: _Name, visit: ActingAdministrator, form: TheForm, begin: BeginTransaction
) -> Response:
    """Another version, or what is wrong with it."""
    return _taken(request, visit, form, begin, name)


@router.post("/{name}/publish")
def publish(
    request: Request, name: _Name, visit: ActingAdministrator, form: TheForm, transaction: WriteTransaction
) -> Response:
    """Documents are read by this version from now on."""
    wanted = form.as_wanted(Publication, version=form.number("version"), is_public=form.flag("is_public"))
    if wanted.is_public and not visit.access.is_superuser:
        raise NotAllowed("Templates for all organizations are published by the operator of the server.")
    view = service.publish(transaction, _who(visit), name, wanted)
    return done(request, f"{HERE}/{name}", f"Documents are read by version {view.published_version} from now on.")


@router.post("/{name}/delete")
def delete(
    request: Request, name: _Name, visit: ActingAdministrator, form: TheForm, transaction: WriteTransaction
) -> Response:
    """Nothing is read by the template any more, once somebody said that this is meant."""
    if not form.flag("sure"):
        return refused(request, f"{HERE}/{name}", "Nothing was deleted: tick the box to say that you mean it.")
    service.delete(transaction, _who(visit), name)
    return done(request, HERE, "The template was deleted. What was read by it stays.")


def _taken(request: Request, visit: Visit, form: GivenForm, begin: BeginTransaction, name: str | None) -> Response:
    source, written = form.raw("source").replace("\r\n", "\n"), form.text("format")
    try:
        given = form.as_wanted(TemplateSource, source=source, format=written)
        if form.text("act") == "check":
            service.check(given)
            return _editor(request, name, Draft(source, written, is_whole=True))
        with begin(only(visit.organization_id)) as transaction:
            if name is None:
                view = service.create(transaction, _who(visit), given)
            else:
                view = service.add_version(transaction, _who(visit), name, given)
    except REFUSALS as error:
        known = refusal_of(error)
        return _editor(request, name, Draft(source, written, known.message, status=known.status))
    told = f"Version {view.latest_version} is kept. Documents are read by it once it is published."
    return done(request, f"{HERE}/{view.name}", told)


def _editor(request: Request, name: str | None, draft: Draft) -> Response:
    return page(request, "template_form", draft.status, name=name, draft=draft)


def _who(visit: Visit) -> Editor:
    return Editor(visit.organization_id, visit.access.actor)
