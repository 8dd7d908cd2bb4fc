"""Asks for the passphrase of the encrypted store, or for a new one; and says why a store does not open."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QCloseEvent
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from desktop.ui.dialogs import FittedDialog
from desktop.ui.theme import Space
from desktop.ui.widgets import Disc, button, label

SHORTEST_NEW_PASSPHRASE = 12
"""Characters: at argon2id's 0.1 s a guess, a stolen laptop holds for years unless the phrase is a known one."""
_WIDTH = 440


class _Card(FittedDialog):
    """A dialog that stands alone, before there is a window."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(_WIDTH, parent)
        self.setWindowTitle(self.tr("Chartdrop"))


class UnlockDialog(_Card):
    """One passphrase, or a new one typed twice. It stays open until the store is, so that nothing is typed in vain."""

    answered = Signal(str)
    given_up = Signal()

    def __init__(self, new_store: bool, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._new_store = new_store
        self.passphrase = self._line(self.tr("Passphrase"))
        self.again = self._line(self.tr("The same passphrase again"))
        self.again.setVisible(new_store)
        self.fault = label("", "fault", wrap=True)
        self.fault.hide()
        words = self.tr("Create and open") if new_store else self.tr("Unlock")
        self.unlock = button(words, "lock", self._answer, look="primary")
        self.unlock.setDefault(True)
        self.quit = button(self.tr("Quit"), "close", self.close)
        self._lay_out()

    def show_fault(self, sentence: str) -> None:
        """`sentence` says what was wrong; the passphrase can be typed anew."""
        self.fault.setText(sentence)
        self.fault.setVisible(bool(sentence))
        self.fit()
        self._set_busy(False)
        self.passphrase.selectAll()
        self.passphrase.setFocus()

    def closeEvent(self, event: QCloseEvent) -> None:
        # Not QDialog's own closeEvent: it calls reject, which closes.
        self.given_up.emit()
        event.accept()

    def reject(self) -> None:
        """Escape is the same as Quit."""
        self.close()

    def _answer(self) -> None:
        typed = self.passphrase.text()
        fault = self._fault_of(typed)
        if fault:
            self.show_fault(fault)
            return
        self.fault.hide()
        self._set_busy(True)
        self.answered.emit(typed)

    def _fault_of(self, typed: str) -> str:
        if not typed:
            return self.tr("Type the passphrase first.")
        if self._new_store and len(typed) < SHORTEST_NEW_PASSPHRASE:
            return self.tr("Take at least {0} characters: a few words are good.").format(SHORTEST_NEW_PASSPHRASE)
        if self._new_store and typed != self.again.text():
            return self.tr("The two are not the same. Type both again.")
        return ""

    def _set_busy(self, busy: bool) -> None:
        for widget in (self.passphrase, self.again, self.unlock):
            widget.setDisabled(busy)

    def _line(self, name: str) -> QLineEdit:
        line = QLineEdit()
        line.setEchoMode(QLineEdit.EchoMode.Password)
        line.setPlaceholderText(name)
        line.setAccessibleName(name)
        line.setInputMethodHints(Qt.InputMethodHint.ImhSensitiveData | Qt.InputMethodHint.ImhNoPredictiveText)
        return line

    def _explain(self) -> str:
        if self._new_store:
            return self.tr(
                "Choose a passphrase for this machine’s documents. They are encrypted with it; "
                "nobody can open them without it, and it cannot be recovered."
            )
        return self.tr("The documents on this machine are encrypted. Type the passphrase to open them.")

    def _lay_out(self) -> None:
        title = self.tr("Protect your documents") if self._new_store else self.tr("Unlock Chartdrop")
        heading, text = label(title, "title"), label(self._explain(), "muted", wrap=True)
        for one in (heading, text):
            one.setAlignment(Qt.AlignmentFlag.AlignCenter)
        buttons = QHBoxLayout()
        buttons.setSpacing(Space.S)
        buttons.addWidget(self.quit)
        buttons.addStretch(1)
        buttons.addWidget(self.unlock)
        column = QVBoxLayout(self)
        column.setContentsMargins(Space.XL, Space.XL, Space.XL, Space.XL)
        column.setSpacing(Space.M)
        column.addWidget(Disc("lock"), 0, Qt.AlignmentFlag.AlignHCenter)
        for widget in (heading, text, self.passphrase, self.again, self.fault):
            column.addWidget(widget)
        column.addSpacing(Space.S)
        column.addLayout(buttons)
        QWidget.setTabOrder(self.passphrase, self.again)
        QWidget.setTabOrder(self.again, self.unlock)
        QWidget.setTabOrder(self.unlock, self.quit)


class FaultDialog(_Card):
    """The store does not open: why, what is safe, and what can be done."""

    def __init__(self, sentence: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        heading = label(self.tr("Your documents cannot be opened now"), "title", wrap=True)
        what = label(sentence, wrap=True)
        safe = label(self.tr("Nothing was changed; what is stored stays as it is."), "muted", wrap=True)
        again = button(self.tr("Try again"), "retry", self.accept, look="primary")
        again.setDefault(True)
        buttons = QHBoxLayout()
        buttons.addWidget(button(self.tr("Quit"), "close", self.reject))
        buttons.addStretch(1)
        buttons.addWidget(again)
        column = QVBoxLayout(self)
        column.setContentsMargins(Space.XL, Space.XL, Space.XL, Space.XL)
        column.setSpacing(Space.M)
        column.addWidget(Disc("failed", bad=True), 0, Qt.AlignmentFlag.AlignHCenter)
        for one in (heading, what, safe):
            one.setAlignment(Qt.AlignmentFlag.AlignCenter)
            column.addWidget(one)
        column.addSpacing(Space.S)
        column.addLayout(buttons)
