"""What the store knows of: whether it is whole, its drop folders, its server."""

import os
from collections.abc import Iterable, Iterator
from contextlib import closing
from pathlib import Path

from desktop.errors import ServerError, StoreLocked
from desktop.journey.sync.server import Server
from desktop.settings import Settings
from desktop.vault import device, revocation, watched
from desktop.vault.connection import Vault, damaged_pages, open_vault
from desktop.vault.device import ServerLink
from desktop.vault.folder import DataFolder
from desktop.vault.key_file import read_key_file
from shared.doctor import Finding
from shared.doctor.connection import certificate, clocks

_RENEWAL = "Tell whoever runs the server: `chartdrop-server tls init` renews one of a private authority."


def look_into(settings: Settings) -> Iterable[Finding]:
    """The store, as far as it opens without anybody being asked. Raises StoreError."""
    if read_key_file(DataFolder(settings.data_dir)) is None:
        yield Finding("store", "well", "There is no store yet; the first start makes one.")
        return
    try:
        vault = open_vault(settings, lambda: None)
    except StoreLocked as error:
        remedy = "With CHARTDROP_PASSPHRASE set, or the keyring unlocked, it is looked into as well."
        yield Finding("store", "warning", error.message, remedy)
        return
    with closing(vault):
        yield from _store(vault)
        yield from _folders(vault, settings)
        yield from _server(vault)


def _store(vault: Vault) -> Iterator[Finding]:
    with vault.read() as connection:
        damaged, revoked = damaged_pages(connection), revocation.held(connection)
    if damaged:
        remedy = "Keep a copy of the whole data directory, and restore a backup elsewhere (`chartdrop restore`)."
        yield Finding("store", "fault", f"{damaged} pages of the database are not what was written.", remedy)
    elif revoked:
        yield Finding(
            "store", "fault", revoked.sentence, "Ask an administrator for a code, and `chartdrop connect` again."
        )
    else:
        yield Finding("store", "well", "The store opens, and every page of its database is what was written.")


def _folders(vault: Vault, settings: Settings) -> Iterator[Finding]:
    with vault.read() as connection:
        roots = [folder.root for folder in watched.listing(connection)]
    for root in [*roots, *([settings.watch] if settings.watch and settings.watch not in roots else [])]:
        yield _folder(root)


def _folder(root: Path) -> Finding:
    if not root.is_dir():
        remedy = "Connect the share or the disk that it is on, or choose another folder."
        return Finding("drop_folder", "fault", f"{root} is not there.", remedy)
    if not os.access(root, os.R_OK | os.W_OK | os.X_OK):
        remedy = "Give this user the right to, or treat its originals as kept."
        return Finding("drop_folder", "fault", f"{root} cannot be read and written to.", remedy)
    return Finding("drop_folder", "well", f"{root} is there, and files can be moved in it.")


def _server(vault: Vault) -> Iterator[Finding]:
    with vault.read() as connection:
        link = device.link(connection)
    if link is None:
        yield Finding("server", "well", "This device is not connected with a server, and needs none.")
        return
    try:
        yield from _connected(vault, link)
    except ServerError as error:
        yield Finding(
            "server", "fault", error.message, "What waits to be sent is kept. See to the network, then try again."
        )


def _connected(vault: Vault, link: ServerLink) -> Iterator[Finding]:
    with Server(link.url, link.authority) as server:
        seen = server.seen()
    yield Finding("server", "well", f"{link.url} answers.")
    now = vault.clock()
    if seen.certificate:
        yield from certificate(seen.certificate, now, _RENEWAL)
    if seen.at:
        yield from clocks(now, seen.at, "the server")
