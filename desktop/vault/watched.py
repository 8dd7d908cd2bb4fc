"""The folders that are watched from one day to the next, and what each does with the files that are dropped there."""

import os
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Literal
from uuid import UUID

from sqlalchemy import Connection, Row, delete, insert, select, update

from desktop.errors import FolderUnknown
from desktop.vault.schema import watched_folders
from shared.clock import to_rfc3339
from shared.templates import AUTO

Originals = Literal["moved", "kept", "deleted"]


@dataclass(frozen=True, slots=True)
class Profile:
    """How a folder's files are treated.

    `template` is a template's name or "auto"; `unit` names the organization unit that the documents belong to, "" for
    none. `originals` says what becomes of files: `moved` to `Processed/` and `Duplicates/`; `kept` where they lie,
    nothing in the folder being touched; or `deleted`, once the encrypted copy was read back and found whole. What
    cannot be read is moved to `Failed/` in any case but `kept`.
    """

    template: str = AUTO
    unit: str = ""
    originals: Originals = "moved"


@dataclass(frozen=True, slots=True)
class WatchedFolder:
    """A folder that is watched, with its profile."""

    id: UUID
    root: Path
    profile: Profile


def listing(connection: Connection) -> tuple[WatchedFolder, ...]:
    """Every watched folder, in the order in which they were added."""
    in_order = select(watched_folders).order_by(watched_folders.c.added_at, watched_folders.c.id)
    return tuple(_folder(row) for row in connection.execute(in_order))


def get(connection: Connection, folder_id: UUID) -> WatchedFolder:
    """Raises FolderUnknown."""
    meant = select(watched_folders).where(watched_folders.c.id == str(folder_id))
    row = connection.execute(meant).one_or_none()
    if row is None:
        raise FolderUnknown(f"There is no watched folder {folder_id}. `chartdrop folders list` names them.")
    return _folder(row)


def profile_of(connection: Connection, root: Path) -> Profile:
    """The profile of the folder at `root`; the usual one where it is not on the list."""
    meant = select(watched_folders).where(watched_folders.c.root == os.fsencode(root))
    row = connection.execute(meant).one_or_none()
    return _folder(row).profile if row else Profile()


def add(connection: Connection, folder: WatchedFolder, at: datetime) -> None:
    """The folder is on the list."""
    values = {"id": str(folder.id), "root": os.fsencode(folder.root), "added_at": to_rfc3339(at)}
    connection.execute(insert(watched_folders).values(**values, **_values(folder.profile)))


def change(connection: Connection, folder_id: UUID, profile: Profile) -> None:
    """The folder has another profile. Raises FolderUnknown."""
    get(connection, folder_id)
    meant = watched_folders.c.id == str(folder_id)
    connection.execute(update(watched_folders).where(meant).values(**_values(profile)))


def remove(connection: Connection, folder_id: UUID) -> None:
    """The folder is not on the list any more; its files stay. Raises FolderUnknown."""
    get(connection, folder_id)
    connection.execute(delete(watched_folders).where(watched_folders.c.id == str(folder_id)))


def _values(profile: Profile) -> dict[str, str]:
    return {"template": profile.template, "unit": profile.unit, "originals": profile.originals}


def _folder(row: Row[Any]) -> WatchedFolder:
    profile = Profile(row.template, row.unit, row.originals)
    return WatchedFolder(UUID(row.id), Path(os.fsdecode(row.root)), profile)
