"""Who did what at this device, for people: the audit chain's entries with names, and its export as a file."""

from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from uuid import UUID

from sqlalchemy import Connection

from desktop.errors import AuditBroken
from desktop.people.roles import Right
from desktop.people.session import Session
from desktop.vault import audit_log, documents, people, watched
from desktop.vault.audit_search import AuditQuery, actors, find_entries
from desktop.vault.connection import Vault
from shared.audit.entry import AuditEntry
from shared.clock import from_rfc3339

_PERSON = "person:"


@dataclass(frozen=True, slots=True)
class Doer:
    """Somebody whom the chain names as `actor`; `name` is "" for who has none at this device."""

    actor: str
    name: str


@dataclass(frozen=True, slots=True)
class ShownEntry:
    """An entry of the chain; `about` names its subject where this device knows it (a document, a person, a folder)."""

    entry: AuditEntry
    at: datetime
    who: Doer
    about: str


@dataclass(frozen=True, slots=True)
class TrailPage:
    """The newest entries first; `next_before` continues, None where there is nothing more."""

    entries: tuple[ShownEntry, ...]
    next_before: int | None


@dataclass(frozen=True, slots=True)
class TrailExport:
    """How many `entries` were written. `broken` says why the export itself is not the last of them."""

    entries: int
    broken: AuditBroken | None


class Trail:
    """Looks through the chain. Raises SignInNeeded and NotAllowed as the table of roles has it."""

    def __init__(self, vault: Vault, session: Session, looked: Callable[[str, str], None]) -> None:
        self._vault, self._session, self._looked = vault, session, looked

    def entries(self, query: AuditQuery) -> TrailPage:
        """What was asked for. That somebody looks is in the chain as well."""
        self._session.require(Right.SEE_AUDIT)
        self._looked("audit.listed", self._vault.chain.device_id)
        with self._vault.read() as connection:
            found = find_entries(connection, query)
            names = people.every_name(connection)
            known = names | _other_names(connection, found.entries)
        shown = (
            ShownEntry(one, from_rfc3339(one.at), _doer(one.actor, names), known.get(one.subject, ""))
            for one in found.entries
        )
        return TrailPage(tuple(shown), found.next_before)

    def doers(self) -> tuple[Doer, ...]:
        """Everybody whom the chain names, to narrow it by."""
        self._session.require(Right.SEE_AUDIT)
        with self._vault.read() as connection:
            names = people.every_name(connection)
            return tuple(_doer(actor, names) for actor in actors(connection))

    def export(self, out: Path) -> TrailExport:
        """The chain is in the file `out`, an entry a line. Its last entry is the export itself. Raises OSError.

        A chain that nothing can be added to is written as it is, since it is evidence."""
        actor = self._session.require(Right.EXPORT_AUDIT)
        broken: AuditBroken | None = None
        try:
            with self._vault.act() as connection:
                audit_log.record_export(connection, self._vault.chain, actor)
        except AuditBroken as error:
            broken = error
        with self._vault.read() as connection, out.open("w", encoding="utf-8", newline="\n") as target:
            count = sum(1 for line in audit_log.lines(connection) if target.write(line + "\n"))
        return TrailExport(count, broken)


def _other_names(connection: Connection, entries: Iterable[AuditEntry]) -> dict[str, str]:
    """What documents and folders are called that entries are about, by their ids."""
    ids: set[UUID] = set()
    for entry in entries:
        with suppress(ValueError):
            ids.add(UUID(entry.subject))
    folders = {str(folder.id): str(folder.root) for folder in watched.listing(connection)}
    return folders | {str(one): found.file_name for one, found in documents.some(connection, ids).items()}


def _doer(actor: str, names: Mapping[str, str]) -> Doer:
    return Doer(actor, names.get(actor.removeprefix(_PERSON), ""))
