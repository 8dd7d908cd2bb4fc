"""The audit chain: who did what, narrowed; whether it holds, in plain words; and its export."""

from dataclasses import replace
from datetime import datetime
from pathlib import Path

from PySide6.QtCore import QCoreApplication, QDir, Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFileDialog,
    QFrame,
    QHBoxLayout,
    QHeaderView,
    QStackedWidget,
    QTableView,
    QVBoxLayout,
    QWidget,
)

from desktop.answers import AuditReport
from desktop.errors import NotAllowed
from desktop.services import Workspace
from desktop.trail import Doer, TrailExport, TrailPage
from desktop.ui.cards import header
from desktop.ui.operation import run_beside
from desktop.ui.screens.audit.model import Column, TrailModel
from desktop.ui.screens.audit.words import ActGroup, acts_of, group_words, who_words
from desktop.ui.spans import bounds_of, span_choices
from desktop.ui.theme import Space
from desktop.ui.widgets import Choice, Disc, Notice, button, centred, label, say
from desktop.ui.wording import fault_sentence
from desktop.vault.audit_search import AuditQuery

_ROW_HEIGHT = 40
_WIDTHS = {Column.WHEN: 190, Column.WHO: 216, Column.WHAT: 300}


class AuditScreen(QWidget):
    """The list is looked up whenever the screen comes to the front; the chain is checked when a person asks."""

    listed = Signal()
    verified = Signal(object)
    """AuditReport: what the check found is told."""
    exported = Signal(object)
    """TrailExport: the file is written."""

    def __init__(self, workspace: Workspace, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._workspace = workspace
        self._asked = AuditQuery()
        self.notice = Notice()
        self.verify = button(self.tr("Check the chain"), "audit", self.check)
        self.export = button(self.tr("Export…"), "download", self._choose_file)
        self.result = label("", "muted", wrap=True)
        self.result.setAccessibleName(self.tr("Whether the chain holds"))
        self.person, self.group = Choice(self.tr("Who did it")), Choice(self.tr("What was done"))
        self.span = Choice(self.tr("When it was done"))
        self.model, self.view = TrailModel(self._more, self), QTableView()
        self._refusal = label("", "muted", wrap=True)
        self._body = QStackedWidget()
        self._offer_choices()
        self._lay_out()
        for choice in (self.person, self.group, self.span):
            choice.currentIndexChanged.connect(self.refresh)

    def refresh(self) -> None:
        """The newest entries are on their way."""
        since, until = bounds_of(self.span.chosen, datetime.now().astimezone())
        group: ActGroup | None = self.group.chosen
        actions = acts_of(group) if group else ()
        query = AuditQuery(self.person.chosen, actions, since, until)
        self._asked = query
        trail = self._workspace.trail
        run_beside(self, lambda: trail.entries(query), lambda page: self._show(query, page), self._fail)

    def check(self) -> None:
        """The whole chain is being checked."""
        self.verify.setEnabled(False)
        say(self.result, self.tr("Every entry is being checked …"), "muted")
        run_beside(self, self._workspace.verify_audit, self._tell_report, self._check_failed)

    def export_to(self, out: Path) -> None:
        """The chain is on its way into the file `out`."""
        trail = self._workspace.trail
        run_beside(self, lambda: trail.export(out), lambda done: self._tell_export(out, done), self._export_failed)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        run_beside(self, self._workspace.trail.doers, self._offer_people, lambda _: None)
        self.refresh()

    def _show(self, query: AuditQuery, page: TrailPage) -> None:
        if query is self._asked:
            self.model.replace_all(page)
            self._body.setCurrentIndex(0 if page.entries else 1)
            self.listed.emit()

    def _more(self, before: int) -> None:
        query, trail = self._asked, self._workspace.trail

        def follow(page: TrailPage) -> None:
            if query is self._asked:
                self.model.append(page)

        run_beside(self, lambda: trail.entries(replace(query, before=before)), follow, self._fail)

    def _fail(self, error: Exception) -> None:
        if isinstance(error, NotAllowed):
            self._refusal.setText(fault_sentence(error))
            self._body.setCurrentIndex(2)
            self.listed.emit()
        else:
            self.notice.tell(fault_sentence(error))

    def _tell_report(self, report: AuditReport) -> None:
        self.verify.setEnabled(True)
        say(self.result, *report_words(report))
        self.verified.emit(report)

    def _check_failed(self, error: Exception) -> None:
        self.verify.setEnabled(True)
        say(self.result, fault_sentence(error), "fault")

    def _choose_file(self) -> None:
        start = str(Path(QDir.homePath()) / "audit.jsonl")
        lines = self.tr("JSON Lines (*.jsonl)")
        name, _ = QFileDialog.getSaveFileName(self, self.tr("Export the audit chain"), start, lines)
        if name:
            self.export_to(Path(name))

    def _tell_export(self, out: Path, done: TrailExport) -> None:
        words = self.tr("{0} entries were written to {1}. They hold ids alone, nothing about a patient.")
        self.notice.tell(words.format(done.entries, out) if done.broken is None else done.broken.message)
        self.exported.emit(done)

    def _export_failed(self, error: Exception) -> None:
        if isinstance(error, OSError):
            words = self.tr("The file could not be written ({0}). Choose another place.")
            self.notice.tell(words.format(error.strerror))
        else:
            self.notice.tell(fault_sentence(error))

    def _offer_people(self, doers: tuple[Doer, ...]) -> None:
        self.person.offer([(self.tr("Anybody"), None), *((who_words(doer), doer.actor) for doer in doers)])

    def _offer_choices(self) -> None:
        self.person.offer([(self.tr("Anybody"), None)])
        self.group.offer([(self.tr("Anything"), None), *((group_words(group), group) for group in ActGroup)])
        self.span.offer(span_choices())

    def _lay_out(self) -> None:
        self._dress_view()
        none = self.tr("Nothing of this was done. Other filters may show more.")
        self._body.addWidget(self.view)
        empty = centred(Disc("audit"), label(self.tr("No entries"), "title"), label(none, "muted", wrap=True))
        self._body.addWidget(empty)
        self._body.addWidget(centred(Disc("lock"), label(self.tr("For managers"), "title"), self._refusal))
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        for widget in (header(self.tr("Audit"), self.export, self.verify), self.notice, self._filters()):
            column.addWidget(widget)
        column.addWidget(self._body, 1)

    def _filters(self) -> QWidget:
        bar = QFrame()
        bar.setProperty("look", "header")
        about = self.tr("Every act and every look at a document is signed and linked to the one before it.")
        say(self.result, about, "muted")
        row = QHBoxLayout()
        row.setSpacing(Space.S)
        self.person.setMaximumWidth(_WIDTHS[Column.WHO] + _WIDTHS[Column.WHEN])
        for choice in (self.person, self.group, self.span):
            row.addWidget(choice)
        row.addStretch(1)
        column = QVBoxLayout(bar)
        column.setContentsMargins(Space.L, Space.M, Space.L, Space.M)
        column.setSpacing(Space.M)
        column.addWidget(self.result)
        column.addLayout(row)
        return bar

    def _dress_view(self) -> None:
        view = self.view
        view.setModel(self.model)
        view.setProperty("look", "sheet")
        view.setAccessibleName(self.tr("Entries of the audit chain"))
        view.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        view.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        view.setFrameShape(QFrame.Shape.NoFrame)
        view.setShowGrid(False)
        view.setTabKeyNavigation(False)
        view.setWordWrap(False)
        view.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        view.verticalHeader().hide()
        view.verticalHeader().setDefaultSectionSize(_ROW_HEIGHT)
        view.horizontalHeader().setHighlightSections(False)
        view.horizontalHeader().setSectionResizeMode(Column.ABOUT, QHeaderView.ResizeMode.Stretch)
        for column, width in _WIDTHS.items():
            view.setColumnWidth(column, width)


def report_words(report: AuditReport) -> tuple[str, str]:
    """What the check found, in plain words, and the look of it."""
    translate = QCoreApplication.translate
    if report.fault is not None:
        words = translate(
            "AuditScreen",
            "The chain does not hold at entry {0}: {1}. Nothing more is done in this store; what is stored is kept. "
            "Export the chain as evidence, and restore the store from a backup.",
        )
        return words.format(report.fault.position, report.fault.reason), "fault"
    words = translate("AuditScreen", "The chain holds: {0} entries, each whole, in order and signed by this device.")
    told = words.format(report.entries)
    if report.countersigned_through:
        signed = translate("AuditScreen", "The server has countersigned it up to entry {0}.")
        told = f"{told} {signed.format(report.countersigned_through)}"
    return told, "good"
