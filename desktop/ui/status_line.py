"""The bar at the window's bottom: how many documents are where, the last sync, who is signed in."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QLabel, QStatusBar, QWidget

from desktop.answers import Status
from desktop.ui.widgets import button
from desktop.ui.wording import ago
from desktop.vault.people import Person
from shared.clock import system_clock


class StatusLine(QStatusBar):
    """Says how things stand; nothing of a patient."""

    lock_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setSizeGripEnabled(False)
        self.counts, self.last_sync, self.sync_fault = QLabel(), QLabel(), QLabel()
        for one, name in (
            (self.counts, self.tr("Documents by state")),
            (self.last_sync, self.tr("Last sync")),
            (self.sync_fault, self.tr("Sync trouble")),
        ):
            one.setTextFormat(Qt.TextFormat.PlainText)
            one.setAccessibleName(name)
        self.lock_button = button("", "lock", self.lock_wanted.emit, look="quiet")
        self.lock_button.setToolTip(self.tr("Lock, or let somebody else work (Ctrl+L)"))
        self.lock_button.hide()
        self.addWidget(self.counts)
        self.addPermanentWidget(self.sync_fault)
        self.addPermanentWidget(self.last_sync)
        self.addPermanentWidget(self.lock_button)

    def show_person(self, person: Person) -> None:
        """`person` is signed in."""
        self.lock_button.setText(person.name)
        self.lock_button.setAccessibleName(self.tr("{0}: lock, or let somebody else work").format(person.name))
        self.lock_button.show()

    def show_sync_fault(self, sentence: str | None) -> None:
        """`sentence` says why the last round did not end well; None: it did."""
        self.sync_fault.setText(self.tr("The last sync did not end well") if sentence else "")
        self.sync_fault.setToolTip(sentence or "")  # as a whole it would be wider than many a window
        self.sync_fault.setAccessibleDescription(sentence or "")
        self.sync_fault.setVisible(bool(sentence))

    def show_status(self, status: Status) -> None:
        """The counts are those of `status`."""
        counts = (
            (status.processing, self.tr("{0} being read")),
            (status.waiting, self.tr("{0} waiting")),
            (status.done, self.tr("{0} read")),
            (status.failed, self.tr("{0} not read")),
            (status.quarantined, self.tr("{0} set aside")),
            (status.unsynced if status.server else 0, self.tr("{0} to be sent")),
        )
        self.counts.setText("  ·  ".join(words.format(count) for count, words in counts if count))
        self.counts.setToolTip(status.reading_paused or "")
        self.last_sync.setText(self._sync_words(status))
        self.last_sync.setToolTip(status.server or "")

    def _sync_words(self, status: Status) -> str:
        if status.server is None:
            return self.tr("Everything stays on this machine, encrypted")
        if status.last_sync is None:
            return self.tr("Not synced yet")
        return self.tr("Synced {0}").format(ago(status.last_sync, system_clock()))
