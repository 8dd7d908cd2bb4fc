"""What documents are read by beside the product's templates: own files, then what the organization publishes."""

from functools import cached_property

from desktop.vault import feed
from desktop.vault.connection import Vault
from shared.templates import OwnTemplates, load_folder, with_others


class KnownTemplates:
    """The templates of one store. An own file's names come before those of the organization's."""

    def __init__(self, vault: Vault) -> None:
        self._vault = vault

    @cached_property
    def _files(self) -> OwnTemplates:
        """As they were when they were first asked for."""
        return load_folder(self._vault.folder.templates)

    def now(self) -> OwnTemplates:
        """Those that can be followed now, and why the others cannot."""
        with self._vault.read() as connection:
            fetched = feed.templates(connection)
        return with_others(self._files, fetched)
