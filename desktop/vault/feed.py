"""What was fetched from the server: how far its feed is known, and what it said (PROTOCOL.md, section 5)."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import Connection, delete, func, select, update
from sqlalchemy.dialects.sqlite import insert

from desktop.vault import members
from desktop.vault.schema import feed, organization_templates, passed_corrections
from shared.templates import WrittenTemplate
from shared.wire.v1.lease import Lease, Terms
from shared.wire.v1.policy import PolicyState, ServerSees
from shared.wire.v1.pull import KINDS, Change, Cursor, TemplateState

_KINDS = ",".join(KINDS)


@dataclass(frozen=True, slots=True)
class Fetched:
    """What the server said of this device and its organization; None of what it has not said yet."""

    device_name: str | None
    terms: Terms | None
    template_count: int
    server_sees: ServerSees = ServerSees.EVERYTHING


def cursor(connection: Connection) -> Cursor | None:
    """How far the feed is known; None where it is not, and where a version that knew fewer kinds read it."""
    row = connection.execute(select(feed.c.epoch, feed.c.seq).where(feed.c.kinds == _KINDS)).one_or_none()
    return Cursor(epoch=UUID(row.epoch), seq=row.seq) if row and row.epoch else None


def move(connection: Connection, to: Cursor | None) -> None:
    """The feed is known up to `to`; with None it is read from its beginning the next time. What was fetched stays."""
    _keep(connection, epoch=str(to.epoch) if to else None, seq=to.seq if to else None)
    if to is None:  # everything that was passed by comes again
        connection.execute(delete(passed_corrections))


def pass_by(connection: Connection, sha256: str, seq: int) -> None:
    """A correction that stands at `seq` of the feed is of a document that is not held here."""
    statement = insert(passed_corrections).values(sha256=sha256, seq=seq)
    first = func.min(passed_corrections.c.seq, statement.excluded.seq)
    connection.execute(statement.on_conflict_do_update(index_elements=["sha256"], set_={"seq": first}))


def go_back_for(connection: Connection, sha256: str) -> None:
    """The document is held now: the feed is read again from where the first correction of it was passed by."""
    forgotten = delete(passed_corrections).where(passed_corrections.c.sha256 == sha256)
    first = connection.execute(forgotten.returning(passed_corrections.c.seq)).scalar()
    if first is not None:
        connection.execute(update(feed).where(feed.c.seq >= first).values(seq=first - 1))


def clear(connection: Connection) -> None:
    """Nothing is known of any server."""
    connection.execute(delete(feed))
    connection.execute(delete(passed_corrections))
    connection.execute(delete(organization_templates))
    members.clear(connection)


def put_template(connection: Connection, epoch: UUID, change: Change, state: TemplateState) -> bool:
    """The organization's template is so; False where a change of it that came later is known already."""
    is_of_now = organization_templates.c.epoch == str(epoch)
    known = select(organization_templates.c.revision).where(
        organization_templates.c.name == change.entity_id, is_of_now
    )
    if (connection.execute(known).scalar() or 0) >= change.revision:
        return False
    statement = insert(organization_templates).values(
        name=change.entity_id,
        version=state.version,
        format=state.format,
        source=state.source,
        epoch=str(epoch),
        revision=change.revision,
    )
    newer = {name: statement.excluded[name] for name in ("version", "format", "source", "epoch", "revision")}
    connection.execute(statement.on_conflict_do_update(index_elements=["name"], set_=newer))
    return True


def remove_template(connection: Connection, name: str) -> bool:
    """The organization has no such template; False where it had none."""
    removed = delete(organization_templates).where(organization_templates.c.name == name)
    return connection.execute(removed).rowcount > 0


def remove_older(connection: Connection, epoch: UUID | None) -> Sequence[str]:
    """Templates of other lives of the feed are gone, whose names these are; of all of them with None."""
    of_others = organization_templates.c.epoch != (str(epoch) if epoch else "")
    removed = delete(organization_templates).where(of_others).returning(organization_templates.c.name)
    return sorted(connection.execute(removed).scalars())


def templates(connection: Connection) -> tuple[WrittenTemplate, ...]:
    """The organization's templates as they were written, in order of name."""
    rows = connection.execute(select(organization_templates).order_by(organization_templates.c.name))
    return tuple(WrittenTemplate(row.name, row.source.encode(), f".{row.format}") for row in rows)


def name_device(connection: Connection, name: str) -> None:
    """The organization calls this device so."""
    _keep(connection, device_name=name)


def keep_lease(connection: Connection, lease: Lease) -> None:
    """The lease, whose signature was checked, counts from now on."""
    _keep(connection, lease=lease.model_dump_json())


def terms(connection: Connection) -> Terms | None:
    """What the lease says that was kept last; None before there was one."""
    text = connection.execute(select(feed.c.lease)).scalar()
    return Lease.model_validate_json(text).read() if text else None


def fetched(connection: Connection) -> Fetched:
    """What the server said last."""
    name = connection.execute(select(feed.c.device_name)).scalar()
    count = connection.execute(select(func.count()).select_from(organization_templates)).scalar_one()
    return Fetched(name, terms(connection), count, policy(connection).server_sees)


def keep_policy(connection: Connection, policy: PolicyState) -> None:
    """The organization lays down so much."""
    _keep(connection, policy=policy.model_dump_json())


def policy(connection: Connection) -> PolicyState:
    """What the organization lays down; nothing where it was not heard of."""
    text = connection.execute(select(feed.c.policy)).scalar()
    return PolicyState.model_validate_json(text) if text else PolicyState()


def _keep(connection: Connection, **values: object) -> None:
    connection.execute(insert(feed).values(id=1, kinds=_KINDS).on_conflict_do_nothing())
    connection.execute(update(feed).values(kinds=_KINDS, **values))
