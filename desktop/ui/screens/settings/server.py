"""The server: enrolling this device by a code, what it belongs to, leaving it."""

from collections.abc import Iterator

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QLineEdit, QVBoxLayout, QWidget

from desktop.people.roles import Right
from desktop.ui.cards import Card, Facts, beside
from desktop.ui.dialogs import Sheet, confirm
from desktop.ui.screens.settings.look import SettingsLook
from desktop.ui.theme import Space
from desktop.ui.widgets import button, label, say
from desktop.ui.wording import moment


class EnrolForm(QWidget):
    """Address and code; Enter in either connects. What was typed stays until it was taken."""

    wanted = Signal(str, str)
    """URL and enrolment code."""

    def __init__(self) -> None:
        super().__init__()
        self.url, self.code = QLineEdit(), QLineEdit()
        self.fault = label("", "fault", wrap=True)
        self.connect_device = button(self.tr("Connect"), "server", self._send, look="primary")
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(Space.S)
        for line, name, example in (
            (self.url, self.tr("Server’s address"), "https://chartdrop.example.org"),
            (self.code, self.tr("Enrolment code, from the server’s console"), ""),
        ):
            line.setAccessibleName(name)
            line.setPlaceholderText(example)
            line.returnPressed.connect(self._send)
            column.addWidget(label(name, "muted"))
            column.addWidget(line)
        column.addWidget(self.fault)
        column.addWidget(beside(self.connect_device))
        self.fault.hide()

    def tell(self, sentence: str) -> None:
        """`sentence` says why this device is not connected; both lines can be mended."""
        self.set_busy(False)
        say(self.fault, sentence, "fault")
        self.fault.setVisible(bool(sentence))

    def set_busy(self, busy: bool) -> None:
        """Nothing can be changed while the server is asked."""
        for widget in (self.url, self.code, self.connect_device):
            widget.setDisabled(busy)
        self.connect_device.setText(self.tr("Connecting…") if busy else self.tr("Connect"))

    def clear(self) -> None:
        """The code was taken: it is of no use any more."""
        self.code.clear()
        self.tell("")

    def _send(self) -> None:
        url, code = self.url.text().strip(), self.code.text().strip()
        if not url or not code:
            self.tell(self.tr("Type the server’s address and the code that its console shows for this device."))
            return
        self.tell("")
        self.set_busy(True)
        self.wanted.emit(url, code)


class ServerCard(Card):
    """What this device belongs to, or the form that connects it."""

    left = Signal()

    def __init__(self) -> None:
        super().__init__(self.tr("Server"), "server")
        self.facts, self.form = Facts(), EnrolForm()
        self.about = label("", "muted", wrap=True)
        self.leave = button(self.tr("Leave this server…"), "close", self._ask)
        self.sheet: Sheet | None = None
        self._leave_row = beside(self.leave)
        self.add(self.about, self.facts, self.form, self._leave_row)

    def show_look(self, look: SettingsLook) -> None:
        """The server of `look` is shown."""
        is_connected, may = look.connection is not None, look.may(Right.SET_UP)
        self.facts.show_facts(self._facts(look))
        self.about.setText(self._about(is_connected))
        self.facts.setVisible(is_connected)
        self._leave_row.setVisible(is_connected)
        self.form.setVisible(not is_connected)
        self.leave.setEnabled(may)
        self.form.setEnabled(may)

    def _about(self, is_connected: bool) -> str:
        if is_connected:
            return self.tr("What is read and corrected here is sent there, and what others say comes back.")
        return self.tr(
            "This device works on its own: everything stays here, encrypted. With a server, an organization’s devices "
            "share what they read and correct."
        )

    def _facts(self, look: SettingsLook) -> Iterator[tuple[str, str, str]]:
        if look.connection is None:
            return
        status = look.status
        yield self.tr("Organization"), look.connection.organization_name, "strong"
        yield self.tr("Address"), look.connection.url, ""
        yield self.tr("This device"), status.device_name or "", ""
        yield self.tr("Last synced"), moment(status.last_sync) if status.last_sync else self.tr("Not yet"), ""
        yield self.tr("Templates from it"), str(status.organization_templates or ""), ""
        yield self.tr("Trouble"), status.sync_error or "", "warning"

    def _ask(self) -> None:
        about = self.tr(
            "What was read stays here and stays on the server. Templates and names that were fetched are given up; "
            "what is not sent yet waits for the next server."
        )
        title, act = self.tr("Leave this server?"), self.tr("Leave")
        self.sheet = confirm(self, title, about, act, self.left.emit)
