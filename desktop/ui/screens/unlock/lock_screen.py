"""Asks who it is, where several people share the machine: a name, a PIN, and the wait after wrong ones."""

import math

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import QLineEdit, QListWidget, QListWidgetItem, QVBoxLayout, QWidget

from desktop.errors import SignInRefused
from desktop.services import Workspace
from desktop.ui.operation import run_beside
from desktop.ui.theme import Space
from desktop.ui.widgets import Disc, button, centred, label
from desktop.ui.wording import fault_sentence
from desktop.vault.people import Person

_WIDTH = 340
_ROW = 40
_MOST_ROWS = 6  # more names are scrolled to
_SECOND_MS = 1000


class LockScreen(QWidget):
    """Covers everything until somebody signed in; what lies under it stays as it was."""

    unlocked = Signal(object)
    """Person: who is signed in now."""
    welcoming = Signal()
    """The names are there."""

    def __init__(self, workspace: Workspace, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._workspace = workspace
        self._wait = 0.0
        self._countdown = QTimer(self, interval=_SECOND_MS)
        self._countdown.timeout.connect(self._count_down)
        self.names = QListWidget()
        self.names.setProperty("look", "names")
        self.names.setAccessibleName(self.tr("Who is it?"))
        self.names.currentItemChanged.connect(self._chosen)
        self.pin = QLineEdit()
        self.pin.setEchoMode(QLineEdit.EchoMode.Password)
        self.pin.setPlaceholderText(self.tr("PIN or password"))
        self.pin.setAccessibleName(self.tr("PIN or password"))
        self.pin.setInputMethodHints(Qt.InputMethodHint.ImhSensitiveData | Qt.InputMethodHint.ImhNoPredictiveText)
        self.fault = label("", "fault", wrap=True)
        self.unlock = button(self.tr("Unlock"), "lock", self._answer, look="primary")
        self.pin.returnPressed.connect(self._answer)
        self.names.itemActivated.connect(lambda _: self.pin.setFocus())
        self._lay_out()

    def welcome(self, last: Person | None) -> None:
        """The names of everybody are on their way; `last`, who worked here, is chosen."""
        self.pin.clear()

        def fill(everybody: tuple[Person, ...]) -> None:
            self._show_names(everybody, last)
            self.welcoming.emit()

        run_beside(self, self._workspace.staff.everybody, fill, self._tell)

    def _show_names(self, everybody: tuple[Person, ...], last: Person | None) -> None:
        self.names.clear()
        for person in everybody:
            item = QListWidgetItem(person.name)
            item.setData(Qt.ItemDataRole.UserRole, person.name)
            self.names.addItem(item)
        chosen = next((row for row, person in enumerate(everybody) if last and person.id == last.id), 0)
        self.names.setCurrentRow(chosen)
        self.names.setFixedHeight(_ROW * min(max(len(everybody), 1), _MOST_ROWS) + 6)
        self.pin.setFocus()

    def _chosen(self) -> None:
        """Another name: nobody waits for another's wrong entries."""
        self._end_wait()
        self.fault.setText("")
        self.pin.clear()

    def _answer(self) -> None:
        item, typed = self.names.currentItem(), self.pin.text()
        if item is None or self._wait > 0:
            return
        if not typed:
            self.fault.setText(self.tr("Type the PIN first."))
            return
        name = str(item.data(Qt.ItemDataRole.UserRole))
        self._set_busy(True)
        sign_in = self._workspace.session.sign_in
        run_beside(self, lambda: sign_in(name, typed), self._welcomed, lambda error: self._refused(item, error))

    def _welcomed(self, person: Person) -> None:
        self._set_busy(False)
        self.pin.clear()
        self.fault.setText("")
        self.unlocked.emit(person)

    def _refused(self, item: QListWidgetItem, error: Exception) -> None:
        if self.names.currentItem() is not item:  # another is at the keyboard by now
            return
        self._set_busy(False)
        self.pin.clear()
        self._tell(error)
        if isinstance(error, SignInRefused) and error.wait_seconds > 0:
            self._wait = error.wait_seconds
            self._set_busy(True)
            self._say_wait()
            self._countdown.start()
        else:
            self.pin.setFocus()

    def _count_down(self) -> None:
        self._wait -= _SECOND_MS / 1000
        if self._wait > 0:
            self._say_wait()
            return
        self._end_wait()
        self.fault.setText(self.tr("Try again."))
        self.pin.setFocus()

    def _end_wait(self) -> None:
        self._countdown.stop()
        self._wait = 0.0
        self._set_busy(False)

    def _say_wait(self) -> None:
        minutes, seconds = divmod(math.ceil(self._wait), 60)
        left = f"{minutes}:{seconds:02}"
        self.fault.setText(self.tr("That is not right. You can try again in {0}.").format(left))

    def _tell(self, error: Exception) -> None:
        self.fault.setText(fault_sentence(error))

    def _set_busy(self, busy: bool) -> None:
        """The names stay free: another person need not wait."""
        self.pin.setDisabled(busy)
        self.unlock.setDisabled(busy)

    def _lay_out(self) -> None:
        form = QWidget()
        form.setFixedWidth(_WIDTH)
        column = QVBoxLayout(form)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(Space.M)
        for widget in (self.names, self.pin, self.fault, self.unlock):
            column.addWidget(widget)
        self.fault.setMinimumHeight(Space.XXL)  # room for two lines, so that nothing jumps
        self.fault.setAlignment(Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignTop)
        about = label(self.tr("Choose your name and type your PIN. Reading goes on meanwhile."), "muted", wrap=True)
        around = QVBoxLayout(self)
        around.addWidget(centred(Disc("lock"), label(self.tr("Who is it?"), "title", wrap=True), about, form))
        QWidget.setTabOrder(self.names, self.pin)
        QWidget.setTabOrder(self.pin, self.unlock)
