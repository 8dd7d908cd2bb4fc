"""Files that are dragged over the window: what can be read is taken, wherever it is let go."""

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtGui import QDropEvent
from PySide6.QtWidgets import QFrame, QVBoxLayout, QWidget

from desktop.ui.theme import Space
from desktop.ui.widgets import label


class DropSheet(QFrame):
    """Lies over `room` while files are held over its window, and says what letting go does."""

    def __init__(self, window: QWidget, room: QWidget) -> None:
        super().__init__(window)
        self._window, self._room = window, room
        self.setProperty("look", "dropping")
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        words = label(self.tr("Drop to read"), "title")
        words.setAlignment(Qt.AlignmentFlag.AlignCenter)
        QVBoxLayout(self).addWidget(words)
        self.hide()

    def offer(self, event: QDropEvent) -> None:
        """The sheet is shown where `event` holds files that can be taken."""
        if dropped_files(event):
            event.acceptProposedAction()
            room = QRect(self._room.mapTo(self._window, QPoint()), self._room.size())
            self.setGeometry(room.adjusted(Space.L, Space.L, -Space.L, -Space.L))
            self.show()
            self.raise_()

    def take(self, event: QDropEvent, then: Callable[[tuple[Path, ...]], object]) -> None:
        """`then` is done with the files that were let go, if there are any."""
        self.hide()
        paths = dropped_files(event)
        if paths:
            event.acceptProposedAction()
            then(paths)


def dropped_files(event: QDropEvent) -> tuple[Path, ...]:
    """The local files that are being dropped; folders and links to the web are not taken."""
    paths = (Path(url.toLocalFile()) for url in event.mimeData().urls() if url.isLocalFile())
    return tuple(path for path in paths if path.is_file())
