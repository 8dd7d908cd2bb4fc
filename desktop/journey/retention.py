"""Once a day, what is older than it has to be kept is deleted."""

import threading
from collections.abc import Callable
from uuid import UUID

from desktop.vault.connection import Vault
from desktop.vault.erasure import delete_expired
from desktop.vault.log import log_fault

_EVERY_SECONDS = 24 * 3600.0


class RetentionSweep:
    """Looks at once and then daily, from `start` to `stop`; `deleted` hears of each document that went."""

    def __init__(self, vault: Vault, years: Callable[[], int], deleted: Callable[[UUID], None]) -> None:
        self._vault, self._years, self._deleted = vault, years, deleted
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="retention", daemon=True)

    def start(self) -> None:
        """Expired documents go; with 0 years everything is kept for ever."""
        self._thread.start()

    def stop(self, patience_seconds: float) -> None:
        """No further document is deleted."""
        self._stopping.set()
        if self._thread.is_alive():
            self._thread.join(patience_seconds)

    def _run(self) -> None:
        while not self._stopping.is_set():
            try:
                years = self._years()
                for document_id in delete_expired(self._vault, years) if years else ():
                    self._deleted(document_id)
                    if self._stopping.is_set():
                        return
            except Exception as error:  # the edge of the loop: tomorrow is another day
                log_fault("retention_sweep_failed", error)
            self._stopping.wait(_EVERY_SECONDS)
