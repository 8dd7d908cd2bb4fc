"""Whether somebody is at the window: every key and every move counts, and is told to the session, once a second."""

import time

from PySide6.QtCore import QEvent, QObject, QTimer, Signal
from PySide6.QtGui import QWindow

from desktop.services import Workspace
from desktop.ui.operation import run_beside

_LOOK_MS = 2000
_TELL_SECONDS = 1.0
_SIGNS = frozenset(
    {
        QEvent.Type.KeyPress,
        QEvent.Type.MouseButtonPress,
        QEvent.Type.MouseMove,
        QEvent.Type.Wheel,
        QEvent.Type.TouchBegin,
        QEvent.Type.TabletPress,
    }
)


class Presence(QObject):
    """Tells the session that somebody is there; asks it every two seconds whether it is locked by now."""

    looked = Signal(bool)
    """Whether somebody has to sign in."""

    def __init__(self, workspace: Workspace, parent: QObject) -> None:
        super().__init__(parent)
        self._session = workspace.session
        self._told = 0.0
        self._timer = QTimer(self, interval=_LOOK_MS)
        self._timer.timeout.connect(self.look)
        self.start()

    def watch(self, screen: QWindow) -> None:
        """Every key and move that the system hands to `screen` counts.

        Not the whole application's: its events meet widgets that are being taken down, where Python must not look."""
        screen.installEventFilter(self)

    def look(self) -> None:
        """Whether the session is locked is on its way."""
        run_beside(self, self._session.is_locked, self.looked.emit)

    def start(self) -> None:
        """The session is asked from now on."""
        self._timer.start()

    def stop(self) -> None:
        """The session is asked no more."""
        self._timer.stop()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() in _SIGNS and time.monotonic() - self._told > _TELL_SECONDS:
            self._told = time.monotonic()
            run_beside(self, self._session.touch)
        return False
