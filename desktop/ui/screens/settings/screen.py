"""Settings: a card for each part. What whoever is here may not change is shown, and says so."""

from collections.abc import Callable
from pathlib import Path
from uuid import UUID

from PySide6.QtCore import Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from desktop.people.roles import Right
from desktop.people.staff import Added
from desktop.services import Workspace
from desktop.ui.cards import column_of_cards, header
from desktop.ui.memory import WindowMemory
from desktop.ui.operation import run_beside
from desktop.ui.screens.settings.appearance import AppearanceCard
from desktop.ui.screens.settings.folders import FoldersCard
from desktop.ui.screens.settings.keeping import KeepingCard
from desktop.ui.screens.settings.look import SettingsLook, look_at
from desktop.ui.screens.settings.people import PeopleCard, RecoverySheet
from desktop.ui.screens.settings.server import ServerCard
from desktop.ui.theme import Scheme, theme
from desktop.ui.widgets import Notice, button, label
from desktop.ui.wording import fault_sentence
from desktop.vault.people import Role
from desktop.vault.watched import Profile, WatchedFolder


class SettingsScreen(QWidget):
    """Every act goes beside the window's thread; what it changed is looked up anew."""

    looked = Signal(object)
    """SettingsLook: it is shown."""
    changed = Signal()
    """Something that other screens show is another."""
    guest_removed = Signal()
    """The folder that was chosen in the inbox is watched no more."""
    guide_wanted = Signal()
    size_chosen = Signal()
    """Text and controls are to be of another size, which is remembered."""
    signed_in = Signal(object)
    """Person: the first, who is signed in by having chosen a PIN."""

    def __init__(self, workspace: Workspace, memory: WindowMemory, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._workspace, self._memory = workspace, memory
        self.notice = Notice()
        self.folders, self.server, self.people = FoldersCard(), ServerCard(), PeopleCard()
        self.keeping, self.appearance = KeepingCard(), AppearanceCard(memory.size)
        self.recovery: RecoverySheet | None = None
        self._managers_only = label(self.tr("A manager can change what is greyed out here."), "muted", wrap=True)
        guide = button(self.tr("Show the first steps"), "guide", self.guide_wanted.emit, look="quiet")
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(header(self.tr("Settings"), guide))
        column.addWidget(self.notice)
        cards = (self._managers_only, self.folders, self.server, self.people, self.keeping, self.appearance)
        column.addWidget(column_of_cards(*cards), 1)
        self._connect()

    def refresh(self) -> None:
        """What is set is looked up anew."""
        run_beside(self, lambda: look_at(self._workspace), self._show, self._tell)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.refresh()

    def _show(self, look: SettingsLook) -> None:
        self._managers_only.setVisible(not look.may(Right.SET_UP))
        for card in (self.folders, self.server, self.people, self.keeping):
            card.show_look(look)
        self.looked.emit(look)

    def _connect(self) -> None:
        workspace = self._workspace
        self.folders.added.connect(self._add_folder)
        self.folders.changed.connect(self._change_folder)
        self.folders.removed.connect(self._remove_folder)
        self.folders.guest_removed.connect(self._remove_guest)
        self.server.form.wanted.connect(self._enrol)
        self.server.left.connect(lambda: self._act(workspace.disconnect))
        self.people.added.connect(self._add_person)
        self.people.admitted.connect(self._admit)
        self.people.role_chosen.connect(lambda name, role: self._act(lambda: workspace.staff.set_role(name, role)))
        self.people.pin_chosen.connect(self._set_pin)
        self.people.removed.connect(lambda name: self._act(lambda: workspace.staff.remove(name)))
        self.keeping.years_chosen.connect(lambda n: self._act(lambda: workspace.house.choose("retention_years", n)))
        self.appearance.scheme_chosen.connect(self._wear)
        self.appearance.size_chosen.connect(self._resize)

    def _add_folder(self, root: Path, profile: Profile) -> None:
        self._act(lambda: self._workspace.add_watched(root, profile))

    def _change_folder(self, folder_id: UUID, profile: Profile) -> None:
        self._act(lambda: self._workspace.change_watched(folder_id, profile))

    def _remove_folder(self, folder: WatchedFolder) -> None:
        if self._memory.watched_folder == folder.root:
            self._memory.watched_folder = None
        self._act(lambda: self._workspace.remove_watched(folder.id))

    def _remove_guest(self) -> None:
        def done(_: None) -> None:
            self._memory.watched_folder = None
            self.guest_removed.emit()
            self._done()

        run_beside(self, self._workspace.unwatch, done, self._refused)

    def _enrol(self, url: str, code: str) -> None:
        def done(_: object) -> None:
            self.server.form.set_busy(False)
            self.server.form.clear()
            self._done()

        def failed(error: Exception) -> None:
            self.server.form.tell(fault_sentence(error))

        run_beside(self, lambda: self._workspace.connect(url, code), done, failed)

    def _add_person(self, name: str, role: Role, pin: str) -> None:
        def add() -> Added:
            added = self._workspace.staff.add(name, role, pin)
            if added.recovery_code:  # the first: who adds themselves need not sign in right after
                self._workspace.session.sign_in(name, pin)
            return added

        def done(added: Added) -> None:
            self._close_sheet()
            if added.recovery_code:
                self.signed_in.emit(added.person)
                self.recovery = RecoverySheet(self.window(), added.recovery_code)
                self.recovery.open()
            self._done()

        run_beside(self, add, done, self._tell_in_sheet)

    def _admit(self, member_id: str, pin: str) -> None:
        def done(_: object) -> None:
            self._close_sheet()
            self._done()

        run_beside(self, lambda: self._workspace.staff.admit(member_id, pin), done, self._tell_in_sheet)

    def _set_pin(self, name: str, pin: str) -> None:
        def done(_: None) -> None:
            self._close_sheet()
            self.notice.tell(self.tr("{0} signs in with the new PIN from now on.").format(name))

        run_beside(self, lambda: self._workspace.staff.set_pin(name, pin), done, self._tell_in_sheet)

    def _close_sheet(self) -> None:
        sheet, self.people.sheet = self.people.sheet, None
        if sheet is not None:
            sheet.done(0)

    def _tell_in_sheet(self, error: Exception) -> None:
        if self.people.sheet is None:
            self._tell(error)
        else:
            self.people.sheet.tell_fault(fault_sentence(error))

    def _resize(self, per_cent: int) -> None:
        if per_cent != self._memory.size:
            self._memory.choose_size(per_cent)
            self.size_chosen.emit()

    def _wear(self, scheme: Scheme) -> None:
        self._memory.scheme = scheme
        theme().choose(scheme)

    def _act(self, work: Callable[[], object]) -> None:
        run_beside(self, work, lambda _: self._done(), self._refused)

    def _done(self) -> None:
        self.refresh()
        self.changed.emit()

    def _refused(self, error: Exception) -> None:
        self._tell(error)
        self.refresh()  # what was refused is shown as it still is

    def _tell(self, error: Exception) -> None:
        self.notice.tell(fault_sentence(error))
