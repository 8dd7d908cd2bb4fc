"""The list of watched folders: each change of it is checked, and an act of its own."""

from pathlib import Path
from uuid import UUID

from sqlalchemy import Connection
from sqlalchemy.exc import IntegrityError

from desktop.errors import WatchRefused
from desktop.journey.runner import new_root
from desktop.vault import audit_log, watched
from desktop.vault.connection import Vault
from desktop.vault.watched import Profile, WatchedFolder
from shared.audit.entry import Detail
from shared.ids import new_id


def add_folder(vault: Vault, root: Path, profile: Profile, actor: str) -> WatchedFolder:
    """The folder at `root`, made when it is not there, is on the list. Raises WatchRefused."""
    with vault.read() as connection:
        others = [folder.root for folder in watched.listing(connection)]
    folder = WatchedFolder(new_id(vault.clock), new_root(root, vault.folder.root, others), profile)
    try:
        with vault.act() as connection:
            watched.add(connection, folder, vault.clock())
            _record(vault, connection, actor, "folder.added", folder)
    except IntegrityError as error:
        raise WatchRefused(f"{folder.root} is watched already.") from error
    return folder


def change_folder(vault: Vault, folder_id: UUID, profile: Profile, actor: str) -> WatchedFolder:
    """The folder has another profile; files that arrive from now on are treated so. Raises FolderUnknown."""
    with vault.act() as connection:
        watched.change(connection, folder_id, profile)
        folder = watched.get(connection, folder_id)
        _record(vault, connection, actor, "folder.changed", folder)
    return folder


def remove_folder(vault: Vault, folder_id: UUID, actor: str) -> None:
    """The folder is on the list no more; what lies in it stays. Raises FolderUnknown."""
    with vault.act() as connection:
        folder = watched.get(connection, folder_id)
        watched.remove(connection, folder_id)
        _record(vault, connection, actor, "folder.removed", folder)


def _record(vault: Vault, connection: Connection, actor: str, action: str, folder: WatchedFolder) -> None:
    details: dict[str, Detail] = {
        "template": folder.profile.template,
        "originals": folder.profile.originals,
    }
    audit_log.record(connection, vault.chain, audit_log.Act(actor, action, str(folder.id), details))
