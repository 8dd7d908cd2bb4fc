"""Asks in which form and where documents are handed on, and says how far that is."""

from collections.abc import Callable, Sequence
from pathlib import Path
from threading import Event
from typing import TypeVar

from PySide6.QtCore import QStandardPaths, Qt, QUrl, Signal
from PySide6.QtGui import QDesktopServices
from PySide6.QtPrintSupport import QPrintDialog, QPrinter
from PySide6.QtWidgets import (
    QCheckBox,
    QDialog,
    QFileDialog,
    QGridLayout,
    QHBoxLayout,
    QLineEdit,
    QProgressBar,
    QVBoxLayout,
    QWidget,
)

from desktop.exports import Exported
from desktop.services import Workspace
from desktop.ui.operation import run_beside
from desktop.ui.screens.export.printing import print_documents
from desktop.ui.theme import Space
from desktop.ui.widgets import ChoiceBox, button, label
from desktop.ui.wording import fault_sentence
from desktop.vault.documents import DocumentSummary
from shared.export import Format

_WIDTH = 560
Outcome = TypeVar("Outcome")


class ExportDialog(QDialog):
    """Stays while files are written or pages printed; to close it stops that."""

    settled = Signal()
    """What was asked for is done, or could not be: `outcome` says how."""
    _progressed = Signal(int)

    def __init__(
        self, workspace: Workspace, documents: Sequence[DocumentSummary], parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._workspace, self._documents = workspace, tuple(documents)
        self._stopped = Event()
        self._busy = False
        self._printer: QPrinter | None = None
        self.setWindowTitle(self.tr("Export or print"))
        self.setMinimumWidth(_WIDTH)
        self.form = self._forms()
        self.place = QLineEdit(QStandardPaths.writableLocation(QStandardPaths.StandardLocation.DocumentsLocation))
        self.place.setAccessibleName(self.tr("Folder"))
        self.overwrite = QCheckBox(self.tr("Write over files that are there"))
        self.bar = QProgressBar()
        self.bar.setTextVisible(False)
        self.bar.setFixedHeight(6)
        self.bar.setRange(0, len(self._documents))
        self.bar.setAccessibleName(self.tr("Documents done"))
        self.outcome = label("", wrap=True)
        self.outcome.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.go = button(self.tr("Export"), "export", self.export, look="primary")
        self.print = button(self.tr("Print…"), "print", self._ask_printer)
        self.stop = button(self.tr("Close"), "close", self.reject)
        self.open_folder = button(self.tr("Open the folder"), "folder", self._open_folder, look="quiet")
        self._lay_out()
        self._show_busy(False)
        self.bar.hide()
        self.outcome.hide()
        self.open_folder.hide()
        self._progressed.connect(self.bar.setValue, Qt.ConnectionType.QueuedConnection)
        self.go.setDefault(True)

    def export(self) -> None:
        """The files are being written."""
        form, out = Format(self.form.currentData()), self._out()
        ids, overwrite = [one.id for one in self._documents], self.overwrite.isChecked()

        def work() -> Exported:
            return self._workspace.exports.write(
                ids, form, out, overwrite=overwrite, going_on=lambda done, _of: self._go_on(done)
            )

        self._begin(work, self._exported)

    def print_on(self, printer: QPrinter) -> None:
        """The pages are on their way to `printer`."""
        self._printer = printer  # it lives as long as it is drawn on
        ids = [one.id for one in self._documents]
        self._begin(lambda: print_documents(self._workspace.exports, ids, printer, self._go_on), self._tell)

    def reject(self) -> None:
        """What is under way ends after the document in hand; where nothing is, the dialog closes."""
        if self._busy:
            self._stopped.set()
            self.stop.setEnabled(False)
        else:
            super().reject()

    def _go_on(self, done: int) -> bool:
        """Called on the worker's thread."""
        self._progressed.emit(done)
        return not self._stopped.is_set()

    def _begin(self, work: Callable[[], Outcome], done: Callable[[Outcome], None]) -> None:
        self._stopped.clear()
        self._show_busy(True)
        run_beside(self, work, done, lambda error: self._tell(fault_sentence(error)))

    def _exported(self, exported: Exported) -> None:
        names = {one.id: one.file_name for one in self._documents}
        lines = (
            [self.tr("{0} files are in {1}.").format(len(exported.files), self.place.text())] if exported.files else []
        )
        lines += [f"{names.get(one.document_id, one.document_id)}: {one.message}" for one in exported.left_out]
        self._tell("\n".join(lines))
        self.open_folder.setVisible(bool(exported.files))

    def _tell(self, sentence: str) -> None:
        self._show_busy(False)
        self.bar.setValue(len(self._documents))
        self.outcome.setText(sentence)
        self.outcome.setAccessibleName(sentence)
        self.outcome.show()
        self.settled.emit()

    def _show_busy(self, busy: bool) -> None:
        self._busy = busy
        self.bar.setVisible(busy)
        self.outcome.setVisible(not busy and bool(self.outcome.text()))
        for widget in (self.form, self.place, self.overwrite, self.go, self.print, self._browse):
            widget.setEnabled(not busy)
        self.stop.setEnabled(True)
        self.stop.setText(self.tr("Stop") if busy else self.tr("Close"))

    def _out(self) -> Path:
        """One document goes into a file of its own name; several into the folder, each named by its id."""
        folder = Path(self.place.text()).expanduser()
        if len(self._documents) > 1:
            return folder
        return folder / f"{Path(self._documents[0].file_name).stem}.{self.form.currentData()}"

    def _ask_printer(self) -> None:
        printer = QPrinter(QPrinter.PrinterMode.HighResolution)
        dialog = QPrintDialog(printer, self)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.setModal(True)
        dialog.accepted.connect(lambda: self.print_on(printer))
        dialog.show()

    def _choose_place(self) -> None:
        name = QFileDialog.getExistingDirectory(self, self.tr("Choose a folder"), self.place.text())
        if name:
            self.place.setText(name)

    def _open_folder(self) -> None:
        QDesktopServices.openUrl(QUrl.fromLocalFile(self.place.text()))

    def _forms(self) -> ChoiceBox:
        forms = ChoiceBox()
        forms.setAccessibleName(self.tr("Form"))
        for form, words in (
            (Format.XLSX, self.tr("Excel workbook: a row a document, its tables as sheets")),
            (Format.CSV, self.tr("CSV: a row a document")),
            (Format.PDF, self.tr("PDF/A of the pages, with their text to search and copy")),
            (Format.FHIR, self.tr("FHIR R4 bundle, with the original")),
            (Format.HL7, self.tr("HL7 v2.5.1 messages")),
            (Format.JSON, self.tr("JSON: everything that was read")),
        ):
            forms.addItem(words, form.value)
        return forms

    def _lay_out(self) -> None:
        self._browse = button(self.tr("Choose…"), "folder", self._choose_place)
        column = QVBoxLayout(self)
        column.setContentsMargins(Space.XL, Space.XL, Space.XL, Space.L)
        column.setSpacing(Space.M)
        count = len(self._documents)
        one = self._documents[0].file_name if count == 1 else ""
        column.addWidget(label(one or self.tr("{0} documents").format(count), "heading", wrap=True))
        column.addWidget(
            label(self.tr("What is exported or printed is no longer encrypted: take care of it."), "muted", wrap=True)
        )
        column.addLayout(self._questions())
        column.addWidget(self.overwrite)
        column.addWidget(self.bar)
        column.addWidget(self.outcome)
        row = QHBoxLayout()
        row.setSpacing(Space.S)
        row.addWidget(self.open_folder)
        row.addStretch(1)
        for widget in (self.stop, self.print, self.go):
            row.addWidget(widget)
        column.addSpacing(Space.S)
        column.addLayout(row)

    def _questions(self) -> QGridLayout:
        grid = QGridLayout()
        grid.setHorizontalSpacing(Space.M)
        grid.setVerticalSpacing(Space.S)
        grid.setColumnStretch(1, 1)
        grid.addWidget(label(self.tr("Form")), 0, 0)
        grid.addWidget(self.form, 0, 1, 1, 2)
        grid.addWidget(label(self.tr("Folder")), 1, 0)
        grid.addWidget(self.place, 1, 1)
        grid.addWidget(self._browse, 1, 2)
        return grid


def offer_export(workspace: Workspace, documents: Sequence[DocumentSummary], parent: QWidget) -> None:
    """The dialog is in front of `parent`; it goes when it is closed."""
    dialog = ExportDialog(workspace, documents, parent)
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    dialog.open()
