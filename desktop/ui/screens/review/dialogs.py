"""What the review asks for in a window of its own: why a document is rejected, and notes."""

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QDialog,
    QHBoxLayout,
    QLineEdit,
    QPlainTextEdit,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from desktop.journey.review.decisions import MOST_WORDS
from desktop.ui.theme import Space
from desktop.ui.widgets import ChoiceBox, button, label
from desktop.ui.wording import moment
from desktop.vault.notes import Note

_WIDTH = 480


class RejectDialog(QDialog):
    """Asks for the reason; usual ones are offered, any other can be written."""

    rejected_for = Signal(str)
    """The reason."""

    def __init__(self, file_name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(self.tr("Reject this document"))
        self.setMinimumWidth(_WIDTH)
        self.reason = ChoiceBox()
        self.reason.setAccessibleName(self.tr("Reason"))
        usual = (
            self.tr("Cannot be read well enough"),
            self.tr("Belongs to somebody else"),
            self.tr("Not a medical document"),
            self.tr("Pages are missing"),
            self.tr("Here already, in a better copy"),
        )
        self.reason.addItems(usual)
        line = QLineEdit()
        line.setMaxLength(MOST_WORDS)
        self.reason.setLineEdit(line)
        self.reason.setCurrentIndex(0)
        line.selectAll()
        self.ok = button(self.tr("Reject"), "reject", self._reject, look="primary")
        self.ok.setDefault(True)
        cancel = button(self.tr("Cancel"), "close", self.reject)
        self.reason.editTextChanged.connect(lambda text: self.ok.setEnabled(bool(text.strip())))
        column = _column(self)
        column.addWidget(label(self.tr("Why is it rejected?"), "heading"))
        column.addWidget(label(file_name, "muted", wrap=True))
        column.addWidget(self.reason)
        column.addWidget(
            label(
                self.tr("Nothing is deleted: the original and what was read stay, and it can be approved later."),
                "small",
                wrap=True,
            )
        )
        column.addLayout(_buttons(cancel, self.ok))

    def _reject(self) -> None:
        self.rejected_for.emit(self.reason.currentText().strip())
        self.accept()


class NotesDialog(QDialog):
    """Shows what was noted beside a document, and takes a note more."""

    written = Signal(str)
    """What is to be noted."""

    def __init__(self, notes: Sequence[Note], may_write: bool, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(self.tr("Notes"))
        self.setMinimumSize(_WIDTH, 420)
        self.words = QPlainTextEdit()
        self.words.setAccessibleName(self.tr("A new note"))
        self.words.setPlaceholderText(self.tr("A note for whoever opens this next"))
        self.words.setTabChangesFocus(True)
        self.words.setFixedHeight(96)
        self.add = button(self.tr("Add note"), "note", self._write, look="primary")
        self.add.setEnabled(False)
        self.words.textChanged.connect(lambda: self.add.setEnabled(0 < len(self._text()) <= MOST_WORDS))
        close = button(self.tr("Close"), "close", self.accept)
        column = _column(self)
        column.addWidget(label(self.tr("Notes"), "heading"))
        column.addWidget(_listed(notes, self.tr("Nobody noted anything yet.")), 1)
        column.addWidget(self.words)
        column.addLayout(_buttons(close, self.add))
        self.words.setVisible(may_write)
        self.add.setVisible(may_write)
        self.words.setFocus()

    def _text(self) -> str:
        return self.words.toPlainText().strip()

    def _write(self) -> None:
        self.written.emit(self._text())
        self.accept()


def _listed(notes: Sequence[Note], none: str) -> QScrollArea:
    inside = QWidget()
    column = QVBoxLayout(inside)
    column.setSpacing(Space.M)
    for note in notes:
        head = " · ".join(part for part in (note.person, moment(note.written_at)) if part)
        column.addWidget(label(head, "small"))
        words = label(note.words, wrap=True)
        words.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        column.addWidget(words)
    if not notes:
        column.addWidget(label(none, "muted", wrap=True))
    column.addStretch(1)
    area = QScrollArea()
    area.setWidgetResizable(True)
    area.setWidget(inside)
    area.setAccessibleName(none if not notes else "\n".join(note.words for note in notes))
    return area


def _column(dialog: QDialog) -> QVBoxLayout:
    column = QVBoxLayout(dialog)
    column.setContentsMargins(Space.XL, Space.XL, Space.XL, Space.L)
    column.setSpacing(Space.M)
    return column


def _buttons(*buttons: QWidget) -> QHBoxLayout:
    row = QHBoxLayout()
    row.setSpacing(Space.S)
    row.addStretch(1)
    for one in buttons:
        row.addWidget(one)
    return row
