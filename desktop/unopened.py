"""What is known of a store before anybody opens it."""

from contextlib import closing, suppress
from typing import Literal

from desktop.errors import StoreError
from desktop.journey.known_templates import KnownTemplates
from desktop.settings import Settings
from desktop.vault.connection import open_vault
from desktop.vault.folder import DataFolder
from desktop.vault.key_file import read_key_file
from shared.templates import OwnTemplates, load_folder


def templates_at_hand(settings: Settings) -> OwnTemplates:
    """The clinic's own templates and, where the store opens without anybody being asked, its organization's."""
    if store_state(settings) != "absent":
        with suppress(StoreError), closing(open_vault(settings, lambda: None)) as vault:
            return KnownTemplates(vault).now()
    return load_folder(DataFolder(settings.data_dir).templates)


def store_state(settings: Settings) -> Literal["absent", "keyring", "passphrase"]:
    """How the store in `settings.data_dir` is locked, so that a caller knows whether, and what, to ask.

    Raises StoreDamaged."""
    key_file = read_key_file(DataFolder(settings.data_dir))
    return key_file.kind if key_file else "absent"
