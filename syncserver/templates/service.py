"""Keeping an organization's schema templates, checked by the code that the desktop checks its files with."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from uuid import UUID

from sqlalchemy.orm import Session

from shared.templates import (
    AUTO,
    Template,
    examine_content,
    load_builtin,
    names_in_common,
    template_named,
    template_names,
)
from shared.templates.errors import TemplateUnknown as UnknownHere
from shared.templates.schema import record_schema
from shared.wire.v1.pull import TEMPLATE
from syncserver.changes import service as changes
from syncserver.changes.service import Entity, Payload
from syncserver.events.record import Event, announce
from syncserver.events.transaction import Act, Detail, Transaction
from syncserver.kit.errors import NotFound
from syncserver.kit.paging import PageOf, decode_cursor, encode_cursor
from syncserver.templates import repository
from syncserver.templates.errors import TemplateNameTaken, TemplateRefused, TemplateUnknown, TooManyTemplates
from syncserver.templates.models import SchemaTemplate, SchemaTemplateVersion
from syncserver.templates.schemas import (
    Publication,
    TemplateDetail,
    TemplateSource,
    TemplateView,
    VersionView,
)

USED = "template.used"
"""The event that a document was read by a template of an organization."""
_MOST = 100  # of an organization: with "auto" every document is compared with each
_REMEMBERED = 256  # templates put together; a version never changes
_FAULTS_TOLD = 20


@dataclass(frozen=True, slots=True)
class Editor:
    """Who changes an organization's templates."""

    organization_id: UUID
    actor: str


@dataclass(frozen=True, slots=True)
class _Added:
    """A template that was checked, and how it was written."""

    template: Template
    written: TemplateSource


def check(given: TemplateSource) -> Template:
    """The template that is written so. Raises TemplateRefused, which names every fault."""
    return _checked(given)


def create(transaction: Transaction, editor: Editor, given: TemplateSource) -> TemplateView:
    """A new template, not published yet. Raises TemplateRefused, TemplateNameTaken, TooManyTemplates."""
    template = _checked(given)
    if repository.count(transaction.session, editor.organization_id) >= _MOST:
        raise TooManyTemplates(f"An organization has {_MOST} templates at most. Delete one that is not used any more.")
    row = repository.locked(transaction.session, editor.organization_id, template.name, transaction.now)
    if row.deleted_at is None:
        raise TemplateNameTaken(f"There is a template called '{template.name}'. Add a version to it, or rename this.")
    row.deleted_at, row.is_public, row.published_version = None, False, None
    row.created_at = transaction.now
    return _add(transaction, editor, row, _Added(template, given), "template.created")


def add_version(transaction: Transaction, editor: Editor, name: str, given: TemplateSource) -> TemplateView:
    """A newer version of the template, not published yet. Raises NotFound, TemplateRefused."""
    row = _own(transaction, editor, name)
    template = _checked(given)
    if template.name != name:
        raise TemplateRefused(
            f"name: is '{template.name}', but this is '{name}'. Rename it, or create another template."
        )
    return _add(transaction, editor, row, _Added(template, given), "template.version_added")


def publish(transaction: Transaction, editor: Editor, name: str, wanted: Publication) -> TemplateView:
    """Jobs are read by this version from now on. Raises NotFound, TemplateNameTaken."""
    session, row = transaction.session, _own(transaction, editor, name)
    number = wanted.version or row.latest_version
    version = repository.version(session, editor.organization_id, name, number)
    if version is None:
        raise NotFound(f"The template '{name}' has no version {number}.")
    if wanted.is_public and repository.public_elsewhere(session, editor.organization_id, name):
        raise TemplateNameTaken(f"Another public template is called '{name}'. Choose another name.")
    row.published_version, row.is_public, row.updated_at = number, wanted.is_public, transaction.now
    details: dict[str, Detail] = {"version": number, "public": wanted.is_public}
    transaction.record(Act(editor.organization_id, editor.actor, "template.published", name, details))
    payload: Payload = {"version": number, "format": version.format, "source": version.source}
    changes.put(session, Entity(editor.organization_id, TEMPLATE, name), payload, transaction.now)
    return _view(row, version, editor.organization_id)


def delete(transaction: Transaction, editor: Editor, name: str) -> None:
    """Nothing is read by the template any more; what was read stays. Raises NotFound."""
    row = _own(transaction, editor, name)
    was_published = row.published_version is not None
    row.deleted_at = row.updated_at = transaction.now
    row.published_version, row.is_public = None, False
    transaction.record(Act(editor.organization_id, editor.actor, "template.deleted", name))
    if was_published:
        changes.remove(transaction.session, Entity(editor.organization_id, TEMPLATE, name), transaction.now)


def page(session: Session, organization_id: UUID, cursor: str | None, limit: int) -> PageOf[TemplateView]:
    """Every template that the organization can see, in order of name."""
    after = str(decode_cursor(cursor, str)[0]) if cursor else ""
    own = [_view(row, version, organization_id) for row, version in _unshadowed(session, organization_id)]
    every = sorted([*own, *map(_view_builtin, load_builtin())], key=lambda view: view.name)
    rest = [view for view in every if view.name > after]
    more = len(rest) > limit
    return PageOf(items=rest[:limit], next_cursor=encode_cursor(rest[limit - 1].name) if more else None)


def detail(session: Session, organization_id: UUID, name: str) -> TemplateDetail:
    """The template of this name that the organization can see. Raises NotFound."""
    for row, version in _unshadowed(session, organization_id):
        if row.name == name:
            return _detail(session, row, version, organization_id)
    for template in load_builtin():
        if template.name == name:
            view = _view_builtin(template)
            schema = dict(record_schema(template))
            return TemplateDetail(**view.model_dump(), format=None, source=None, versions=[], record_schema=schema)
    raise NotFound("There is no template of this name.")


def usable(session: Session, organization_id: UUID) -> tuple[Template, ...]:
    """What the organization's documents are read by beside what comes with the product."""
    found: list[Template] = []
    for _, version in repository.published(session, organization_id):
        template = _composed(version.source, version.format)
        if template and not names_in_common(template, found):  # the organization's own come first
            found.append(template)
    return tuple(found)


def check_usable(session: Session, organization_id: UUID, name: str) -> None:
    """Raises TemplateUnknown, which names the nearest and all there are."""
    if name in (AUTO, *template_names()):
        return
    own = usable(session, organization_id)
    try:
        template_named(name, own)
    except UnknownHere as error:
        known = ", ".join(template.name for template in (*load_builtin(), *own))
        raise TemplateUnknown(f"schema_template: {error.message} There are: {known}.") from error


def note_use(transaction: Transaction, organization_id: UUID, name: str) -> None:
    """A document of the organization was read by the template of this name: counted after the commit."""
    if name not in template_names():
        announce(transaction.session, organization_id, USED, {"name": name}, transaction.now)


def count_use(session: Session, event: Event) -> None:
    """The effect of `template.used`."""
    name = str(event.details["name"])
    own = repository.live(session, event.organization_id, name)
    used = own if own and own.published_version else repository.public_elsewhere(session, event.organization_id, name)
    if used:
        repository.count_use(session, used.organization_id, name)


def _checked(given: TemplateSource) -> Template:
    """Raises TemplateRefused, which names every fault."""
    template, faults = examine_content(given.source.encode(), f".{given.format}")
    if template is None:
        told = [str(fault) for fault in faults[:_FAULTS_TOLD]]
        if len(faults) > _FAULTS_TOLD:
            told.append(f"And {len(faults) - _FAULTS_TOLD} more.")
        raise TemplateRefused("\n".join(told))
    return template


def _add(transaction: Transaction, editor: Editor, row: SchemaTemplate, added: _Added, action: str) -> TemplateView:
    template = added.template
    if template.version <= row.latest_version:
        newest = row.latest_version
        raise TemplateRefused(f"version: is {template.version}; the newest is {newest}. Write {newest + 1}, or more.")
    _check_apart(transaction.session, editor.organization_id, template)
    version = SchemaTemplateVersion(
        organization_id=editor.organization_id,
        name=template.name,
        version=template.version,
        format=added.written.format,
        source=added.written.source,
        created_at=transaction.now,
    )
    repository.add_version(transaction.session, version)
    row.latest_version, row.updated_at = template.version, transaction.now
    details: dict[str, Detail] = {"version": template.version}
    transaction.record(Act(editor.organization_id, editor.actor, action, template.name, details))
    return _view(row, version, editor.organization_id)


def _check_apart(session: Session, organization_id: UUID, template: Template) -> None:
    seen = repository.seen(session, organization_id)
    rivals = [version for row, version in seen if row.organization_id == organization_id and row.name != template.name]
    others = [_composed(version.source, version.format) for version in rivals]
    if taken := names_in_common(template, filter(None, others)):
        raise TemplateNameTaken(f"Another template of yours is called '{taken[0]}'. Choose another name.")


def _own(transaction: Transaction, editor: Editor, name: str) -> SchemaTemplate:
    row = repository.live(transaction.session, editor.organization_id, name, lock=True)
    if row is None:
        raise NotFound("Your organization has no template of this name.")
    return row


def _unshadowed(session: Session, organization_id: UUID) -> Iterable[repository.Published]:
    """What the organization sees; a template of its own hides a public one of the same name."""
    seen: dict[str, repository.Published] = {}
    for row, version in repository.seen(session, organization_id):
        seen.setdefault(row.name, (row, version))
    return seen.values()


@lru_cache(_REMEMBERED)
def _composed(source: str, form: str) -> Template | None:
    """None where a template that was taken once does not hold any more: a newer product has its name, or is stricter.

    It is left out then, as the desktop leaves such a file out; the others are followed.
    """
    return examine_content(source.encode(), f".{form}")[0]


def _view(row: SchemaTemplate, version: SchemaTemplateVersion, organization_id: UUID) -> TemplateView:
    is_own, template = row.organization_id == organization_id, _composed(version.source, version.format)
    return TemplateView(
        name=row.name,
        title=template.title if template else row.name,
        origin="own" if is_own else "public",
        is_public=row.is_public,
        latest_version=row.latest_version if is_own else version.version,
        published_version=row.published_version,
        uses=row.uses if is_own else None,
        created_at=row.created_at,
        updated_at=row.updated_at,
    )


def _view_builtin(template: Template) -> TemplateView:
    return TemplateView(
        name=template.name,
        title=template.title,
        origin="built-in",
        is_public=True,
        latest_version=template.version,
        published_version=template.version,
        uses=None,
        created_at=None,
        updated_at=None,
    )


def _detail(
    session: Session, row: SchemaTemplate, version: SchemaTemplateVersion, organization_id: UUID
) -> TemplateDetail:
    is_own = row.organization_id == organization_id
    kept = repository.versions(session, row.organization_id, row.name) if is_own else [version]
    template = _composed(version.source, version.format)
    return TemplateDetail(
        **_view(row, version, organization_id).model_dump(),
        format="json" if version.format == "json" else "toml",
        source=version.source,
        versions=[VersionView(version=one.version, created_at=one.created_at) for one in kept],
        record_schema=dict(record_schema(template)) if template else {},
    )
