"""Rows of schema templates."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, and_, func, or_, select, update
from sqlalchemy.orm import InstrumentedAttribute, Session

from syncserver.kit.database import insert_missing
from syncserver.templates.models import SchemaTemplate, SchemaTemplateVersion

Published = tuple[SchemaTemplate, SchemaTemplateVersion]
_LIVE = SchemaTemplate.deleted_at.is_(None)


def locked(session: Session, organization_id: UUID, name: str, now: datetime) -> SchemaTemplate:
    """The organization's template of this name, locked; made now where there was none, with no version yet."""
    insert_missing(
        session,
        SchemaTemplate,
        organization_id=organization_id,
        name=name,
        is_public=False,
        latest_version=0,
        uses=0,
        created_at=now,
        updated_at=now,
        deleted_at=now,
    )
    key = (organization_id, name)
    return session.get_one(SchemaTemplate, key, with_for_update=True, populate_existing=True)


def live(session: Session, organization_id: UUID, name: str, lock: bool = False) -> SchemaTemplate | None:
    """The organization's template of this name, unless it was deleted."""
    mine = and_(SchemaTemplate.organization_id == organization_id, SchemaTemplate.name == name, _LIVE)
    statement = select(SchemaTemplate).where(mine)
    return session.scalar(statement.with_for_update() if lock else statement)


def count(session: Session, organization_id: UUID) -> int:
    """How many the organization has."""
    mine = and_(SchemaTemplate.organization_id == organization_id, _LIVE)
    return session.scalar(select(func.count()).select_from(SchemaTemplate).where(mine)) or 0


def add_version(session: Session, version: SchemaTemplateVersion) -> None:
    session.add(version)
    session.flush()


def version(session: Session, organization_id: UUID, name: str, number: int) -> SchemaTemplateVersion | None:
    return session.get(SchemaTemplateVersion, (organization_id, name, number))


def versions(session: Session, organization_id: UUID, name: str) -> list[SchemaTemplateVersion]:
    """Every version, the newest first."""
    row = SchemaTemplateVersion
    mine = and_(row.organization_id == organization_id, row.name == name)
    return list(session.scalars(select(row).where(mine).order_by(row.version.desc())))


def seen(session: Session, organization_id: UUID) -> list[Published]:
    """What the organization can see, each with its newest version, of public ones with the published: its own first."""
    shown = _of_version(SchemaTemplate.published_version)
    own = select(*_BOTH).join(SchemaTemplateVersion, _of_version(SchemaTemplate.latest_version))
    public = select(*_BOTH).join(SchemaTemplateVersion, shown)
    mine = SchemaTemplate.organization_id == organization_id
    theirs = and_(SchemaTemplate.is_public, SchemaTemplate.organization_id != organization_id)
    found = [*session.execute(own.where(mine, _LIVE)), *session.execute(public.where(theirs, _LIVE))]
    return [(template, newest) for template, newest in found]


def published(session: Session, organization_id: UUID) -> list[Published]:
    """What the organization's documents can be read by, in the published versions: its own first."""
    mine = SchemaTemplate.organization_id == organization_id
    statement = (
        select(*_BOTH)
        .join(SchemaTemplateVersion, _of_version(SchemaTemplate.published_version))
        .where(_LIVE, or_(mine, SchemaTemplate.is_public))
        .order_by(mine.desc(), SchemaTemplate.name)
    )
    return [(template, chosen) for template, chosen in session.execute(statement)]


def public_elsewhere(session: Session, organization_id: UUID, name: str) -> SchemaTemplate | None:
    """Another organization's public template of this name."""
    theirs = and_(SchemaTemplate.organization_id != organization_id, SchemaTemplate.is_public, _LIVE)
    return session.scalar(select(SchemaTemplate).where(theirs, SchemaTemplate.name == name))


def count_use(session: Session, organization_id: UUID, name: str) -> None:
    """One document more was read by this template of the organization."""
    mine = and_(SchemaTemplate.organization_id == organization_id, SchemaTemplate.name == name)
    session.execute(update(SchemaTemplate).where(mine).values(uses=SchemaTemplate.uses + 1))


_BOTH = (SchemaTemplate, SchemaTemplateVersion)


def _of_version(number: InstrumentedAttribute[int] | InstrumentedAttribute[int | None]) -> ColumnElement[bool]:
    same = SchemaTemplateVersion.organization_id == SchemaTemplate.organization_id
    return and_(same, SchemaTemplateVersion.name == SchemaTemplate.name, SchemaTemplateVersion.version == number)
