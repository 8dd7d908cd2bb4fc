"""The first steps, one at a time; each can be passed by, and all of it is in the settings as well."""

import tempfile
from pathlib import Path
from uuid import UUID

from PySide6.QtCore import QDir, Qt, Signal
from PySide6.QtWidgets import (
    QFileDialog,
    QFrame,
    QHBoxLayout,
    QLabel,
    QProgressBar,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from desktop.answers import AddedFile, Connection
from desktop.people.staff import Added
from desktop.services import Workspace
from desktop.ui.cards import beside, column_of_cards
from desktop.ui.document_words import status_text
from desktop.ui.operation import run_beside
from desktop.ui.screens.guide.sample import write_sample
from desktop.ui.screens.settings.people import PersonSheet, RecoverySheet
from desktop.ui.screens.settings.server import EnrolForm
from desktop.ui.theme import Space
from desktop.ui.widgets import Disc, button, label, say
from desktop.ui.wording import fault_sentence
from desktop.vault.documents import DocumentState, DocumentSummary
from desktop.vault.people import Person, Role
from desktop.vault.watched import Profile, WatchedFolder

_WIDTH = 640


class GuideScreen(QWidget):
    """Four steps. What was done in one is said there; going back shows it again."""

    done = Signal()
    """The steps were gone through, or passed by."""
    opened = Signal(object)
    """UUID of the sample, which was read."""
    signed_in = Signal(object)
    """Person: the first, who is signed in by having chosen a PIN."""
    step_done = Signal()
    """What was asked for in a step is done, or refused."""

    def __init__(self, workspace: Workspace, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._workspace = workspace
        self._sample: UUID | None = None
        self.sheet: PersonSheet | RecoverySheet | None = None
        self.folder_said, self.server_said, self.person_said, self.sample_said = (
            label("", "good", wrap=True) for _ in range(4)
        )
        self.choose_folder = button(self.tr("Choose the folder…"), "folder", self._choose_folder, look="primary")
        self.form = EnrolForm()
        self.form.wanted.connect(self._enrol)
        self.add_person = button(self.tr("Add yourself…"), "person", self._ask_person, look="primary")
        self.read_sample = button(self.tr("Read the sample"), "read", self._read_sample, look="primary")
        self.open_sample = button(self.tr("See what was read"), "open", self._open_sample, look="primary")
        self.progress = QProgressBar()
        self._steps = QStackedWidget()
        self._where = label("", "small")
        self.back = button(self.tr("Back"), "back", lambda: self.show_step(self._steps.currentIndex() - 1))
        self.next = button("", "next", self._go_on)
        self.next.setLayoutDirection(Qt.LayoutDirection.RightToLeft)  # its arrow points on
        self.skip = button(self.tr("Skip the first steps"), "close", self.done.emit, look="quiet")
        self._lay_out()
        self.show_step(0)

    def show_step(self, step: int) -> None:
        """Step number `step`, from 0, is in front."""
        self._steps.setCurrentIndex(step)
        count = self._steps.count()
        self._where.setText(self.tr("Step {0} of {1}").format(step + 1, count))
        self.back.setEnabled(step > 0)
        is_last = step == count - 1
        self.next.setText(self.tr("Begin") if is_last else self.tr("Next"))
        self.skip.setVisible(not is_last)

    def watch(self, folder: Path) -> None:
        """`folder` is being put on the list of watched folders."""

        def done(added: WatchedFolder) -> None:
            words = self.tr("{0} is watched from now on. Files that arrive there are read by themselves.")
            self._say(self.folder_said, words.format(added.root))

        def failed(error: Exception) -> None:
            self._refuse(self.folder_said, error)

        run_beside(self, lambda: self._workspace.add_watched(folder, Profile()), done, failed)

    def document_changed(self, summary: DocumentSummary) -> None:
        """Where the sample is, is told."""
        if summary.id != self._sample:
            return
        is_read = summary.state is DocumentState.DONE
        self.progress.setVisible(not summary.error and not is_read)
        self.open_sample.setVisible(is_read)
        self.read_sample.setVisible(not is_read)
        if summary.error:
            self._say(self.sample_said, summary.error.message, "fault")
        elif is_read:
            self._say(self.sample_said, self.tr("The sample was read, on this machine, and stored encrypted."))
        else:
            self._say(self.sample_said, status_text(summary), "muted")

    def _choose_folder(self) -> None:
        name = QFileDialog.getExistingDirectory(self, self.tr("Choose the folder to watch"), QDir.homePath())
        if name:
            self.watch(Path(name))

    def _enrol(self, url: str, code: str) -> None:
        def done(connection: Connection) -> None:
            self.form.set_busy(False)
            self.form.clear()
            self.form.hide()
            self._say(self.server_said, self.tr("This device belongs to {0}.").format(connection.organization_name))

        def failed(error: Exception) -> None:
            self.form.tell(fault_sentence(error))
            self.step_done.emit()

        run_beside(self, lambda: self._workspace.connect(url, code), done, failed)

    def _ask_person(self) -> None:
        sheet = PersonSheet(self, is_first=True)
        sheet.chosen.connect(self._add_person)
        self.sheet = sheet
        sheet.open()

    def _add_person(self, name: str, role: Role, pin: str) -> None:
        def add() -> tuple[Added, Person]:
            added = self._workspace.staff.add(name, role, pin)
            return added, self._workspace.session.sign_in(name, pin)

        run_beside(self, add, self._welcome, self._tell_in_sheet)

    def _welcome(self, entered: tuple[Added, Person]) -> None:
        added, person = entered
        if self.sheet is not None:
            self.sheet.done(0)
        self.add_person.hide()
        words = self.tr("{0} is a manager here, and signed in. More people are added in the settings.")
        self.signed_in.emit(person)
        self._say(self.person_said, words.format(person.name))
        if added.recovery_code:
            self.sheet = RecoverySheet(self, added.recovery_code)
            self.sheet.open()

    def _tell_in_sheet(self, error: Exception) -> None:
        if self.sheet is not None:
            self.sheet.tell_fault(fault_sentence(error))

    def _read_sample(self) -> None:
        def add() -> AddedFile:
            with tempfile.TemporaryDirectory() as folder:
                [added] = self._workspace.add_files([write_sample(Path(folder))])
                return added

        self.read_sample.setEnabled(False)
        run_beside(self, add, self._sample_added, lambda error: self._refuse(self.sample_said, error))

    def _sample_added(self, added: AddedFile) -> None:
        self._sample = added.document_id
        self.progress.show()
        if added.document_id is None:
            self._say(self.sample_said, added.message, "fault")
            return
        document_id = added.document_id
        run_beside(self, lambda: self._workspace.document(document_id), self.document_changed)

    def _open_sample(self) -> None:
        self.done.emit()
        self.opened.emit(self._sample)

    def _go_on(self) -> None:
        step = self._steps.currentIndex() + 1
        if step < self._steps.count():
            self.show_step(step)
        else:
            self.done.emit()

    def _refuse(self, where: QLabel, error: Exception) -> None:
        self.read_sample.setEnabled(True)
        self._say(where, fault_sentence(error), "fault")

    def _say(self, where: QLabel, words: str, look: str = "good") -> None:
        say(where, words, look)
        self.step_done.emit()

    def _lay_out(self) -> None:
        self.progress.setRange(0, 0)
        self.progress.setTextVisible(False)
        self.progress.setFixedHeight(6)
        self.progress.setAccessibleName(self.tr("The sample is being read"))
        self.progress.hide()
        self.open_sample.hide()
        for step in (self._folder_step(), self._server_step(), self._person_step(), self._sample_step()):
            self._steps.addWidget(step)
        buttons = QHBoxLayout()
        buttons.setSpacing(Space.S)
        for widget in (self.skip, self.back, self.next):
            buttons.addWidget(widget)
        buttons.insertStretch(1, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        inside = QFrame()
        inside.setProperty("look", "card")
        stack = QVBoxLayout(inside)
        stack.setContentsMargins(Space.XXL, Space.XL, Space.XXL, Space.XL)
        stack.setSpacing(Space.L)
        stack.addWidget(self._where)
        stack.addWidget(self._steps)
        stack.addLayout(buttons)
        column.addWidget(column_of_cards(inside, width=_WIDTH, is_lone=True), 1)

    def _folder_step(self) -> QWidget:
        about = self.tr(
            "Choose the folder your scanner or fax machine writes to. Every PDF, TIFF, PNG or JPEG file that arrives "
            "there is read on this machine and stored encrypted; no network is needed."
        )
        return _step("folder", self.tr("Where do scans arrive?"), about, beside(self.choose_folder), self.folder_said)

    def _server_step(self) -> QWidget:
        about = self.tr(
            "Chartdrop works on its own: go on, and everything stays here. Where your organization runs a server, "
            "connect this device with the code that the server’s console shows."
        )
        return _step("server", self.tr("A server, or on its own?"), about, self.form, self.server_said)

    def _person_step(self) -> QWidget:
        about = self.tr(
            "Where several people share this machine, each signs in with a PIN, and the audit chain says who did what. "
            "You are the first, and a manager. Alone here? Go on."
        )
        return _step("people", self.tr("Who works here?"), about, beside(self.add_person), self.person_said)

    def _sample_step(self) -> QWidget:
        about = self.tr(
            "A form about nobody, to see what reading is like. It takes some seconds, and you can delete it."
        )
        acts = beside(self.read_sample, self.open_sample)
        return _step("read", self.tr("Try it"), about, acts, self.progress, self.sample_said)


def _step(icon_name: str, title: str, about: str, *widgets: QWidget) -> QWidget:
    step = QWidget()
    column = QVBoxLayout(step)
    column.setContentsMargins(0, 0, 0, 0)
    column.setSpacing(Space.L)
    column.addWidget(Disc(icon_name), 0, Qt.AlignmentFlag.AlignLeft)
    column.addWidget(label(title, "title", wrap=True))
    column.addWidget(label(about, "muted", wrap=True))
    for widget in widgets:
        column.addWidget(widget)
    column.addStretch(1)
    return step
