"""The head of the review: which document it is, and what can be done with all of it."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from desktop.ui.theme import Space
from desktop.ui.widgets import ElidedLabel, button, tool_button

APPROVE_KEYS = QKeySequence("Ctrl+Return")


class ReviewHeader(QWidget):
    """Names the document; each button tells what the person wants."""

    back_wanted = Signal()
    undo_wanted = Signal()
    redo_wanted = Signal()
    notes_wanted = Signal()
    export_wanted = Signal()
    reject_wanted = Signal()
    approve_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("look", "header")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        keys = QKeySequence.StandardKey
        self.back = button("", "back", self.back_wanted.emit, look="quiet")
        self.back.setToolTip(self.tr("Back ({0})").format(_native(QKeySequence(Qt.Key.Key_Escape))))
        self.title, self.subtitle = ElidedLabel("heading"), ElidedLabel("small")
        self.undo = tool_button(self.tr("Undo"), "undo", self.undo_wanted.emit, QKeySequence(keys.Undo))
        self.redo = tool_button(self.tr("Redo"), "redo", self.redo_wanted.emit, QKeySequence(keys.Redo))
        self.notes = button(self.tr("Notes"), "note", self.notes_wanted.emit, look="quiet")
        self.export = tool_button(self.tr("Export or print"), "export", self.export_wanted.emit, QKeySequence("Ctrl+E"))
        self.reject = button(self.tr("Reject…"), "reject", self.reject_wanted.emit)
        self.approve = button(self.tr("Approve"), "approve", self.approve_wanted.emit, look="primary")
        self.approve.setToolTip(self.tr("Everything is as it is shown ({0})").format(_native(APPROVE_KEYS)))
        self._lay_out()

    def show_way_back(self, where: str) -> None:
        """The button at the left leads to `where`."""
        self.back.setText(where)
        self.back.setAccessibleName(self.tr("Back to {0}").format(where))

    def show_words(self, title: str, subtitle: str) -> None:
        """Which document is in front, and how it stands."""
        self.title.show_text(title)
        self.subtitle.show_text(subtitle)

    def offer(self, *, is_read: bool, may_review: bool) -> None:
        """What can be done with a document that `is_read`, by somebody who `may_review`."""
        for one in (self.undo, self.redo, self.reject, self.approve):
            one.setVisible(is_read and may_review)
        for one in (self.notes, self.export):
            one.setVisible(is_read)

    def show_steps(self, *, can_undo: bool, can_redo: bool) -> None:
        """Whether there is a step to take back, or to do again."""
        self.undo.setEnabled(can_undo)
        self.redo.setEnabled(can_redo)

    def show_notes(self, count: int) -> None:
        """How many notes there are."""
        self.notes.setText(self.tr("Notes ({0})").format(count) if count else self.tr("Notes"))

    def _lay_out(self) -> None:
        names = QVBoxLayout()
        names.setSpacing(2)
        names.addWidget(self.title)
        names.addWidget(self.subtitle)
        row = QHBoxLayout(self)
        row.setContentsMargins(Space.M, Space.S, Space.L, Space.S)
        row.setSpacing(Space.S)
        row.addWidget(self.back)
        row.addLayout(names, 1)
        for widget in (self.undo, self.redo, self.export, self.notes, self.reject, self.approve):
            row.addWidget(widget)


def _native(keys: QKeySequence) -> str:
    return keys.toString(QKeySequence.SequenceFormat.NativeText)
