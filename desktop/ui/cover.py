"""What lies over everything while nobody is signed in, or while the organization keeps this device from its store."""

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QDialog, QStackedWidget, QWidget

from desktop.services import Workspace
from desktop.ui.screens.unlock.lock_screen import LockScreen
from desktop.ui.screens.unlock.revoked_screen import RevokedScreen
from desktop.vault.people import Person


class Cover(QObject):
    """What was in front under the lock screen stays as it was, for the one who left it."""

    fell = Signal()
    """Nothing is to be seen any more."""
    lifted = Signal(object, bool)
    """Person who works here now, and whether they did before, and find everything as it was."""

    def __init__(self, stack: QStackedWidget, workspace: Workspace) -> None:
        super().__init__(stack)
        self._stack = stack
        self.lock_screen, self.revoked_screen = LockScreen(workspace), RevokedScreen(workspace)
        for screen in (self.lock_screen, self.revoked_screen):
            stack.addWidget(screen)
        self.person: Person | None = None
        """Who worked here last."""
        self._covered: QWidget | None = None
        self._sheets_aside: tuple[QDialog, ...] = ()
        self.lock_screen.unlocked.connect(self._lift)

    @property
    def is_down(self) -> bool:
        """Whether anything is covered."""
        return self._stack.currentWidget() in (self.lock_screen, self.revoked_screen)

    @property
    def is_revoked(self) -> bool:
        """Whether it says that the organization revoked this device."""
        return self._stack.currentWidget() is self.revoked_screen

    def fall(self) -> None:
        """The lock screen asks who it is."""
        self._covered = self._stack.currentWidget()
        self._sheets_aside = tuple(sheet for sheet in self._stack.window().findChildren(QDialog) if sheet.isVisible())
        for sheet in self._sheets_aside:
            sheet.hide()
        self._stack.setCurrentWidget(self.lock_screen)
        self.fell.emit()
        self.lock_screen.welcome(self.person)

    def revoke(self, sentence: str) -> None:
        """`sentence` says that the organization revoked this device, and what to do."""
        self._stack.setCurrentWidget(self.revoked_screen)
        self.fell.emit()
        self.revoked_screen.tell(sentence)

    def _lift(self, person: Person) -> None:
        is_same = self.person is not None and self.person.id == person.id
        for sheet in self._sheets_aside:
            sheet.show() if is_same else sheet.close()
        if is_same and self._covered is not None:
            self._stack.setCurrentWidget(self._covered)
            self._covered.setFocus()
        self.lifted.emit(person, is_same)
