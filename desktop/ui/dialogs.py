"""Dialogs that more than one screen asks with. None blocks the event loop: each is opened, and answers by a signal."""

from collections.abc import Callable

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QDialog, QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from desktop.ui.theme import Space
from desktop.ui.widgets import button, label

_WIDTH = 460
_A_QUESTION = 3  # parts of the form: its name, where it is answered, the room below


class FittedDialog(QDialog):
    """A dialog of one `width` in pixels, as high as its wrapped text needs."""

    def __init__(self, width: int, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFixedWidth(width)

    def showEvent(self, event: QShowEvent) -> None:
        self.fit()
        super().showEvent(event)

    def fit(self) -> None:
        """All text is in sight: Qt itself sizes a dialog as if no line were wrapped."""
        layout = self.layout()
        if layout is not None:
            layout.activate()
            self.setFixedHeight(layout.totalHeightForWidth(self.width()))


class Sheet(FittedDialog):
    """A titled dialog over the window: what is asked for, a sentence of what is wrong with it, and two buttons.

    It is taken down when it was closed, and stays open until what was asked for is right."""

    def __init__(self, parent: QWidget, title: str, about: str, act: str, icon_name: str = "read") -> None:
        super().__init__(_WIDTH, parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(title)
        self.fault = label("", "fault", wrap=True)
        self.fault.hide()
        self.act = button(act, icon_name, self.accept, look="primary")
        self.act.setDefault(True)
        self.leave = button(self.tr("Cancel"), "close", self.reject)
        self.form = QVBoxLayout()
        self.form.setSpacing(Space.S)
        self._lay_out(title, about)

    def ask(self, name: str, widget: QWidget) -> None:
        """`widget` stands in the dialog under its `name`, which screen readers say."""
        named = label(name, "muted")
        named.setBuddy(widget)
        widget.setAccessibleName(name)
        self.form.addWidget(named)
        self.form.addWidget(widget)
        self.form.addSpacing(Space.XS)
        if self.form.count() == _A_QUESTION:
            widget.setFocus()

    def tell_fault(self, sentence: str) -> None:
        """`sentence` says why the answer cannot be taken; it can be changed."""
        self.fault.setText(sentence)
        self.fault.setVisible(bool(sentence))
        self.fit()

    def _lay_out(self, title: str, about: str) -> None:
        buttons = QHBoxLayout()
        buttons.setSpacing(Space.S)
        buttons.addStretch(1)
        buttons.addWidget(self.leave)
        buttons.addWidget(self.act)
        column = QVBoxLayout(self)
        column.setContentsMargins(Space.XL, Space.XL, Space.XL, Space.L)
        column.setSpacing(Space.M)
        column.addWidget(label(title, "title", wrap=True))
        if about:
            column.addWidget(label(about, "muted", wrap=True))
        column.addLayout(self.form)
        column.addWidget(self.fault)
        column.addLayout(buttons)


def confirm(parent: QWidget, title: str, about: str, act: str, then: Callable[[], object]) -> Sheet:
    """Asks whether to go on, and does `then` if so; the safe answer is the one that Enter gives."""
    sheet = Sheet(parent, title, about, act, "remove")
    say_danger(sheet)
    sheet.accepted.connect(then)
    sheet.open()
    return sheet


def say_danger(sheet: Sheet) -> None:
    """What the sheet does cannot be undone: Enter leaves."""
    sheet.act.setDefault(False)
    sheet.leave.setDefault(True)
    sheet.leave.setFocus()


class PinSheet(Sheet):
    """A new PIN or password, typed twice."""

    chosen = Signal(str)

    def __init__(self, parent: QWidget, title: str, about: str, act: str) -> None:
        super().__init__(parent, title, about, act, "lock")
        self.pin, self.again = secret_line(), secret_line()
        self.ask(self.tr("New PIN or password"), self.pin)
        self.ask(self.tr("The same again"), self.again)

    def accept(self) -> None:
        """The PIN goes out; the sheet is closed by whoever took it."""
        if fault := pin_fault(self, self.pin, self.again):
            self.tell_fault(fault)
            return
        self.tell_fault("")
        self.chosen.emit(self.pin.text())


def secret_line() -> QLineEdit:
    """A line whose letters nobody sees."""
    made = QLineEdit()
    made.setEchoMode(QLineEdit.EchoMode.Password)
    made.setInputMethodHints(Qt.InputMethodHint.ImhSensitiveData | Qt.InputMethodHint.ImhNoPredictiveText)
    return made


def pin_fault(sheet: QDialog, pin: QLineEdit, again: QLineEdit) -> str:
    """What is wrong with a PIN typed twice; empty where nothing is. Which PINs are taken, the store says."""
    if not pin.text():
        return sheet.tr("Type a PIN first.")
    return "" if pin.text() == again.text() else sheet.tr("The two are not the same. Type both again.")
