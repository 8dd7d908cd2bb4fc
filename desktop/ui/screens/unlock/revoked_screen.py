"""Stands in front of everything while the organization keeps this device from its store."""

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from desktop.answers import Connection
from desktop.services import Workspace
from desktop.ui.operation import run_beside
from desktop.ui.widgets import Disc, centred, label
from desktop.ui.wording import fault_sentence

if TYPE_CHECKING:
    from desktop.ui.screens.settings.server import EnrolForm

_FORM_WIDTH = 400


class RevokedScreen(QWidget):
    """Says what happened, what is safe and what to do, and takes the code that lets this device go on."""

    let_in = Signal()
    """The organization let this device in again."""

    def __init__(self, workspace: Workspace, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._workspace = workspace
        self.form: EnrolForm | None = None
        self.sentence = label("", wrap=True)
        self.sentence.setAccessibleName(self.tr("Why this device is locked"))
        self.sentence.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.sentence.setFocusPolicy(Qt.FocusPolicy.StrongFocus)  # for screen readers, and without a caret
        self._column = QVBoxLayout(self)

    def tell(self, sentence: str) -> None:
        """`sentence` is read, by a screen reader too; the server's address stands in the form, where it is known."""
        form = self.form or self._lay_out()

        def fill(connection: Connection | None) -> None:
            form.url.setText(form.url.text() or (connection.url if connection else ""))
            form.url.setCursorPosition(0)

        self.sentence.setText(sentence)
        self.sentence.setFocus()
        run_beside(self, self._workspace.connection, fill)

    def _enrol(self, url: str, code: str) -> None:
        form = self.form or self._lay_out()

        def done(_: Connection) -> None:
            form.set_busy(False)
            form.clear()
            self.let_in.emit()

        run_beside(
            self, lambda: self._workspace.connect(url, code), done, lambda error: form.tell(fault_sentence(error))
        )

    def _lay_out(self) -> "EnrolForm":
        from desktop.ui.screens.settings.server import EnrolForm  # few devices are ever revoked

        form = EnrolForm()
        form.setFixedWidth(_FORM_WIDTH)
        form.wanted.connect(self._enrol)
        self.form = form
        title = label(self.tr("This device is locked"), "title", wrap=True)
        self._column.addWidget(centred(Disc("lock"), title, self.sentence, form))
        return form
