"""Looking through the audit chain: the newest entries first, narrowed."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Connection, case, func, select

from desktop.vault.schema import audit_entries
from shared.audit import entry_from_json
from shared.audit.entry import AuditEntry
from shared.clock import to_rfc3339


@dataclass(frozen=True, slots=True)
class AuditQuery:
    """Which entries: by whom (`actor`, as the chain names them), which `actions` (all where none is named), when.

    `since` counts in, `until` does not. `before` is the sequence of the last entry that is known already."""

    actor: str | None = None
    actions: tuple[str, ...] = ()
    since: datetime | None = None
    until: datetime | None = None
    before: int | None = None
    limit: int = 200


@dataclass(frozen=True, slots=True)
class FoundEntries:
    """The newest first. `next_before` continues the search, None where there is nothing more."""

    entries: tuple[AuditEntry, ...]
    next_before: int | None


def find_entries(connection: Connection, query: AuditQuery) -> FoundEntries:
    """The entries that were asked for. What is not readable as an entry is passed by: verification tells of it."""
    columns = select(audit_entries.c.sequence, audit_entries.c.entry).where(*_conditions(query))
    rows = connection.execute(columns.order_by(audit_entries.c.sequence.desc()).limit(query.limit + 1)).all()
    found = tuple(entry for row in rows[: query.limit] if (entry := _entry(row.entry)))
    return FoundEntries(found, rows[query.limit - 1].sequence if len(rows) > query.limit else None)


def actors(connection: Connection) -> tuple[str, ...]:
    """Everybody whom the chain names."""
    named = _member("actor")
    return tuple(connection.execute(select(named).where(named.is_not(None)).distinct().order_by(named)).scalars())


def _conditions(query: AuditQuery) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = []
    if query.before is not None:
        conditions.append(audit_entries.c.sequence < query.before)
    if query.actor is not None:
        conditions.append(_member("actor") == query.actor)
    if query.actions:
        conditions.append(_member("action").in_(query.actions))
    if query.since is not None:
        conditions.append(_member("at") >= to_rfc3339(query.since))
    if query.until is not None:
        conditions.append(_member("at") < to_rfc3339(query.until))
    return conditions


def _member(name: str) -> ColumnElement[str]:
    """The member of the entry; NULL where it is no JSON, since SQLite would stop there."""
    line = audit_entries.c.entry
    return case((func.json_valid(line) == 1, func.json_extract(line, f"$.{name}")))


def _entry(line: str) -> AuditEntry | None:
    try:
        return entry_from_json(line).entry
    except (ValueError, TypeError):
        return None
