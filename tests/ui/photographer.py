"""Brings each screen to the front and keeps its picture."""

import tempfile
from pathlib import Path
from uuid import UUID

from PySide6.QtCore import QCoreApplication, QEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QScrollArea, QWidget

from desktop.events import PageRead
from desktop.people.staff import Candidate
from desktop.services import Workspace
from desktop.ui.application import make_application
from desktop.ui.main_window import MainWindow
from desktop.ui.memory import WindowMemory
from desktop.ui.navigation import Place
from desktop.ui.operation import finish_operations
from desktop.ui.screens.export.dialog import ExportDialog
from desktop.ui.screens.help.about import AboutSheet
from desktop.ui.screens.help.shortcuts import ShortcutSheet
from desktop.ui.screens.review.dialogs import NotesDialog, RejectDialog
from desktop.ui.screens.settings.folders import ProfileSheet
from desktop.ui.screens.settings.people import AdmissionSheet, PersonSheet, RecoverySheet
from desktop.ui.screens.unlock.dialog import FaultDialog, UnlockDialog
from desktop.ui.theme import DARK, HIGH_CONTRAST, LIGHT, theme
from desktop.vault.documents import DocumentState, DocumentSummary
from desktop.vault.members import Member
from desktop.vault.people import Role
from desktop.vault.watched import Profile

NEWCOMER = Member(UUID(int=1), "Nora Newcomer-Featherstonehaugh", Role.REVIEWER, is_active=True)
_PALETTES = {"light": LIGHT, "dark": DARK, "contrast": HIGH_CONTRAST}


class Photographer:
    """Stands before one window on `workspace`; pictures are named by screen, palette and `percent`."""

    def __init__(self, workspace: Workspace, out: Path, percent: int) -> None:
        self._application = make_application()
        self._workspace, self._out, self._percent = workspace, out, percent
        self._palette = ""
        self._window = MainWindow(workspace, WindowMemory(Path(tempfile.mkdtemp())))
        self._window.inbox.show_watched(Path.home() / "Scans")
        self._window.show()
        self._settle()

    def take_all(self) -> None:
        """Every picture is on the disk."""
        for name, palette in _PALETTES.items():
            self._palette = name
            theme().use(palette)
            self._inbox()
            self._review()
            self._standing()
            self._places()
            self._sheets()
            self._dialogs()
        self._let_go(self._window)

    def _inbox(self) -> None:
        self._window.show_inbox()
        waiting = self._first(DocumentState.WAITING)
        if waiting is not None:
            self._workspace.events.publish(PageRead(waiting.id, 2, 5))
        self._settle()
        self._keep("inbox", self._window)
        self._window.inbox.filters.words.setText("nothing is called so")
        self._settle()
        self._keep("inbox-narrowed", self._window)
        self._window.inbox.filters.clear()
        self._window.inbox.notice.tell("fax.tif: The same document was already taken in as intake, two pages.pdf.")
        self._window.inbox.notice.offer("Open the first one", lambda: None)
        self._settle()
        self._keep("inbox-duplicate", self._window)
        self._window.inbox.notice.hide()

    def _review(self) -> None:
        document = self._named("two pages")
        self._window.open_document(document.id)
        self._settle()
        self._window.review.panel.take("field:patient_name")
        self._settle()
        self._keep("review", self._window)
        self._window.review.panel.take("table:medications:0:name")
        self._settle()
        self._keep("review-table", self._window)
        self._window.open_document(self._named("Scan_from").id)
        self._settle()
        self._keep("review-long-name", self._window)
        self._review_dialogs(document)

    def _review_dialogs(self, document: DocumentSummary) -> None:
        notes = self._workspace.review.sheet(document.id).notes
        for name, dialog in (
            ("export", ExportDialog(self._workspace, [document, self._named("Scan_from")])),
            ("reject", RejectDialog(document.file_name)),
            ("notes", NotesDialog(notes, may_write=True)),
        ):
            dialog.show()
            self._settle()
            self._keep(name, dialog)
            self._let_go(dialog)

    def _standing(self) -> None:
        failed = self._first(DocumentState.FAILED)
        assert failed is not None
        self._window.open_document(failed.id)
        self._settle()
        self._keep("failed", self._window)

    def _places(self) -> None:
        self._window.show_place(Place.SEARCH)
        search = self._window.rooms.search()
        search.typed.clear()
        self._settle()
        self._keep("search-empty", self._window)
        for name, typed in (("search", "date of birth"), ("search-nothing", "a word that nobody wrote")):
            search.typed.setText(typed)
            QTest.qWait(200)
            self._settle()
            self._keep(name, self._window)
        self._window.show_place(Place.ACTIVITY)
        self._settle()
        self._keep("activity", self._window)
        self._window.show_place(Place.AUDIT)
        self._window.rooms.audit().check()
        self._settle()
        self._keep("audit", self._window)
        self._settings()

    def _settings(self) -> None:
        self._window.show_place(Place.SETTINGS)
        self._settle()
        self._keep("settings", self._window)
        scroll = self._window.rooms.settings().findChild(QScrollArea)
        assert isinstance(scroll, QScrollArea)
        scroll.verticalScrollBar().setValue(scroll.verticalScrollBar().maximum())
        self._settle()
        self._keep("settings-below", self._window)
        scroll.verticalScrollBar().setValue(0)

    def _sheets(self) -> None:
        window = self._window
        kinds = ["hospice_admission", "referral"]
        for name, sheet in (
            ("person", PersonSheet(window, is_first=False)),
            ("admission", AdmissionSheet(window, [Candidate(NEWCOMER, is_admitted=False)])),
            ("recovery", RecoverySheet(window, "7QK2M-9TX4B-HW3CD-5RZ8N-J6PVE")),
            ("profile", ProfileSheet(window, Path.home() / "Scans" / "Fax, second floor", Profile(), kinds)),
            ("shortcuts", ShortcutSheet(window)),
            ("about", AboutSheet(window, Path.home() / ".local" / "share" / "Chartdrop")),
        ):
            sheet.show()
            self._settle()
            self._keep(name, sheet)
            self._let_go(sheet)

    def _dialogs(self) -> None:
        unlock = UnlockDialog(new_store=False)
        self._keep_dialog("unlock", unlock, "The passphrase is wrong. Nothing was changed.")
        self._keep_dialog("new-passphrase", UnlockDialog(new_store=True))
        self._keep_dialog("fault", FaultDialog("Another Chartdrop works on these documents. Close it first."))

    def _keep_dialog(self, name: str, dialog: UnlockDialog | FaultDialog, fault: str = "") -> None:
        dialog.show()
        if fault and isinstance(dialog, UnlockDialog):
            dialog.show_fault(fault)
        self._settle()
        self._keep(name, dialog)
        self._let_go(dialog)

    def take_empty(self) -> None:
        """The inbox before anything arrived, and the first steps."""
        self._window.inbox.show_watched(None)
        for name, palette in _PALETTES.items():
            self._palette = name
            theme().use(palette)
            self._settle()
            self._window.show_inbox()
            self._settle()
            self._keep("empty", self._window)
            self._window.show_guide()
            for step in range(4):
                self._window.rooms.guide().show_step(step)
                self._settle()
                self._keep(f"guide-{step + 1}", self._window)
        self._let_go(self._window)

    def take_locked(self) -> None:
        """What a window shows on a device that several people share."""
        for name, palette in _PALETTES.items():
            self._palette = name
            theme().use(palette)
            self._settle()
            self._keep("lock", self._window)
        self._let_go(self._window)

    def take_revoked(self) -> None:
        """What a window shows that is opened on a device which its organization revoked."""
        self._window.start_work(None)
        for name, palette in _PALETTES.items():
            self._palette = name
            theme().use(palette)
            self._settle()
            self._keep("revoked", self._window)
        self._let_go(self._window)

    def _first(self, state: DocumentState) -> DocumentSummary | None:
        return next((document for document in self._workspace.documents() if document.state is state), None)

    def _named(self, part: str) -> DocumentSummary:
        return next(document for document in self._workspace.documents() if part in document.file_name)

    def _settle(self) -> None:
        """Whatever was asked for beside the window's thread has come back and is drawn."""
        for _ in range(3):
            finish_operations()
            QTest.qWait(80)

    def _keep(self, screen: str, widget: QWidget) -> None:
        widget.grab().save(str(self._out / f"{screen}-{self._palette}-{self._percent}.png"))

    def _let_go(self, widget: QWidget) -> None:
        widget.close()
        widget.deleteLater()
        QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
