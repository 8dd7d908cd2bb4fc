"""About: the version, where data lies, and the licences of everything inside."""

from pathlib import Path

from PySide6.QtCore import Qt, QUrl, Signal
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QDialog, QHBoxLayout, QLabel, QListWidget, QPlainTextEdit, QVBoxLayout, QWidget

from desktop.ui.cards import Facts, beside
from desktop.ui.operation import run_beside
from desktop.ui.screens.help.licences import Part, parts, version
from desktop.ui.theme import Space
from desktop.ui.widgets import Disc, button, label

_WIDTH, _HEIGHT = 720, 560


class AboutSheet(QDialog):
    """The licences are looked up beside the window's thread."""

    filled = Signal()

    def __init__(self, parent: QWidget, data_dir: Path) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(self.tr("About Chartdrop"))
        self.resize(_WIDTH, _HEIGHT)
        self._parts: tuple[Part, ...] = ()
        self.facts, self.names, self.text = Facts(), QListWidget(), QPlainTextEdit()
        self.facts.show_facts(
            (
                (self.tr("Version"), version() or self.tr("from its source"), ""),
                (self.tr("Your data lie in"), str(data_dir), ""),
                (self.tr("Licence"), "Apache-2.0", ""),
            )
        )
        self.names.setProperty("look", "names")
        self.names.setAccessibleName(self.tr("What Chartdrop is made of"))
        self.names.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.names.currentRowChanged.connect(self._show_licence)
        self.text.setReadOnly(True)
        self.text.setTabChangesFocus(True)
        self.text.setAccessibleName(self.tr("Licence"))
        self._lay_out(data_dir)
        run_beside(self, parts, self._fill)

    def _fill(self, found: tuple[Part, ...]) -> None:
        self._parts = found
        for part in found:
            self.names.addItem(f"{part.name} {part.version}")
        self.names.setCurrentRow(0)
        self.filled.emit()

    def _show_licence(self, row: int) -> None:
        part = self._parts[row]
        named = part.licence or self.tr("Its licence is not named; this is what came with it:")
        self.text.setPlainText(f"{named}\n\n{part.text}".strip())

    def _lay_out(self, data_dir: Path) -> None:
        about = self.tr("Reads a clinic’s paper on the clinic’s own machines. Nothing of it leaves without your say.")
        names = QVBoxLayout()
        names.setSpacing(Space.XS)
        names.addWidget(label(self.tr("Chartdrop"), "title"))
        names.addWidget(label(about, "muted", wrap=True))
        top = QHBoxLayout()
        top.setSpacing(Space.L)
        top.addWidget(Disc("drop"), 0, Qt.AlignmentFlag.AlignTop)
        top.addLayout(names, 1)
        both = QHBoxLayout()
        both.setSpacing(Space.M)
        both.addWidget(self.names, 2)
        both.addWidget(self.text, 3)
        folder = QUrl.fromLocalFile(str(data_dir))
        show = button(self.tr("Show the folder"), "folder", lambda: QDesktopServices.openUrl(folder))
        self.close_button = button(self.tr("Close"), "close", self.close)
        self.close_button.setDefault(True)
        column = QVBoxLayout(self)
        column.setContentsMargins(Space.XL, Space.XL, Space.XL, Space.L)
        column.setSpacing(Space.L)
        column.addLayout(top)
        column.addWidget(self.facts)
        column.addWidget(_heading(self.tr("What it is made of, and under which licences")))
        column.addLayout(both, 1)
        column.addWidget(beside(show, QWidget(), self.close_button, stretch=1))


def _heading(text: str) -> QLabel:
    return label(text, "heading", wrap=True)
