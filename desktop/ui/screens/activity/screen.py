"""Activity: the last sync, what waits and why, what to do, and conflicts to settle."""

from collections.abc import Callable
from uuid import UUID

from PySide6.QtCore import Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from desktop.answers import SyncOutcome
from desktop.services import Workspace
from desktop.ui.bridge import Bridge
from desktop.ui.cards import Card, Facts, column_of_cards, header
from desktop.ui.operation import run_beside
from desktop.ui.screens.activity.conflicts import ConflictsCard
from desktop.ui.screens.activity.look import Look, advice, headline, look_at, sync_facts, work_facts
from desktop.ui.widgets import Notice, Tick, button, label, say
from desktop.ui.wording import fault_sentence
from desktop.vault.house_rules import Rule
from shared.clock import system_clock
from shared.documents.corrections import Place


class ActivityScreen(QWidget):
    """One look at the store at a time, while it is in front; what happens meanwhile is looked at next."""

    opened = Signal(object)
    """UUID of a document to look at."""
    set_up_wanted = Signal()
    """A person wants to connect this device."""
    looked = Signal(object)
    """Look: it is shown."""

    def __init__(self, workspace: Workspace, bridge: Bridge, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._workspace = workspace
        self._looking = self._again = False
        self.notice = Notice()
        self.sync = button(self.tr("Sync now"), "sync", self.sync_now, look="primary")
        self.connect_server = button(self.tr("Connect to a server…"), "server", self.set_up_wanted.emit)
        self.headline, self.advice = label("", "strong", wrap=True), label("", wrap=True)
        self.metered = Tick(self.tr("The network is metered: send and fetch only when asked to"))
        self.metered_by = label("", "small", wrap=True)
        self.sync_facts, self.work_facts = Facts(), Facts()
        self.conflicts = ConflictsCard()
        self._lay_out()
        self.metered.clicked.connect(self._choose_metered)
        self.conflicts.opened.connect(self.opened)
        self.conflicts.settled.connect(self._settle)
        for happened in (bridge.documents_changed, bridge.sync_finished, bridge.watch_trouble):
            happened.connect(lambda _: self.refresh())

    def refresh(self) -> None:
        """What is shown is as it is now, soon."""
        if self._looking:
            self._again = True
        elif self.isVisible():
            self._looking = True
            run_beside(self, lambda: look_at(self._workspace), self._show, self._fail)

    def sync_now(self) -> None:
        """One round, also where the network is metered."""
        self._set_syncing(True)

        def finished(outcome: SyncOutcome) -> None:
            self._set_syncing(False)
            if words := outcome.error or outcome.note:
                self.notice.tell(words)
            self.refresh()

        def failed(error: Exception) -> None:
            self._set_syncing(False)
            self._tell(error)

        run_beside(self, self._workspace.sync_now, finished, failed)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.refresh()

    def _show(self, look: Look) -> None:
        words, kind = headline(look, system_clock())
        say(self.headline, words, kind)
        self.advice.setText(advice(look))
        self.advice.setVisible(bool(self.advice.text()))
        self.sync_facts.show_facts(sync_facts(look))
        self.sync_facts.setVisible(look.connection is not None)
        self.work_facts.show_facts(work_facts(look))
        self.conflicts.show_conflicts(look.conflicts)
        self.sync.setVisible(look.connection is not None)
        self.connect_server.setVisible(look.connection is None)
        self._show_metered(look.metered, is_connected=look.connection is not None)
        self._end_look()
        self.looked.emit(look)

    def _show_metered(self, rule: Rule[bool], *, is_connected: bool) -> None:
        self.metered.setChecked(rule.value)
        self.metered.setEnabled(rule.is_open)
        self.metered.setVisible(is_connected)
        by = self.tr("Set by CHARTDROP_SYNC_METERED in this machine’s environment.")
        self.metered_by.setText("" if rule.is_open else by)
        self.metered_by.setVisible(is_connected and not rule.is_open)

    def _choose_metered(self, wanted: bool) -> None:
        self._act(lambda: self._workspace.house.choose("sync_metered", int(wanted)))

    def _settle(self, document_id: UUID, place: Place, correction_id: UUID) -> None:
        self._act(lambda: self._workspace.review.settle(document_id, place, correction_id))

    def _act(self, work: Callable[[], object]) -> None:
        run_beside(self, work, lambda _: self.refresh(), self._refused)

    def _refused(self, error: Exception) -> None:
        self._tell(error)
        self.refresh()  # a tick that was refused is not ticked

    def _fail(self, error: Exception) -> None:
        self._end_look()
        self._tell(error)

    def _end_look(self) -> None:
        self._looking = False
        if self._again:
            self._again = False
            self.refresh()

    def _tell(self, error: Exception) -> None:
        self.notice.tell(fault_sentence(error))

    def _set_syncing(self, syncing: bool) -> None:
        self.sync.setEnabled(not syncing)
        self.sync.setText(self.tr("Syncing…") if syncing else self.tr("Sync now"))

    def _lay_out(self) -> None:
        server = Card(self.tr("Server"), "server")
        server.add(self.headline, self.advice, self.sync_facts, self.metered, self.metered_by)
        work = Card(self.tr("This device"), "alone")
        work.add(self.work_facts)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(header(self.tr("Activity"), self.connect_server, self.sync))
        column.addWidget(self.notice)
        column.addWidget(column_of_cards(server, work, self.conflicts), 1)
