"""The watched folders: which there are, how each treats its files, and whether new files are noticed there."""

from collections.abc import Iterable
from pathlib import Path
from uuid import UUID

from PySide6.QtCore import QCoreApplication, QDir, Qt, Signal
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from desktop.journey.hotfolder.folder import WatchState
from desktop.people.roles import Right
from desktop.ui.cards import Card, clear_layout, line
from desktop.ui.dialogs import Sheet
from desktop.ui.screens.settings.look import SettingsLook
from desktop.ui.theme import Space
from desktop.ui.widgets import Choice, ElidedLabel, button, label, tool_button
from desktop.ui.wording import document_type
from desktop.vault.watched import Originals, Profile, WatchedFolder
from shared.templates import AUTO

translate = QCoreApplication.translate


class FoldersCard(Card):
    """A row a folder. One that was chosen in the inbox alone has no profile yet: changing it puts it on the list."""

    added = Signal(object, object)
    """Path and Profile."""
    changed = Signal(object, object)
    """UUID and Profile."""
    removed = Signal(object)
    """WatchedFolder."""
    guest_removed = Signal()

    def __init__(self) -> None:
        super().__init__(self.tr("Watched folders"), "folder")
        self.add_folder = button(self.tr("Add a folder…"), "add", self._choose)
        self.add_to_head(self.add_folder)
        about = self.tr("What scanners and fax machines write there is read by itself, each folder in its own way.")
        self._rows = QWidget()
        self._stack = QVBoxLayout(self._rows)
        self._stack.setContentsMargins(0, 0, 0, 0)
        self._stack.setSpacing(Space.M)
        self._kinds: tuple[str, ...] = ()
        self.sheet: ProfileSheet | None = None
        self.add(label(about, "muted", wrap=True), self._rows)

    def show_look(self, look: SettingsLook) -> None:
        """The folders of `look` are shown."""
        self._kinds, may = look.kinds, look.may(Right.SET_UP)
        self.add_folder.setEnabled(may)
        clear_layout(self._stack)
        states = {state.root: state for state in look.states}
        listed = {folder.root for folder in look.folders}
        for folder in look.folders:
            self._add_row(_Row(self, folder, states.get(folder.root), may))
        for state in look.states:
            if state.root not in listed:
                self._add_row(_Row(self, None, state, may))
        if not self._stack.count():
            self._stack.addWidget(label(self.tr("No folder is watched yet."), ""))

    def ask_profile(self, root: Path, folder: WatchedFolder | None) -> None:
        """The sheet asks how files of the folder at `root` are treated."""
        sheet = ProfileSheet(self, root, folder.profile if folder else Profile(), self._kinds)
        if folder is None:
            sheet.chosen.connect(lambda profile: self.added.emit(root, profile))
        else:
            folder_id: UUID = folder.id
            sheet.chosen.connect(lambda profile: self.changed.emit(folder_id, profile))
        self.sheet = sheet
        sheet.open()

    def _add_row(self, row: QWidget) -> None:
        if self._stack.count():
            self._stack.addWidget(line())
        self._stack.addWidget(row)

    def _choose(self) -> None:
        name = QFileDialog.getExistingDirectory(self, self.tr("Choose the folder to watch"), QDir.homePath())
        if name:
            self.ask_profile(Path(name), None)


class _Row(QWidget):
    """One folder: where it is, how it treats files, how it is, and what can be done with it."""

    def __init__(self, card: FoldersCard, folder: WatchedFolder | None, state: WatchState | None, may: bool) -> None:
        super().__init__()
        root = folder.root if folder else state.root if state else Path()
        profile = folder.profile if folder else state.profile if state else Profile()
        where = ElidedLabel("strong")
        where.show_text(str(root))
        texts = QVBoxLayout()
        texts.setSpacing(2)
        texts.addWidget(where)
        texts.addWidget(label(profile_words(profile), "small", wrap=True))
        texts.addWidget(label(*watch_words(state), wrap=True))
        change = tool_button(self.tr("Change {0}").format(root), "change", lambda: card.ask_profile(root, folder))
        remove = tool_button(self.tr("Watch {0} no more").format(root), "remove", lambda: self._remove(card, folder))
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(Space.XS)
        row.addLayout(texts, 1)
        for one in (change, remove):
            one.setEnabled(may)
            row.addWidget(one, 0, Qt.AlignmentFlag.AlignTop)

    def _remove(self, card: FoldersCard, folder: WatchedFolder | None) -> None:
        if folder is None:
            card.guest_removed.emit()
        else:
            card.removed.emit(folder)


class ProfileSheet(Sheet):
    """How a folder's files are treated."""

    chosen = Signal(object)
    """Profile."""

    def __init__(self, parent: QWidget, root: Path, profile: Profile, kinds: Iterable[str]) -> None:
        super().__init__(parent, parent.tr("How are its files treated?"), str(root), parent.tr("Watch this folder"))
        self.kind, self.unit, self.originals = Choice(""), QLineEdit(profile.unit), Choice("")
        known = sorted((document_type(name), name) for name in kinds)
        self.kind.offer([(self.tr("Whatever arrives: tell the kind from its words"), AUTO), *known])
        self.originals.offer([(originals_words(one), one) for one in ("moved", "kept", "deleted")])
        self.kind.choose(profile.template)
        self.originals.choose(profile.originals)
        self.unit.setPlaceholderText(self.tr("None"))
        self.ask(self.tr("Kind of document"), self.kind)
        self.ask(self.tr("Unit its documents belong to"), self.unit)
        self.ask(self.tr("What becomes of the files"), self.originals)

    def accept(self) -> None:
        """The profile goes out."""
        self.chosen.emit(Profile(self.kind.chosen, self.unit.text().strip(), self.originals.chosen))
        super().accept()


def originals_words(originals: Originals) -> str:
    """What becomes of files, in people's words."""
    return {
        "moved": translate("Folders", "Moved to Processed, Failed or Duplicates"),
        "kept": translate("Folders", "Kept where they lie, untouched"),
        "deleted": translate("Folders", "Deleted once the encrypted copy was read back"),
    }[originals]


def profile_words(profile: Profile) -> str:
    """How files are treated, in a line."""
    kind = translate("Folders", "Any kind") if profile.template == AUTO else document_type(profile.template)
    return "  ·  ".join(part for part in (kind, profile.unit, originals_words(profile.originals)) if part)


def watch_words(state: WatchState | None) -> tuple[str, str]:
    """How the folder is, with the outcome of its self-test, and the look of it."""
    if state is None:
        return translate("Folders", "Watched as soon as reading has started."), "small"
    if state.troubles:
        return " ".join(state.troubles), "warning"
    if state.mode == "native":
        return translate("Folders", "Tested: new files are noticed at once."), "good"
    words = translate("Folders", "Tested: the system sends no notices from there, so it is looked through regularly.")
    return words, "small"
